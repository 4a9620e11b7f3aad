"""Goals that turned off track since it was last told: found by comparing whole tables after something changed.

Only goals of units: everybody may read those, while how a person's goal stands is told to nobody who has not asked for it by
their own right. Silence is no turn: a goal without data, or with outdated data, stays what it was told to be.
"""

import datetime
from urllib.parse import quote

import polars as pl

from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.status import Status
from kpiflow.storage import off_track as stored
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.store import Cursor
from kpiflow.storage.webhooks import add_event, open_kinds
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import results
from kpiflow.workspace.webhooks.kinds import OFF_TRACK, WHO

#: The statuses that are off track, and those that say that it is not.
OFF = (Status.BEHIND.value, Status.AT_RISK.value)
ON = (Status.ON_PACE.value, Status.DONE.value)

#: The most goals that one event names; it says how many there are in all, and the API lists them.
MOST = 100


def look(ws: Books) -> int | None:
    """Tell which goals turned off track since the last look; return the event's number, None when none did.

    Nothing is worked out while nobody is told of it.
    """
    with ws.store.read() as cursor:
        wanted = OFF_TRACK in open_kinds(cursor)
    now = standing_now(ws) if wanted else None
    if now is None:
        return None
    period, standing = now
    with ws.store.read() as cursor:
        if stored.turned(cursor, period, standing).is_empty():
            return None
    with ws.store.write() as cursor:
        changed = stored.turned(cursor, period, standing)
        off = changed.filter("off")["goal"]
        at, event = datetime.datetime.now(datetime.UTC), None
        if off.len():
            event = add_event(cursor, OFF_TRACK, _told(period, off), at)
            record(cursor, Entry(at, WHO, "tell_off_track", period, None, {"event": event, "goals": off.len()}))
        stored.add_look(cursor, period, changed, at, event)
    return event


def standing_now(ws: Books) -> tuple[str, pl.DataFrame] | None:
    """Return the period under way and how its goals stand; None before there is a company."""
    if ws.is_empty():
        return None
    period = ws.default_period()
    return period, _standing(ws, period)


def remember(cursor: Cursor, now: tuple[str, pl.DataFrame]) -> None:
    """Take the goals that are off track now as told, without telling: whoever subscribes hears of what turns from here on."""
    period, standing = now
    changed = stored.turned(cursor, period, standing)
    stored.add_look(cursor, period, changed, datetime.datetime.now(datetime.UTC), None)


def _standing(ws: Books, period: str) -> pl.DataFrame:
    """Return goal and off of every goal of a unit with a metric of its own whose status is known."""
    status = pl.col("status").cast(pl.String)
    return (
        results(ws, period)
        .lazy()
        .filter(
            pl.col("metric").is_not_null(), pl.col("rollup") == Rollup.OWN.value,
            pl.col("owner_kind") == OwnerKind.UNIT.value, status.is_in([*OFF, *ON]),
        )
        .select("goal", off=status.is_in(OFF))
        .collect()
    )  # fmt: skip


def _told(period: str, goals: pl.Series) -> dict[str, object]:
    return {
        "period": period,
        "goals": goals.head(MOST).to_list(),
        "count": goals.len(),
        "more": [f"/api/v1/attainment?period={quote(period)}&status={status}" for status in OFF],
    }
