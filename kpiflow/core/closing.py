"""How a company closes its periods: which parts come first, what stands in the way, and what late data becomes."""

from enum import StrEnum

from pydantic import Field

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.fact import Fact


class ClosingCheck(StrEnum):
    """What is looked at before a period is closed."""

    PARTS_OPEN = "parts_open"  # shorter periods inside it that are closed first
    GOALS_WITHOUT_DATA = "goals_without_data"
    PEOPLE_WITHOUT_SCORE = "people_without_score"
    METRICS_OUTDATED = "metrics_outdated"  # nothing measured up to the period's end
    CHECK_INS_DUE = "check_ins_due"
    LETTERS_UNSIGNED = "letters_unsigned"
    PROPOSALS_OPEN = "proposals_open"


class Adjust(StrEnum):
    """What becomes of the difference when late or corrected data changes a score that was signed."""

    NEXT_OPEN = "next_open"  # a line in the next period of the same length that is still open
    NONE = "none"  # it is shown, and nothing follows


class ClosingRules(Fact):
    """How periods are closed."""

    parts: PeriodKind | None = Field(
        default=None,
        description="Periods of this length (month, quarter, half) are closed before the longer one around them.",
    )
    blocking: tuple[ClosingCheck, ...] = Field(
        default=(ClosingCheck.PARTS_OPEN,),
        description="Which findings stop a closing. All others are shown, counted in the record, and stop nothing.",
    )
    adjust: Adjust = Field(
        default=Adjust.NEXT_OPEN,
        description="Late or corrected data of a closed period: a line in the next open period of the same length, or none.",
    )
