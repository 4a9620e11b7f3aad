"""What rows look like outside, first half: the organisation, goals and their results.

A model's fields are its columns, in this order, in every format.
"""

import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.goal import Accrual, Commitment, GoalKind, OwnerKind, Rollup
from kpiflow.core.metric import Aggregation, Direction, Measure, MetricKind
from kpiflow.core.status import Status

#: What is exact, such as money and measured values: a text of digits, never a float.
Exact = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="exact, as a text of digits")]

#: A moment, in UTC.
Moment = Annotated[datetime.datetime, Field(description="a moment in UTC, to the second")]


def example(**row: Any) -> ConfigDict:
    """Return the settings of a model that shows this row in the document."""
    return ConfigDict(json_schema_extra={"examples": [row]})


def row_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the row that a model shows as its example."""
    extra = model.model_config.get("json_schema_extra")
    given: Any = extra["examples"] if isinstance(extra, dict) else [{}]
    return dict(given[0])


def list_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return the envelope of a page of rows."""
    shown: dict[str, Any] = {"items": [row_of(model)], "next": None, "as_of": "2013-12-31", "total": 1}
    made: type[BaseModel] = create_model(
        f"{model.__name__}List",
        __config__=ConfigDict(json_schema_extra={"examples": [shown]}),
        __doc__=f"A page of {model.__name__}.",
        items=(list[model], Field(description="the rows")),  # type: ignore[valid-type]
        next=(str | None, Field(description="the cursor of the next page; null on the last")),
        as_of=(datetime.date, Field(description="the day it is answered from")),
        total=(int | None, Field(description="how many rows there are in all; null where they are not counted")),
    )
    return made


class Period(BaseModel):
    """A month, quarter, half or year of the company's calendar."""

    model_config = example(period="2013-Q2", kind="quarter", cycle="2013", starts="2013-04-01", ends="2013-06-30")

    period: str = Field(description="its id")
    kind: PeriodKind
    cycle: str = Field(description="the planning year it lies in")
    starts: datetime.date = Field(description="its first day")
    ends: datetime.date = Field(description="its last day")


class Unit(BaseModel):
    """A part of the organisation."""

    model_config = example(unit="EWR", parent="NYC", kind="department", label="Newark", label_zh="纽瓦克")

    unit: str = Field(description="its id")
    parent: str | None = Field(description="the unit above; null for the enterprise")
    kind: str | None = Field(description="the company's own word for such a unit")
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")


class Person(BaseModel):
    """Somebody, with the assignment they have on the day."""

    model_config = example(
        person="p0101", label="Noa Example", label_zh=None, unit="EWR", role="duty_manager", manager="p0002", fte=1.0,
        starts="2012-01-01", ends=None,
    )  # fmt: skip

    person: str = Field(description="the id")
    label: str = Field(description="the name")
    label_zh: str | None = Field(description="the name in Chinese")
    unit: str | None = Field(description="the unit they are assigned to; null: none on this day")
    role: str | None = Field(description="the role they have there")
    manager: str | None = Field(description="who stands above; null also where you may not read that person's rows")
    fte: float | None = Field(description="how much of a full job it is")
    starts: datetime.date | None = Field(description="the assignment's first day")
    ends: datetime.date | None = Field(description="the assignment's last day; null while it lasts")


class Metric(BaseModel):
    """What is measured, and how it adds up."""

    model_config = example(
        metric="ontime_rate", label="On-time arrivals", label_zh="到港准点率", definition="Arrived less than 15 minutes late.",
        definition_zh=None, measure="percent", currency=None, direction="higher", kind="ratio", time_agg="sum",
        tree_agg="sum", formula=None, fresh_for=None, version=1, example=False,
    )  # fmt: skip

    metric: str = Field(description="its id")
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    definition: str = Field(description="what counts, what does not, where it comes from")
    definition_zh: str | None = Field(description="the definition in Chinese")
    measure: Measure = Field(description="what its values are in")
    currency: str | None = Field(description="for money: its ISO code")
    direction: Direction = Field(description="what is better")
    kind: MetricKind
    time_agg: Aggregation = Field(description="how values of one place add up over days")
    tree_agg: Aggregation = Field(description="how places add up")
    formula: str | None = Field(description="for derived metrics: of which others it is made")
    fresh_for: int | None = Field(description="days without a measurement after which it is outdated")
    version: int = Field(description="raised when the definition changes")
    example: bool = Field(description="whether its numbers are invented")


