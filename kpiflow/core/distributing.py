"""How grades are meant to be distributed over a group, how strictly, and how long somebody has to appeal."""

from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from kpiflow.core.fact import Exact, Fact, Named


class ShareBound(StrEnum):
    """How a share binds: a most, a least, or the share itself."""

    UNDER = "<"
    AT_MOST = "<="
    EQUALS = "="
    AT_LEAST = ">="
    OVER = ">"


#: How people write a bound, too.
_WRITTEN = {"≤": "<=", "≥": ">="}


class Enforcement(StrEnum):
    """What happens when a target distribution is not met."""

    ADVISORY = "advisory"  # the difference is shown
    ENFORCED = "enforced"  # a session is not final until it is met, or a second person allows the exception


class Ties(StrEnum):
    """Who goes where when people of the same score stand on both sides of an edge; stated with every suggestion."""

    UP = "up"  # all of them get the better grade
    DOWN = "down"  # all of them get the worse grade
    COVERAGE = "coverage"  # more coverage first; who is still equal goes up together


class GradeShare(Fact):
    """One part of a target distribution: some grades together, and the share of people that should have one of them."""

    grades: tuple[str, ...] = Field(
        min_length=1, description="Grades that stand next to each other; 'A+B' is both together."
    )
    is_: ShareBound = Field(default=ShareBound.EQUALS, alias="is", description="<, <=, =, >= or >.")
    share: Exact = Field(ge=0, le=1, description="The share of people, such as 20%.")

    @field_validator("grades", mode="before")
    @classmethod
    def _taken_apart(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split("+")) if isinstance(value, str) else value

    @field_validator("is_", mode="before")
    @classmethod
    def _as_people_write(cls, value: object) -> object:
        return _WRITTEN.get(value, value) if isinstance(value, str) else value


class TargetDistribution(Named):
    """What share of a group should have which grade."""

    distribution: str = Field(description="Its id.")
    scale: str = Field(description="The grade scale it is about.")
    parts: tuple[GradeShare, ...] = Field(
        min_length=1, description="The share of people for each grade, or for some grades together."
    )
    enforcement: Enforcement = Enforcement.ADVISORY
    minimum: int = Field(
        default=1, ge=1, description="Units with fewer people of the scale are merged into the unit above."
    )
    ties: Ties = Ties.UP

    @model_validator(mode="after")
    def _parts_can_be_met(self) -> "TargetDistribution":
        if len({part.grades for part in self.parts}) < len(self.parts):
            raise ValueError("each group of grades is named once")
        fixed = [part for part in self.parts if part.is_ is ShareBound.EQUALS]
        grades = [grade for part in fixed for grade in part.grades]
        if len(set(grades)) == len(grades) and sum(part.share for part in fixed) > 1:
            raise ValueError("the shares that are to be equal come to more than 100 %")
        return self


class AppealTerms(Fact):
    """How many days there are to appeal, and to answer."""

    days_to_file: int = Field(
        default=30, ge=0, description="Days from the closing of the period; until it is closed there is no end."
    )
    days_to_answer: int = Field(default=15, ge=1, description="Days from filing to the decision.")
