"""Rules over a whole scorecard: what a miss means for the other indicators, vetoes (一票否决) and grade ceilings."""

from enum import StrEnum

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact, Named


class Part(Fact):
    """Some indicators of a scorecard: the person's goals on some metrics, or whole sections."""

    metrics: tuple[str, ...] = Field(default=(), description="The person's goals on these metrics.")
    sections: tuple[str, ...] = Field(default=(), description="These sections of the scorecard.")

    @model_validator(mode="after")
    def _names_something(self) -> "Part":
        if bool(self.metrics) == bool(self.sections):
            raise ValueError("name either metrics or sections")
        return self


class Looked(StrEnum):
    """Which number of a goal a rule looks at."""

    POINTS = "points"
    ATTAINMENT = "attainment"
    ACTUAL = "actual"


class Whose(StrEnum):
    """Whose goals a rule looks at."""

    PERSON = "person"
    UNIT = "unit"  # the unit the person is assigned to


#: The ways a number can be compared with an edge.
COMPARED: tuple[str, ...] = ("below", "at_most", "above", "at_least")


class Finding(Fact):
    """What a veto or a ceiling looks for: a goal, a section or a count of events that is beyond an edge.

    Any one of the metrics or sections named is enough. What has no data is not found.
    """

    metrics: tuple[str, ...] = Field(default=(), description="Goals on these metrics.")
    sections: tuple[str, ...] = Field(default=(), description="These sections of the scorecard, by their score.")
    count: str | None = Field(default=None, description="Values of this metric measured for the person, added up.")
    of: Looked = Field(default=Looked.POINTS, description="Which number of a goal.")
    whose: Whose = Field(default=Whose.PERSON, description="Whose goals.")
    below: Exact | None = Field(default=None, description="Found when the number is less than this.")
    at_most: Exact | None = Field(default=None, description="Found when the number is this or less.")
    above: Exact | None = Field(default=None, description="Found when the number is more than this.")
    at_least: Exact | None = Field(default=None, description="Found when the number is this or more.")

    @model_validator(mode="after")
    def _is_one_question(self) -> "Finding":
        if sum(map(bool, (self.metrics, self.sections, self.count))) != 1:
            raise ValueError("name one of metrics, sections or count")
        if sum(getattr(self, name) is not None for name in COMPARED) != 1:
            raise ValueError("give one of below, at_most, above or at_least")
        return self

    @property
    def compared(self) -> tuple[str, Exact]:
        """How the number is compared, and the edge."""
        name = next(one for one in COMPARED if getattr(self, one) is not None)
        return name, getattr(self, name)


class Cross(Named):
    """If one indicator scores below its base points, others count at most their own base points.

    The one that missed scores as it does. A goal's base is what meeting its target earns, a section's is 100.
    """

    rule: str = Field(description="Its id.")
    if_missed: Part = Field(description="What has to reach its base points.")
    base: Exact | None = Field(default=None, description="The base points, where they are not those of the target.")
    others: Part | None = Field(default=None, description="What is held at base; absent: everything else.")
    without_coefficient: bool = Field(default=True, description="The difficulty coefficient is then not applied.")


class Veto(Named):
    """What overrides a score (一票否决): it forces a grade, a score, or both."""

    rule: str = Field(description="Its id.")
    when: Finding
    grade: str | None = Field(default=None, description="The grade that is given then, whatever the score.")
    score: Exact | None = Field(default=None, description="The score that counts then, in points.")

    @model_validator(mode="after")
    def _forces_something(self) -> "Veto":
        if self.grade is None and self.score is None:
            raise ValueError("give the grade or the score that a veto forces")
        return self


class Ceiling(Named):
    """The best grade that can be reached while something is as it should not be."""

    rule: str = Field(description="Its id.")
    when: Finding
    grade: str = Field(description="The best grade that is still given.")
