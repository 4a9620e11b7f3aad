"""The part of the door for scenarios."""

import datetime
from collections.abc import Sequence

from kpiflow.language import Message
from kpiflow.workspace.answers import Made
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scenarios import comparing, effects, making, parts, proposing, saying, shelf
from kpiflow.workspace.scenarios import why as reasons
from kpiflow.workspace.scenarios.answers import (
    Compared,
    Effect,
    Parameter,
    Part,
    ProposedSo,
    Scenario,
    Supposition,
    Tryable,
    Why,
    Writes,
)


class ScenarioDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""

    def scenarios(self, asker: Asker, *, every: bool = False) -> tuple[Scenario, ...]:
        """Return the scenarios the person asking may read: their own and those that are shared; raises Refused."""
        return shelf.listed(self, asker, every=every)

    def scenario(self, asker: Asker, number: int, version: int | None = None) -> Scenario:
        """Return one scenario; raises NotFound when there is none that the person asking may read."""
        return shelf.taken(self, asker, number, version)

    def said_of(self, asker: Asker, supposed_so: Supposition) -> tuple[Message, ...]:
        """Return edits in words; raises Refused for goals outside the asker's reach, and NotFound for what there is not."""
        found = shelf.supposed_by(self, asker, supposed_so)
        return saying.told(self.company(found.as_of), found.edits, self.moment(found.period, found.as_of).period)

    def scenario_effect(self, asker: Asker, of: int | Supposition, part: Part | None = None) -> Effect:
        """Answer what a scenario, saved or not, does for the people the person asking may read; writes nothing."""
        return effects.effect(self, asker, shelf.supposed_by(self, asker, of), part or Part())

    def scenario_why(self, asker: Asker, of: int | Supposition, person: str) -> Why:
        """Answer what each edit of a scenario does to somebody's score and pay; raises Refused, or NotFound."""
        supposed_so = shelf.supposed_by(self, asker, of)
        return reasons.why(self, asker, supposed_so, person, shelf.hidden_in(self, asker, supposed_so))

    def compare_scenarios(self, asker: Asker, numbers: Sequence[int]) -> Compared:
        """Answer what up to three scenarios of one period do, side by side; raises NotFound, or InvalidInput."""
        return comparing.compared(self, asker, numbers)

    def tryable(self, asker: Asker, as_of: datetime.date | None = None) -> Tryable:
        """Return the metrics, curves, plans, sections and grades that can be tried otherwise; raises Refused."""
        return parts.tryable(self, asker, as_of)

    def plan_parameters(self, asker: Asker, plan: str) -> tuple[Parameter, ...]:
        """Return every number of a plan that can be tried otherwise; raises NotFound with the nearest plan."""
        return parts.parameters(self, asker, plan)

    def save_scenario(
        self,
        asker: Asker,
        name: str,
        supposed_so: Supposition,
        *,
        number: int | None = None,
        words: str | None = None,
        who: str | None = None,
    ) -> Scenario:
        """Write a scenario, or the next version of one's own; the plan stays as it is. Raises Refused, or InvalidInput."""
        return shelf.save(self, asker, name, supposed_so, number=number, words=words, who=who)

    def mark_scenario(
        self,
        asker: Asker,
        number: int,
        *,
        shared: bool | None = None,
        closed: bool | None = None,
        who: str | None = None,
    ) -> Scenario:
        """Share a scenario of one's own, or close it; raises Refused for somebody else's."""
        return shelf.mark(self, asker, number, shared=shared, closed=closed, who=who)

    def preview_scenario(self, asker: Asker, number: int) -> Writes:
        """Say what applying a scenario would write, and what of it is applied as files; writes nothing."""
        return making.preview_writes(self, asker, number)

    def apply_scenario(self, asker: Asker, shown: Writes, *, reason: str | None = None, who: str | None = None) -> Made:
        """Write the goals of a scenario as they were shown, by the rights that any change of targets needs."""
        return making.make_scenario_so(self, asker, shown, reason=reason, who=who)

    def propose_scenario(
        self, asker: Asker, shown: Writes, *, words: str | None = None, by: str | None = None
    ) -> ProposedSo:
        """Propose the targets of a scenario to their owners, who agree before any of them changes; raises as `propose` does."""
        return proposing.propose_scenario(self, asker, shown, words=words, by=by)
