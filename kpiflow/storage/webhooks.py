"""Webhooks, the events they are told of, and every try to deliver one; the newest row says how each stands."""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.core.delivery import DeliveryOutcome
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Subscription:
    """Where events are sent, and which kinds."""

    url: str
    events: Sequence[str]
    who: str
    at: datetime.datetime


@dataclass(frozen=True)
class Try:
    """One try to deliver an event to a webhook: how it ended, the HTTP status if there was one, and when comes the next."""

    event: int
    webhook: int
    at: datetime.datetime
    outcome: DeliveryOutcome
    status: int | None = None
    said: str | None = None
    took_ms: int | None = None
    next_at: datetime.datetime | None = None


_OPEN = "SELECT * FROM webhook WHERE webhook NOT IN (SELECT webhook FROM webhook_ended)"

#: Each event with each webhook that is told of it, whether the webhook still counts or not.
_TOLD = """SELECT e.event, e.id, e.kind, e.written, e.data, w.webhook, w.url
    FROM webhook_event AS e JOIN {webhooks} AS w ON e.only_webhook = w.webhook OR
        (e.only_webhook IS NULL AND e.event > w.since_event AND list_contains(w.events, e.kind))"""

#: The secrets that each webhook's messages are signed with at $now, the newest first.
_SECRETS = """SELECT webhook, list(secret ORDER BY place) AS secrets
    FROM (SELECT webhook, secret, row_number() OVER newest AS place, first_value(both_until) OVER newest AS both_until
        FROM webhook_secret WINDOW newest AS (PARTITION BY webhook ORDER BY since DESC NULLS LAST))
    WHERE place = 1 OR (place = 2 AND both_until > $now) GROUP BY webhook"""

#: How each delivery stands: its newest try, when it was last asked for, and how often it failed since.
_STAND = """SELECT t.event, t.webhook, max(t.number) AS number, arg_max(t.outcome, t.number) AS outcome,
        max_by(struct_pack(v := t.next_at), t.number).v AS next_at,
        max_by(struct_pack(v := t.status), t.number).v AS status, max_by(struct_pack(v := t.said), t.number).v AS said,
        max(t."at") AS tried, max(t."at") FILTER (t.outcome = 'asked') AS asked,
        count(*) FILTER (t.outcome = 'failed' AND t.number > coalesce(a.number, 0)) AS failed
    FROM webhook_try AS t
    LEFT JOIN (SELECT event, webhook, max(number) AS number FROM webhook_try WHERE outcome = 'asked' GROUP BY ALL) AS a
        USING (event, webhook)
    GROUP BY t.event, t.webhook"""


def add_webhook(cursor: Cursor, one: Subscription, secret: str) -> int:
    """Write a webhook with its secret; return its number."""
    number = next_number(cursor, "webhook", "webhook")
    newest = next_number(cursor, "webhook_event", "event") - 1
    row = [number, one.url, list(one.events), newest, utc(one.at), one.who]
    cursor.execute("INSERT INTO webhook VALUES (?, ?, ?, ?, ?, ?)", row)
    cursor.execute("INSERT INTO webhook_secret VALUES (?, ?, NULL, NULL)", [number, secret])
    return number


def add_secret(cursor: Cursor, webhook: int, secret: str, at: datetime.datetime, both_until: datetime.datetime) -> None:
    """Write a webhook's new secret; until a moment messages are signed with the one before it, too."""
    cursor.execute("INSERT INTO webhook_secret VALUES (?, ?, ?, ?)", [webhook, secret, utc(at), utc(both_until)])


def end_webhook(cursor: Cursor, webhook: int, at: datetime.datetime, who: str, why: str | None) -> None:
    """Write that a webhook is told nothing more."""
    cursor.execute("INSERT INTO webhook_ended VALUES (?, ?, ?, ?)", [webhook, utc(at), who, why])


def add_event(
    cursor: Cursor, kind: str, data: Mapping[str, object], at: datetime.datetime, only_webhook: int | None = None
) -> int:
    """Write an event, on the writing cursor of what it tells about; return its number."""
    number = next_number(cursor, "webhook_event", "event")
    told = json.dumps(data, ensure_ascii=False, default=str)
    row = [number, f"evt_{uuid.uuid4().hex}", kind, utc(at), told, only_webhook]
    cursor.execute("INSERT INTO webhook_event VALUES (?, ?, ?, ?, ?, ?)", row)
    return number


