"""What one goal, appraisal, statement or letter looks like outside, with the reason for every number."""

import datetime

from pydantic import BaseModel, Field

from kpiflow.core.goal import OwnerKind
from kpiflow.core.letter import Letter, LetterState, Side
from kpiflow.core.metric import Measure
from kpiflow.core.status import Status
from kpiflow.web.api.models import Attainment, Exact, Moment, example, row_of


class ReasonGroup(BaseModel):
    """Sentences that say why, in the language asked for."""

    model_config = example(
        title="Attainment", lines=["73.42 % against 77.62 % is 94.58 %."],
    )  # fmt: skip

    title: str
    lines: list[str]


class GoalMonth(BaseModel):
    """A month of a goal."""

    model_config = example(
        period="2013-01", starts="2013-01-01", ends="2013-01-31", actual=74.1, target=77.62, pace=0.955, points=88.0,
        status="behind",
    )  # fmt: skip

    period: str
    starts: datetime.date
    ends: datetime.date
    actual: float | None
    target: float | None
    pace: float | None
    points: float | None
    status: Status | None


class GoalBelow(BaseModel):
    """A goal right below another, and what it brings."""

    model_config = example(
        goal="ewr-ontime", label="On-time arrivals · EWR", label_zh="到港准点 · 纽瓦克", owner_kind="unit", owner="EWR",
        actual=71.4, target=76.0, points=80.0, pace=0.94, status="behind", weight=24.0, share=0.4, contribution=32.0,
        counted=False,
    )  # fmt: skip

    goal: str
    label: str
    label_zh: str | None
    owner_kind: OwnerKind
    owner: str
    actual: float | None
    target: float | None
    points: float | None
    pace: float | None
    status: Status
    weight: float
    share: float | None = Field(description="its part of the points above")
    contribution: float | None = Field(description="points × share")
    counted: bool = Field(description="whether the points above come from it")


class Step(BaseModel):
    """One goal on the way from the root."""

    model_config = example(
        goal="nyc-reliability", label="Reliability",
    )  # fmt: skip

    goal: str
    label: str


class GoalInFull(BaseModel):
    """A goal with its result, the reason for it, its months, and the goals below that you may read."""

    model_config = example(
        goal=row_of(Attainment), owner_label="NYC airports", metric_label="On-time arrivals",
        definition="Arrived less than 15 minutes late.", measure="percent", currency=None,
        summary=["On-time arrivals: 73.42 % against 77.62 % (−4.20 pp). Behind."], why=[row_of(ReasonGroup)],
        months=[row_of(GoalMonth)], children=[row_of(GoalBelow)], path=[row_of(Step)], measurements=4015,
    )  # fmt: skip

    goal: Attainment
    owner_label: str
    metric_label: str | None
    definition: str | None = Field(description="what the metric counts")
    measure: Measure | None
    currency: str | None
    summary: list[str] = Field(description="where it stands, in sentences")
    why: list[ReasonGroup] = Field(description="why each number is what it is")
    months: list[GoalMonth]
    children: list[GoalBelow]
    path: list[Step] = Field(description="from the root down to it")
    measurements: int = Field(description="how many measurements its actual is made of")


class ScoreSection(BaseModel):
    """A section of an appraisal."""

    model_config = example(
        section="punctuality", label="Punctuality", label_zh="准点", weight=60.0, share=0.6, score=80.0, contribution=48.0,
        coverage=1.0,
    )  # fmt: skip

    section: str
    label: str
    label_zh: str | None
    weight: float | None
    share: float | None
    score: float | None
    contribution: float | None
    coverage: float | None


class ScoreGoal(BaseModel):
    """A goal behind a score. What it measures is null where you may read the score but not the goal."""

    model_config = example(
        goal="ewr-9e-ontime", label="On-time arrivals · EWR-9E", section="punctuality", metric="ontime_rate", actual=76.1,
        target=78.0, status="behind", points=90.0, weight=40.0, share=0.4, contribution=36.0, coverage=1.0, policy=None,
    )  # fmt: skip

    goal: str
    label: str
    section: str | None
    metric: str | None
    actual: float | None
    target: float | None
    status: Status | None
    points: float | None
    weight: float | None
    share: float | None
    contribution: float | None = Field(description="what it brings to the score of the sections")
    coverage: float | None
    policy: str | None = Field(description="the missing-data policy that had to stand in")


class ScoreStep(BaseModel):
    """What a coefficient, an adjustment or a veto did to the score."""

    model_config = example(
        says="Adjusted by 1 point: took over a second station.", points=1.0,
    )  # fmt: skip

    says: str
    points: float


