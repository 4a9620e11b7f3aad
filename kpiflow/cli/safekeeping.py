"""Commands that keep what was given: backup and its proof, restore, everything exported to open formats and read back."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.company import export
from kpiflow.cli.options import DEFAULT_STORE, Language, LanguageOption, StoreOption, opened, who
from kpiflow.cli.progress import shown
from kpiflow.cli.showing import put, say
from kpiflow.errors import InvalidInput, StoreError
from kpiflow.language import msg
from kpiflow.workspace.safekeeping import backups, exporting
from kpiflow.workspace.safekeeping.local_door import ask_for_backup, ask_for_export, is_open


def backup(
    path: Annotated[Path | None, typer.Argument(help="The file to write.")] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    verify: Annotated[
        Path | None,
        typer.Option(
            "--verify", metavar="FILE", help="Read a backup through instead, and compare it with what it says."
        ),
    ] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a consistent copy of the store, also while a server holds it; with --verify, check one."""
    if verify is not None:
        with shown(lang) as heard:
            found = backups.verify(verify, heard)
        say(found.said, lang)
        put(f"{found.path}\n")
        return
    if path is None:
        raise InvalidInput(
            msg("Say where the backup is to be written: kpiflow backup FILE. Or check one with --verify FILE.")
        )
    with shown(lang) as heard:
        try:
            with opened(store) as ws:
                made = backups.backup(ws, path, heard, who=who())
        except StoreError:
            if not is_open(store):
                raise
            made = ask_for_backup(store, path, heard)
    put(f"{made}\n")


def restore(
    path: Annotated[Path, typer.Argument(help="The backup to restore.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make a new store from a backup and prove that it holds the same; an existing store is never overwritten."""
    with shown(lang) as heard:
        done = backups.restore(path, store, heard)
    for sentence in done.said:
        say(sentence, lang)
    put(f"{done.held.path}\n")


@export.command("data")
def export_data(
    folder: Annotated[Path, typer.Argument(help="The folder to write, which must not be there yet.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    secrets: Annotated[
        bool,
        typer.Option("--secrets", help="Also password hashes and tokens, without which everybody is invited anew."),
    ] = False,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write everything the store holds in open formats: a Parquet file per table, files as files, and a manifest."""
    with shown(lang) as heard:
        try:
            with opened(store) as ws:
                made = exporting.export_data(ws, folder, heard, secrets=secrets, who=who())
        except StoreError:
            if not is_open(store):
                raise
            made = ask_for_export(store, folder, heard, secrets=secrets)
    if not secrets:
        say(msg("Password hashes and tokens were left out; --secrets takes them along."), lang)
    put(f"{made}\n")


def import_(
    folder: Annotated[Path, typer.Argument(help="A folder written by 'kpiflow export data'.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make a new store from an export and prove that it holds the same; an existing store is never overwritten."""
    with shown(lang) as heard:
        proof = exporting.import_data(folder, store, heard)
    say(
        msg(
            "{rows} rows in {tables} tables are those that were exported.",
            rows=sum(told.rows for told in proof.tables.values()),
            tables=len(proof.tables),
        ),
        lang,
    )
    put(f"{store}\n")
