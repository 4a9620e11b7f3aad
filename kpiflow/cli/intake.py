"""Commands about workbooks on their way in: what is understood of one, loading by a mapping, templates to fill in."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    PeriodOption,
    StoreOption,
    opened,
    who,
)
from kpiflow.cli.showing import say, write, write_one
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg, render
from kpiflow.sources.workbooks import Question, Remark
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.intake import loading, previewing, templates, unattended
from kpiflow.workspace.intake.answers import Looked, Preview, SheetLook, Taken
from kpiflow.workspace.intake.files import MOST_BYTES
from kpiflow.workspace.intake.loading import Terms

#: How many facts and rows set aside a dry run lists.
LISTED = 1000

#: The columns of a fact that a dry run lists.
_FACT = (
    "sheet",
    "cell",
    "metric",
    "unit",
    "person",
    "day",
    "entry",
    "value",
    "numerator",
    "denominator",
    "state",
    "before",
)


@dataclass(frozen=True)
class How:
    """How files are read without anybody looking, as the options say it."""

    mapping: str | None
    sheets: Sequence[str]
    confirm: Sequence[str]
    period: str | None
    save_as: str | None


def intake(
    file: Annotated[Path, typer.Argument(help="A workbook or text table, in whatever form it is.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    mapping: Annotated[
        str | None, typer.Option("--mapping", help="Read it by this mapping: a name or a YAML file.")
    ] = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what is understood of a workbook: sheets, columns, and the questions only a person can answer. Writes nothing."""
    with opened(store) as ws:
        found = unattended.seen(ws, file, mapping)
    if form is Format.TABLE:
        for line in _told(found, lang):
            sys.stdout.write(f"{line}\n")
        return
    rows = [row for one in found.sheets for row in _columns(one)]
    if form is Format.CSV:
        write(rows, form, ("sheet", "at", "heading", "role", "by"))
        return
    write_one({"file": found.name, "fingerprint": found.fingerprint, "remarks": [_remark(one, lang) for one in found.remarks],
               "sheets": [_sheet(one, lang) for one in found.sheets]})  # fmt: skip


