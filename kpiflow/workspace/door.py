"""The one door: every question a face may ask, for a person and a moment, answered within that person's rights."""

import datetime

from kpiflow.core.calendar import PeriodKind
from kpiflow.language import Name
from kpiflow.workspace import goal_page as goal_pages
from kpiflow.workspace import overview as overviews
from kpiflow.workspace import progress as progresses
from kpiflow.workspace.answers import Choice, GoalPage, Overview, Progress
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

    def goal_choices(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[Choice]:
        """Return the goals the person asking may open."""
        return goal_pages.goal_choices(self, asker, period, as_of)

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
        return [Choice(period.period, Name(period.period)) for period in ordered]
