"""How a person's goals become one score and a grade: scorecards with weighted sections, and grade scales."""

from enum import StrEnum
from itertools import pairwise

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Named
from kpiflow.core.goal import GoalKind


class Absent(StrEnum):
    """What a section without data counts as; never decided silently."""

    RENORMALISE = "renormalise"  # the other sections share its weight
    ZERO = "zero"


class Section(Named):
    """A weighted part of a scorecard, made of the owner's goals on some metrics or of some kinds."""

    section: str
    weight: Exact = Field(gt=0)
    metrics: tuple[str, ...] = Field(default=(), description="Goals on these metrics; empty: on any metric.")
    kinds: tuple[GoalKind, ...] = Field(default=(), description="Goals of these kinds; empty: of any kind.")


class Scorecard(Named):
    """Which of a person's goals count for the appraisal, in what proportion. A goal goes to the first section it fits."""

    scorecard: str
    roles: tuple[str, ...] = Field(description="The roles it is for (the role of a person's assignment).")
    sections: tuple[Section, ...] = Field(min_length=1)
    absent: Absent = Absent.RENORMALISE
    grades: str = Field(description="The grade scale it ends in.")


class GradeBand(Named):
    """A grade, and the lowest score that still earns it (the edge belongs to the better grade)."""

    grade: str
    at_least: Exact | None = Field(default=None, description="Absent on the last grade: everything below.")


class GradeScale(Named):
    """Grades from the best down."""

    scale: str
    bands: tuple[GradeBand, ...] = Field(min_length=1)
    places: int = Field(
        default=2, ge=0, le=10, description="Scores are rounded to this many digits, halves up, before grading."
    )

    @model_validator(mode="after")
    def _bands_go_down(self) -> "GradeScale":
        edges = [band.at_least for band in self.bands[:-1] if band.at_least is not None]
        if len(edges) < len(self.bands) - 1 or self.bands[-1].at_least is not None:
            raise ValueError("every grade but the last has at_least; the last takes everything below")
        if any(low >= high for high, low in pairwise(edges)):
            raise ValueError("at_least must go down from the best grade to the worst")
        return self
