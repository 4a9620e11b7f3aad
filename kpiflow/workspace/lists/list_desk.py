"""The part of the door that programs read: whole lists a part at a time, and what each list depends on."""

import datetime
from collections.abc import Hashable

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists import goals, happened, letters, measured, organisation, pay, said, scores, versions
from kpiflow.workspace.lists.goals import GoalsWanted
from kpiflow.workspace.lists.measured import FactsWanted
from kpiflow.workspace.lists.part import FIRST, Listed, Part
from kpiflow.workspace.lists.pay import PayWanted
from kpiflow.workspace.lists.versions import Of
from kpiflow.workspace.pay_runs.answers import Paid
from kpiflow.workspace.scores.wanted import EVERYBODY, Wanted


class ListDesk(Books):
    """Lists for programs. Rows outside the rights of the person asking never leave; raises Refused and NotFound."""

    def depends(self, of: Of, as_of: datetime.date | None = None) -> tuple[Hashable, ...]:
        """Return the versions that lists of a kind depend on at a moment."""
        return versions.depends(self, of, as_of)

    def listed_periods(self, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
        """Return the company's calendar: period, kind, cycle, starts, ends."""
        return organisation.periods(self, asker, as_of, part)

    def listed_units(self, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
        """Return every unit: unit, parent, kind, label, label_zh."""
        return organisation.units(self, asker, as_of, part)

    def listed_people(
        self, asker: Asker, as_of: datetime.date | None = None, *, unit: str | None = None, part: Part = FIRST
    ) -> Listed:
        """Return the people within reach with the assignment they have; see `organisation.people`."""
        return organisation.people(self, asker, as_of, unit=unit, part=part)

    def listed_metrics(self, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
        """Return every metric with its definition."""
        return organisation.metrics(self, asker, as_of, part)

    def listed_goals(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        wanted: GoalsWanted = goals.EVERY,
        *,
        part: Part = FIRST,
    ) -> Listed:
        """Return the goals in play with their results and names, parents before children; see `goals.goals`."""
        return goals.goals(self, asker, period, as_of, wanted, part=part)

    def listed_tree(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        *,
        root: str | None = None,
        levels: int | None = None,
        part: Part = FIRST,
    ) -> Listed:
        """Return the goal tree below a goal, so many levels deep; see `goals.tree`."""
        return goals.tree(self, asker, period, as_of, root=root, levels=levels, part=part)

    def listed_scores(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        wanted: Wanted = EVERYBODY,
        *,
        part: Part = FIRST,
    ) -> Listed:
        """Return the appraisal scores within reach, by person; see `scores.scores`."""
        return scores.scores(self, asker, period, as_of, wanted, part=part)

    def listed_statements(
        self, asker: Asker, as_of: datetime.date | None = None, wanted: PayWanted = pay.ALL, *, part: Part = FIRST
    ) -> Listed:
        """Return what final runs paid those within reach; see `pay.statements`."""
        return pay.statements(self, asker, as_of, wanted, part=part)

    def listed_statement_lines(
        self, asker: Asker, as_of: datetime.date | None = None, wanted: PayWanted = pay.ALL, *, part: Part = FIRST
    ) -> Listed:
        """Return the numbered lines of these statements; see `pay.statement_lines`."""
        return pay.statement_lines(self, asker, as_of, wanted, part=part)

    def final_statement(
        self,
        asker: Asker,
        person: str,
        as_of: datetime.date | None = None,
        *,
        period: str | None = None,
        run: int | None = None,
    ) -> Paid:
        """Return somebody's statement of the newest final run, or of one run; see `pay.statement`."""
        return pay.statement(self, asker, person, as_of, period=period, run=run)

    def listed_letters(
        self, asker: Asker, period: str, as_of: datetime.date | None = None, *, part: Part = FIRST
    ) -> Listed:
        """Return how the letters stand that may be read, by owner; see `letters.letters`."""
        return letters.letters(self, asker, period, as_of, part=part)

    def listed_check_ins(
        self, asker: Asker, as_of: datetime.date | None = None, *, goal: str | None = None, part: Part = FIRST
    ) -> Listed:
        """Return the check-ins of goals that may be read, by number; see `said.check_ins`."""
        return said.check_ins(self, asker, as_of, goal=goal, part=part)

    def listed_measurements(
        self,
        asker: Asker,
        as_of: datetime.date | None = None,
        wanted: FactsWanted = measured.ALL,
        *,
        part: Part = FIRST,
    ) -> Listed:
        """Return the measurements that may be read, in the order they came in; see `measured.measurements`."""
        return measured.measurements(self, asker, as_of, wanted, part=part)

    def listed_journal(
        self,
        asker: Asker,
        as_of: datetime.date | None = None,
        *,
        action: str | None = None,
        who: str | None = None,
        part: Part = FIRST,
    ) -> Listed:
        """Return the journal, the newest line first; see `happened.journal`."""
        return happened.journal(self, asker, as_of, action=action, who=who, part=part)
