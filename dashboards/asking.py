"""What pages ask the workspace: who is signed in and the moment of the view go into every question."""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import polars as pl
import streamlit as st

from dashboards.address import View
from dashboards.charts.paper import Ink
from kpiflow.workspace import (
    Asker,
    ChangePreview,
    CheckIns,
    Choice,
    GoalPage,
    Outlook,
    Overview,
    Progress,
    Reconciled,
    Refused,
    WhatIf,
    Workspace,
    current,
    msg,
)
from kpiflow.workspace.scores.answers import Scores, ScoreWhy
from kpiflow.workspace.scores.wanted import Page, Wanted
from kpiflow.workspace.sign_in.handed_out import HANDED_OUT
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE
from kpiflow.workspace.sign_in.signing_in import session
from kpiflow.workspace.timeline.event import Timeline

Found = TypeVar("Found")

#: Where a page remembers whose widgets it holds.
READER = "reader"


@dataclass(frozen=True)
class Question:
    """A workspace and the moment asked about; made once at the top of a page run. Who asks is read anew each time."""

    ws: Workspace
    view: View
    period: str
    ink: Ink

    @property
    def asker(self) -> Asker:
        """Who is signed in. A part of a page that runs by itself must not go on asking after a session has ended."""
        return asker(self.ws)

    @property
    def subject(self) -> str | None:
        """Whose progress is looked at: the person in the address, else whoever is signed in."""
        return self.view.person or self.asker.person

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

    def goals(self, text: str = "") -> list[Choice]:
        """Return the first goals the person asking may open, or the first in whose names a text stands."""
        return self._kept(
            f"goals {text}",
            self.period,
            lambda: self.ws.goal_choices(self.asker, self.period, self.as_of, text=text),
        )

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

    def outlook(self, goal: str) -> Outlook:
        """Return where a goal will end and what it still needs; raises NotFound or Refused."""
        return self._kept(
            f"outlook {goal}", self.period, lambda: self.ws.outlook(self.asker, goal, self.period, self.as_of)
        )

    def forecasts(self, goals: Collection[str]) -> pl.DataFrame:
        """Return where these goals will end, those of them that may be read; one row each."""
        return self.ws.forecasts(self.asker, self.period, goals, self.as_of)

    def what_if(self, person: str, ends: Mapping[str, float]) -> WhatIf:
        """Return what a person's score, grade and pay would be if goals ended so; nothing is written."""
        return self._kept(
            f"what if {person} {sorted(ends.items())}",
            self.period,
            lambda: self.ws.what_if(self.asker, person, self.period, ends, self.as_of),
        )

    def progress(self, person: str) -> Progress:
        """Return what the My progress page shows; raises NotFound or Refused."""
        return self._kept(
            f"progress {person}", self.period, lambda: self.ws.progress(self.asker, person, self.period, self.as_of)
        )

    def answer(self, what: str, make: Callable[[], Found]) -> Found:
        """Return an answer of a page's own, kept for whoever asks until something changes; `what` names it and its choices."""
        return self._kept(what, self.period, make)

    def latest(self, what: str, make: Callable[[], Found]) -> Found:
        """Return an answer that check-ins, questions, letters or proposals change as well, kept until anything is written.

        A page is run again for each box that is opened and each list that is turned over: then nothing is asked anew.
        """
        return self._kept(f"{what} {self.ws.written()}", self.period, make)

    def scores(self, wanted: Wanted, page: Page) -> Scores:
        """Return a page of the scores that fit a filter; raises Refused, or NotFound for what there is not."""
        # The letters belong in the key: they are signed without a change of plan or measurement.
        what = f"scores {wanted} {page} {self.ws.letters_known(self.as_of)}"
        return self._kept(
            what, self.period, lambda: self.ws.scores(self.asker, self.period, self.as_of, wanted, page=page)
        )

    def score_why(self, person: str) -> ScoreWhy:
        """Return why somebody's score is what it is; raises NotFound or Refused."""
        return self._kept(
            f"why {person}", self.period, lambda: self.ws.score_why(self.asker, person, self.period, self.as_of)
        )

    def scores_fingerprint(self, wanted: Wanted) -> str:
        """Return the fingerprint that a file of these scores would carry; raises Refused."""
        return self._kept(
            f"fingerprint {wanted}",
            self.period,
            lambda: self.ws.scores_fingerprint(self.asker, self.period, self.as_of, wanted),
        )

    def timeline(self, goal: str) -> Timeline:
        """Return what happened to a goal; raises NotFound or Refused."""
        return self.latest(f"timeline {goal}", lambda: self.ws.timeline(self.asker, goal, self.as_of))

    def check_ins(self, goal: str) -> CheckIns:
        """Return what was said about a goal; raises NotFound or Refused."""
        return self.latest(f"said {goal}", lambda: self.ws.check_ins(self.asker, goal, self.as_of))

    def _kept(self, what: str, period: str, make: Callable[[], Found]) -> Found:
        # The person asking belongs in every key: what one may see, another may not.
        return self.ws.kept(("page", what, self.asker, period, self.ws.versions(self.as_of)), make)


def question(view: View) -> Question:
    """Return the question a view stands for, with the usual period where the address names none."""
    ws = current()
    # Before there is a company there are accounts to look after, and no period.
    usual = "" if ws.is_empty() else view.period or ws.default_period(view.as_of)
    return Question(ws, view, usual, ink())


def token() -> str | None:
    """Return what the browser's cookie holds; it was sent when the page was opened."""
    return st.context.cookies.get(SESSION_COOKIE)


def reader(ws: Workspace) -> Asker | None:
    """Return who is signed in; None when the session has ended, or there never was one."""
    return session(ws, token())


def asker(ws: Workspace) -> Asker:
    """Return who is asking; when the session has ended the whole page runs again, which then says so."""
    found = reader(ws)
    if found is None:
        st.rerun()
        raise Refused(msg("Your session has ended. Sign in again."))  # in a callback, where nothing can be run again
    return found


def arrived(ws: Workspace) -> Asker | None:
    """Return who is signed in at the start of a run, and forget what widgets hold of somebody who was before.

    A page that was left open is joined again by the browser, which by then may have signed in somebody else.
    """
    found = reader(ws)
    name = found.name if found else None
    if st.session_state.get(READER, name) != name:
        st.session_state.clear()
    st.session_state[READER] = name
    return found


def pressed(ws: Workspace, make: Callable[[Asker], bytes]) -> Callable[[], bytes]:
    """Return what makes a file when it is pressed, for whoever is signed in then, with the rights of then.

    That is outside the run that drew the page, where no cookie can be read; so the session is looked up by what the page
    was given. What was offered before somebody signed out, or lost a role, is refused. The link is theirs alone.
    """
    given = token()

    def making() -> bytes:
        who = session(ws, given)
        if who is None:
            raise Refused(msg("Your session has ended. Sign in again."))
        made = make(who)
        HANDED_OUT.remember(who, made)
        return made

    return making


def ink() -> Ink:
    """Return the ink for the theme the reader sees."""
    return Ink(dark=st.context.theme.type == "dark")
