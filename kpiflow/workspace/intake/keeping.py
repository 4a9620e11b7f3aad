"""Mappings kept by name for next month: saved in versions, listed, taken again, and recognised by their headings."""

import datetime
import json
import re
from collections.abc import Sequence
from itertools import islice

from pydantic import ValidationError

from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.sources.workbooks import Mapping, Sheet
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.mappings import NewMapping, add_mapping, read_mappings
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Books
from kpiflow.workspace.intake.answers import SavedMapping

#: The longest name of a mapping, and how many are compared with a new file.
LONGEST_NAME, COMPARED = 80, 50

#: What part of a mapping's headings must stand in a sheet for it to be proposed.
ALIKE = 0.75

#: In how many rows from the top headings are looked for.
_TOP = 30


def saved(ws: Books, *, closed: bool = False) -> tuple[SavedMapping, ...]:
    """Return the newest version of every mapping, the newest first."""
    found = read_mappings(ws.store, closed=closed).iter_rows(named=True)
    return tuple(
        SavedMapping(
            row["name"], row["version"], row["who"], row["recorded_at"], row["file"], from_text(row["body"]),
            tuple(row["headings"]), row["loads"], row["mapping"],
        )
        for row in found
    )  # fmt: skip


def called(ws: Books, name: str) -> SavedMapping:
    """Return the mapping of a name; raises NotFound with the nearest one."""
    listed = {one.name: one for one in saved(ws)}
    if name not in listed:
        raise not_found(msg("mapping"), name, listed)
    return listed[name]


def save(
    ws: Books, cursor: Cursor, name: str, mappings: Sequence[Mapping], *, who: str, at: datetime.datetime, file: str,
    closed: bool = False,
) -> tuple[int, int]:  # fmt: skip
    """Write the next version of a mapping and a line into the journal, in the transaction of `cursor`; raises InvalidInput."""
    clean = name.strip()
    if not clean or len(clean) > LONGEST_NAME or re.search(r"[\x00-\x1f/\\]", clean):
        raise InvalidInput(
            msg("A mapping needs a name of at most {most} characters, without slashes.", most=LONGEST_NAME)
        )
    there = next((one for one in saved(ws) if one.name == clean), None)
    if there is not None and not closed and there.mappings == tuple(mappings):
        return there.number, there.version  # nothing new is said
    new = NewMapping(clean, as_text(mappings), headings_of(mappings), file, who, at, closed)
    number, version = add_mapping(cursor, new)
    action = "close_mapping" if closed else "save_mapping"
    record(cursor, Entry(at, who, action, clean, None, {"version": version, "file": file, "ways": len(mappings)}))
    return number, version


def as_text(mappings: Sequence[Mapping]) -> str:
    """Return mappings as JSON, without what is as usual."""
    return json.dumps([json.loads(one.as_json()) for one in mappings], ensure_ascii=False)


def from_text(body: str) -> tuple[Mapping, ...]:
    """Return the mappings of JSON text; raises InvalidInput, saying which field is wrong."""
    try:
        return from_plain(json.loads(body))
    except ValueError as error:
        raise InvalidInput(msg("This is no mapping: {said}", said=str(error).splitlines()[0])) from error


def from_plain(value: object) -> tuple[Mapping, ...]:
    """Return the mappings of plain values: one of them, a list, or a list under `mappings`; raises InvalidInput."""
    listed = value.get("mappings", value) if isinstance(value, dict) else value
    try:
        return tuple(Mapping.model_validate(one) for one in (listed if isinstance(listed, list) else [listed]))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "–"
        raise InvalidInput(msg("This is no mapping: {where}: {said}", where=where, said=first["msg"])) from error


def headings_of(mappings: Sequence[Mapping]) -> list[str]:
    """Return the words of the columns by which a sheet is recognised, in order and once."""
    words = (column.heading for one in mappings for column in one.columns if column.heading)
    return list(dict.fromkeys(words))


def likeness(sheet: Sheet, mapping: Mapping) -> float:
    """Return what part of a mapping's headings stand in the first rows of a sheet, word by word; 0 to 1.

    >>> from kpiflow.sources.workbooks import Cell
    >>> sheet = Sheet("a", cells=((Cell("Unit"), Cell("Late")),))
    >>> from kpiflow.sources.workbooks import Column, Role
    >>> likeness(sheet, Mapping(columns=(Column(heading="Unit", role=Role.UNIT), Column(heading="Cost", role=Role.VALUE))))
    0.5
    """
    top = islice((row for row in sheet.cells if row), _TOP)
    there = {_plain(cell.value) for row in top for cell in row if isinstance(cell.value, str)}
    wanted = {_plain(part) for heading in headings_of([mapping]) for part in heading.split(" / ")}
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _plain(word: str) -> str:
    return re.sub(r"[\s*＊]+", "", word).casefold()
