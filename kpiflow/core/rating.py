"""What people rate each other on: items with their rubrics, the scale of the ratings, and who rates."""

from enum import StrEnum

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact, Named


class Source(StrEnum):
    """What a section of a scorecard is made of."""

    GOALS = "goals"
    RATINGS = "ratings"


class Rater(StrEnum):
    """Who rates somebody."""

    SELF = "self"
    MANAGER = "manager"
    PEERS = "peers"  # the mean of all who were asked
    HR = "hr"


class Range(Fact):
    """The least and the greatest number of a scale."""

    low: Exact = Field(description="The least number of the scale.")
    high: Exact = Field(description="The greatest number of the scale.")

    @model_validator(mode="after")
    def _goes_up(self) -> "Range":
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class Level(Named):
    """One row of a rubric: what is seen, and the points it is worth."""

    points: Exact = Field(description="What it is worth, on the section's scale of ratings.")


class Item(Named):
    """Something that is rated: a competency, or a task with a rubric."""

    item: str = Field(description="Its id.")
    weight: Exact = Field(default=1, gt=0, validate_default=True, description="Its weight among the section's items.")
    about: str | None = Field(default=None, description="What is meant by it.")
    about_zh: str | None = Field(default=None, description="What is meant by it, in 中文.")
    levels: tuple[Level, ...] = Field(default=(), description="A rubric: only these points can be given.")
