"""Webhooks added, listed, ended and tried out, by whoever may manage them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from kpiflow.core.delivery import DeliveryOutcome
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.storage import webhooks as stored
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.webhooks import Subscription, Try
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.webhooks import off_track
from kpiflow.workspace.webhooks.addresses import checked_url, shown
from kpiflow.workspace.webhooks.delivering import deliver, give_back
from kpiflow.workspace.webhooks.kinds import OFF_TRACK, TEST, kind_named
from kpiflow.workspace.webhooks.signing import new_secret

#: The action in roles.
MANAGE = "manage_webhooks"

#: The most webhooks that count at once: each event is sent to every one of them.
MOST = 50

#: For how many hours the old and the new secret both sign, unless said otherwise, and at most.
OVERLAP, LONGEST_OVERLAP = 24.0, 720

#: How long the worker leaves an event alone that somebody waits for.
ASIDE = datetime.timedelta(minutes=2)


@dataclass(frozen=True)
class NewWebhook:
    """A webhook and the secret its messages are signed with, which is shown this once."""

    webhook: int
    url: str = field(repr=False)
    events: tuple[str, ...]
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Delivered:
    """What became of one delivery that somebody asked for: the status answered, or in `said` why there was none."""

    event: int
    id: str
    delivered: bool
    status: int | None
    said: str | None
    took_ms: int


def add(ws: Books, asker: Asker, url: str, events: Sequence[str], *, who: str | None = None) -> NewWebhook:
    """Add a webhook; raises Refused, NotFound for an event that there is not, and InvalidInput for where it points."""
    ws.may(asker, MANAGE).require()
    kinds = tuple(dict.fromkeys(kind_named(name).name for name in events))
    if not kinds:
        raise InvalidInput(msg("Say of which events it is told."))
    checked = checked_url(url, ws.webhook_terms.networks)
    secret, name, at = new_secret(), who or asker.name, _now()
    # Worked out before anything is written: nobody else has to wait for it.
    standing = off_track.standing_now(ws) if OFF_TRACK in kinds else None
    with ws.store.write() as cursor:
        if webhooks(ws, asker).filter(pl.col("ended").is_null()).height >= MOST:
            raise InvalidInput(msg("There are {most} webhooks already. End one first.", most=MOST))
        if standing is not None and OFF_TRACK not in stored.open_kinds(cursor):
            off_track.remember(cursor, standing)
        number = stored.add_webhook(cursor, Subscription(checked, kinds, name, at), secret)
        detail = {"url": shown(checked), "events": list(kinds)}
        record(cursor, Entry(at, name, "add_webhook", str(number), None, detail))
    return NewWebhook(number, checked, kinds, secret)


def webhooks(ws: Books, asker: Asker) -> pl.DataFrame:
    """Return every webhook, also those that ended; raises Refused. The columns are those of `storage.read_webhooks`."""
    ws.may(asker, MANAGE).require()
    return stored.read_webhooks(ws.store)


def rotate(ws: Books, asker: Asker, webhook: int, *, hours: float = OVERLAP, who: str | None = None) -> NewWebhook:
    """Give a webhook a new secret, and return it this once; for so many hours messages carry signatures of both.

    With 0 hours the old secret ends at once, as it must when it has come into other hands. Raises Refused, NotFound, and
    InvalidInput for a webhook that has ended or hours beyond a month.
    """
    ws.may(asker, MANAGE).require()
    if not 0 <= hours <= LONGEST_OVERLAP:
        raise InvalidInput(
            msg("Both secrets sign for 0 to {most} hours, not {hours}.", most=LONGEST_OVERLAP, hours=hours)
        )
    secret, name, at = new_secret(), who or asker.name, _now()
    until = at + datetime.timedelta(hours=hours)
    with ws.store.write() as cursor:
        _open(ws, asker, webhook)
        found = _there(ws, asker, webhook)
        stored.add_secret(cursor, webhook, secret, at, until)
        detail = {"both_until": until.isoformat(timespec="seconds")}
        record(cursor, Entry(at, name, "rotate_webhook", str(webhook), None, detail))
    return NewWebhook(webhook, str(found["url"]), tuple(found["events"]), secret)  # type: ignore[arg-type]


def delivery_count(ws: Books, asker: Asker) -> int:
    """Return how many deliveries there are in all; raises Refused."""
    ws.may(asker, MANAGE).require()
    return stored.delivery_count(ws.store)


def deliveries(ws: Books, asker: Asker, webhook: int | None = None, *, limit: int = 200, skip: int = 0) -> pl.DataFrame:
    """Return how each delivery stands, the newest first; raises Refused, or NotFound for a webhook that there is not."""
    ws.may(asker, MANAGE).require()
    if webhook is not None:
        _there(ws, asker, webhook)
    return stored.deliveries(ws.store, webhook, limit, skip)


def end(ws: Books, asker: Asker, webhook: int, *, reason: str | None = None, who: str | None = None) -> None:
    """End a webhook: it is told nothing more, what waits for it included. Raises Refused, NotFound, or InvalidInput."""
    name, at = who or asker.name, _now()
    ws.may(asker, MANAGE).require()
    with ws.store.write() as cursor:
        _open(ws, asker, webhook)
        stored.end_webhook(cursor, webhook, at, name, reason)
        record(cursor, Entry(at, name, "end_webhook", str(webhook), reason))


def try_out(ws: Books, asker: Asker, webhook: int, *, who: str | None = None) -> Delivered:
    """Send an event that means nothing, now, and say what the receiver answered; raises as `end`."""
    name, at = who or asker.name, _now()
    ws.may(asker, MANAGE).require()
    with ws.store.write() as cursor:
        _open(ws, asker, webhook)
        event = stored.add_event(cursor, TEST, {"webhook": webhook, "asked_by": name}, at, only_webhook=webhook)
        _asked(cursor, event, webhook, at)
        record(cursor, Entry(at, name, "test_webhook", str(webhook), None, {"event": event}))
    return _now_delivered(ws, event, webhook)


def redeliver(ws: Books, asker: Asker, webhook: int, event: int, *, who: str | None = None) -> Delivered:
    """Send an event to a webhook once more, now, with the same id; raises as `end`, and NotFound for no such event."""
    name, at = who or asker.name, _now()
    ws.may(asker, MANAGE).require()
    with ws.store.write() as cursor:
        _open(ws, asker, webhook)
        told = stored.deliveries(ws.store, webhook, limit=1_000_000)["event"]
        if event not in told:
            raise not_found(msg("event of this webhook"), str(event), [str(one) for one in told])
        _asked(cursor, event, webhook, at)
        record(cursor, Entry(at, name, "redeliver_webhook", str(webhook), None, {"event": event}))
    return _now_delivered(ws, event, webhook)


def _asked(cursor: stored.Cursor, event: int, webhook: int, at: datetime.datetime) -> None:
    stored.add_try(cursor, Try(event, webhook, at, DeliveryOutcome.ASKED, next_at=at + ASIDE))


def _now_delivered(ws: Books, event: int, webhook: int) -> Delivered:
    rows = stored.waiting(ws.store, _now(), webhook, event)
    if rows.is_empty():  # a store that was imported without its secrets
        raise InvalidInput(
            msg("Webhook {webhook} has no signing secret here. End it and add it anew.", webhook=webhook)
        )
    row = rows.row(0, named=True)
    answer = deliver(row, ws.webhook_terms)
    give_back(ws, row, answer)
    return Delivered(event, row["id"], answer.taken, answer.status, answer.said, answer.took_ms)


def _there(ws: Books, asker: Asker, webhook: int) -> dict[str, object]:
    rows = webhooks(ws, asker)
    found = rows.filter(pl.col("webhook") == webhook)
    if found.is_empty():
        raise not_found(msg("webhook"), str(webhook), [str(one) for one in rows["webhook"]])
    return found.row(0, named=True)


def _open(ws: Books, asker: Asker, webhook: int) -> None:
    if _there(ws, asker, webhook)["ended"] is not None:
        raise InvalidInput(msg("Webhook {webhook} has ended. Add it anew.", webhook=webhook))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
