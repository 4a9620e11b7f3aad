"""A workbook for a unit to fill in: its goals line by line, the months across, and everything but the numbers locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from kpiflow.core.calendar import Period
from kpiflow.core.metric import MetricKind
from kpiflow.errors import InvalidInput
from kpiflow.frames.inert import inert_text
from kpiflow.language import Message, Name, msg, render
from kpiflow.sources.workbooks import Column, Mapping, Role, Source
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.intake.asked_for import asked_for
from kpiflow.workspace.intake.looking import LOAD
from kpiflow.workspace.intake.marking import NOTES, TEMPLATE, mark

#: The sheets of a template: levels and amounts, and rates with their two parts.
VALUES, RATES = "values", "rates"

#: The most lines of a template: beyond so many it is no form to fill in.
MOST_LINES = 2_000

#: So many lines at the end are open for what the plan does not know yet.
SPARE = 20

#: The columns before the months: what a line is about, for people and then for the program.
_LEFT: tuple[tuple[str, Message, int], ...] = (
    ("label", msg("Goal"), 34),
    ("metric_label", msg("Metric"), 26),
    ("person_label", msg("Person"), 18),
    ("measure", msg("In"), 12),
    ("metric", msg("metric id"), 18),
    ("unit", msg("unit id"), 12),
    ("person", msg("person id"), 12),
)

_PARTS: tuple[tuple[Role, Message], ...] = ((Role.NUMERATOR, msg("numerator")), (Role.DENOMINATOR, msg("denominator")))


@dataclass(frozen=True)
class TemplateFile:
    """A template: its file name, its bytes, and how many lines it asks for."""

    name: str
    content: bytes
    lines: int


def template(
    ws: Books, asker: Asker, unit: str, period: str, *, language: str = "en", below: bool = False
) -> TemplateFile:
    """Return the workbook for a unit and period; raises Refused, NotFound, or InvalidInput when nothing is to be reported."""
    ws.may(asker, LOAD).require()
    when, lines = asked_for(ws, unit, period, below=below)
    if lines.is_empty():
        raise InvalidInput(msg("No goal of {unit} asks for measurements in {period}.", unit=unit, period=period))
    if lines.height > MOST_LINES:
        raise InvalidInput(
            msg("{count} lines are too many for one template (at most {most}). Choose a unit further down.",
                count=lines.height, most=MOST_LINES)
        )  # fmt: skip
    months = ws.company().calendar.months(when)
    content = _Form(ws, unit, language, months).book(lines, period)
    return TemplateFile(f"template-{unit}-{period}.xlsx", content, lines.height)


class _Form:
    """A template being written: the unit, the language of its headings and the months across."""

    def __init__(self, ws: Books, unit: str, language: str, months: Sequence[Period]) -> None:
        self.company = ws.company()
        self.units = ws.unit_tree(None).filter(pl.col("ancestor") == unit)["unit"].to_list()
        self.language, self.months = language, months
        self.looks: dict[str, Any] = {}

    def book(self, lines: pl.DataFrame, period: str) -> bytes:
        """Return the workbook."""
        out = BytesIO()
        settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        rates = lines.filter(pl.col("metric_kind") == MetricKind.RATIO.value)
        values = lines.filter(pl.col("metric_kind") != MetricKind.RATIO.value)
        with xlsxwriter.Workbook(out, settings) as book:
            self.looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
            ways: dict[str, Mapping] = {}
            for name, rows in ((VALUES, values), (RATES, rates)):
                if rows.height:
                    self._sheet(book.add_worksheet(name), rows, rates=name == RATES)
                    ways[name] = self._mapping(name, rates=name == RATES)
            self._notes(book.add_worksheet(NOTES), period)
            self._hidden(book.add_worksheet(TEMPLATE), ways)
            book.set_custom_property("kpiflow_template", "1")
        return out.getvalue()

    def _say(self, said: Message) -> str:
        return render(said, self.language)

    def _mapping(self, name: str, *, rates: bool) -> Mapping:
        """Return how a sheet of the template is read."""
        roles = {"metric": Role.METRIC, "unit": Role.UNIT, "person": Role.PERSON}
        left = [Column(heading=self._say(said), role=roles.get(column, Role.IGNORE)) for column, said, _ in _LEFT]
        if rates:
            across = [Column(heading=self._say(said), role=role, across=True) for role, said in _PARTS]
        else:
            across = [Column(heading="", role=Role.VALUE, across=True)]
        return Mapping(
            sheets=(name,), heading_rows=(1, 2) if rates else (1,), columns=(*left, *across), metric_from=Source.COLUMN,
            unit_from=Source.COLUMN, person_from=Source.COLUMN, period_from=Source.HEADINGS,
        )  # fmt: skip

    def _sheet(self, sheet: Any, rows: pl.DataFrame, *, rates: bool) -> None:
        """Write one sheet: locked words, open numbers, and some open lines at the end."""
        head, looks = 1 if rates else 0, self.looks
        for place, (_, said, wide) in enumerate(_LEFT):
            sheet.set_column(place, place, wide)
            sheet.write_string(head, place, self._say(said), looks["head"])
        step, first = (2 if rates else 1), len(_LEFT)
        for number, month in enumerate(self.months):
            at, name = first + number * step, f"{month.starts:%Y-%m}"
            if not rates:
                sheet.write_string(0, at, name, looks["month"])
                continue
            sheet.merge_range(0, at, 0, at + 1, name, looks["month"])
            for side, (_, said) in enumerate(_PARTS):
                sheet.write_string(1, at + side, self._say(said), looks["head"])
        wide = step * len(self.months)
        sheet.set_column(first, first + wide - 1, 12)
        for line, row in enumerate(rows.iter_rows(named=True), start=head + 1):
            for place, (column, _, _) in enumerate(_LEFT):
                self._words(sheet, line, place, self._shown(row, column))
            for at in range(first, first + wide):
                sheet.write_blank(line, at, None, looks["open"])
        last = head + rows.height + SPARE
        self._open_lines(sheet, head + rows.height + 1, last, first + wide, rates=rates)
        self._allow(sheet, (head + 1, first, last, first + wide - 1))
        sheet.freeze_panes(head + 1, 3)
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})

    def _shown(self, row: dict[str, Any], column: str) -> str | None:
        """Return what a line says in a column, in the language where it is for people."""
        if column.endswith("label"):
            label = row[column]
            return None if label is None else render(Name(label, row[f"{column}_zh"]), self.language)
        return None if row[column] is None else str(row[column])

    def _words(self, sheet: Any, line: int, place: int, text: str | None) -> None:
        if text is not None:
            look = "inert" if inert_text(text) != text else "words"
            sheet.write_string(line, place, text, self.looks[look])

    def _open_lines(self, sheet: Any, top: int, last: int, width: int, *, rates: bool) -> None:
        """Leave lines open for what the plan does not know yet; metric and unit are chosen from lists."""
        for line in range(top, last + 1):
            for place in range(width):
                sheet.write_blank(line, place, None, self.looks["open"])
        kinds = [name for name, one in self.company.metrics.items() if (one.kind is MetricKind.RATIO) == rates
                 and one.kind is not MetricKind.DERIVED]  # fmt: skip
        columns = [name for name, _, _ in _LEFT]
        for column, letter, count in (("metric", "C" if rates else "B", len(kinds)), ("unit", "D", len(self.units))):
            if count:
                place = columns.index(column)
                source = f"={TEMPLATE}!${letter}$1:${letter}${count}"
                sheet.data_validation(top, place, last, place, {"validate": "list", "source": source})

    def _allow(self, sheet: Any, cells: tuple[int, int, int, int]) -> None:
        """Take numbers only, and say so before anything else is written."""
        sheet.data_validation(*cells, {
            "validate": "decimal", "criteria": "between", "minimum": -999999999999, "maximum": 999999999999,
            "error_title": self._say(msg("A number is needed"))[:32],
            "error_message": self._say(msg("Write a number, or leave the cell empty where nothing was measured."))[:255],
        })  # fmt: skip

    def _notes(self, sheet: Any, period: str) -> None:
        """Write how the form is filled in, in both languages."""
        said = (
            msg("Fill in the white cells for {period} and leave empty what was not measured.", period=period),
            msg(
                "A rate takes two numbers: how many (numerator) of how many (denominator). A percentage alone cannot be added up."
            ),
            msg("An empty cell says that nothing is known. A 0 says that it was 0."),
            msg("Goals that add up the goals of units below are not listed: their numbers come from there."),
            msg("Load it on the page Intake, or with: kpiflow load FILE.xlsx"),
        )
        sheet.set_column(0, 0, 110)
        for row, one in enumerate(said):
            sheet.write_string(2 * row, 0, render(one, "en"))
            sheet.write_string(2 * row + 1, 0, render(one, "zh"))
        sheet.protect()

    def _hidden(self, sheet: Any, ways: dict[str, Mapping]) -> None:
        """Write what the program reads back, and the lists that cells offer."""
        metrics = self.company.metrics.items()
        simple = [name for name, one in metrics if one.kind not in (MetricKind.RATIO, MetricKind.DERIVED)]
        rates = [name for name, one in metrics if one.kind is MetricKind.RATIO]
        for place, listed in enumerate((mark(ways), simple, rates, self.units)):
            for line, text in enumerate(listed):
                sheet.write_string(line, place, text)
        sheet.very_hidden()


_LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "bg_color": "#E8EEF7", "locked": True},
    "month": {"bold": True, "bottom": 1, "bg_color": "#CFDDF0", "locked": True, "align": "center", "num_format": "@"},
    "words": {"bg_color": "#F5F6F8", "locked": True, "num_format": "@"},
    "inert": {"bg_color": "#F5F6F8", "locked": True, "num_format": "@", "quote_prefix": True},
    "open": {"locked": False},
}
