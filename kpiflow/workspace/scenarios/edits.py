"""The edits of a scenario: what is taken to be otherwise, as frozen values that are read from and written to JSON."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.errors import InvalidInput
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.scoring.curves import Curve

#: Fields of a goal that are weights, not amounts of its metric.
WEIGHTS = ("weight", "rollup_weight")

#: What of a goal an edit may change; weights apart, all are in the metric's own unit.
FIELD = Literal["target", "threshold", "stretch", "baseline", "low", "high", "weight", "rollup_weight"]

#: The most edits a scenario has: every one is looked at by itself when somebody asks why.
MOST = 40


class OfGoals(Fact):
    """Which goals an edit is about: one by its id, or all on a metric, of a unit with everything below it."""

    goal: str | None = Field(default=None, description="One goal, by its id.")
    metric: str | None = Field(default=None, description="All goals on this metric.")
    unit: str | None = Field(default=None, description="Only goals of this unit and of everybody below it.")

    @model_validator(mode="after")
    def _one_way(self) -> "OfGoals":
        if self.goal is not None and (self.metric is not None or self.unit is not None):
            raise ValueError("a goal is named by itself, without metric or unit")
        return self


class SetGoals(OfGoals):
    """Another target, threshold, stretch, baseline, band or weight: a value for one goal, or a factor for many."""

    edit: Literal["goals"] = "goals"
    field: FIELD = Field(default="target", description="What of the goals changes.")
    to: float | None = Field(default=None, description="The new value, of one goal.")
    times: Exact | None = Field(default=None, gt=0, description="What the value is multiplied by.")

    @model_validator(mode="after")
    def _to_or_times(self) -> "SetGoals":
        if (self.to is None) == (self.times is None):
            raise ValueError("give either `to` or `times`")
        if self.to is not None and self.goal is None:
            raise ValueError("`to` is for one goal; many goals take `times`")
        if self.goal is None and self.metric is None:
            raise ValueError("name a goal or a metric")
        return self


class Ends(OfGoals):
    """Results that end otherwise: one goal at a value, or many at a factor of what they have or are forecast to have."""

    edit: Literal["ends"] = "ends"
    at: float | None = Field(default=None, description="The value one goal ends at, in its metric's unit.")
    times: Exact | None = Field(default=None, gt=0, description="What the results are multiplied by.")
    of: Literal["actual", "forecast"] = Field(
        default="actual", description="What is multiplied: what is measured so far, or the forecast of the end."
    )

    @model_validator(mode="after")
    def _at_or_times(self) -> "Ends":
        if self.at is not None and (self.times is not None or self.goal is None):
            raise ValueError("`at` is for one goal, without `times`")
        if self.at is None and self.times is None and self.of == "actual":
            raise ValueError("give `at`, `times`, or `of: forecast`")
        return self


class SetCurve(Fact):
    """A curve in another shape: the whole curve, under the id it has."""

    edit: Literal["curve"] = "curve"
    curve: Curve

    @model_validator(mode="after")
    def _named(self) -> "SetCurve":
        if not self.curve.curve:
            raise ValueError("the curve needs the id of the one it takes the place of")
        return self


class SetSection(Fact):
    """Another weight of a section of a scorecard."""

    edit: Literal["section"] = "section"
    scorecard: str
    section: str
    weight: Exact = Field(gt=0)


class SetGrade(Fact):
    """Another lowest score for a grade."""

    edit: Literal["grade"] = "grade"
    scale: str
    grade: str
    at_least: Exact


class SetPlan(Fact):
    """Another value in a plan: `path` is a component and the way to the field, such as `complaints.each`."""

    edit: Literal["plan"] = "plan"
    plan: str
    path: str = Field(
        min_length=1, description="Such as complaints.each, personal.rows.0.gives or company.curve.points."
    )
    value: Any = Field(description="As it is written in the plan's YAML.")


class AddPlan(Fact):
    """One more plan."""

    edit: Literal["add_plan"] = "add_plan"
    plan: Plan


class DropPlan(Fact):
    """A plan that is not paid."""

    edit: Literal["drop_plan"] = "drop_plan"
    plan: str


#: One edit, told apart by its `edit`.
Edit = Annotated[
    SetGoals | Ends | SetCurve | SetSection | SetGrade | SetPlan | AddPlan | DropPlan, Field(discriminator="edit")
]

#: Edits in their order: each is made on what the ones before it left.
Edits = tuple[Edit, ...]

_EDITS: TypeAdapter[Edits] = TypeAdapter(Edits)


def read_edits(written: str | bytes | Sequence[Any]) -> Edits:
    """Return edits of JSON text or plain values; raises InvalidInput with what is wrong and where."""
    try:
        found = _EDITS.validate_json(written) if isinstance(written, str | bytes) else _EDITS.validate_python(written)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"]) or "edits"
        raise InvalidInput(
            msg("This edit cannot be read: {where}: {reason}", where=where, reason=str(first["msg"]))
        ) from error
    if len(found) > MOST:
        raise InvalidInput(msg("A scenario has at most {most} edits; these are {count}.", most=MOST, count=len(found)))
    return found


def written_edits(edits: Edits) -> str:
    """Return edits as JSON text, without what is as it is by default."""
    return _EDITS.dump_json(edits, exclude_unset=False, exclude_none=True, by_alias=True).decode()
