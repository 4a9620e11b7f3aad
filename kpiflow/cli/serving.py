"""Commands that show the dashboards: of a store, or of the example company."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import DEFAULT_STORE, Language, LanguageOption, StoreOption
from kpiflow.cli.progress import shown
from kpiflow.cli.showing import say
from kpiflow.errors import InvalidInput
from kpiflow.language import msg, render
from kpiflow.workspace.demo import build_demo, is_example

HostOption = Annotated[str, typer.Option("--host", envvar="KPIFLOW_HOST", help="The address to listen on.")]
HostsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help="A further name by which people reach this machine; may be repeated. Also KPIFLOW_HOSTS, by commas.",
    ),
]
PortOption = Annotated[int, typer.Option("--port", envvar="KPIFLOW_PORT", help="The port to listen on.")]


def serve(
    store: StoreOption = DEFAULT_STORE,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8501,
    allow_host: HostsOption = None,
) -> None:
    """Serve the dashboards of a store to whoever has an account in it."""
    from kpiflow.web.server import serve as start  # heavy, and no other command needs it

    hosts = tuple(allow_host or ())
    start(store, host, port, demo=False, hosts=hosts, ready=lambda address: _announce(address, Language.EN))


def demo(
    *,
    store: Annotated[Path, typer.Option("--store", help="Where the example company is kept.")] = Path(
        "data/demo.duckdb"
    ),
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Build the store and stop.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build the store again even if it is there.")] = False,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8501,
    lang: LanguageOption = Language.EN,
) -> None:
    """Build the example company from 336,776 real flights and open its dashboards."""
    if store.exists() and not is_example(store):
        raise InvalidInput(
            msg("{store} holds a company of its own, not the example. Name another --store.", store=str(store))
        )
    if store.exists() and not fresh:
        say(msg("Using the example company in {store}; --fresh builds it again.", store=str(store)), lang)
    else:
        _build(store, lang)
    if not no_serve:
        from kpiflow.web.server import serve as start  # heavy, and building alone does not need it

        start(store, host, port, demo=True, ready=lambda address: _announce(address, lang))


def _announce(address: str, lang: str) -> None:
    """Say where the dashboards are; the address is the result of the command, so it goes to stdout."""
    typer.echo(render(msg("The dashboards are at {address} (Ctrl+C stops them).", address=address), lang))


def _build(store: Path, lang: str) -> None:
    """Build beside the final name and rename at the end, so that an interrupted build leaves no half store."""
    unfinished = store.with_name(f"{store.stem}.unfinished{store.suffix}")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    for left in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):  # by a build that was interrupted
        left.unlink(missing_ok=True)
    with shown(lang) as heard:
        build_demo(unfinished, heard)
    store.with_name(f"{store.name}.wal").unlink(missing_ok=True)
    unfinished.replace(store)
