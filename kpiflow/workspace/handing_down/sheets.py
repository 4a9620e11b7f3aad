"""A split as a sheet: written for Excel or as CSV, and read back into a draft that shows what differs before it counts."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from kpiflow.cascade.splitting.by_weight import ByWeight
from kpiflow.errors import InvalidInput, suggest
from kpiflow.frames.inert import inert_text, original_text
from kpiflow.language import Message, msg
from kpiflow.sources import csv as csv_source
from kpiflow.sources import excel
from kpiflow.sources.packed import required_small
from kpiflow.sources.reader import Cells
from kpiflow.workspace.handing_down.desk_answers import Draft, Drafted, SheetRead
from kpiflow.workspace.handing_down.planning import amount_given

#: The headings of a sheet, in order; what can be changed is `target`, `weight`, `lock` and `words`.
HEADINGS = (
    "goal", "label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "last_year", "target_before", "target",
    "weight", "lock", "words",
)  # fmt: skip

#: What the headings may be called in 中文.
CHINESE = {
    "目标": "goal",
    "负责方": "owner",
    "目标值": "target",
    "新目标值": "target",
    "权重": "weight",
    "锁定": "lock",
    "说明": "words",
}

#: What is taken for a lock, and for none.
LOCKED, OPEN = frozenset({"yes", "true", "1", "x", "是", "锁定", "✓"}), frozenset({"no", "false", "0", "", "否"})

#: The one kind of workbook that is read back: what others unpack to cannot be told beforehand.
WORKBOOK = ".xlsx"

#: Larger sheets than this are no split of one goal.
MOST_BYTES = 5_000_000


def sheet(found: Drafted, form: str = "xlsx") -> bytes:
    """Return a draft as a workbook (`xlsx`) or as text (`csv`), one row per child under the HEADINGS."""
    rows = [_row(line) for line in found.lines.iter_rows(named=True)]
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows([[_inert(cell) for cell in row] for row in rows])
        # With its mark, Excel reads 中文 in a CSV as what it is.
        return b"\xef\xbb\xbf" + text.getvalue().encode()
    return _workbook(rows)


def _row(line: Mapping[str, Any]) -> list[Any]:
    named = {"last_year": line["last"], "lock": "yes" if line["locked"] else "no"}
    return [named.get(name, line.get(name)) for name in HEADINGS]


def _inert(cell: object) -> object:
    """Return a cell that a spreadsheet cannot take for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    return inert_text(cell) if isinstance(cell, str) else cell


def _workbook(rows: list[list[Any]]) -> bytes:
    """Return a workbook with a heading that stays in sight; texts are written as texts, whatever they begin with."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("split")
    bold = book.add_format({"bold": True, "bottom": 1})
    page.write_row(0, 0, HEADINGS, bold)
    page.freeze_panes(1, 1)
    for at, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, int | float):
                page.write_number(at, place, cell)
            elif cell is not None:
                page.write_string(at, place, str(_inert(str(cell))))
    page.autofit()
    book.close()
    return content.getvalue()


def read_sheet(found: Drafted, content: bytes, name: str) -> SheetRead:
    """Read a sheet back onto a draft; the file's ending says what it is. Nothing is changed: the answer has the new draft.

    A row is found by its goal, or by its owner. Rows of others are set aside with the reason. A number that cannot be understood is
    named by its cell and stops all of it. A target that differs from the one shown is held; a lock that is taken off lets go.
    Raises InvalidInput for a file that cannot be read at all, or has no column that says which row is which.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput(msg("This file is larger than a sheet of one goal can be. Export one and fill that."))
    cells = _cells(content, name)
    headings = _headings(cells.frame.columns)
    rows = {line["goal"]: line for line in found.lines.iter_rows(named=True)}
    taken, aside, wrong = _Taken(found.draft), [], []
    for at, row in enumerate(cells.frame.iter_rows(named=True)):
        read = {column: _text(row[heading]) for column, heading in headings.items()}
        if not any(read.values()):
            continue
        number = cells.first_row + at
        goal = _which(read, rows)
        if isinstance(goal, Message):
            aside.append(msg("Row {row} was set aside: {reason}", row=number, reason=goal))
            continue
        places = {
            column: f"{_letters(cells.frame.columns.index(heading))}{number}" for column, heading in headings.items()
        }
        if goal in taken.seen:
            wrong.append(msg("Row {row}: {goal} stands in the sheet twice. Keep one.", row=number, goal=goal))
            continue
        wrong += _take(taken, rows[goal], read, places, found)
    if not taken.seen and not wrong:
        wrong.append(msg("No row of this sheet is about a goal here."))
    draft = None if wrong else taken.draft
    return SheetRead(draft, _differences(found, taken.changes, draft), tuple(aside), tuple(wrong))


