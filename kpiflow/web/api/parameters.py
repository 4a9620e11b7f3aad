"""The parameters that routes share: the day, the page, the period, and filters.

A parameter that a route does not know is refused, with the nearest one that it does.
"""

import datetime

from pydantic import BaseModel, ConfigDict, Field

from kpiflow.core.status import Status
from kpiflow.web.api.cursors import LONGEST
from kpiflow.web.api.negotiation import Format
from kpiflow.workspace.lists.part import MOST


class AsOf(BaseModel):
    """What every question takes."""

    model_config = ConfigDict(extra="forbid")

    as_of: datetime.date | None = Field(
        None,
        description="Answer as it was known at the end of this day; absent: now. A day that has not come is refused.",
        examples=["2013-06-30"],
    )


class Paging(AsOf):
    """What every list takes."""

    limit: int = Field(500, ge=1, le=MOST, description="The most rows of a page.")
    cursor: str | None = Field(
        None,
        max_length=LONGEST,
        description="`next` of the page before, with the same filters: the walk stays on the moment of its first page.",
    )
    format: Format | None = Field(None, description="The format of the answer; absent: as the header Accept says.")


class OfPeriod(Paging):
    """What lists of a period take."""

    period: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="A period's id; absent: the cycle under way.",
        examples=["2013-Q2"],
    )


class OnePeriod(AsOf):
    """What one thing of a period takes."""

    period: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="A period's id; absent: the cycle under way.",
        examples=["2013-Q2"],
    )


class PeopleQuery(Paging):
    """What the list of people takes."""

    unit: str | None = Field(
        None, min_length=1, max_length=200, description="A unit: its people, and those of all below it."
    )


class GoalsQuery(OfPeriod):
    """What lists of goals take."""

    owner: str | None = Field(None, min_length=1, max_length=200, description="The unit or person that owns them.")
    unit: str | None = Field(
        None, min_length=1, max_length=200, description="A unit: its goals, and those of all below it."
    )
    status: Status | None = Field(None, description="How they stand.")
    metric: str | None = Field(None, min_length=1, max_length=200, description="The metric they are measured by.")
    text: str | None = Field(None, max_length=200, description="Words that all stand in the id, the name or the owner.")


class TreeQuery(OfPeriod):
    """What the goal tree takes."""

    root: str | None = Field(
        None, min_length=1, max_length=200, description="The goal to begin with; absent: every root."
    )
    levels: int | None = Field(None, ge=0, le=100, description="How many levels below the root; absent: all of them.")


class ScoresQuery(OfPeriod):
    """What the list of scores takes."""

    unit: str | None = Field(
        None, min_length=1, max_length=200, description="A unit: its people, and those of all below it."
    )
    role: str | None = Field(None, min_length=1, max_length=200, description="The role they are appraised in.")
    grade: str | None = Field(None, min_length=1, max_length=200, description="The grade they have.")
    scorecard: str | None = Field(
        None, min_length=1, max_length=200, description="The scorecard they are appraised by."
    )
    scored: bool | None = Field(None, description="Whether they have a score.")
    text: str | None = Field(None, max_length=200, description="Words that all stand in the id or the name.")


class PayQuery(Paging):
    """What lists of what was paid take."""

    period: str | None = Field(None, min_length=1, max_length=200, description="A period's id; absent: every period.")
    plan: str | None = Field(None, min_length=1, max_length=200, description="The incentive plan.")
    person: str | None = Field(None, min_length=1, max_length=200, description="Whom it was paid to.")
    run: int | None = Field(None, ge=1, le=2_000_000_000, description="The number of the pay run.")


class StatementQuery(AsOf):
    """What one statement takes."""

    period: str | None = Field(
        None, min_length=1, max_length=200, description="A period's id; absent: the newest final run."
    )
    run: int | None = Field(None, ge=1, le=2_000_000_000, description="The number of the pay run.")


class LetterQuery(OnePeriod):
    """What one letter takes."""

    version: int | None = Field(None, ge=1, le=100_000, description="A version of the letter; absent: the newest.")


class CheckInsQuery(Paging):
    """What the list of check-ins takes."""

    goal: str | None = Field(None, min_length=1, max_length=200, description="Only those of this goal.")


class MeasurementsQuery(Paging):
    """What the list of measurements takes."""

    metric: str | None = Field(None, min_length=1, max_length=200, description="The metric.")
    unit: str | None = Field(None, min_length=1, max_length=200, description="A unit, with all below it.")
    person: str | None = Field(None, min_length=1, max_length=200, description="Whom it was measured for.")
    first: datetime.date | None = Field(None, description="The first day they are of.", examples=["2013-01-01"])
    last: datetime.date | None = Field(None, description="The last day they are of.", examples=["2013-01-31"])


class JournalQuery(Paging):
    """What the journal takes."""

    action: str | None = Field(None, min_length=1, max_length=200, description="What was done, such as `load`.")
    who: str | None = Field(None, min_length=1, max_length=200, description="Who did it.")
