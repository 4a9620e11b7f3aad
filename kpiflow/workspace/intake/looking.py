"""What is understood of a workbook at first sight: by its template, by a mapping of an earlier month, or found anew."""

from collections.abc import Sequence

from kpiflow.errors import InvalidInput
from kpiflow.sources.workbooks import Known, Mapping, Question, Remark, Sheet, Workbook, answered, found, unfolded
from kpiflow.sources.workbooks.reading import unseen
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.intake.answers import Looked, SavedMapping, SheetLook, Ways
from kpiflow.workspace.intake.files import workbook
from kpiflow.workspace.intake.keeping import ALIKE, COMPARED, likeness, saved
from kpiflow.workspace.intake.knowing import known
from kpiflow.workspace.intake.marking import TEMPLATE, marked, own_sheet

#: The action that opens every door of this area.
LOAD = "load_measurements"


def looked(ws: Books, asker: Asker, content: bytes, name: str) -> Looked:
    """Return what is understood of a file; raises Refused, or InvalidInput when it cannot be read at all."""
    ws.may(asker, LOAD).require()
    return look(ws, workbook(ws, content, name))


def look(ws: Books, book: Workbook, by: SavedMapping | None = None) -> Looked:
    """Return what is understood of a workbook that was read; with `by` its sheets are read by that mapping alone."""
    names, inside = known(ws.company()), marked(book)
    kept = (by,) if by else saved(ws)[:COMPARED]
    shown = [sheet for sheet in book.shown if not own_sheet(sheet)]
    sheets = tuple(_look(sheet, names, inside, kept, anew=by is None) for sheet in shown)
    return Looked(book.name, sheets, _remarks(book) if inside else book.remarks, book.fingerprint)


def _remarks(book: Workbook) -> tuple[Remark, ...]:
    """Return what is said of a template as a whole, without its own sheets: nobody hid them."""
    hidden = unseen(list(book.sheets))
    others = (
        one for one in book.remarks if one not in hidden and not any(cell.startswith(TEMPLATE) for cell in one.cells)
    )
    return (*others, *unseen([sheet for sheet in book.sheets if not own_sheet(sheet)]))


def _look(
    sheet: Sheet, names: Known, inside: dict[str, Mapping], kept: Sequence[SavedMapping], *, anew: bool
) -> SheetLook:
    """Return one sheet's look: the template's word counts before a kept mapping, and that before a guess."""
    if sheet.name in inside:
        return _by(sheet, names, inside[sheet.name], TEMPLATE) or _found(sheet, names)
    for one, mapping in _nearest(sheet, kept, ALIKE if anew else 0.0):
        told = _by(sheet, names, mapping, one.name)
        if told is not None:
            return told
    return _found(sheet, names) if anew else SheetLook(sheet, None)


def _nearest(sheet: Sheet, kept: Sequence[SavedMapping], least: float) -> list[tuple[SavedMapping, Mapping]]:
    """Return the kept mappings that may fit a sheet, the most alike first; of equals one made for a sheet of this name."""
    every = [(one, mapping) for one in kept for mapping in one.mappings]
    alike = [(likeness(sheet, mapping), sheet.name in mapping.sheets, one, mapping) for one, mapping in every]
    fit = [row for row in alike if row[0] >= least]
    return [(one, mapping) for _, _, one, mapping in sorted(fit, key=lambda row: row[:2], reverse=True)]


def _by(sheet: Sheet, names: Known, mapping: Mapping, name: str) -> SheetLook | None:
    """Return a sheet read by a mapping there is, None where it does not fit."""
    try:
        out = unfolded(sheet, mapping, names)
    except InvalidInput:
        return None
    return SheetLook(sheet, out.mapping or mapping, out.questions, (), out.remarks, name)


def _found(sheet: Sheet, names: Known) -> SheetLook:
    """Return a sheet as it is understood without help."""
    told = found(sheet, names)
    return SheetLook(sheet, told.mapping, told.questions, told.guesses, told.remarks)


def with_answer(ways: Ways, sheet: str, question: Question, value: str) -> Ways:
    """Return the ways with a question of a sheet answered; a name that several sheets have is answered for all of them.

    Raises InvalidInput for an answer that cannot be one.
    """
    changed = ways.with_sheet(sheet, answered(ways.sheets[sheet], question, value))
    if not question.written:
        return changed
    for other, mapping in ways.sheets.items():
        if other != sheet:
            changed = changed.with_sheet(other, mapping.with_name(question.kind, question.written, value))
    return changed
