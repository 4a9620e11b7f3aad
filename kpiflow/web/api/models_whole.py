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

    title: str = Field(description="what they are about")
    lines: list[str] = Field(description="the sentences")


class GoalMonth(BaseModel):
    """A month of a goal."""

    model_config = example(
        period="2013-01", starts="2013-01-01", ends="2013-01-31", actual=74.1, target=77.62, pace=0.955, points=88.0,
        status="behind",
    )  # fmt: skip

    period: str = Field(description="the month's id")
    starts: datetime.date = Field(description="its first day")
    ends: datetime.date = Field(description="its last day")
    actual: float | None = Field(description="what was measured in it, in the metric's own unit")
    target: float | None = Field(description="what was to be reached in it")
    pace: float | None = Field(description="the actual against what was expected; 1 is 100 %")
    points: float | None = Field(description="what the curve makes of it")
    status: Status | None = Field(description="how it stood; null where nothing can be said")


class GoalBelow(BaseModel):
    """A goal right below another, and what it brings."""

    model_config = example(
        goal="ewr-ontime", label="On-time arrivals · EWR", label_zh="到港准点 · 纽瓦克", owner_kind="unit", owner="EWR",
        actual=71.4, target=76.0, points=80.0, pace=0.94, status="behind", weight=24.0, share=0.4, contribution=32.0,
        counted=False,
    )  # fmt: skip

    goal: str = Field(description="its id")
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    owner_kind: OwnerKind = Field(description="whether a unit or a person answers for it")
    owner: str = Field(description="the unit or person that answers for it")
    actual: float | None = Field(description="what was measured, in its metric's own unit")
    target: float | None = Field(description="what is to be reached in the period")
    points: float | None = Field(description="what the curve makes of it")
    pace: float | None = Field(description="the actual against what is expected by now; 1 is 100 %")
    status: Status = Field(description="how it stands")
    weight: float = Field(description="its weight among its owner's goals")
    share: float | None = Field(description="its part of the points above")
    contribution: float | None = Field(description="points × share")
    counted: bool = Field(description="whether the points above come from it")


class Step(BaseModel):
    """One goal on the way from the root."""

    model_config = example(
        goal="nyc-reliability", label="Reliability",
    )  # fmt: skip

    goal: str = Field(description="its id")
    label: str = Field(description="its name, in the language asked for")


class GoalInFull(BaseModel):
    """A goal with its result, the reason for it, its months, and the goals below that you may read."""

    model_config = example(
        goal=row_of(Attainment), owner_label="NYC airports", metric_label="On-time arrivals",
        definition="Arrived less than 15 minutes late.", measure="percent", currency=None,
        summary=["On-time arrivals: 73.42 % against 77.62 % (−4.20 pp). Behind."], why=[row_of(ReasonGroup)],
        months=[row_of(GoalMonth)], children=[row_of(GoalBelow)], path=[row_of(Step)], measurements=4015,
    )  # fmt: skip

    goal: Attainment = Field(description="the goal with its result, as in the list of attainment")
    owner_label: str = Field(description="the owner's name, in the language asked for")
    metric_label: str | None = Field(description="the metric's name, in the language asked for; null for objectives")
    definition: str | None = Field(description="what the metric counts")
    measure: Measure | None = Field(description="what its numbers are in")
    currency: str | None = Field(description="for money: its ISO code")
    summary: list[str] = Field(description="where it stands, in sentences")
    why: list[ReasonGroup] = Field(description="why each number is what it is")
    months: list[GoalMonth] = Field(description="the months of the period, in order")
    children: list[GoalBelow] = Field(description="the goals right below it")
    path: list[Step] = Field(description="from the root down to it")
    measurements: int = Field(description="how many measurements its actual is made of")


class ScoreSection(BaseModel):
    """A section of an appraisal."""

    model_config = example(
        section="punctuality", label="Punctuality", label_zh="准点", weight=60.0, share=0.6, score=80.0, contribution=48.0,
        coverage=1.0,
    )  # fmt: skip

    section: str = Field(description="its id")
    label: str = Field(description="its name")
    label_zh: str | None = Field(description="its name in Chinese")
    weight: float | None = Field(description="its weight among the sections")
    share: float | None = Field(description="its part of the score, absent sections counted out; 1 is 100 %")
    score: float | None = Field(description="its own score, in points")
    contribution: float | None = Field(description="score × share")
    coverage: float | None = Field(description="share of its weight that has data; 1 is 100 %")