class AppraisalInFull(BaseModel):
    """Somebody's score taken apart: contributions add up to the score before `steps`."""

    model_config = example(
        person="p0201", name="Mia Example", period="2013", unit="EWR-9E", role="station_manager",
        scorecard="station_manager", score=81.4, grade="B", coverage=1.0, reason=None,
        summary=["Mia Example is at 81.4, grade B."], sections=[row_of(ScoreSection)], goals=[row_of(ScoreGoal)],
        steps=[row_of(ScoreStep)], why=["81.4 is at least 80 and below 90: grade B."],
    )  # fmt: skip

    person: str
    name: str
    period: str
    unit: str | None
    role: str | None
    scorecard: str | None
    score: float | None
    grade: str | None
    coverage: float | None
    reason: str | None = Field(description="why there is no score")
    summary: list[str]
    sections: list[ScoreSection]
    goals: list[ScoreGoal]
    steps: list[ScoreStep]
    why: list[str] = Field(description="the same in words, with rounding and grade")


class StatementStep(BaseModel):
    """One line of a statement, in words and as an exact number."""

    model_config = example(
        line=4, component="payout", kind="factor", label="Payout", formula="18,000.00 × 0.8276", value="14897.26", text=None,
        amount="14897.26", segment=None, unmet=None,
    )  # fmt: skip

    line: int
    component: str
    kind: str
    label: str
    formula: str
    value: Exact | None
    text: str | None = Field(description="the result where it is a word, such as a grade")
    amount: Exact | None = Field(description="what it adds to the payout; null: it only leads up to it")
    segment: int | None
    unmet: str | None = Field(description="the nearest condition that was not met")


class PutRight(BaseModel):
    """What a run puts right of an earlier one."""

    model_config = example(
        of_run=2, period="2013-Q4", paid="1000.00", due="1100.00", amount="100.00",
    )  # fmt: skip

    of_run: int
    period: str
    paid: Exact
    due: Exact
    amount: Exact


class StatementInFull(BaseModel):
    """Somebody's statement of a final pay run. The amounts of its lines add up to `amount`."""

    model_config = example(
        run=3, plan="service_bonus_2013", plan_label="Service bonus", version="1+9f2c31", period="2013", person="p0201",
        name="Mia Example", currency="CNY", amount="14897.26", payable="14997.26", reason=None,
        lines=[row_of(StatementStep)], adjustments=[row_of(PutRight)], notes=[],
        source=["Run 3, final since Jan 20, 2014, approved by p0001."],
    )  # fmt: skip

    run: int
    plan: str
    plan_label: str
    version: str
    period: str
    person: str
    name: str
    currency: str
    amount: Exact | None
    payable: Exact | None = Field(description="the amount with what earlier runs are put right by")
    reason: str | None = Field(description="why there is no amount")
    lines: list[StatementStep]
    adjustments: list[PutRight]
    notes: list[str] = Field(description="what was assumed where nothing is known")
    source: list[str] = Field(description="which data, rules and run it rests on")


class LetterSignature(BaseModel):
    """A side of a letter, and when it signed."""

    model_config = example(
        side="owner", person="p0201", name="Mia Example", at="2013-01-12T09:00:00Z",
    )  # fmt: skip

    side: Side
    person: str | None
    name: str
    at: Moment | None = Field(description="null: not yet")


class LetterVersion(BaseModel):
    """One version of a letter."""

    model_config = example(
        version=2, state="in_force", at="2013-01-10T09:00:00Z", by="Bruno Example", reason=None, fingerprint="9f2c…",
    )  # fmt: skip

    version: int
    state: LetterState
    at: Moment
    by: str
    reason: str | None
    fingerprint: str


class LetterInFull(BaseModel):
    """A letter: the version looked at with its signatures, and all versions, the newest first."""

    model_config = example(
        owner_kind="person", owner="p0201", name="Mia Example", cycle="2013", state="none", version=None, in_force=None,
        stale=False, letter=None, signatures=[row_of(LetterSignature)], versions=[row_of(LetterVersion)],
    )  # fmt: skip

    owner_kind: OwnerKind
    owner: str
    name: str
    cycle: str
    state: LetterState
    version: int | None
    in_force: int | None
    stale: bool = Field(description="whether the company has moved on since the newest version")
    letter: Letter | None = Field(description="what was signed; null: nothing was drawn up")
    signatures: list[LetterSignature]
    versions: list[LetterVersion]
