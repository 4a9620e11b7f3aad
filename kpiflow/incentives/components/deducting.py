"""What penalties share: amounts or shares of a base taken off what there is, and never more than that.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Reading
from kpiflow.incentives.exact import Number, guarded, literal, shortened, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, same_kind
from kpiflow.incentives.sheet import Sheet
from kpiflow.language import msg


class Affects(StrEnum):
    """What a penalty is taken from."""

    SCORE = "score"
    VARIABLE_PAY = "variable_pay"
    WAGE_RECOVERY = "wage_recovery"  # compensation for loss, out of the wage: law caps it


class Deducting(Modifier):
    """A modifier that takes off per incident."""

    base: str | None = Field(
        default=None, description="What `each` and `most` are shares of; absent: they are amounts."
    )
    most: Exact | None = Field(default=None, gt=0, description="The most that is taken off in all.")
    affects: Affects = Field(
        default=Affects.VARIABLE_PAY, description="Points of a score, or variable pay; wages are a `wage_recovery`."
    )

    @model_validator(mode="after")
    def _wages_are_protected(self) -> "Deducting":
        if self.affects is Affects.WAGE_RECOVERY:
            raise ValueError(
                "a penalty takes nothing from wages: write a step of kind wage_recovery, which needs a legal_cap and evidence"
            )
        return self

    def fits(self, kinds: Mapping[str, Kind], *incidents: str) -> Kind:
        """Return the kind of what it changes: money for variable pay, points for a score."""
        for name in incidents:
            if kinds[name] not in (Kind.COUNT, Kind.NUMBER):
                raise UnitError(
                    msg("Incidents are a count, but '{name}' is {kind}.", name=name, kind=CALLED[kinds[name]])
                )
        kind = same_kind([kinds[self.changed], *([kinds[self.base]] if self.base else [])])
        right = Kind.POINTS if self.affects is Affects.SCORE else Kind.MONEY
        if kind is not right:
            raise UnitError(msg("A penalty on {affects} is taken from {right}, but '{name}' is {kind}.",
                                affects=self.affects.value, right=CALLED[right], name=self.changed, kind=CALLED[kind]))  # fmt: skip
        return kind

    def share(self, sheet: Sheet, of: Decimal) -> Number:
        """Return an amount of the plan, or a share of the base, for everybody, with no digit too many."""
        kind = sheet.kinds[self.changed]
        if self.base is None:
            return shortened(literal(of, kind))
        return guarded(times(sheet.short(self.base), literal(of, Kind.RATIO)), kind.scale)

    def share_said(self, reading: Reading, of: Decimal | None) -> object:
        """Say an amount of the plan, or a share of the base."""
        if of is None:
            return None
        if self.base is None:
            return reading.shown(of, reading.kind(self.changed))
        return msg("{product} × {value}", product=reading.shown(of), value=reading.shown(self.base))
