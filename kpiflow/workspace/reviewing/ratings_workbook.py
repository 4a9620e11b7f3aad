"""Ratings as a workbook: a line per item of everybody the reader rates, and what comes back taken by the rules of every rating."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from kpiflow.core.rating import Rater
from kpiflow.errors import InvalidInput, KPIFlowError, NotFound
from kpiflow.frames.inert import inert_text
from kpiflow.language import Message, Name, msg, render
from kpiflow.sources.workbooks import Cell, Fault, Sheet, Workbook
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reviewing.answers import RATER_WORDS, Given, RatedSection, Wanted
from kpiflow.workspace.reviewing.listing import reviews
from kpiflow.workspace.reviewing.reading import asked_of, review
from kpiflow.workspace.reviewing.writing import checked, rate, rate_peer

#: The sheet of ratings, and the most people one workbook has.
SHEET, MOST_PEOPLE = "ratings", 500

#: The columns, and what heads them; `value` and `words` are filled in.
COLUMNS: tuple[tuple[str, Message, int], ...] = (
    ("person", msg("person id"), 12),
    ("name", msg("Name"), 20),
    ("as", msg("rated as"), 12),
    ("section", msg("section id"), 16),
    ("item", msg("item id"), 16),
    ("what", msg("What is rated"), 34),
    ("scale", msg("Scale"), 34),
    ("value", msg("Rating"), 10),
    ("words", msg("In words"), 44),
)

#: What a column may be headed by, in either language.
_HEADS = {word.casefold(): name for name, said, _ in COLUMNS for word in (name, render(said, "en"), render(said, "zh"))}

#: What is written where an item does not apply.
NOT = frozenset({"-", "–", "—", "n/a", "na", "不适用", "无"})


@dataclass(frozen=True)
class Form:
    """One person's items that somebody rates, and as what."""

    person: str
    name: Name
    rater: Rater
    sections: tuple[RatedSection, ...]


def forms(ws: Books, asker: Asker, period: str) -> Iterator[Form]:
    """Yield what waits for the person asking: reviews whose step is theirs, and people they are asked to rate as a peer."""
    listed = reviews(ws, asker, period, wanted=Wanted(mine=True, limit=MOST_PEOPLE))
    for person in listed.rows["person"]:
        shown = review(ws, asker, person, period)
        if shown.rater is not None:
            parts = tuple(one for one in shown.sections if shown.rater in one.raters)
            if parts:
                yield Form(person, shown.name, shown.rater, parts)
    for person in listed.asked["person"]:
        asked = asked_of(ws, asker, person, period)
        if asked.open and asked.sections:
            yield Form(person, asked.name, Rater.PEERS, asked.sections)


