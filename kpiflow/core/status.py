"""The status of a goal in one word, and the ordered rules that give it: the first rule that fits wins."""

from enum import StrEnum

from pydantic import Field

from kpiflow.core.fact import Exact, Fact
from kpiflow.core.goal import Commitment


class Status(StrEnum):
    """Where a goal stands. No data is neither 0 nor 100, and an outdated value is never on pace."""

    ON_PACE = "on_pace"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    DONE = "done"  # its period is over and it was reached
    NO_DATA = "no_data"  # nothing was measured
    OUTDATED = "outdated"  # the last measurement is too old


class StatusMeasure(StrEnum):
    """What a status rule looks at."""

    PACE = "pace"  # the actual against what is expected by now, by the goal's own convention
    ATTAINMENT = "attainment"  # the actual against the target
    POINTS = "points"  # what the curve made of it


class StatusRule(Fact):
    """One line of the ordered rules: the status a goal gets when `measure` is at least `at_least`.

    `no_data` and `outdated` are decided before any rule; `done` when the goal's period is over, the rules call it on
    pace, and the pace is 100 % or more. A rule without `at_least` always fits, and must be the last one. Without any
    rules a goal is on pace from a pace of 90 %, at risk from 75 %, else behind.
    """

    status: Status
    measure: StatusMeasure = StatusMeasure.PACE
    at_least: Exact | None = Field(
        default=None,
        description="The least of the measure for this status, such as 90% of pace or 60 points; absent: always fits.",
    )
    commitment: Commitment | None = Field(default=None, description="Only for goals of this commitment.")


#: The published defaults of ServiceNow's goals (green from 90 %, yellow from 75 %), used when a company states none.
DEFAULT_RULES: tuple[StatusRule, ...] = (
    StatusRule(status=Status.ON_PACE, at_least="90%"),
    StatusRule(status=Status.AT_RISK, at_least="75%"),
    StatusRule(status=Status.BEHIND),
)
