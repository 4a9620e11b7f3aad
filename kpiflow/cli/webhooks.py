"""Commands about webhooks: other systems that are told what happened here; whoever has this machine looks after them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    ReasonOption,
    StoreOption,
    opened,
    who,
)
from kpiflow.cli.showing import say, write
from kpiflow.language import msg
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.webhooks.keeping import OVERLAP, Delivered
from kpiflow.workspace.webhooks.kinds import KINDS

webhook = typer.Typer(name="webhook", help="Tell other systems what happened here.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(metavar="WEBHOOK", help="The webhook's number.")]
EVENTS = ", ".join(kind.name for kind in KINDS)


@webhook.command()
def add(
    *,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are sent, by HTTPS.")],
    events: Annotated[list[str], typer.Option("--event", "-e", metavar="EVENT", help=f"May be repeated: {EVENTS}.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Add a webhook; its signing secret is written to stdout this once."""
    with _managing(store) as (ws, asker):
        made = ws.add_webhook(asker, url, events)
    sys.stdout.write(f"{made.secret}\n")
    facts = {"webhook": made.webhook, "url": made.url}
    say(
        msg("Webhook {webhook} sends to {url}. The line above is its signing secret; it is not shown again.", **facts),
        lang,
    )


@webhook.command("list")
def list_(*, store: StoreOption = DEFAULT_STORE, form: FormatOption = Format.TABLE) -> None:
    """Show every webhook: where it sends, what it is told of, what waits and what was given up. Moments are UTC."""
    with _managing(store) as (ws, asker):
        rows = ws.webhooks(asker).to_dicts()
    columns = ["webhook", "url", "events", "added", "who", "ended", "waiting", "given_up"]
    if form is Format.TABLE:
        rows = [row | {"events": ", ".join(row["events"])} for row in rows]
    write(rows, form, columns)


@webhook.command()
def end(
    *,
    number: NumberArgument,
    reason: ReasonOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """End a webhook: it is told nothing more, what still waits for it included."""
    with _managing(store) as (ws, asker):
        ws.end_webhook(asker, number, reason=reason)
    say(msg("Webhook {webhook} has ended.", webhook=number), lang)


@webhook.command("test")
def try_out(*, number: NumberArgument, store: StoreOption = DEFAULT_STORE, lang: LanguageOption = Language.EN) -> None:
    """Send a test event now and say what the receiver answered; ends with 1 when it did not take it."""
    with _managing(store) as (ws, asker):
        done = ws.test_webhook(asker, number)
    _said(done, lang)


@webhook.command()
def redeliver(
    *,
    number: NumberArgument,
    event: Annotated[int, typer.Argument(metavar="EVENT", help="The event's number.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Send an event to a webhook once more, now, with the same id."""
    with _managing(store) as (ws, asker):
        done = ws.redeliver(asker, number, event)
    _said(done, lang)


@webhook.command()
def rotate(
    *,
    number: NumberArgument,
    hours: Annotated[
        float, typer.Option("--hours", help="How long the old secret signs as well; 0: it ends at once.")
    ] = OVERLAP,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Give a webhook a new signing secret, written to stdout this once; for a while messages carry both signatures."""
    with _managing(store) as (ws, asker):
        made = ws.rotate_webhook(asker, number, hours=hours)
    sys.stdout.write(f"{made.secret}\n")
    say(
        msg("The line above is the new signing secret of webhook {webhook}; it is not shown again.", webhook=number),
        lang,
    )


@webhook.command()
def deliveries(
    *,
    number: Annotated[int | None, typer.Argument(metavar="[WEBHOOK]", help="One webhook; none: all.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 200,
    skip: Annotated[int, typer.Option("--skip", min=0, help="How many of the newest to leave out.")] = 0,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show how each delivery stands, the newest first. Moments are UTC."""
    with _managing(store) as (ws, asker):
        rows = ws.webhook_deliveries(asker, number, limit=limit, skip=skip).to_dicts()
    write(rows, form, ["event", "kind", "written", "webhook", "outcome", "tries", "status", "said", "tried", "next_at"])


def _said(done: Delivered, lang: str) -> None:
    facts = {"id": done.id, "answer": done.said if done.status is None else f"HTTP {done.status}"}
    if done.delivered:
        say(msg("The receiver took {id}: {answer}.", **facts), lang)
        return
    say(msg("The receiver did not take {id}: {answer}. The server tries it again.", **facts), lang, style="red")
    raise typer.Exit(1)


@contextmanager
def _managing(store: Path) -> Iterator[tuple[Workspace, Asker]]:
    """Open a store for whoever sits at the machine; the journal writes their name."""
    with opened(store) as ws:
        yield ws, Asker(account=who(), machine=True)
