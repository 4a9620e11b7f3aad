"""The timeline of a goal: every source asked, what may be read put in order, names instead of ids."""

import datetime
from collections import Counter
from dataclasses import replace

import polars as pl

from kpiflow.access.reach import Reach, visible
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, msg
from kpiflow.storage.documents import row_history
from kpiflow.storage.known import known_then
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of, with_metric_names, with_owner_names
from kpiflow.workspace.timeline.event import Asked, Event, EventKind, Source, Timeline
from kpiflow.workspace.timeline.measured import of_measurements
from kpiflow.workspace.timeline.planned import of_its_rules, of_the_plan
from kpiflow.workspace.timeline.proposed import of_proposals
from kpiflow.workspace.timeline.signed import of_letters
from kpiflow.workspace.timeline.spoken import of_check_ins, of_remarks
from kpiflow.workspace.unseen import sees_goal, unseen

#: Everybody who knows of something that happens to goals.
SOURCES: tuple[Source, ...] = (
    of_the_plan, of_its_rules, of_proposals, of_letters, of_check_ins, of_remarks, of_measurements,
)  # fmt: skip


def timeline(ws: Books, asker: Asker, goal: str, as_of: datetime.date | None = None) -> Timeline:
    """Answer everything that happened to a goal by a day, the newest first; raises NotFound, or Refused as the goal's page.

    A goal that is no longer in the plan still has its timeline.
    """
    ws.may(asker, "read_goals").require()
    versions, reach, company = _versions(ws, goal, as_of), ws.reach(asker), ws.company(as_of)
    if versions.is_empty() and reach.people is None:
        raise not_found(msg("goal"), goal, company.goals["goal"])
    if versions.is_empty() or not sees_goal(reach, versions.row(-1, named=True)):
        raise unseen(goal, visible(company.goals, reach)["goal"])
    mine = _readable(reach, versions)
    row = with_metric_names(with_owner_names(mine.tail(1), company), company).row(0, named=True)
    asked = Asked(ws, asker, goal, row, mine, as_of)
    events = [event for source in SOURCES for event in source(asked)]
    # Sorting is stable and turned round after: of things of one moment, what a source tells later happened later.
    ordered = sorted(events, key=lambda event: event.at)[::-1]
    named = tuple(_with_names(ws, as_of, ordered))
    return Timeline(goal, name_of(row), _sentence(named), named, Counter(event.kind for event in named))


def _versions(ws: Books, goal: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return every version of a goal recorded by a day, oldest first."""
    found = row_history(ws.store, "goals", {"goal": goal})
    return found.filter(known_then("recorded_at", ws.believed(as_of)))


def _readable(reach: Reach, versions: pl.DataFrame) -> pl.DataFrame:
    """Return the versions that the person asking may read."""
    if reach.people is None:
        return versions
    # What another person answered for before it became this owner's goal is theirs.
    shown = [
        (pl.col(f"{who}_kind") == OwnerKind.UNIT.value) | pl.col(who).is_in(list(reach.people))
        for who in ("owner", "scope")
    ]
    return versions.filter(shown)


def _with_names(ws: Books, as_of: datetime.date | None, events: list[Event]) -> list[Event]:
    ids = {event.who for event in events}
    people = ws.company(as_of).people.filter(pl.col("person").is_in(list(ids)))
    names = {row["person"]: name_of(row) for row in people.iter_rows(named=True)}
    return [replace(event, name=names.get(event.who, Name(event.who))) for event in events]


def _sentence(events: tuple[Event, ...]) -> tuple[Message, ...]:
    changes = [event for event in events if event.kind is EventKind.PLAN]
    eased = sum(change.eased for event in changes for change in event.changes)
    last = events[0].at.date()
    said = [
        msg("One thing has happened to this goal, on {day}.", day=last)
        if len(events) == 1
        else msg(
            "{count} {count:thing has|things have} happened to this goal, the last on {day}.",
            count=len(events),
            day=last,
        )
    ]
    if eased:
        said.append(msg("Anchors made easier to reach: {count}, each with its reason.", count=eased))
    return tuple(said)