class ScoreGoal(BaseModel):
    """A goal behind a score. What it measures is null where you may read the score but not the goal."""

    model_config = example(
        goal="ewr-9e-ontime", label="On-time arrivals · EWR-9E", section="punctuality", metric="ontime_rate", actual=76.1,
        target=78.0, status="behind", points=90.0, weight=40.0, share=0.4, contribution=36.0, coverage=1.0, policy=None,
    )  # fmt: skip

    goal: str = Field(description="its id")
    label: str = Field(description="its name, in the language asked for")
    section: str | None = Field(description="the section it counts in")
    metric: str | None = Field(description="what it is measured by")
    actual: float | None = Field(description="what was measured, in its metric's own unit")
    target: float | None = Field(description="what is to be reached in the period")
    status: Status | None = Field(description="how it stands")
    points: float | None = Field(description="what the curve makes of it")
    weight: float | None = Field(description="its weight among the person's goals")
    share: float | None = Field(description="its part of the score; 1 is 100 %")
    contribution: float | None = Field(description="what it brings to the score of the sections")
    coverage: float | None = Field(description="share of it that has data; 1 is 100 %")
    policy: str | None = Field(description="the missing-data policy that had to stand in")


class ScoreStep(BaseModel):
    """What a coefficient, an adjustment or a veto did to the score."""

    model_config = example(
        says="Adjusted by 1 point: took over a second station.", points=1.0,
    )  # fmt: skip

    says: str = Field(description="what it was, in words")
    points: float = Field(description="by how many points the score moved")


class AppraisalInFull(BaseModel):
    """Somebody's score taken apart: contributions add up to the score before `steps`."""

    model_config = example(
        person="p0201", name="Mia Example", period="2013", unit="EWR-9E", role="station_manager",
        scorecard="station_manager", score=81.4, grade="B", coverage=1.0, reason=None,
        summary=["Mia Example is at 81.4, grade B."], sections=[row_of(ScoreSection)], goals=[row_of(ScoreGoal)],
        steps=[row_of(ScoreStep)], why=["81.4 is at least 80 and below 90: grade B."],
    )  # fmt: skip

    person: str = Field(description="the id")
    name: str = Field(description="the name, in the language asked for")
    period: str = Field(description="the period")
    unit: str | None = Field(description="the unit they are appraised in")
    role: str | None = Field(description="the role they are appraised in")
    scorecard: str | None = Field(description="the scorecard they are appraised by")
    score: float | None = Field(description="the score in points; null: none can be said")
    grade: str | None = Field(description="the grade")
    coverage: float | None = Field(description="share of the weight that has data; 1 is 100 %")
    reason: str | None = Field(description="why there is no score")
    summary: list[str] = Field(description="where they stand, in sentences")
    sections: list[ScoreSection] = Field(description="the sections of the scorecard")
    goals: list[ScoreGoal] = Field(description="the goals that count")
    steps: list[ScoreStep] = Field(description="what coefficients, adjustments and vetoes did after them")
    why: list[str] = Field(description="the same in words, with rounding and grade")


class StatementStep(BaseModel):
    """One line of a statement, in words and as an exact number."""

    model_config = example(
        line=4, component="payout", kind="factor", label="Payout", formula="18,000.00 × 0.8276", value="14897.26", text=None,
        amount="14897.26", segment=None, unmet=None,
    )  # fmt: skip

    line: int = Field(description="its number in the statement")
    component: str = Field(description="the step's id within the plan")
    kind: str = Field(description="what kind of step it is")
    label: str = Field(description="its name, in the language asked for")
    formula: str = Field(description="how it is worked out, with its numbers")
    value: Exact | None = Field(description="what the step comes to")
    text: str | None = Field(description="the result where it is a word, such as a grade")
    amount: Exact | None = Field(description="what it adds to the payout; null: it only leads up to it")
    segment: int | None = Field(description="of a plan paid by dated segments: which of them")
    unmet: str | None = Field(description="the nearest condition that was not met")


