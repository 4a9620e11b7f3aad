"""Reading .xlsx and .xlsm: values as the file stores them, with formulas, formats, merged cells and what is hidden.

Floor 4: knows core and frames. Reads files; knows no store.
"""

import datetime
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from zipfile import ZipFile

from kpiflow.language import msg
from kpiflow.sources.workbooks.formats import BUILT_IN, EPOCH_1900, EPOCH_1904
from kpiflow.sources.workbooks.limits import Broken, Parts, local, parsed
from kpiflow.sources.workbooks.sheet import Remark, Sheet
from kpiflow.sources.workbooks.xlsx_cells import Cells, unescaped


@dataclass
class _Contents:
    """What the workbook part says: its sheets (name, relation, hidden), its calendar, whether values are to be worked out."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    epoch: datetime.date = EPOCH_1900
    unworked: bool = False


def sheets(content: BinaryIO, name: str) -> tuple[list[Sheet], list[Remark]]:
    """Return the sheets of a workbook and remarks on it; raises InvalidInput when too large, Broken when damaged."""
    with ZipFile(content) as packed:
        parts = Parts(packed, name)
        book = next((path for kind, path in _relations(parts, "") if kind == "officeDocument"), "xl/workbook.xml")
        contents = _contents(parts, book)
        relations = dict(_relations(parts, book, by_id=True))
        texts = _texts(parts, posixpath.join(posixpath.dirname(book), "sharedStrings.xml"))
        formats = _formats(parts, posixpath.join(posixpath.dirname(book), "styles.xml"))
        found, remarks = [], []
        for title, identity, hidden in contents.sheets:
            path = relations.get(identity, "")
            if "worksheet" not in path:
                remarks.append(Remark(msg("Sheet {sheet} is a chart and holds no cells.", sheet=title)))
                continue
            if path not in parts:
                raise Broken
            cells = Cells(texts, formats, contents.epoch, unworked=contents.unworked, name=name)
            cells.read(parts.pieces(path))
            found.append(cells.sheet(title, hidden=hidden))
        return found, remarks


def _relations(parts: Parts, of: str, *, by_id: bool = False) -> Iterator[tuple[str, str]]:
    """Yield kind (or id) and path of what a part refers to."""
    folder, base = posixpath.split(of)
    where = posixpath.join(folder, "_rels", f"{base}.rels")
    found: list[tuple[str, str]] = []

    def start(tag: str, facts: dict[str, str]) -> None:
        if local(tag) == "Relationship" and facts.get("TargetMode") != "External":
            target = facts.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((facts.get("Id", "") if by_id else facts.get("Type", "").rpartition("/")[2], path))

    if where in parts:
        parsed(parts.pieces(where), start)
    yield from found


def _contents(parts: Parts, book: str) -> _Contents:
    """Return what the workbook part says."""
    said = _Contents()

    def start(tag: str, facts: dict[str, str]) -> None:
        match local(tag):
            case "sheet":
                identity = next((value for key, value in facts.items() if local(key) == "id" and ":" in key), "")
                said.sheets.append((facts.get("name", ""), identity, facts.get("state", "visible") != "visible"))
            case "workbookPr":
                said.epoch = EPOCH_1904 if facts.get("date1904") in ("1", "true") else EPOCH_1900
            case "calcPr":
                said.unworked = facts.get("fullCalcOnLoad") in ("1", "true")

    if book not in parts:
        raise Broken
    parsed(parts.pieces(book), start)
    return said


def _texts(parts: Parts, where: str) -> list[str]:
    """Return the texts cells share, without the readings above Chinese and Japanese signs."""
    texts: list[str] = []
    now: list[str] = []
    reading = taking = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal reading, taking
        match local(tag):
            case "si":
                now.clear()
            case "rPh":
                reading = True
            case "t":
                taking = not reading

    def end(tag: str) -> None:
        nonlocal reading, taking
        match local(tag):
            case "si":
                texts.append(unescaped("".join(now)))
            case "rPh":
                reading = False
            case "t":
                taking = False

    def text(piece: str) -> None:
        if taking:
            now.append(piece)

    if where in parts:
        parsed(parts.pieces(where), start, end, text)
    return texts


def _formats(parts: Parts, where: str) -> list[str | None]:
    """Return the number format of each style of a cell, None for the general one."""
    own: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, facts: dict[str, str]) -> None:
        nonlocal inside
        match local(tag):
            case "numFmt":
                own[int(facts.get("numFmtId", "0"))] = facts.get("formatCode", "")
            case "cellXfs":
                inside = True
            case "xf" if inside:
                styles.append(int(facts.get("numFmtId", "0")))

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = False

    if where in parts:
        parsed(parts.pieces(where), start, end)
    return [own.get(number) or BUILT_IN.get(number) for number in styles]
