"""How a template says what it is: a hidden sheet with the mapping of its other sheets, read back without a question."""

import json

from kpiflow.errors import InvalidInput
from kpiflow.sources.workbooks import Mapping, Sheet, Workbook
from kpiflow.workspace.intake.keeping import from_plain

#: The name of the sheet that nobody sees, and what its first cell says.
TEMPLATE, MARK = "_kpiflow", "kpiflow template 1"

#: The sheet of notes that a template has; it holds nothing to read.
NOTES = "notes · 说明"


def mark(ways: dict[str, Mapping]) -> list[str]:
    """Return the rows of the hidden sheet, a text each."""
    return [MARK, *(json.dumps([name, json.loads(one.as_json())], ensure_ascii=False) for name, one in ways.items())]


def marked(book: Workbook) -> dict[str, Mapping]:
    """Return how the sheets of a template are read, by name; empty for any other workbook.

    What stands there only says how cells are to be read, never what they are worth: a forged one does no more than a
    mapping that somebody gives.
    """
    hidden = next((sheet for sheet in book.sheets if sheet.name == TEMPLATE), None)
    if hidden is None or hidden.at(1, 1).value != MARK:
        return {}
    found: dict[str, Mapping] = {}
    for row in range(2, min(hidden.height, 20) + 1):
        try:
            name, plain = json.loads(str(hidden.at(row, 1).value))
            found[str(name)] = from_plain(plain)[0]
        except (ValueError, TypeError, IndexError, InvalidInput):
            continue
    return found


def own_sheet(sheet: Sheet) -> bool:
    """Return whether a sheet belongs to a template and holds no measurements."""
    return sheet.name in (TEMPLATE, NOTES)