class PutRight(BaseModel):
    """What a run puts right of an earlier one."""

    model_config = example(
        of_run=2, period="2013-Q4", paid="1000.00", due="1100.00", amount="100.00",
    )  # fmt: skip

    of_run: int = Field(description="the number of the earlier run")
    period: str = Field(description="the period that run paid for")
    paid: Exact = Field(description="what was paid for it so far")
    due: Exact = Field(description="what it comes to as now known")
    amount: Exact = Field(description="due less paid")


class StatementInFull(BaseModel):
    """Somebody's statement of a final pay run. The amounts of its lines add up to `amount`."""

    model_config = example(
        run=3, plan="service_bonus_2013", plan_label="Service bonus", version="1+9f2c31", period="2013", person="p0201",
        name="Mia Example", currency="CNY", amount="14897.26", payable="14997.26", reason=None,
        lines=[row_of(StatementStep)], adjustments=[row_of(PutRight)], notes=[],
        source=["Run 3, final since Jan 20, 2014, approved by p0001."],
    )  # fmt: skip

    run: int = Field(description="the number of the pay run")
    plan: str = Field(description="the plan's id")
    plan_label: str = Field(description="the plan's name, in the language asked for")
    version: str = Field(description="the version of the plan with its fingerprint")
    period: str = Field(description="the period it pays for")
    person: str = Field(description="whom it is for")
    name: str = Field(description="the name, in the language asked for")
    currency: str = Field(description="ISO code")
    amount: Exact | None = Field(description="what the plan pays")
    payable: Exact | None = Field(description="the amount with what earlier runs are put right by")
    reason: str | None = Field(description="why there is no amount")
    lines: list[StatementStep] = Field(description="the numbered lines, in order")
    adjustments: list[PutRight] = Field(description="what it puts right of earlier runs")
    notes: list[str] = Field(description="what was assumed where nothing is known")
    source: list[str] = Field(description="which data, rules and run it rests on")


class LetterSignature(BaseModel):
    """A side of a letter, and when it signed."""

    model_config = example(
        side="owner", person="p0201", name="Mia Example", at="2013-01-12T09:00:00Z",
    )  # fmt: skip

    side: Side = Field(description="owner or manager")
    person: str | None = Field(description="who signs; null: nobody is named")
    name: str = Field(description="the name, in the language asked for")
    at: Moment | None = Field(description="null: not yet")


class LetterVersion(BaseModel):
    """One version of a letter."""

    model_config = example(
        version=2, state="in_force", at="2013-01-10T09:00:00Z", by="Bruno Example", reason=None, fingerprint="9f2c…",
    )  # fmt: skip

    version: int = Field(description="its number")
    state: LetterState = Field(description="how far it has come")
    at: Moment = Field(description="when it was drawn up")
    by: str = Field(description="by whom")
    reason: str | None = Field(description="why, where one was given")
    fingerprint: str = Field(description="SHA-256 of what it says: what both sides sign")


class LetterInFull(BaseModel):
    """A letter: the version looked at with its signatures, and all versions, the newest first."""

    model_config = example(
        owner_kind="person", owner="p0201", name="Mia Example", cycle="2013", state="none", version=None, in_force=None,
        stale=False, letter=None, signatures=[row_of(LetterSignature)], versions=[row_of(LetterVersion)],
    )  # fmt: skip

    owner_kind: OwnerKind = Field(description="whether it is a unit's or a person's")
    owner: str = Field(description="the unit or person whose letter it is")
    name: str = Field(description="the owner's name, in the language asked for")
    cycle: str = Field(description="the planning year it is for")
    state: LetterState = Field(description="how far the version looked at has come")
    version: int | None = Field(description="the version looked at; null: none was drawn up")
    in_force: int | None = Field(description="the newest version that everybody has signed")
    stale: bool = Field(description="whether the company has moved on since the newest version")
    letter: Letter | None = Field(description="what was signed; null: nothing was drawn up")
    signatures: list[LetterSignature] = Field(description="the sides, each with its signature")
    versions: list[LetterVersion] = Field(description="all versions, the newest first")
