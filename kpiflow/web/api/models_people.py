"""What rows look like outside, second half: scores, pay, letters, check-ins, measurements and the journal."""

import datetime

from pydantic import BaseModel, Field

from kpiflow.core.goal import OwnerKind
from kpiflow.core.letter import LetterState
from kpiflow.web.api.models import Exact, Moment, example


class Score(BaseModel):
    """Somebody's appraisal score for a period."""

    model_config = example(
        person="p0201", label="Mia Example", label_zh=None, unit="EWR-9E", unit_label="Endeavor at Newark",
        unit_label_zh=None, role="station_manager", scorecard="station_manager", period="2013", score=81.4, grade="B",
        coverage=1.0, goals=6, left_out=0, missing=0, reason=None, before=78.0, change=3.4, letter="in_force", days=365,
        fte=1.0, closing=None, score_now=None, grade_now=None,
    )  # fmt: skip

    person: str = Field(description="the id")
    label: str = Field(description="the name")
    label_zh: str | None = Field(description="the name in Chinese")
    unit: str | None = Field(description="the unit they are appraised in")
    unit_label: str | None = Field(description="the unit's name")
    unit_label_zh: str | None = Field(description="the unit's name in Chinese")
    role: str | None = Field(description="the role they are appraised in")
    scorecard: str | None = Field(description="the scorecard they are appraised by")
    period: str = Field(description="the period")
    score: float | None = Field(description="the score; null: none can be said, and `reason` says why")
    grade: str | None = Field(description="the grade")
    coverage: float | None = Field(description="share of the weight that has data; 1 is 100 %")
    goals: int | None = Field(description="how many goals count")
    left_out: int | None = Field(description="how many goals were left out")
    missing: int = Field(description="how many goals have no data of their own")
    reason: str | None = Field(description="why there is no score")
    before: float | None = Field(description="the score of the period before")
    change: float | None = Field(description="how far it moved since")
    letter: LetterState | None = Field(description="how their letter stands; null: there is none")
    days: int | None = Field(description="how many days they are appraised for")
    fte: float | None = Field(description="how much of a full job it is")
    closing: int | None = Field(description="the closing whose scores these are; null: the period is open")
    score_now: float | None = Field(description="of a closed period, the score as now known, where it differs")
    grade_now: str | None = Field(description="of a closed period, the grade as now known, where it differs")


class StatementAmount(BaseModel):
    """What a final pay run paid one person."""

    model_config = example(
        run=3, plan="service_bonus_2013", period="2013", currency="CNY", person="p0201", unit="EWR-9E",
        role="station_manager", amount="14897.26", adjustment="0.00", payable="14897.26", final_at="2014-01-20T10:00:00Z",
    )  # fmt: skip

    run: int = Field(description="the number of the pay run")
    plan: str = Field(description="the incentive plan")
    period: str = Field(description="the period it pays for")
    currency: str = Field(description="ISO code")
    person: str = Field(description="whom it was paid to")
    unit: str | None = Field(description="the unit then")
    role: str | None = Field(description="the role then")
    amount: Exact | None = Field(description="what the plan pays; null: nothing can be said")
    adjustment: Exact = Field(description="what earlier runs paid too little or, below 0, too much")
    payable: Exact = Field(description="what is paid: both together")
    final_at: Moment = Field(description="when the run became final")


class StatementLine(BaseModel):
    """One numbered line of a statement. The amounts of somebody's lines in a run add up to what the plan pays."""

    model_config = example(
        run=3, plan="service_bonus_2013", period="2013", currency="CNY", person="p0201", line=4, segment=None,
        component="payout", kind="factor", value="14897.2600000000", amount="14897.26",
    )  # fmt: skip

    run: int = Field(description="the number of the pay run")
    plan: str = Field(description="the incentive plan")
    period: str = Field(description="the period it pays for")
    currency: str = Field(description="ISO code")
    person: str = Field(description="whose line it is")
    line: int = Field(description="its number in the statement")
    segment: int | None = Field(description="of a plan paid by dated segments: which of them")
    component: str = Field(description="the step of the plan")
    kind: str = Field(description="what kind of step it is")
    value: Exact | None = Field(description="what the step comes to")
    amount: Exact | None = Field(description="what it adds to the payout; null: it only leads up to it")


