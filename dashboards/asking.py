"""What pages ask the workspace: the person and the moment of the view go into every question."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import streamlit as st

from dashboards.address import View
from dashboards.charts.paper import Ink
from kpiflow.workspace import Asker, ChangePreview, Choice, GoalPage, Overview, Progress, Reconciled, Workspace, current

Found = TypeVar("Found")


@dataclass(frozen=True)
class Question:
    """A workspace, who asks it, and the moment asked about; made once at the top of a page run."""

    ws: Workspace
    asker: Asker
    view: View
    period: str
    ink: Ink

    @property
    def as_of(self) -> datetime.date | None:
        """The day looked from; None is the latest."""
        return self.view.as_of

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.view.language

    def periods(self) -> list[Choice]:
        """Return the periods that can be looked at."""
        return self.ws.periods(self.as_of)

    def overview(self) -> Overview:
        """Return what the Overview page shows."""
        return self._kept("overview", self.period, lambda: self.ws.overview(self.asker, self.period, self.as_of))

    def latest_change(self, shown: Overview) -> Overview:
        """Return the overview whose changes can be told: this one, or that of the newest quarter or month inside it.

        A first year has no year before it, but its last quarter has a quarter before it.
        """
        if shown.moved.height:
            return shown
        inside = [choice for choice in self.periods() if choice.id.startswith(f"{self.period}-")]
        newest = {choice.kind: choice.id for choice in reversed(inside)}
        for part in [newest[kind] for kind in ("quarter", "month") if kind in newest]:
            found = self._kept("overview", part, partial(self.ws.overview, self.asker, part, self.as_of))
            if found.moved.height:
                return found
        return shown

    def goal(self, goal: str) -> GoalPage:
        """Return what the Goal page shows; raises NotFound or Refused."""
        return self._kept(f"goal {goal}", self.period, lambda: self.ws.goal(self.asker, goal, self.period, self.as_of))

    def goals(self) -> list[Choice]:
        """Return the goals the person asking may open."""
        return self._kept("goals", self.period, lambda: self.ws.goal_choices(self.asker, self.period, self.as_of))

    def reconciliation(self, goal: str) -> Reconciled:
        """Return whether the targets below a goal come to its own; raises NotFound or Refused."""
        return self._kept(
            f"below {goal}", self.period, lambda: self.ws.reconciliation(self.asker, goal, self.period, self.as_of)
        )

    def change(self, goal: str, target: float) -> ChangePreview:
        """Return what a new target would do; nothing is written. Raises Refused, or InvalidInput when it cannot be."""
        fields = {"target": target}
        return self._kept(
            f"change {goal} {target}",
            self.period,
            lambda: self.ws.preview_change(self.asker, goal, fields, self.period, as_of=self.as_of),
        )

    def progress(self, person: str) -> Progress:
        """Return what the My progress page shows; raises NotFound or Refused."""
        return self._kept(
            f"progress {person}", self.period, lambda: self.ws.progress(self.asker, person, self.period, self.as_of)
        )

    def _kept(self, what: str, period: str, make: Callable[[], Found]) -> Found:
        # The person asking belongs in every key: what one may see, another may not.
        return self.ws.kept(("page", what, self.asker, period, self.ws.versions(self.as_of)), make)


def question(view: View) -> Question:
    """Return the question a view stands for, with the usual period where the address names none."""
    ws = current()
    return Question(ws, asker(ws, view), view, view.period or ws.default_period(view.as_of), ink())


def asker(ws: Workspace, view: View) -> Asker:
    """Return who is asking."""
    return Asker(who(ws, view))


def who(ws: Workspace, view: View) -> str | None:
    """Return who is asking: in demo mode whoever the address says, or the first person; otherwise nobody in particular."""
    if not ws.demo:
        return None
    people = ws.people(view.as_of)
    return view.person or (people[0].id if people else None)


def ink() -> Ink:
    """Return the ink for the theme the reader sees."""
    return Ink(dark=st.context.theme.type == "dark")
