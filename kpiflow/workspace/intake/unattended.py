"""Workbooks loaded without anybody looking: by a mapping that was saved, or one in a file, or by their own template."""

import datetime
from collections.abc import Mapping as Words
from collections.abc import Sequence
from pathlib import Path

from kpiflow.definitions.mapping_files import read_mapping_file
from kpiflow.errors import InvalidInput, not_found, suggest
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks import Known, Workbook, answered, read_workbook, unfolded
from kpiflow.sources.workbooks.parts import count_of
from kpiflow.workspace.books import Books
from kpiflow.workspace.intake.answers import Looked, SavedMapping, SheetLook, Ways
from kpiflow.workspace.intake.files import workbook_at
from kpiflow.workspace.intake.keeping import called, from_plain
from kpiflow.workspace.intake.knowing import known
from kpiflow.workspace.intake.looking import look
from kpiflow.workspace.intake.marking import TEMPLATE, marked

#: The endings of files that hold a mapping.
FILES = (".yaml", ".yml", ".json")


def mapping_given(ws: Books, word: str) -> SavedMapping:
    """Return the mapping of a file or of a saved name; raises NotFound, InvalidInput or ConfigurationError."""
    path = Path(word)
    if path.suffix.casefold() in FILES:
        if not path.is_file():
            raise InvalidInput(msg("There is no file {path}.", path=word))
        now = datetime.datetime.now(datetime.UTC)
        return SavedMapping(path.name, 0, "", now, path.name, from_plain(read_mapping_file(path)))
    return called(ws, word)


def seen(ws: Books, path: Path, by: str | None = None) -> Looked:
    """Return what is understood of a file on this machine; with `by` as that mapping alone says."""
    return look(ws, workbook_at(ws, path), mapping_given(ws, by) if by else None)


def ways_of(ws: Books, path: Path, by: str | None, sheets: Sequence[str] = ()) -> tuple[Looked, Ways]:
    """Return a file's look and the ways its sheets are read: those named, or all that fit.

    Without `by`, only a template says by itself how it is read. Raises InvalidInput when no sheet fits, and says why.
    """
    book = workbook_at(ws, path)
    given = mapping_given(ws, by) if by else None
    found = look(ws, book, given)
    named = {one.sheet.name: one for one in found.sheets}
    for name in sheets:
        if name not in named:
            near = suggest(name, named)
            raise InvalidInput(
                msg("There is no sheet '{word}'. Did you mean '{near}'?", word=name, near=near)
                if near
                else msg("There is no sheet '{word}'. There are: {some}.", word=name, some=", ".join(named))
            )
    fit = [
        one
        for one in found.sheets
        if one.mapping and (by or one.by == TEMPLATE) and (not sheets or one.sheet.name in sheets)
    ]
    meant = {name for mapping in (given.mappings if given else ()) for name in mapping.sheets}
    if not sheets and meant & set(named):
        fit = [one for one in fit if one.sheet.name in meant]
    if not fit:
        raise InvalidInput(_why_not(book, given, found, known(ws.company())))
    return found, Ways({one.sheet.name: one.mapping for one in fit if one.mapping})


def _why_not(book: Workbook, given: SavedMapping | None, found: Looked, names: Known) -> Message:
    """Return why no sheet of a file can be read by a mapping."""
    for one in found.sheets if given else ():
        for mapping in given.mappings if given else ():
            try:
                unfolded(one.sheet, mapping, names)
            except InvalidInput as problem:
                return msg("{sheet}: {problem}", sheet=one.sheet.name, problem=problem.message)
    fits = next((one.by for one in found.sheets if one.by), None)
    if given is None and fits:
        return msg("The mapping '{name}' fits {file}: load it with --mapping.", name=fits, file=book.name)
    return msg("No sheet of {name} can be read so. Look at it with: kpiflow intake {name}", name=book.name)


def is_template(path: Path) -> bool:
    """Return whether a workbook says by itself how it is read."""
    return bool(marked(read_workbook(path)))


def confirmed(ws: Books, looked: Looked, ways: Ways, names: Words[str, str], period: str | None = None) -> Ways:
    """Return ways with names confirmed (as written → id, empty: left out) and a period given.

    Raises NotFound for an id that is none, with the nearest, and InvalidInput for a name that no question asks about.
    """
    there = known(ws.company())
    asked = {one.written: one.kind for sheet in looked.sheets for one in sheet.questions if one.written}
    for written, meant in names.items():
        role = _role(meant, there) if meant else asked.get(written)
        if role is None:
            raise InvalidInput(
                msg("Nothing asks about '{written}'. Say whose it is: 'as written=id'.", written=written)
            )
        for sheet, mapping in ways.sheets.items():
            ways = ways.with_sheet(sheet, mapping.with_name(role, written, meant))
    for one in looked.sheets if period else ():
        ways = _with_period(ways, one, str(period))
    return ways


def _with_period(ways: Ways, one: SheetLook, period: str) -> Ways:
    """Return ways with the period of a sheet given, where it is asked for."""
    name = one.sheet.name
    for question in one.questions:
        if name in ways.sheets and question.kind in ("period", "year"):
            value = period[:4] if question.kind == "year" else period
            ways = ways.with_sheet(name, answered(ways.sheets[name], question, value))
    return ways


def _role(meant: str, there: Known) -> str:
    """Return whether an id is that of a metric, unit or person; raises NotFound with the nearest."""
    every: list[str] = []
    for role in ("unit", "person", "metric"):
        ids = [one.id for one in there.called(role)]
        if meant in ids or (role == "metric" and count_of(meant, {one.id: one for one in there.metrics})):
            return role
        every += ids
    raise not_found(msg("unit, person or metric"), meant, every)
