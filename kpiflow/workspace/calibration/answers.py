"""What the workspace answers with about calibration: how grades are distributed, a list of sessions, and one session."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.appraisal.distribution import Quota
from kpiflow.core.distributing import Enforcement, ShareBound, TargetDistribution, Ties
from kpiflow.language import Message, Name, msg
from kpiflow.workspace.answers import Choice


class GroupKind(StrEnum):
    """What a session is held over."""

    UNIT = "unit"  # with all units below
    ROLE = "role"
    LIST = "list"  # people named one by one


class SessionState(StrEnum):
    """How a session stands."""

    OPEN = "open"
    FINAL = "final"
    DROPPED = "dropped"


class By(StrEnum):
    """What a distribution is broken down by."""

    UNIT = "unit"
    ROLE = "role"
    RATER = "rater"  # whoever the people report to


#: What each state is called.
STATE_WORDS: dict[SessionState, Message] = {
    SessionState.OPEN: msg("open"),
    SessionState.FINAL: msg("final"),
    SessionState.DROPPED: msg("dropped"),
}

#: What each rule of ties says.
TIE_WORDS: dict[Ties, Message] = {
    Ties.UP: msg("Ties at an edge: all of the same score get the better grade."),
    Ties.DOWN: msg("Ties at an edge: all of the same score get the worse grade."),
    Ties.COVERAGE: msg(
        "Ties at an edge: who has more data goes first; who is still equal gets the better grade together."
    ),
}

#: How each bound is said before a share.
BOUND_WORDS: dict[ShareBound, Message] = {
    ShareBound.UNDER: msg("under"),
    ShareBound.AT_MOST: msg("at most"),
    ShareBound.EQUALS: msg("exactly"),
    ShareBound.AT_LEAST: msg("at least"),
    ShareBound.OVER: msg("over"),
}

#: How strictly a target binds.
ENFORCEMENT_WORDS: dict[Enforcement, Message] = {
    Enforcement.ADVISORY: msg("The target is advisory: the difference is shown, and holds nothing up."),
    Enforcement.ENFORCED: msg(
        "The target is enforced: without it, a session is final only by an exception with a reason."
    ),
}


@dataclass(frozen=True)
class Group:
    """Whom to hold a session over: a unit with all below, a role, or people named one by one."""

    kind: GroupKind
    word: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A grade to move: whose, to which, and why."""

    person: str
    to: str
    reason: str


@dataclass(frozen=True)
class Owed:
    """One part of a target beside what is there: `off` people too many (above 0) or too few (below 0)."""

    quota: Quota
    there: int
    off: int


@dataclass(frozen=True)
class SessionLine:
    """A session in a list: over whom, how many people the person asking may see in it, how many moves, how it stands."""

    session: int
    period: str
    group: Name | Message
    target: Name | None
    state: SessionState
    people: int
    moves: int
    who: Name
    at: datetime.datetime
    ended_by: Name | None
    ended_at: datetime.datetime | None
    reason: str | None


@dataclass(frozen=True, eq=False)
class Session:
    """A session in full, as far as the person asking may see it.

    rows: person, label, label_zh, unit_label, unit_label_zh, role_label, role_label_zh, scorecard, score, coverage, before,
      grade (now), reason, who, who_label, who_label_zh, at (of the move that holds), drifted (the score earns another grade
      than when it was opened); best score first. Whoever asks is left out: nobody sees their own calibration before it is final.
    owed: the target beside everybody in the session, `counts` and `counts_before` included.
    suggestions: person, label, label_zh, grade, to, distance, tied. raters: rater, label, label_zh, people, before, after.
    log: every move, oldest first: move, person, label, label_zh, before, after, reason, who, who_label, who_label_zh, at.
    `moves` and `finalises` say whether the person asking may do so, and why not.
    """

    line: SessionLine
    target: TargetDistribution | None
    merged: Message | None
    grades: tuple[str, ...]
    rows: pl.DataFrame
    counts: dict[str, int]
    counts_before: dict[str, int]
    owed: tuple[Owed, ...]
    met: bool
    suggestions: pl.DataFrame
    reachable: bool
    raters: pl.DataFrame
    log: pl.DataFrame
    participants: tuple[Choice, ...]
    moves: Decision
    finalises: Decision

    @property
    def is_open(self) -> bool:
        """Whether grades can still be moved in it."""
        return self.line.state is SessionState.OPEN


@dataclass(frozen=True, eq=False)
class Distribution:
    """How grades are distributed over the groups of people that the person asking may read.

    groups: group, label, label_zh, grade, people, share. everybody: grade, people, share, of all of them together.
    leniency: group, label, label_zh, people, position, predicted, leniency; the most lenient first.
    merged: the groups too small to stand alone, counted with the unit above. owed: the target beside everybody.
    """

    sentence: tuple[Message, ...]
    period: str
    by: By
    unit: str | None
    grades: tuple[str, ...]
    groups: pl.DataFrame
    everybody: pl.DataFrame
    leniency: pl.DataFrame
    merged: tuple[Name, ...]
    minimum: int
    target: TargetDistribution | None
    owed: tuple[Owed, ...]
    targets: tuple[Choice, ...] = ()
    units: tuple[Choice, ...] = ()
    roles: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Calibrated:
    """A grade that a final session decided for somebody: from what, to what, why, by whom and when."""

    person: str
    before: str
    after: str
    reason: str
    who: str
    session: int
    at: datetime.datetime


@dataclass(frozen=True)
class Wishes:
    """What a session is opened with beside its group: a target, who takes part, and a word about it."""

    target: str | None = None
    participants: tuple[str, ...] = ()
    reason: str | None = None
