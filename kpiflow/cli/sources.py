"""Commands about live sources: how each is, what it would bring, asking it now, and what was set aside."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import DEFAULT_STORE, Format, FormatOption, Language, LanguageOption, StoreOption, opened, who
from kpiflow.cli.showing import put, say, write
from kpiflow.language import msg, render
from kpiflow.workspace import ADMINISTRATOR

source = typer.Typer(name="source", help="Ask the places measurements are fetched from.", no_args_is_help=True)

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Its id in sources.yaml.")]


@source.command("list")
def list_(
    *, store: StoreOption = DEFAULT_STORE, form: FormatOption = Format.TABLE, lang: LanguageOption = Language.EN
) -> None:
    """Show how every source is: when it last answered, the newest day it has brought, what waits. Exit 1 if one is silent."""
    with opened(store) as ws:
        shown = ws.live_sources(ADMINISTRATOR)
    for sentence in shown.sentence:
        say(sentence, lang)
    rows = [
        {
            "source": one.source,
            "kind": render(one.kind, lang),
            "schedule": render(one.schedule, lang),
            "health": one.health.value,
            "last_good": one.last_good,
            "newest_day": one.newest,
            "set_aside": one.rejected,
            "questions": len(one.drift),
            "said": " ".join(render(said, lang) for said in (*one.said, *one.drift)),
        }
        for one in shown.sources
    ]
    write(rows, form)
    if any(one.silent_since is not None or one.health.value == "silent" for one in shown.sources):
        raise typer.Exit(1)


@source.command()
def check(
    name: SourceArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Connect to a source and show the question it would be asked and its first rows, taking nothing in."""
    with opened(store) as ws:
        shown = ws.look_at_source(ADMINISTRATOR, name)
    say(msg("Asked: {question}", question=shown.question), lang)
    write(shown.rows.to_dicts(), form, shown.rows.columns)


@source.command()
def pull(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE…", help="Their ids; absent: all of them.")
    ] = None,
    *,
    everything: Annotated[
        bool,
        typer.Option("--everything", help="As if never asked before: what changed behind the watermark comes too."),
    ] = False,
    despite_drift: Annotated[
        bool, typer.Option("--despite-drift", help="Take in what is far from the source's history; you looked at it.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Ask sources now: good rows go in, bad rows are set aside and kept. Exit 1 if one failed or rows were set aside."""
    with opened(store) as ws:
        chosen = names or [one.source for one in ws.live_sources(ADMINISTRATOR).sources]
        done = [
            ws.pull_source(ADMINISTRATOR, name, everything=everything, despite_drift=despite_drift, who=who())
            for name in chosen
        ]
    counted = ("run", "source", "seen", "read", "added", "unchanged", "superseded", "rejected")
    write(
        [
            {name: getattr(one, name) for name in counted} | {"failure": one.failure and render(one.failure, lang)}
            for one in done
        ],
        form,
    )
    for one in done:
        for question in one.drift:
            say(question, lang, "yellow")
    if any(one.rejected for one in done):
        say(msg("Rows were set aside: `kpiflow source rejects RUN` says which rule each broke."), lang, "yellow")
    if any(one.rejected or one.failure for one in done):
        raise typer.Exit(1)


@source.command()
def runs(
    name: Annotated[str | None, typer.Argument(metavar="SOURCE", help="Its id; absent: all sources.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many, the newest first.")] = 20,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what became of each time sources were asked, the newest first."""
    with opened(store) as ws:
        rows = ws.source_runs(ADMINISTRATOR, name, limit).to_dicts()
    columns = [
        "run",
        "source",
        "begun",
        "who",
        "rows_seen",
        "rows_read",
        "rows_added",
        "rows_rejected",
        "failure",
        "said",
    ]
    write(rows, form, columns)


@source.command()
def rejects(
    run: Annotated[int, typer.Argument(metavar="RUN", help="The number of a run.")],
    *,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write; absent: stdout.")] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write the rows that a run set aside as CSV, with the rule each broke, ready to be corrected and loaded."""
    with opened(store) as ws:
        found = ws.source_rejects(ADMINISTRATOR, run)
    if to is None:
        put(found.content.decode("utf-8-sig"))
        return
    to.write_bytes(found.content)
    say(msg("{count} {count:row is|rows are} in {path}.", count=found.rows, path=str(to)), lang)