def template(
    *,
    unit: Annotated[str, typer.Option("--unit", help="Whose goals are to be filled in.")],
    period: PeriodOption,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; absent: template-UNIT-PERIOD.xlsx.")
    ] = None,
    below: Annotated[bool, typer.Option("--below", help="With the units below it.")] = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a workbook for a unit to fill in with what was measured; `kpiflow load` takes it back without a question."""
    with opened(store) as ws:
        made = templates.template(ws, ADMINISTRATOR, unit, period, language=lang, below=below)
    path = out or Path(made.name)
    if path.exists():
        raise InvalidInput(
            msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(path))
        )
    path.write_bytes(made.content)
    sys.stdout.write(f"{path}\n")


def load_by(ws: Workspace, path: Path, how: How, terms: Terms, *, dry_run: bool) -> Taken | Preview:
    """Load one file by a mapping, or with `dry_run` only say what that would do; raises InvalidInput."""
    found, ways = unattended.ways_of(ws, path, how.mapping, how.sheets)
    ways = unattended.confirmed(ws, found, ways, _names(how.confirm), how.period)
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(msg("{name} has {size} MB; at most {limit} MB are taken.", name=path.name,
                               size=round(path.stat().st_size / 2**20, 1), limit=MOST_BYTES // 2**20))  # fmt: skip
    content = path.read_bytes()
    if dry_run:
        return previewing.previewed(ws, ADMINISTRATOR, content, path.name, ways, locale=terms.locale)
    return loading.take(ws, ADMINISTRATOR, content, path.name, ways, terms=terms)


def terms_of(how: How, reason: str | None, rejects: Path, lang: str) -> Terms:
    """Return the terms that the options of a command say."""
    return Terms(reason=reason, save_as=how.save_as, rejects=rejects, who=who(), locale=lang)


def show_preview(shown: Preview, form: Format, lang: str) -> None:
    """Write what loading would do: counts per sheet, or every fact and row set aside as JSON."""
    if form is Format.JSON:
        write_one({
            "file": shown.name, **_counts(shown), "facts": shown.facts.select(_FACT).head(LISTED).to_dicts(),
            "rejected": shown.rejected.head(LISTED).to_dicts(),
            "left_out": [{"where": one.where, "text": one.text, "why": render(one.said, lang)} for one in shown.left_out],
            "questions": [{"sheet": sheet, **_question(one, lang)} for sheet, one in shown.questions],
        })  # fmt: skip
        return
    write([{"file": shown.name, **_counts(shown)}], form)
    for row in shown.rejected.head(20).iter_rows(named=True):
        say(msg("{cell}: {problem}", cell=row["cell"], problem=row["message"]), lang, "yellow")
    for sheet, one in shown.questions:
        say(msg("{sheet}: {problem}", sheet=sheet, problem=one.said), lang, "yellow")


def _counts(shown: Preview) -> dict[str, Any]:
    return {"read": shown.read, "new": shown.count("new"), "unchanged": shown.count("unchanged"),
            "superseded": shown.count("superseded"), "set_aside": shown.rejected.height,
            "left_out": len(shown.left_out), "questions": len(shown.questions)}  # fmt: skip


def _names(given: Sequence[str]) -> dict[str, str]:
    """Return as written → id; raises InvalidInput for what is not written as NAME=ID."""
    found: dict[str, str] = {}
    for text in given:
        written, sign, meant = text.rpartition("=")
        if not sign or not written.strip():
            raise InvalidInput(
                msg("'{text}' is not 'as written=id'. An empty id leaves the rows of that name out.", text=text)
            )
        found[written.strip()] = meant.strip()
    return found


def _told(found: Looked, lang: str) -> list[str]:
    """Return what is understood as lines of text."""

    def say_(said: Message | str) -> str:
        return render(said, lang)

    lines = [say_(one.said) for one in found.remarks]
    for one in found.sheets:
        by = say_(msg("read by the mapping '{name}'", name=one.by)) if one.by else say_(msg("understood so"))
        lines += ["", f"[{one.sheet.name}] {by}"]
        lines += [f"  {row['at'] or '–':>5}  {row['role']:<12} {row['heading'] or '–'}" for row in _columns(one)]
        lines += [f"  · {say_(remark.said)}" for remark in (*one.guesses, *one.remarks)]
        for question in one.questions:
            choices = ", ".join(f"{choice.value or '–'} ({say_(choice.said)})" for choice in question.choices[:5])
            lines.append(f"  ? {say_(question.said)} {choices}".rstrip())
    return lines


def _columns(one: SheetLook) -> list[dict[str, Any]]:
    return [
        {"sheet": one.sheet.name, "at": column.at, "heading": column.heading, "role": column.role.value, "by": one.by}
        for column in one.columns
    ]


def _sheet(one: SheetLook, lang: str) -> dict[str, Any]:
    mapping = None if one.mapping is None else one.mapping.model_dump(mode="json", exclude_defaults=True)
    return {"sheet": one.sheet.name, "by": one.by, "mapping": mapping,
            "guesses": [_remark(two, lang) for two in one.guesses], "remarks": [_remark(two, lang) for two in one.remarks],
            "questions": [_question(two, lang) for two in one.questions]}  # fmt: skip


def _question(one: Question, lang: str) -> dict[str, Any]:
    words = [choice.said if isinstance(choice.said, str) else render(choice.said, lang) for choice in one.choices]
    choices = [{"value": choice.value, "said": said} for choice, said in zip(one.choices, words, strict=True)]
    return {"kind": one.kind, "said": render(one.said, lang), "written": one.written or None, "needed": one.needed,
            "cells": list(one.cells), "choices": choices}  # fmt: skip


def _remark(one: Remark, lang: str) -> dict[str, Any]:
    return {"said": render(one.said, lang), "cells": list(one.cells)}
