"""Delivering what waits: one try, what becomes of it, and when the next one comes."""

import datetime
import json
import logging
import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter
from typing import Any

from kpiflow.core.delivery import DeliveryOutcome
from kpiflow.storage import webhooks as stored
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.webhooks import Try
from kpiflow.workspace.books import Books
from kpiflow.workspace.webhooks.addresses import shown
from kpiflow.workspace.webhooks.kinds import WHO
from kpiflow.workspace.webhooks.posting import Answer, post
from kpiflow.workspace.webhooks.signing import headers
from kpiflow.workspace.webhooks.terms import Terms

#: Each wait between two tries is this many times the one before, up to the longest, in seconds.
FACTOR, LONGEST = 4.0, 6 * 3600.0

#: The share by which a wait is longer or shorter by chance, so that what failed together does not come back together.
SPREAD = 0.2

#: The receiver says that it is gone for good.
GONE = 410

#: Receivers that are sent to at once; each gets its own events one after another.
AT_ONCE = 4

log = logging.getLogger("kpiflow.webhooks")


def deliver_due(ws: Books, stopping: Callable[[], bool]) -> datetime.datetime | None:
    """Deliver what is due, and return when the next delivery is (None: nothing waits)."""
    now = _now()
    rows = stored.waiting(ws.store, now).to_dicts()
    due = [row for row in rows if row["next_at"] is None or _aware(row["next_at"]) <= now]
    by_webhook = [
        list(group) for _, group in groupby(sorted(due, key=itemgetter("webhook")), key=itemgetter("webhook"))
    ]
    if by_webhook:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            list(pool.map(lambda group: _to_one(ws, group, stopping), by_webhook))
        return now
    return min((_aware(row["next_at"]) for row in rows), default=None)


def _to_one(ws: Books, rows: list[dict[str, Any]], stopping: Callable[[], bool]) -> None:
    """Deliver the events of one webhook in their order; what is left over when the server stops waits for the next run."""
    for row in sorted(rows, key=itemgetter("event")):
        if stopping():
            return
        answer = deliver(row, ws.webhook_terms)
        give_back(ws, row, answer)
        if answer.status == GONE:
            return


def deliver(row: Mapping[str, Any], terms: Terms) -> Answer:
    """Send one event to one webhook; `row` is one of `storage.waiting`."""
    body = message(row)
    return post(row["url"], body, headers(row["secrets"], row["id"], int(_now().timestamp()), body), terms)


def message(row: Mapping[str, Any]) -> bytes:
    """Return the body of an event: its type, when it happened, and its data; the same at every try."""
    happened = _aware(row["written"]).isoformat(timespec="microseconds").replace("+00:00", "Z")
    told = {"type": row["kind"], "timestamp": happened, "data": json.loads(row["data"])}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def give_back(ws: Books, row: Mapping[str, Any], answer: Answer) -> DeliveryOutcome:
    """Write what became of a try and when the next one is; a receiver that is gone for good ends its webhook."""
    now = _now()
    outcome, next_at = decided(row, answer, now, ws.webhook_terms)
    made = Try(row["event"], row["webhook"], now, outcome, answer.status, answer.said, answer.took_ms, next_at)
    with ws.store.write(apart=True) as cursor:
        number = stored.add_try(cursor, made)
        if outcome is DeliveryOutcome.GIVEN_UP:
            detail = {"event": row["event"], "status": answer.status, "said": answer.said}
            record(cursor, Entry(now, WHO, "give_up_webhook", str(row["webhook"]), None, detail))
        if answer.status == GONE:
            stored.end_webhook(cursor, row["webhook"], now, WHO, f"HTTP {GONE}")
            record(cursor, Entry(now, WHO, "end_webhook", str(row["webhook"]), f"HTTP {GONE}"))
    told = {
        "id": row["id"],
        "kind": row["kind"],
        "webhook": row["webhook"],
        "to": shown(row["url"]),
        "outcome": outcome.value,
    }
    log.info("webhook", extra={"told": {**told, "status": answer.status, "try": number, "ms": answer.took_ms}})
    return outcome


def decided(
    row: Mapping[str, Any], answer: Answer, now: datetime.datetime, terms: Terms
) -> tuple[DeliveryOutcome, datetime.datetime | None]:
    """Return how a try ended, and when the next one is.

    It is tried again for as long as the terms say since the event was written or asked for, and then once more no longer.
    """
    if answer.taken:
        return DeliveryOutcome.DELIVERED, None
    wait = max(waiting(int(row["failed"]) + 1, terms.first_wait), min(answer.wait or 0.0, LONGEST))
    next_at = now + datetime.timedelta(seconds=wait)
    if answer.status == GONE or next_at > _aware(row["asked"] or row["written"]) + terms.tried_for:
        return DeliveryOutcome.GIVEN_UP, None
    return DeliveryOutcome.FAILED, next_at


def waiting(failed: int, first: float) -> float:
    """Return the seconds to wait after so many tries that failed: longer each time, and a little by chance."""
    plain = min(first * FACTOR ** min(failed - 1, 10), LONGEST)
    return plain * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 — spreads load, guards nothing


def _aware(at: datetime.datetime) -> datetime.datetime:
    return at.replace(tzinfo=datetime.UTC)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
