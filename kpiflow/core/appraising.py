"""How a person's goals become one score and a grade: scorecards with weighted sections, and grade scales."""

from enum import StrEnum
from itertools import pairwise

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Named
from kpiflow.core.goal import GoalKind
from kpiflow.core.rating import Item, Range, Rater, Source
from kpiflow.core.ruling import Ceiling, Cross, Veto


class Absent(StrEnum):
    """What a section without data counts as; never decided silently."""

    RENORMALISE = "renormalise"  # the other sections share its weight
    ZERO = "zero"


class Adding(StrEnum):
    """How the points of goals become a score."""

    MEAN = "mean"  # weighted, within each section and over the sections
    SUM = "sum"  # points are added up as they are: the weights are in the curves


class Section(Named):
    """A weighted part of a scorecard: the owner's goals on some metrics or of some kinds, or items that are rated."""

    section: str = Field(description="Its id.")
    weight: Exact = Field(gt=0, description="Its weight among the sections; only proportions matter.")
    metrics: tuple[str, ...] = Field(default=(), description="Goals on these metrics; empty: on any metric.")
    kinds: tuple[GoalKind, ...] = Field(default=(), description="Goals of these kinds; empty: of any kind.")
    source: Source = Field(default=Source.GOALS, alias="from", description="What the section is made of.")
    items: tuple[Item, ...] = Field(default=(), description="What is rated, in a section made of ratings.")
    raters: dict[Rater, Exact] = Field(default={}, description="Who rates, each with a weight.")
    rated: Range = Field(default=Range(low="1", high="5"), description="The scale ratings are given on.")
    becomes: Range = Field(default=Range(low="0", high="100"), description="The scale they are brought to, as a step.")
    absent_rater: Absent = Field(default=Absent.RENORMALISE, description="What a rater who has not rated counts as.")

    @model_validator(mode="after")
    def _fits_its_source(self) -> "Section":
        rated = self.source is Source.RATINGS
        if rated != bool(self.items) or rated != bool(self.raters):
            raise ValueError("items and raters belong to a section 'from: ratings', and it needs both")
        if rated and (self.metrics or self.kinds):
            raise ValueError("metrics and kinds choose goals; a section 'from: ratings' has none")
        if len({one.item for one in self.items}) < len(self.items):
            raise ValueError("each item of a section has an id of its own")
        if any(weight <= 0 for weight in self.raters.values()):
            raise ValueError("the weight of a rater must be above 0")
        given = [level.points for one in self.items for level in one.levels]
        if any(not self.rated.low <= points <= self.rated.high for points in given):
            raise ValueError("the points of a rubric lie on the scale in 'rated'")
        return self


class Scorecard(Named):
    """Which of a person's goals count for the appraisal, in what proportion. A goal goes to the first section it fits."""

    scorecard: str = Field(description="Its id.")
    roles: tuple[str, ...] = Field(description="The roles it is for (the role of a person's assignment).")
    sections: tuple[Section, ...] = Field(min_length=1, description="Its weighted parts.")
    absent: Absent = Absent.RENORMALISE
    grades: str = Field(description="The grade scale it ends in.")
    adding: Adding = Field(default=Adding.MEAN, description="How points become a score.")
    cross: tuple[Cross, ...] = Field(default=(), description="What a missed indicator means for others.")
    vetoes: tuple[Veto, ...] = Field(default=(), description="What forces a grade or score (一票否决).")
    ceilings: tuple[Ceiling, ...] = Field(default=(), description="What keeps the grade down.")


class GradeBand(Named):
    """A grade, and the lowest score that still earns it (the edge belongs to the better grade)."""

    grade: str = Field(description="Its id, as plans and rules name it.")
    at_least: Exact | None = Field(default=None, description="Absent on the last grade: everything below.")


class GradeScale(Named):
    """Grades from the best down."""

    scale: str = Field(description="Its id, which scorecards refer to.")
    bands: tuple[GradeBand, ...] = Field(min_length=1, description="The grades, the best first.")
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
