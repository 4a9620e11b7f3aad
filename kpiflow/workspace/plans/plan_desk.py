"""The part of the door that tests and publishes incentive plans."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.plans import impact, publishing, reading
from kpiflow.workspace.plans.answers import Impact, PlanPage, PlanStands
from kpiflow.workspace.plans.publishing import PublishedNow


class PlanDesk(Books):
    """Questions and changes of whoever writes, publishes or is paid by a plan."""

    def plans(self, asker: Asker, as_of: datetime.date | None = None) -> tuple[PlanStands, ...]:
        """Answer how the plans stand that may pay somebody whose pay the person asking may read."""
        return reading.plans(self, asker, as_of)

    def plan(self, asker: Asker, plan: str, as_of: datetime.date | None = None) -> PlanPage:
        """Answer one plan in words, with its tests, coverage and publications; raises NotFound."""
        return reading.plan_page(self, asker, plan, as_of)

    def plan_impact(
        self, asker: Asker, plan: str, period: str, as_of: datetime.date | None = None, *, against: int | None = None
    ) -> Impact:
        """Answer what a plan would pay now against a published version of it; raises NotFound, or InvalidInput."""
        return impact.plan_impact(self, asker, plan, period, as_of, against=against)

    def publish_plan(
        self, asker: Asker, plan: str, *, reason: str | None = None, who: str | None = None
    ) -> PublishedNow:
        """Put a plan forward for approval; raises Refused, NotFound, or InvalidInput with all that stands against it."""
        return publishing.publish(self, asker, plan, reason=reason, who=who)

    def approve_plan(
        self, asker: Asker, plan: str, *, approved: bool = True, reason: str | None = None, who: str | None = None
    ) -> PublishedNow:
        """Publish the plan that somebody else put forward, or send it back; raises Refused, NotFound, or InvalidInput."""
        return publishing.approve(self, asker, plan, approved=approved, reason=reason, who=who)