def ratings_template(ws: Books, asker: Asker, period: str, *, language: str = "en") -> bytes:
    """Return the workbook of what the person asking has to rate; raises NotFound when nothing waits for them."""
    waiting = list(forms(ws, asker, period))
    if not waiting:
        raise NotFound(msg("Nothing waits for your rating in {period}.", period=period))
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF7", "locked": True}),
            "text": book.add_format({"num_format": "@", "locked": True, "text_wrap": True, "valign": "top"}),
            "inert": book.add_format({"num_format": "@", "locked": True, "quote_prefix": True}),
            "open": book.add_format({"locked": False, "text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(SHEET)
        for place, (_, said, wide) in enumerate(COLUMNS):
            sheet.set_column(place, place, wide)
            sheet.write_string(0, place, render(said, language), looks["head"])
        line = 0
        for one in waiting:
            for row in _rows(one, language):
                line += 1
                _write(sheet, line, row, looks)
        sheet.freeze_panes(1, 2)
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    return out.getvalue()


def _rows(form: Form, language: str) -> Iterator[dict[str, Any]]:
    """Yield a form's items as rows."""
    for part in form.sections:
        for item in part.items:
            about = [render(part.name, language), render(item.name, language)]
            scale = f"{part.low:g} – {part.high:g}"
            if item.levels:
                scale = "; ".join(f"{points:g} {render(name, language)}" for points, name in item.levels)
            yield {
                "person": form.person, "name": render(form.name, language), "as": form.rater.value,
                "section": part.section, "item": item.item, "what": " · ".join(about), "scale": scale,
                "value": item.draft if item.draft is not None else "-" if item.written else None, "words": item.words,
            }  # fmt: skip


def _write(sheet: Any, line: int, row: Mapping[str, Any], looks: Mapping[str, Any]) -> None:
    """Write one row; what is filled in is open, the rest is locked."""
    for place, (name, _, _) in enumerate(COLUMNS):
        value, open_ = row[name], name in ("value", "words")
        if value is None:
            sheet.write_blank(line, place, None, looks["open" if open_ else "text"])
        elif isinstance(value, str):
            kind = "open" if open_ else "inert" if inert_text(value) != value else "text"
            sheet.write_string(line, place, value, looks[kind])
        else:
            sheet.write_number(line, place, value, looks["open"])


def load_ratings(ws: Books, asker: Asker, period: str, book: Workbook) -> dict[str, int]:
    """Write the ratings of a workbook, all or none; return how many items by person.

    An empty cell says nothing, a dash that the item does not apply. Ratings count as any others do: once the step is sent, a
    peer's at once. Raises Refused, NotFound or InvalidInput with the cell it is about.
    """
    sheet = next((one for one in book.shown if one.name == SHEET), None) or (book.shown[0] if book.shown else None)
    if sheet is None:
        raise InvalidInput(msg("{name} has no sheet with ratings.", name=book.name))
    given: dict[tuple[str, str], list[tuple[Given, str]]] = {}
    for key, one, where in _read(sheet):
        given.setdefault(key, []).append((one, where))
    if not given:
        raise InvalidInput(msg("Nothing is rated in {name}: the column of ratings is empty.", name=book.name))
    counts: dict[str, int] = {}
    with ws.store.write():
        for (person, rater), rows in given.items():
            sections = _sections(ws, asker, (person, period, rater), rows[0][1])
            for one, where in rows:
                with _at(where):
                    checked([one], sections, Rater(rater))
            write = rate_peer if rater == Rater.PEERS.value else rate
            with _at(rows[0][1]):
                counts[person] = counts.get(person, 0) + write(ws, asker, person, period, [one for one, _ in rows])
    return counts


def _sections(ws: Books, asker: Asker, about: tuple[str, str, str], where: str) -> tuple[RatedSection, ...]:
    """Return what somebody rates of a person now; raises why not, with the cell it is about."""
    person, period, rater = about
    with _at(where):
        if rater == Rater.PEERS.value:
            return asked_of(ws, asker, person, period).sections
        shown = review(ws, asker, person, period)
        shown.may.require()
        if shown.rater is None or shown.rater.value != rater:
            now = "–" if shown.rater is None else RATER_WORDS[shown.rater]
            raise InvalidInput(msg("This is not the step now: it is rated as {now}.", now=now))
        return shown.sections


@contextmanager
def _at(where: str) -> Iterator[None]:
    """Add the cell to whatever is wrong inside."""
    try:
        yield
    except KPIFlowError as problem:
        raise type(problem)(msg("{cell}: {problem}", cell=where, problem=problem.message)) from problem


def _read(sheet: Sheet) -> Iterator[tuple[tuple[str, str], Given, str]]:
    """Yield ((person, rated as), the rating, its cell) of every row that rates something."""
    heads: dict[str, int] = {}
    for place, cell in enumerate(sheet.cells[0] if sheet.cells else (), start=1):
        word = str(cell.value or "").strip().casefold()
        if word in _HEADS:
            heads.setdefault(_HEADS[word], place)
    missing = [name for name in ("person", "as", "section", "item", "value") if name not in heads]
    if missing:
        said = msg(
            "The first row must head the columns as the form does; missing: {missing}.", missing=", ".join(missing)
        )
        raise InvalidInput(said)
    for row in range(2, sheet.height + 1):
        read = {name: sheet.at(row, place) for name, place in heads.items()}
        words = _text(read["words"]) if "words" in read else None
        where = sheet.address(row, heads["value"])
        if _text(read["value"]) is None and words is None:
            continue
        key = (_text(read["person"]) or "", _text(read["as"]) or "")
        yield (
            key,
            Given(_text(read["section"]) or "", _text(read["item"]) or "", _value(read["value"], where), words),
            where,
        )


def _value(cell: Cell, where: str) -> float | None:
    """Return a rating, None where it does not apply; raises InvalidInput for anything else."""
    text = _text(cell)
    if text is not None and text.casefold() in NOT:
        return None
    try:
        return float(text or "")
    except ValueError as error:
        said = msg(
            "{cell}: '{text}' is no rating. Write a number, or - where it does not apply.", cell=where, text=text or ""
        )
        raise InvalidInput(said) from error


def _text(cell: Cell) -> str | None:
    """Return what a cell says, None for an empty one."""
    if isinstance(cell.value, Decimal):
        return format(cell.value.normalize(), "f")
    if isinstance(cell.value, Fault):
        return cell.value.code
    text = "" if cell.value is None else str(cell.value).strip()
    return text or None
