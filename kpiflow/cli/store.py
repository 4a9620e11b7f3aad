"""Commands about the store: loading measurements, its journal, backup and restore."""

import sys
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
from kpiflow.workspace import commands
from kpiflow.workspace.history import journal_rows


def load(
    *,
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or Excel files in the tidy form.")],
    store: StoreOption = DEFAULT_STORE,
    rejects: Annotated[Path, typer.Option("--rejects", help="Folder for rows set aside.")] = Path("data/rejects"),
    reason: ReasonOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Load measurements: good rows go in, bad rows are set aside with the rule each broke. Exit 1 if any was set aside."""
    with opened(store) as ws:
        done = [commands.load_file(ws, path, who=who(), rejects=rejects, reason=reason) for path in files]
    write(
        [
            {
                "file": one.file,
                "load": one.report.load,
                "read": one.report.read,
                "added": one.report.added,
                "unchanged": one.report.unchanged,
                "superseded": one.report.superseded,
                "set_aside": one.report.rejected,
                "rejects": None if one.rejects is None else str(one.rejects),
            }
            for one in done
        ],
        form,
    )
    aside = sum(one.report.rejected for one in done)
    if aside:
        say(
            msg("{count} rows were set aside; the files named above say which rule each broke.", count=aside),
            lang,
            "yellow",
        )
        raise typer.Exit(1)


def journal(
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many lines, the newest first.")] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show who did what, when and why."""
    with opened(store) as ws:
        write(journal_rows(ws, limit), form, ["entry", "at", "who", "action", "subject", "reason"])


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Write a consistent copy of the store."""
    with opened(store) as ws:
        sys.stdout.write(f"{commands.backup(ws, path)}\n")


def restore(
    path: Annotated[Path, typer.Argument(help="The backup to restore.")],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Make a new store from a backup; an existing store is never overwritten."""
    sys.stdout.write(f"{commands.restore(path, store)}\n")