def add_try(cursor: Cursor, one: Try) -> int:
    """Write what became of one try; return its number among those of this event and webhook."""
    found = cursor.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM webhook_try WHERE event = ? AND webhook = ?", [one.event, one.webhook]
    ).fetchall()
    number = int(found[0][0])
    row = [one.event, one.webhook, number, utc(one.at), one.outcome.value, one.status, one.said, one.took_ms]
    next_at = None if one.next_at is None else utc(one.next_at)
    cursor.execute("INSERT INTO webhook_try VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, next_at])
    return number


def read_webhooks(store: Store) -> pl.DataFrame:
    """Return webhook, url, events, added, who, ended, ended_by, why, waiting and given_up of every webhook, by number.

    `waiting` counts its events that are still to be delivered, `given_up` those that never were. No secret is among them.
    """
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH told AS ({_TOLD.format(webhooks="webhook")}), stand AS ({_STAND}),
                counted AS (SELECT webhook,
                        count(*) FILTER (outcome IS NULL OR outcome IN ('failed', 'asked')) AS waiting,
                        count(*) FILTER (outcome = 'given_up') AS given_up
                    FROM told LEFT JOIN stand USING (event, webhook) GROUP BY webhook)
                SELECT w.webhook, w.url, w.events, w.added, w.who, e.ended, e.who AS ended_by, e.why,
                    CASE WHEN e.ended IS NULL THEN coalesce(c.waiting, 0) ELSE 0 END AS waiting,
                    coalesce(c.given_up, 0) AS given_up
                FROM webhook AS w LEFT JOIN webhook_ended AS e USING (webhook) LEFT JOIN counted AS c USING (webhook)
                ORDER BY w.webhook"""
        ).pl()


def open_kinds(cursor: Cursor) -> frozenset[str]:
    """Return the kinds of event that at least one webhook is told of."""
    return frozenset(kind for (kind,) in cursor.sql(f"SELECT DISTINCT unnest(events) FROM ({_OPEN})").fetchall())


def waiting(
    store: Store, now: datetime.datetime, webhook: int | None = None, event: int | None = None, *, limit: int = 200
) -> pl.DataFrame:
    """Return what is still to be delivered, the soonest first, at most `limit`.

    event, id, kind, written, data, webhook, url, secrets (those that sign at the moment `now`, the newest first), next_at
    (null: at once), asked and failed: how often it failed since it was written or asked for again. `webhook` and `event`
    narrow it to one of each.
    """
    only = f"{'' if webhook is None else f' AND webhook = {int(webhook)}'}{'' if event is None else f' AND event = {int(event)}'}"
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH told AS ({_TOLD.format(webhooks=f"({_OPEN})")}), stand AS ({_STAND})
                SELECT told.*, k.secrets, s.next_at, s.asked, coalesce(s.failed, 0) AS failed
                FROM told LEFT JOIN stand AS s USING (event, webhook) JOIN ({_SECRETS}) AS k USING (webhook)
                WHERE (s.outcome IS NULL OR s.outcome IN ('failed', 'asked')){only}
                ORDER BY coalesce(s.next_at, told.written), told.event, webhook LIMIT {int(limit)}""",
            params={"now": utc(now)},
        ).pl()


def deliveries(store: Store, webhook: int | None = None, limit: int = 200, skip: int = 0) -> pl.DataFrame:
    """Return how the delivery of each event to each webhook stands, the newest event first, without the newest `skip`.

    event, id, kind, written, webhook, outcome (null: not tried yet), tries, status, said, tried and next_at.
    """
    only = "" if webhook is None else f"WHERE webhook = {int(webhook)}"
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH told AS ({_TOLD.format(webhooks="webhook")}), stand AS ({_STAND})
                SELECT told.event, id, kind, written, webhook, outcome, coalesce(number, 0) AS tries, status, said, tried,
                    next_at
                FROM told LEFT JOIN stand USING (event, webhook) {only}
                ORDER BY told.event DESC, webhook LIMIT {int(limit)} OFFSET {int(skip)}"""
        ).pl()


def delivery_count(store: Store) -> int:
    """Return how many deliveries there are in all: each event to each webhook that is told of it."""
    with store.read() as cursor:
        return int(cursor.sql(f"SELECT count(*) FROM ({_TOLD.format(webhooks='webhook')})").fetchall()[0][0])


def utc(at: datetime.datetime) -> datetime.datetime:
    """Return a moment as the store keeps it here: UTC, without a zone. It must come with one."""
    return at.astimezone(datetime.UTC).replace(tzinfo=None)