class Goal(BaseModel):
    """A goal in play in a period: what is asked of whom. Anchors are those of the period's window."""

    model_config = example(
        goal="nyc-ontime", parent="nyc-reliability", depth=2, owner_kind="unit", owner="NYC", owner_label="NYC airports",
        owner_label_zh="纽约机场", scope_kind="unit", scope="NYC", kind="kpi", label="On-time arrivals · NYC",
        label_zh="到港准点 · 纽约", metric="ontime_rate", measure="percent", currency=None, weight=24.0, commitment="committed",
        rollup="own", baseline=None, threshold=67.62, target=77.62, stretch=81.62, low=None, high=None, cycle_target=77.62,
        period="2013", status="behind",
    )  # fmt: skip

    goal: str = Field(description="its id")
    parent: str | None = Field(description="the goal above; null for a root")
    depth: int = Field(description="how far below the root it is")
    owner_kind: OwnerKind = Field(description="whether a unit or a person answers for it")
    owner: str = Field(description="the unit or person that answers for it")
    owner_label: str = Field(description="the owner's name")
    owner_label_zh: str | None = Field(description="the owner's name in Chinese")
    scope_kind: OwnerKind = Field(description="whether the scope is a unit or a person")
    scope: str = Field(description="the unit or person whose measurements count")
    kind: GoalKind
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    metric: str | None = Field(description="what it is measured by; null for objectives")
    measure: Measure | None = Field(description="what its numbers are in")
    currency: str | None = Field(description="for money: its ISO code")
    weight: float = Field(description="its weight among its owner's goals")
    commitment: Commitment = Field(description="whether it counts for appraisal and pay")
    rollup: Rollup = Field(description="where its points come from")
    baseline: float | None = Field(description="where it began")
    threshold: float | None = Field(description="where points begin")
    target: float | None = Field(description="what is to be reached")
    stretch: float | None = Field(description="what would be more than asked")
    low: float | None = Field(description="the lower end of a band")
    high: float | None = Field(description="the upper end of a band")
    cycle_target: float | None = Field(description="the target of the whole cycle")
    period: str = Field(description="the period looked at")
    status: Status = Field(description="how it stands")


class TreeGoal(BaseModel):
    """A goal of the tree with its result; parents come before children."""

    model_config = example(
        goal="nyc-ontime", parent="nyc-reliability", depth=2, owner_kind="unit", owner="NYC", label="On-time arrivals · NYC",
        label_zh="到港准点 · 纽约", metric="ontime_rate", weight=24.0, rollup_weight=60.0, rollup="own", actual=73.42,
        target=77.62, attainment=0.9459, pace=0.9459, points=58.0, share=0.6, score=34.8, status="behind", coverage=1.0,
    )  # fmt: skip

    goal: str = Field(description="its id")
    parent: str | None = Field(description="the goal above; null for a root")
    depth: int = Field(description="how far below the root it is")
    owner_kind: OwnerKind = Field(description="whether a unit or a person answers for it")
    owner: str = Field(description="the unit or person that answers for it")
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    metric: str | None = Field(description="what it is measured by; null for objectives")
    weight: float = Field(description="its weight among its owner's goals")
    rollup_weight: float | None = Field(description="its weight in the goal above, where that differs")
    rollup: Rollup = Field(description="where its points come from")
    actual: float | None = Field(description="what was measured")
    target: float | None = Field(description="what is to be reached in the period")
    attainment: float | None = Field(description="where the actual lies against the target; 1 is 100 %")
    pace: float | None = Field(description="where it lies against what is expected by now; 1 is 100 %")
    points: float | None = Field(description="what the curve makes of it")
    share: float | None = Field(description="its part of its owner's goals under the same goal")
    score: float | None = Field(description="points × share")
    status: Status = Field(description="how it stands")
    coverage: float = Field(description="share of the weight below it that has data")


