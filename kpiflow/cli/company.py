"""Commands about the company's configuration: check, apply, export, schema, and a start for a new company."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import DEFAULT_STORE, Language, LanguageOption, ReasonOption, StoreOption, opened, who
from kpiflow.cli.showing import put, say, tell
from kpiflow.errors import InvalidInput, Level
from kpiflow.language import msg, render
from kpiflow.workspace import commands
from kpiflow.workspace.checking import check_folder, schemas, start_company


def init(
    config: Annotated[Path, typer.Option("--config", help="The folder of the company's configuration.")],
    store: StoreOption = DEFAULT_STORE,
    starter: Annotated[
        bool, typer.Option("--starter", help="First write a small company to start from into the folder.")
    ] = False,
    lang: LanguageOption = Language.EN,
) -> None:
    """Create the store and apply a configuration folder to it."""
    if starter:
        for path in start_company(config):
            put(f"{path}\n")
    check_folder(config).required()
    commands.create_store(store)
    with opened(store) as ws:
        done = commands.apply(ws, config, who=who())
        say(
            msg(
                "Created {store} with {count} definitions.",
                store=str(store),
                count=done.difference.changes["id"].n_unique(),
            ),
            lang,
        )


def check(
    config: Annotated[Path, typer.Argument(help="The folder to check.")] = Path("config"),
    lang: LanguageOption = Language.EN,
) -> None:
    """Report every problem of a configuration at once, as path:line: level: message; exit 1 if any is an error."""
    problems = check_folder(config).problems
    for problem in problems:
        put(f"{problem.place}: {problem.level}: {render(problem.message, lang)}\n")
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = len(problems) - errors
    say(msg("{errors} errors, {warnings} warnings.", errors=errors, warnings=warnings), lang)
    if errors:
        raise typer.Exit(1)


def apply(
    config: Annotated[Path, typer.Argument(help="The folder to apply, or a workbook such as company.xlsx.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    complete: Annotated[
        bool, typer.Option("--complete", help="Of a workbook: rows that its sheets do not list are taken away.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the difference.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before making it.")] = False,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show the difference between the store and a folder or workbook, then make it; at a terminal, after asking."""
    with opened(store) as ws:
        planned = commands.plan_apply(ws, config, complete=complete)
        tell(list(planned.difference.messages()), lang)
        sys.stdout.flush()
        for problem in planned.problems:
            say(problem.message, lang, style="yellow")
        if dry_run or planned.difference.empty:
            return
        if not yes and sys.stdin.isatty() and not _agreed(lang):
            say(msg("Nothing was changed."), lang)
            raise typer.Exit(1)
        done = commands.make_apply(ws, planned, who=who(), reason=reason)
    if done.change is not None:
        say(msg("Applied as change {change}.", change=done.change), lang)


def _agreed(lang: str) -> bool:
    """Ask whoever sits at the terminal; anything but a clear yes is no."""
    return typer.confirm(render(msg("Make this change?"), lang), default=False, err=True)


export = typer.Typer(name="export", help="Write what the store holds back into files.", no_args_is_help=True)


@export.command("config")
def export_config(
    folder: Annotated[Path | None, typer.Argument(help="The folder to write.")] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the configuration files that are there.")] = False,
    workbook: Annotated[
        Path | None, typer.Option("--workbook", help="Write goals, targets and organisation as a workbook instead.")
    ] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write the company as a configuration folder, or its tables as a workbook; applying it again changes nothing."""
    if (folder is None) == (workbook is None):
        raise InvalidInput(msg("Give the folder to write, or --workbook with a file."))
    with opened(store) as ws:
        if workbook is not None:
            put(f"{commands.export_workbook(ws, workbook, lang)}\n")
            return
        assert folder is not None
        for path in commands.export_config(ws, folder, replace=replace):
            put(f"{path}\n")


def schema(
    folder: Annotated[
        Path | None, typer.Option("--into", help="Write one file per schema into a folder instead.")
    ] = None,
) -> None:
    """Print the JSON Schema of the configuration files, for editors to complete and check them."""
    found = schemas()
    if folder is None:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        put("\n")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in found.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(one, ensure_ascii=False, indent=1), encoding="utf-8")
        put(f"{path}\n")