class LetterStanding(BaseModel):
    """How the letter of one owner stands."""

    model_config = example(
        owner_kind="person", owner="p0201", label="Mia Example", label_zh=None, state="in_force", version=2, in_force=2,
        fingerprint="9f2c…", signer="p0201", manager="p0002", drawn_at="2013-01-10T09:00:00Z", owner_at="2013-01-12T09:00:00Z",
        manager_at="2013-01-13T09:00:00Z", goals=6, waiting=0,
    )  # fmt: skip

    owner_kind: OwnerKind
    owner: str = Field(description="the unit or person whose letter it is")
    label: str = Field(description="the owner's name")
    label_zh: str | None = Field(description="the owner's name in Chinese")
    state: LetterState = Field(description="how far the newest version has come")
    version: int | None = Field(description="the newest version; null: none was drawn up")
    in_force: int | None = Field(description="the newest version that everybody has signed")
    fingerprint: str | None = Field(description="SHA-256 of the newest version: what both sides sign")
    signer: str | None = Field(description="who signs for the owner")
    manager: str | None = Field(description="who signs above; null: nobody does")
    drawn_at: Moment | None = Field(description="when the newest version was drawn up")
    owner_at: Moment | None = Field(description="when the owner's side signed it")
    manager_at: Moment | None = Field(description="when the manager signed it")
    goals: int = Field(description="how many goals are promised")
    waiting: int = Field(description="how many goals wait to be agreed")


class CheckIn(BaseModel):
    """A person's report on a goal. One that was corrected still stands, with what took its place."""

    model_config = example(
        check_in=12, goal="ewr-ontime", person="p0101", who="p0101", at="2013-05-03T08:30:00Z", day="2013-04-30", value=None,
        numerator="1200.000000", denominator="1500.000000", step=None, confidence=4, words="On track.", load=17,
        corrects=None, corrected_by=None, reason=None,
    )  # fmt: skip

    check_in: int = Field(description="its number")
    goal: str = Field(description="the goal it is about")
    person: str | None = Field(description="whose report it is")
    who: str = Field(description="whose hand it was, as the journal calls them")
    at: Moment = Field(description="when it was made")
    day: datetime.date = Field(description="the day it is about")
    value: Exact | None = Field(description="the value reported")
    numerator: Exact | None = Field(description="of a ratio, the part above the line")
    denominator: Exact | None = Field(description="of a ratio, the part below the line")
    step: Exact | None = Field(description="the step of a milestone or level of a rubric")
    confidence: int | None = Field(description="how sure they are, from 1 to 5")
    words: str | None = Field(description="what they said")
    load: int | None = Field(description="the load its number became; null: none")
    corrects: int | None = Field(description="the check-in it takes the place of")
    corrected_by: int | None = Field(description="the check-in that took its place")
    reason: str | None = Field(description="why it was corrected")


class Measurement(BaseModel):
    """One observed fact: either a value, or a numerator and denominator."""

    model_config = example(
        metric="ontime_rate", unit="EWR-9E", person=None, day="2013-01-31", entry="", value=None, numerator="38.000000",
        denominator="52.000000", load=1, row=31, source="flights", recorded_at="2013-02-01T04:00:00Z",
    )  # fmt: skip

    metric: str = Field(description="what was measured")
    unit: str = Field(description="where")
    person: str | None = Field(description="for whom; null: for the unit")
    day: datetime.date = Field(description="the day it is of")
    entry: str = Field(description="tells facts of one place and day apart; empty where there is one a day")
    value: Exact | None = Field(description="the value")
    numerator: Exact | None = Field(description="of a ratio, the part above the line")
    denominator: Exact | None = Field(description="of a ratio, the part below the line")
    load: int = Field(description="the load it came in")
    row: int = Field(description="its row there")
    source: str = Field(description="the file or system it came from")
    recorded_at: Moment = Field(description="when it was recorded")


class JournalLine(BaseModel):
    """Who did what, when and why."""

    model_config = example(
        entry=7, at="2013-02-01T04:00:00Z", who="p0007", action="load", subject="flights.csv", reason=None,
        detail='{"rows": 4015}',
    )  # fmt: skip

    entry: int = Field(description="its number")
    at: Moment = Field(description="when")
    who: str = Field(description="who")
    action: str = Field(description="what was done")
    subject: str = Field(description="to what")
    reason: str | None = Field(description="why")
    detail: str | None = Field(description="the numbers, as JSON in a text")