class Attainment(BaseModel):
    """The result of a goal in a period, with the columns of `kpiflow score --format json`. Absent is null, never 0."""

    model_config = example(
        goal="nyc-ontime", parent="nyc-reliability", owner="NYC", metric="ontime_rate", period="2013", actual=73.42,
        numerator=247246.0, denominator=336776.0, target=77.62, expected=77.62, attainment=0.9459, points=58.0, weight=24.0,
        score=34.8, status="behind", coverage=1.0, owner_kind="unit", scope="NYC", scope_kind="unit", kind="kpi",
        label="On-time arrivals · NYC", label_zh="到港准点 · 纽约", commitment="committed", rollup="own", depth=2, rows=4015,
        last_day="2013-12-31", baseline=None, threshold=67.62, stretch=81.62, low=None, high=None, cycle_target=77.62,
        pace=0.9459, target_points=100.0, rollup_weight=60.0, share=0.6, missing=None, convention="ratio", curve="anchors",
        phasing="flat", accrual="per_period", window="period",
    )  # fmt: skip

    goal: str = Field(description="the goal's id")
    parent: str | None = Field(description="the goal above; null for a root")
    owner: str = Field(description="the unit or person that answers for it")
    metric: str | None = Field(description="what it is measured by; null for objectives")
    period: str = Field(description="the period")
    actual: float | None = Field(description="what was measured, in the metric's own unit")
    numerator: float | None = Field(description="the sum above the line, of a ratio")
    denominator: float | None = Field(description="the sum below the line, of a ratio")
    target: float | None = Field(description="what is to be reached in the period")
    expected: float | None = Field(description="what the phasing says should be there by now")
    attainment: float | None = Field(description="where the actual lies against the target; 1 is 100 %")
    points: float | None = Field(description="what the curve makes of it")
    weight: float = Field(description="its weight among its owner's goals")
    score: float | None = Field(description="points × share: an owner's scores add up to the owner's score")
    status: Status = Field(description="how it stands")
    coverage: float = Field(description="share of the weight below it that has data; 1 is 100 %")
    owner_kind: OwnerKind = Field(description="whether a unit or a person answers for it")
    scope: str = Field(description="the unit or person whose measurements count")
    scope_kind: OwnerKind = Field(description="whether the scope is a unit or a person")
    kind: GoalKind
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    commitment: Commitment = Field(description="whether it counts for appraisal and pay")
    rollup: Rollup = Field(description="where its points come from")
    depth: int = Field(description="how far below the root it is")
    rows: int = Field(description="how many measurements it is made of")
    last_day: datetime.date | None = Field(description="the newest day measured")
    baseline: float | None = Field(description="where it began")
    threshold: float | None = Field(description="where points begin")
    stretch: float | None = Field(description="what would be more than asked")
    low: float | None = Field(description="the lower end of a band")
    high: float | None = Field(description="the upper end of a band")
    cycle_target: float | None = Field(description="the target of the whole cycle")
    pace: float | None = Field(description="where it lies against what is expected by now; 1 is 100 %")
    target_points: float | None = Field(description="what meeting the target earns")
    rollup_weight: float | None = Field(description="its weight in the goal above, where that differs")
    share: float | None = Field(description="its part of its owner's goals under the same goal")
    missing: str | None = Field(description="the missing-data policy that had to stand in")
    convention: str | None = Field(description="how attainment is worked out")
    curve: str | None = Field(description="the curve that gives the points")
    phasing: str | None = Field(description="how the target is spread over the periods")
    accrual: Accrual | None = Field(description="whether it counts from the cycle's start or period by period")
    window: str | None = Field(description="the days that are measured")