class _Taken:
    """What has been taken over from a sheet so far."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.seen: set[str] = set()
        self.changes: list[dict[str, Any]] = []

    def note(self, line: Mapping[str, Any], field: str, after: object) -> None:
        """Keep what differs, to be shown before it counts."""
        before = {"lock": line["locked"]}.get(field, line.get(field))
        said = {"field": field, "before": _plain(before), "after": _plain(after)}
        self.changes.append({name: line[name] for name in ("goal", "label", "label_zh")} | said)


def _take(
    taken: _Taken, line: Mapping[str, Any], read: Mapping[str, str], places: Mapping[str, str], found: Drafted
) -> Iterator[Message]:
    """Take one row over; yields what is wrong with its cells."""
    goal = line["goal"]
    taken.seen.add(goal)
    for field in ("target", "weight"):
        if field not in read or not read[field]:
            continue
        try:
            value = amount_given(read[field], None)
        except InvalidInput as problem:
            yield msg("{cell}: {problem}", cell=places[field], problem=problem.message)
            continue
        if value is None or value == line[field]:
            continue
        if field == "weight":
            if value < 0:
                yield msg("{cell}: A weight cannot be below 0.", cell=places[field])
                continue
            if found.draft.method != ByWeight.name:
                continue  # weights of other methods are what they rest on, not what is written
            taken.draft = taken.draft.weighing(**{goal: value})
        else:
            taken.draft = taken.draft.holding(**{goal: value})
        taken.note(line, field, value)
    yield from _take_lock(taken, line, read, places)
    if "words" in read and (read["words"] or None) != (line["words"] or None):
        taken.draft = taken.draft.saying(**{goal: read["words"]})
        taken.note(line, "words", read["words"] or None)


def _take_lock(
    taken: _Taken, line: Mapping[str, Any], read: Mapping[str, str], places: Mapping[str, str]
) -> Iterator[Message]:
    """Take over whether a line is locked; a target written in the same row is held anyway."""
    word = read.get("lock", "").casefold()
    if "lock" not in read or word in OPEN:
        held = dict(taken.draft.held)
        if "lock" in read and line["locked"] and held.get(line["goal"]) == line["target"]:
            taken.draft = taken.draft.holding(**{line["goal"]: None})
            taken.note(line, "lock", after=False)
        return
    if word not in LOCKED:
        yield msg("{cell}: '{text}' is neither yes nor no.", cell=places["lock"], text=read["lock"])
    elif not line["locked"] and line["goal"] not in dict(taken.draft.held):
        if line["target"] is None:
            yield msg("{cell}: There is no target to lock. Write one.", cell=places["lock"])
        else:
            taken.draft = taken.draft.holding(**{line["goal"]: line["target"]})
            taken.note(line, "lock", after=True)


def _which(read: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]) -> str | Message:
    """Return the goal a row is about, or why it is about none."""
    goal = read.get("goal", "")
    if goal in rows:
        return goal
    owners = [name for name, line in rows.items() if line["owner"] == read.get("owner", "")]
    if not goal and len(owners) == 1:
        return owners[0]
    word = goal or read.get("owner", "")
    near = suggest(word, rows) if word else None
    if near:
        return msg("there is no goal '{word}' below this one. Did you mean '{near}'?", word=word, near=near)
    return msg("there is no goal '{word}' below this one.", word=word or "–")


def _cells(content: bytes, name: str) -> Cells:
    """Return the cells of a file that came as bytes; raises InvalidInput for an ending that is no sheet."""
    suffix = Path(name).suffix.casefold()
    reader = {**dict.fromkeys(csv_source.SUFFIXES, csv_source.cells), WORKBOOK: excel.cells}.get(suffix)
    if reader is None:
        endings = ", ".join((*csv_source.SUFFIXES, WORKBOOK))
        raise InvalidInput(msg("{name} is no sheet. Use one of: {endings}.", name=Path(name).name, endings=endings))
    if suffix == WORKBOOK:
        required_small(content, Path(name).name)
    with tempfile.TemporaryDirectory() as folder:
        # The readers of measurements read files: the same encodings and separators are understood here.
        path = Path(folder) / f"sheet{suffix}"
        path.write_bytes(content)
        return reader(path)


def _headings(columns: list[str]) -> dict[str, str]:
    """Return our column → the file's heading; other columns are passed over."""
    found: dict[str, str] = {}
    for heading in columns:
        word = heading.strip().casefold()
        name = CHINESE.get(heading.strip(), word)
        if name in HEADINGS and name not in found:
            found[name] = heading
    if "goal" not in found and "owner" not in found:
        raise InvalidInput(
            msg("The first row must name the columns: goal or owner, then target. Export a sheet to see its form.")
        )
    return found


def _text(cell: object) -> str:
    """Return a cell's text, without the mark that keeps a spreadsheet from taking it for a formula."""
    text = "" if cell is None else str(cell).strip()
    return original_text(text)


def _letters(place: int) -> str:
    """Return the letters of a column, as a spreadsheet names it: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return None if value is None else ("yes" if value else "no")
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e-4 else str(value)


def _differences(found: Drafted, changes: list[dict[str, Any]], draft: Draft | None) -> pl.DataFrame:
    """Return what differs, as a table; nothing when the sheet has to be mended first."""
    schema = dict.fromkeys(("goal", "label", "label_zh", "field", "before", "after"), pl.String)
    return pl.DataFrame(changes if draft is not None and draft != found.draft else [], schema=schema)
