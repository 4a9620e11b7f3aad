"""The company as such: its name, its top unit, its money, and the roles people have in it."""

from enum import StrEnum

from pydantic import Field

from kpiflow.core.closing import ClosingRules
from kpiflow.core.distributing import AppealTerms
from kpiflow.core.fact import Fact, Named
from kpiflow.core.fairness import FairnessRules
from kpiflow.core.review import AppraisalRules


class Profile(Named):
    """What the company is called and the defaults it works with."""

    company: str = Field(description="Its id.")
    enterprise: str = Field(description="The unit at the top of the organisation.")
    currency: str = Field(default="CNY", description="ISO code of the money it pays in.")
    example: bool = Field(
        default=False, description="An example company: pages say that names and salaries are invented."
    )
    closing: ClosingRules = Field(default=ClosingRules(), description="How its periods are closed.")
    appraisal: AppraisalRules = Field(
        default=AppraisalRules(), description="How people are appraised and reviews are signed."
    )
    fairness: FairnessRules = Field(
        default=FairnessRules(), description="From where on results raise a question about fairness."
    )
    appeals: AppealTerms = Field(default=AppealTerms(), description="How long there is to appeal, and to answer.")


class Scope(StrEnum):
    """Whose rows a role may read."""

    SELF = "self"
    REPORTS = "reports"
    SUBTREE = "subtree"
    ENTERPRISE = "enterprise"


class Role(Named):
    """A role an assignment names: what the holder may read and do."""

    role: str = Field(description="Its id, which assignments name.")
    reads: Scope = Field(default=Scope.SELF, description="Whose goals and progress the holder may read.")
    appraisals: Scope = Field(default=Scope.SELF, description="Whose appraisal scores and grades the holder may read.")
    pay: Scope = Field(default=Scope.SELF, description="Whose pay the holder may read.")
    actions: tuple[str, ...] = Field(default=(), description="What the holder may do, such as set_target or run_pay.")


class Rounding(StrEnum):
    """What happens to the digits that are cut off."""

    HALF_UP = "half_up"  # halves away from zero
    HALF_EVEN = "half_even"  # halves to the even digit
    UP = "up"  # away from zero
    DOWN = "down"  # towards zero


class RoundTo(Fact):
    """A declared rounding."""

    places: int = Field(default=2, ge=-6, le=10, description="Digits kept after the point; -2 rounds to hundreds.")
    mode: Rounding = Rounding.HALF_UP
