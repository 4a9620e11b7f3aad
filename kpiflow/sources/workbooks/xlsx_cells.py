"""The cells of one sheet of an .xlsx, from a stream of XML and in one pass.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import repeat
from xml.etree.ElementTree import Element

from kpiflow.sources.workbooks import limits
from kpiflow.sources.workbooks.formats import Shows, from_serial, number, shows
from kpiflow.sources.workbooks.limits import Broken, elements, too_large
from kpiflow.sources.workbooks.sheet import EMPTY, Cell, Fault, Range, Sheet, column_number

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

_RANGE = re.compile(r"\$?([A-Za-z]+)\$?(\d+)(?::\$?([A-Za-z]+)\$?(\d+))?$")


#: How many different cells are remembered while a sheet is read.
_REMEMBERED = 100_000


class Cells:
    """Collects the cells of a sheet; empty ones cost nothing, and the first too many ends it."""

    def __init__(
        self, texts: list[str], formats: list[str | None], epoch: datetime.date, *, unworked: bool, name: str
    ) -> None:
        self.texts, self.formats, self.epoch, self.unworked, self.name = texts, formats, epoch, unworked, name
        self.dated = [shows(text) in (Shows.DAY, Shows.TIME) for text in formats]
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.filled = self.row = 0
        self._columns: dict[str, int] = {}
        self._known: dict[tuple[str | None, str, str | None], Cell | None] = {}

    def read(self, pieces: Iterator[bytes]) -> None:
        """Take in the XML of a sheet; raises InvalidInput when it holds too much, Broken when it is none."""
        locals_: dict[str, str] = {}
        for element in elements(pieces, self.name):
            tag = locals_.get(element.tag) or locals_.setdefault(element.tag, element.tag.rpartition("}")[2])
            if tag == "row":
                self._row(element)
                element.clear()
            elif tag == "mergeCell":
                self._merge(element.attrib)
            elif tag == "col":
                self._col(element.attrib)

    def sheet(self, title: str, *, hidden: bool) -> Sheet:
        """Return what was collected as a sheet."""
        lines: list[tuple[Cell, ...]] = []
        room = 0
        for row in range(1, max(self.rows, default=0) + 1):
            cells = self.rows.get(row)
            width = max(cells) if cells else 0
            room += width
            if room > limits.MOST_ROOM:
                raise too_large(self.name)
            lines.append(tuple(map(cells.get, range(1, width + 1), repeat(EMPTY))) if cells else ())
        width = max(map(len, lines), default=0)
        return Sheet(
            title,
            hidden,
            tuple(lines),
            tuple(area for area in self.merged if area.top <= len(lines) and area.left <= width),
            frozenset(row for row in self.hidden_rows if row <= len(lines)),
            frozenset(column for column in self.hidden_columns if column <= width),
            self.epoch,
        )

    def _row(self, element: Element) -> None:
        """Take in a row."""
        facts = element.attrib
        self.row = row = int(facts.get("r") or self.row + 1)
        if facts.get("hidden") in ("1", "true") or facts.get("ht") == "0":
            self.hidden_rows.add(row)
        line: dict[int, Cell] = {}
        column = 0
        plain = f"{element.tag[:-3]}v"
        for part in element:
            if reference := part.attrib.get("r"):
                name = reference.rstrip("0123456789")
                column = self._columns.get(name) or self._columns.setdefault(name, column_number(name))
            else:
                column += 1
            if not len(part):
                continue
            made = self._plain(part) if len(part) == 1 and part[0].tag == plain else self._cell(part)
            if made is not None:
                line[column] = made
                if column > limits.MOST_COLUMNS:
                    raise too_large(self.name)
        if line:
            self.filled += len(line)
            if row > limits.MOST_ROWS or self.filled > limits.MOST_CELLS:
                raise too_large(self.name)
            self.rows[row] = line

    def _plain(self, part: Element) -> Cell | None:
        """Return a cell that holds nothing but a value: of those written alike there is one, for a sheet repeats itself."""
        facts = part.attrib
        asked = (facts.get("t"), part[0].text or "", facts.get("s"))
        known = self._known
        if asked in known:
            return known[asked]
        made = self._cell(part)
        if len(known) < _REMEMBERED:
            known[asked] = made
        return made

    def _cell(self, part: Element) -> Cell | None:
        """Return a cell, None when nothing is in it."""
        stored, formula = "", None
        for inside in part:
            tag = inside.tag
            if tag.endswith("}v"):
                stored = inside.text or ""
            elif tag.endswith("}f"):
                formula = inside.text or "="
            elif tag.endswith("}is"):
                stored = _inline(inside)
        facts = part.attrib
        style = int(facts.get("s") or 0)
        written = self.formats[style] if style < len(self.formats) else None
        # Programs that write formulas without working them out put a 0 there and ask the spreadsheet to do it.
        if formula is not None and self.unworked and stored == "0":
            stored = ""
        value = self._meant(stored, facts.get("t"), style, written) if stored else None
        return None if value is None and formula is None else Cell(value, formula, written)

    def _col(self, facts: dict[str, str]) -> None:
        if facts.get("hidden") in ("1", "true") or facts.get("width") == "0":
            first, last = int(facts.get("min", "1")), int(facts.get("max", "1"))
            self.hidden_columns.update(range(first, min(last, limits.MOST_COLUMNS) + 1))

    def _merge(self, facts: dict[str, str]) -> None:
        if len(self.merged) >= limits.MOST_CELLS // 10:
            raise too_large(self.name)
        if (match := _RANGE.match(facts.get("ref", ""))) and match[3]:
            self.merged.append(Range(int(match[2]), column_number(match[1]), int(match[4]), column_number(match[3])))

    def _meant(self, stored: str, kind: str | None, style: int, written: str | None) -> object:
        """Return the value of a cell's text by its type."""
        if kind is None or kind == "n":
            read = number(stored)
            if read is None:
                return stored
            return from_serial(read, written, self.epoch) if written and self.dated[style] else read
        if kind == "s":
            try:
                return self.texts[int(stored)] or None
            except (ValueError, IndexError) as error:
                raise Broken from error
        if kind == "b":
            return stored == "1"
        if kind == "e":
            return Fault(stored)
        return _iso(stored) if kind == "d" else unescaped(stored)


def _inline(element: Element) -> str:
    """Return the text inside a cell, without the readings above Chinese and Japanese signs."""
    texts = []
    for part in element:
        if part.tag.endswith("}t"):
            texts.append(part.text or "")
        elif part.tag.endswith("}r"):
            texts += [run.text or "" for run in part if run.tag.endswith("}t")]
    return "".join(texts)


def unescaped(text: str) -> str:
    """Return a text with the signs XML cannot hold put back.

    >>> unescaped("a_x0041_b")
    'aAb'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _iso(stored: str) -> object:
    """Return a day or moment written as ISO 8601, or the text itself."""
    try:
        moment = datetime.datetime.fromisoformat(stored.rstrip("Z"))
    except ValueError:
        return stored
    return moment if moment.time() != datetime.time() else moment.date()
