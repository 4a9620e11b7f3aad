"""How a cycle's target is spread over its months, so that pace can be judged before the year is over."""

from enum import StrEnum

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Named


class PhasingKind(StrEnum):
    """The ways of spreading."""

    FLAT = "flat"  # the same target all year: rates and levels
    EVEN = "even"  # by days: amounts that pile up steadily
    SEASONAL = "seasonal"  # by an index per month: amounts that pile up unevenly
    RAMP = "ramp"  # from the baseline to the target, by days
    EXPLICIT = "explicit"  # a target written down for each period, in the targets table


class Phasing(Named):
    """A named way of spreading. `index` has one number per month of the cycle; only their proportions matter."""

    phasing: str = Field(description="Its id, which goals refer to.")
    kind: PhasingKind = PhasingKind.SEASONAL
    index: tuple[Exact, ...] = Field(
        default=(),
        description="For seasonal: twelve numbers, one for each month of the cycle; only their proportions matter.",
    )

    @model_validator(mode="after")
    def _seasonal_has_twelve(self) -> "Phasing":
        if self.kind is PhasingKind.SEASONAL and (len(self.index) != 12 or sum(self.index) <= 0 or min(self.index) < 0):
            raise ValueError("a seasonal phasing needs twelve numbers, none negative, not all zero")
        return self


#: What goals may name without anybody defining it.
BUILT_IN: dict[str, Phasing] = {
    kind.value: Phasing(phasing=kind.value, kind=kind, label=label, label_zh=label_zh)
    for kind, label, label_zh in (
        (PhasingKind.FLAT, "Same all year", "全年不变"),
        (PhasingKind.EVEN, "Evenly by days", "按天均摊"),
        (PhasingKind.RAMP, "From baseline to target", "从基线到目标"),
        (PhasingKind.EXPLICIT, "As written per period", "按期填写"),
    )
}
