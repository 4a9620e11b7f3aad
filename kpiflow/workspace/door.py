"""The one door: every question a face may ask, for a person and a moment, answered within that person's rights."""

import datetime
from collections.abc import Collection, Mapping

from kpiflow.core.calendar import PeriodKind
from kpiflow.language import Name
from kpiflow.workspace import cascading, making, rights
from kpiflow.workspace import goal_page as goal_pages
from kpiflow.workspace import overview as overviews
from kpiflow.workspace import progress as progresses
from kpiflow.workspace import reconciliation as reconciliations
from kpiflow.workspace import todo as todos
from kpiflow.workspace.answers import (
    ChangePreview,
    Choice,
    GoalPage,
    Made,
    Overview,
    Progress,
    Reconciled,
    SplitPreview,
)
from kpiflow.workspace.books import ADMINISTRATOR, Asker, Books


class Workspace(Books):
    """A store opened for faces. Every question takes who is asking first; rows outside their rights never leave."""

    def overview(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> Overview:
        """Answer where the enterprise stands; raises NotFound for an unknown period."""
        return overviews.overview(self, asker, period, as_of)

    def goal(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> GoalPage:
        """Answer one goal in full; raises NotFound with the nearest goal, or Refused."""
        return goal_pages.goal_page(self, asker, goal, period, as_of)

    def progress(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Progress:
        """Answer one person's progress; raises NotFound, or Refused."""
        return progresses.progress(self, asker, person, period, as_of)

    def reconciliation(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> Reconciled:
        """Answer whether the targets below a goal come to its own, with the reasons; raises NotFound, or Refused."""
        return reconciliations.reconciliation(self, asker, goal, period, as_of)

    def preview_split(
        self,
        asker: Asker,
        goal: str,
        method: str,
        period: str,
        *,
        locked: Collection[str] = (),
        amounts: Mapping[str, object] | None = None,
        buffer: object = 0,
        as_of: datetime.date | None = None,
    ) -> SplitPreview:
        """Show a goal's target split over its children, and what that does below and above; writes nothing.

        `locked`, `amounts` and `buffer` are those of `cascading.Terms`.
        """
        terms = cascading.Terms(locked, amounts, buffer)
        return cascading.preview_split(self, asker, goal, method, period, terms=terms, as_of=as_of)

    def preview_change(
        self,
        asker: Asker,
        goal: str,
        fields: Mapping[str, object],
        period: str,
        *,
        resplit: bool = False,
        locked: Collection[str] = (),
        as_of: datetime.date | None = None,
    ) -> ChangePreview:
        """Show what a goal's new target, threshold, stretch, baseline or weight does below and above; writes nothing."""
        return cascading.preview_change(self, asker, goal, fields, period, resplit=resplit, locked=locked, as_of=as_of)

    def make_split(
        self, asker: Asker, shown: SplitPreview, *, who: str | None = None, reason: str | None = None
    ) -> Made:
        """Write a split exactly as it was shown; raises Refused, or InvalidInput when it cannot be made (any more)."""
        return making.make_split(self, asker, shown, who=who, reason=reason)

    def make_change(
        self, asker: Asker, shown: ChangePreview, *, who: str | None = None, reason: str | None = None
    ) -> Made:
        """Write a change exactly as it was shown; raises Refused, or InvalidInput when it cannot be made (any more)."""
        return making.make_change(self, asker, shown, who=who, reason=reason)

    def goal_choices(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[Choice]:
        """Return the goals the person asking may open."""
        return goal_pages.goal_choices(self, asker, period, as_of)

    def todo(self, asker: Asker, as_of: datetime.date | None = None) -> list[todos.Duty]:
        """Return what the person asking must do, the longest waiting first."""
        return todos.todo(self, asker, as_of)

    def desk(self, asker: Asker) -> str:
        """Return the id of the page that the work of the person asking begins on."""
        return rights.desk(self, asker)

    def people(self, as_of: datetime.date | None = None) -> list[Choice]:
        """Return everybody with an assignment; faces offer them only in demo mode."""
        return progresses.people(self, as_of)

    def warm(self) -> None:
        """Prepare what the first visitor would otherwise wait for: the default period, the one before, and its months."""
        if self.is_empty():
            return
        period = self.default_period()
        self.overview(ADMINISTRATOR, period)
        for goal in self.goal_choices(ADMINISTRATOR, period)[:1]:
            self.goal(ADMINISTRATOR, goal.id, period)

    def periods(self, as_of: datetime.date | None = None) -> list[Choice]:
        """Return every period that has begun by the day, the newest and longest first; all of them when none has."""
        company, day = self.company(as_of), as_of or self.today()
        listed = list(company.calendar.periods.values())
        years = {period.cycle: period.order for period in listed if period.kind is PeriodKind.YEAR}
        begun = [period for period in listed if period.starts <= day] or listed
        kinds = list(PeriodKind)
        ordered = sorted(begun, key=lambda period: (-years[period.cycle], kinds.index(period.kind), -period.order))
        return [Choice(period.period, Name(period.period), kind=period.kind.value) for period in ordered]
