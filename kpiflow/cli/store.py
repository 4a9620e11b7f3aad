"""Commands about the store: loading measurements, its journal, backup and restore."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.intake import How, load_by, show_preview, terms_of
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
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.headings import NotTidy
from kpiflow.workspace import Workspace, commands
from kpiflow.workspace.history import journal_rows
from kpiflow.workspace.intake.answers import Preview, Taken
from kpiflow.workspace.intake.loading import Terms
from kpiflow.workspace.intake.unattended import is_template


def load(
    *,
    files: Annotated[
        list[Path], typer.Argument(help="Files in the tidy form, templates, or workbooks with --mapping.")
    ],
    store: StoreOption = DEFAULT_STORE,
    rejects: Annotated[Path, typer.Option("--rejects", help="Folder for rows set aside.")] = Path("data/rejects"),
    mapping: Annotated[
        str | None, typer.Option("--mapping", help="How to read workbooks: a saved name, or a YAML file.")
    ] = None,
    sheet: Annotated[list[str] | None, typer.Option("--sheet", help="Only this sheet; may be given again.")] = None,
    confirm: Annotated[
        list[str] | None, typer.Option("--confirm", help="Whose a name is: 'as written=id'; an empty id leaves it out.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="The period, where the sheet does not say it.")
    ] = None,
    save_as: Annotated[str | None, typer.Option("--save-as", help="Keep the mapping under this name.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what a mapping would load.")] = False,
    reason: ReasonOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Load measurements: good rows go in, bad rows are set aside with the rule each broke. Exit 1 if any was set aside."""
    how = How(mapping, sheet or (), confirm or (), period, save_as)
    with opened(store) as ws:
        if dry_run:
            for path in files:
                shown = load_by(ws, path, how, terms_of(how, reason, rejects, lang), dry_run=True)
                assert isinstance(shown, Preview)
                show_preview(shown, form, lang)
            return
        done = [_loaded(ws, path, how, terms_of(how, reason, rejects, lang)) for path in files]
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


def _loaded(ws: Workspace, path: Path, how: How, terms: Terms) -> commands.Loaded:
    """Load one file in the tidy form, or by a mapping where one is given or the file is a template that has its own."""
    if how.mapping is None:
        try:
            assert terms.rejects is not None
            return commands.load_file(ws, path, who=who(), rejects=terms.rejects, reason=terms.reason)
        except NotTidy as problem:
            if not (path.suffix.casefold() in (".xlsx", ".xlsm") and is_template(path)):
                raise InvalidInput(
                    msg(
                        "{problem} To see how it can be read, type: kpiflow intake {file}",
                        problem=problem.message,
                        file=path,
                    )
                ) from problem
    taken = load_by(ws, path, how, terms, dry_run=False)
    assert isinstance(taken, Taken)
    return commands.Loaded(taken.name, taken.report, taken.aside)


def journal(
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many lines, the newest first.")] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show who did what, when and why."""
    with opened(store) as ws:
        write(journal_rows(ws, limit), form, ["entry", "at", "who", "action", "subject", "reason"])
