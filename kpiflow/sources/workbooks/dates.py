"""On which day a fact is: from its row, its column's heading, the title or the name of the sheet.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from kpiflow.core.calendar import Calendar
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.asking import Question
from kpiflow.sources.workbooks.candidates import Group
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.evidence import Evidence
from kpiflow.sources.workbooks.formats import day_of_serial
from kpiflow.sources.workbooks.grid import Grid, part_of
from kpiflow.sources.workbooks.headings import Heading
from kpiflow.sources.workbooks.mapping import NAME_ROLES, Mapping, Role, Source
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.parted import counted, nth, year_in
from kpiflow.sources.workbooks.periods import Length, Written, period, period_within, spans_several, with_year
from kpiflow.sources.workbooks.placing import Placed, Placing
from kpiflow.sources.workbooks.sheet import Cell, Fault, Remark
from kpiflow.sources.workbooks.spans import Span, recorded, span
from kpiflow.sources.workbooks.writing import DayOrder

#: Periods that need a month, and how many weeks touch one.
_OF_A_MONTH, _WEEKS = (Length.DAY, Length.TEN_DAYS), 6

#: Headings that may be days.
_UNREAD = re.compile(
    r"\d{1,2}[./-]\d{1,2}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:周|星期|礼拜)[一二三四五六日天]"
)

#: Serial numbers from 1954 to 2119; smaller ones are counts, and larger ones slips.
_SERIALS = (20_000, 80_000)


class Days:
    """Knows the day of a row or of a column's period."""

    def __init__(
        self, grid: Grid, mapping: Mapping, placing: Placing, calendar: Calendar | None, told: Evidence,
        *, year: tuple[int, bool] | None,
    ) -> None:  # fmt: skip
        self.grid, self.mapping, self.calendar, self.told, self.year = grid, mapping, calendar, told, year
        self.row_year: tuple[int, bool] | None = None
        self.over = {one.period for one in placing.columns if one.period and one.spec.role not in NAME_ROLES}
        columns = placing.of(Role.DAY)
        self.years = next((one for one in columns if self._says_years(one.column, placing.rows[-1])), None)
        parts = [one for one in columns if one is not self.years] or columns
        self.months = next((one for one in parts if len(parts) > 1 and self._month_in(one, placing.rows[-1])), None)
        parts = [one for one in parts if one is not self.months]
        self.column = parts[0].column if parts else None
        self.years = None if self.years in parts else self.years
        self.counts = counted(parts[0].heading.words) if parts else None
        self.years_down = (
            parts[0] if parts and self.years is None and self._says_years(parts[0].column, placing.rows[-1]) else None
        )
        self.above = placing.rows[0]
        self.month = self._month()
        self.row_month: Written | None = None
        self.monthless = False
        self.late_weeks = self._late_weeks(placing)
        self.yearless = False
        self.serials: list[str] = []
        self.long: datetime.date | None = None
        self.found: dict[object, tuple[datetime.date | Wrong | None, Span | None]] = {}
        self.spans: dict[int, Span] = {}
        self.latest: Span | None = None
        self.over_rows = self._sections(placing.rows[-1]) if self.column is None else []
        self.corner = [
            one.heading.period for one in placing.columns if one.spec.role in NAME_ROLES and one.heading.period
        ]
        self.across, self.one_over_all = bool(self.over), len(self.over) == 1
        self.whole = None if self.column or self.across else self._whole()

    def of_period(self, written: Written, said: Written | None = None) -> datetime.date | None:
        """Return the day the numbers of a period are recorded on, None when that is not known; `said`: as it stands there."""
        own = (said or written).year is not None
        if (said or written).either:
            return None
        monthless = not written.number and written.length in _OF_A_MONTH
        if monthless and (month := self.row_month or self.month) is not None:
            written = replace(written, number=month.number, year=month.year, fiscal=month.fiscal)
        self.monthless = self.monthless or (monthless and not written.number)
        if written.year is None and self.row_year is not None:
            written = with_year(written, self.row_year[0], fiscal=self.row_year[1])
        if written.year is None and self.year is not None:
            written = with_year(written, self.year[0], fiscal=self.year[1])
        self.yearless = self.yearless or (written.year is None and not self.monthless)
        if not own and self._elsewhere(written):
            return None
        self.latest = span(written, self.calendar)
        if self.latest and (self.latest[1] - self.latest[0]).days > 31 and not self.long:
            self.long = self.latest[1]
        return recorded(written, self.calendar, self.mapping.day_of)

    def when(self, row: int, group: Group, day: datetime.date | Wrong | None) -> datetime.date | Wrong | None:
        """Return the day of a row's numbers: that of their heading; of the row, within one period over all of them."""
        if group.part:
            return self.of_part(row, group.part)
        if group.day is None or not self.one_over_all or day is None:
            return group.day or day
        if isinstance(day, Wrong):
            return day if day.rule == "year_missing" else group.day
        over = span(group.first.period, self.calendar) if group.first.period else None
        if over and over[0] <= day <= over[1]:
            return day
        return Wrong(
            "two_days", msg("The row is of {day}, and the words above its numbers are of another period.", day=day)
        )

    def of_row(self, row: int) -> datetime.date | Wrong | None:
        """Return the day of a row, None when its columns say it."""
        if self.column is None:
            at = bisect_left(self.over_rows, (row,)) - 1
            return self.whole if at < 0 or self.across else self._recorded(*self.over_rows[at][1:])
        self.row_year = self._year_of(row) if self.years else None
        self.row_month = self._month_of(self._cell(row, self.months.column), self.months) if self.months else None
        cell = self._cell(row, self.column)
        if cell.value is None or isinstance(cell.value, Fault):
            return None
        asked = (cell.value, cell.format, self.row_year, self.row_month)
        if asked not in self.found or isinstance(cell.value, Decimal):
            self.latest = None
            self.found[asked] = (self._of_cell(row, cell), self.latest)
        made, latest = self.found[asked]
        if latest is not None and not self.across:
            self.spans[row] = latest
        return made

    def _of_cell(self, row: int, cell: Cell) -> datetime.date | Wrong | None:
        if (part := nth(cell.value, self.counts)) is not None:
            return self._recorded(part, str(cell.value))
        return self._serial(row, cell) if isinstance(cell.value, Decimal) else self._read(cell)

    def of_each_row(self, written: Written | None) -> Written | None:
        """Return a period of a heading when it is for the rows to say of which year; None when the heading or title does."""
        return written if written is not None and written.year is None and self.years_down is not None else None

    def of_part(self, row: int, part: Written) -> datetime.date | Wrong | None:
        """Return the day of a heading's period in the year that a row says."""
        year = self._year_of(row)
        if year is None:
            return Wrong("year_missing", msg("The year of this row is not known."))
        return recorded(with_year(part, year[0], fiscal=year[1]), self.calendar, self.mapping.day_of)

    def _cell(self, row: int, column: int) -> Cell:
        """Return the cell that says the day of a row, which may stand above it."""
        return self.grid.filled(self.told.days_above.get(column, {}).get(row, row), column)

    def _says_years(self, column: int, heads: int) -> bool:
        """Return whether years stand in a column, by the first of its cells."""
        cells = (self.grid.sheet.at(row, column) for row in self.grid.rows if row > heads)
        first = next((cell for cell in cells if cell.value is not None), None)
        return first is not None and year_in(first) is not None

    def _year_of(self, row: int) -> tuple[int, bool] | None:
        """Return the year that a column of its own says of a row."""
        column = self.years or self.years_down
        if column is None:
            return None
        year = year_in(self._cell(row, column.column))
        words = " ".join(column.heading.words).casefold()
        return None if year is None else (year, any(word in words for word in ("fiscal", "财年", "财政", "fy")))

    def questions(self) -> list[Question]:
        """Return what nothing in the sheet says about its days."""
        if self.monthless:
            said = msg(
                "Of which month are the days? It stands neither above them nor beside them. Write it as 2026-01."
            )
            return [Question("period", said, open=True)]
        if self.yearless:
            said = msg("Of which year are the months? It stands neither beside them nor above them.")
            return [Question("year", said, open=True)]
        if self.column is None and not self.across and self.whole is None and not self.over_rows:
            return [
                Question("period", msg("Of which period are these numbers? Write it as 2026-01 or 2026-Q1."), open=True)
            ]
        return []

    def remarks(self) -> list[Remark]:
        """Return what is said about days that stand there as plain numbers, and about periods longer than a month."""
        told: list[Remark] = []
        if self.long is not None:
            whole = msg(
                "Numbers of a quarter, half or year are recorded on its last day, such as {day}. Seen by months, they lie whole in"
                " the last.",
                day=self.long,
            )
            told.append(Remark(whole))
        if not self.serials:
            return told
        said = msg(
            "Plain numbers in the column of days are read as a spreadsheet counts days: {count}.",
            count=len(self.serials),
        )
        return [*told, Remark(said, tuple(self.serials[:5]))]

    def _whole(self) -> datetime.date | None:
        """Return the day of all facts, from the mapping, the title or the name of the sheet."""
        mapping, written = self.mapping, None
        if mapping.period_from is Source.FIXED and mapping.period:
            written = period(mapping.period) or period_within(mapping.period)
        elif mapping.period_from is Source.TITLE:
            written = whole_period(self.grid.lines(self.above))
        elif mapping.period_from is Source.SHEET:
            written = whole_period([self.grid.sheet.called])
        elif mapping.period_from is Source.HEADINGS:
            written = corner_period(self.corner)
        return None if written is None else self.of_period(written)

    def _serial(self, row: int, cell: Cell) -> datetime.date | Wrong | None:
        """Return the day of a plain number: a year, a month such as 202601, or a count of days."""
        number = cell.value
        assert isinstance(number, Decimal)
        if (written := part_of(cell).period) is not None:
            return self._recorded(written, format(number, "f"))
        if not _SERIALS[0] <= number <= _SERIALS[1]:
            found = period(format(number, "f"))
            return self._recorded(found, format(number, "f")) if found else no_day(format(number, "f"))
        self.serials.append(self.grid.sheet.address(row, self.column or 1))
        day = day_of_serial(number, self.grid.sheet.epoch)
        return day.date() if isinstance(day, datetime.datetime) else day

    def _read(self, cell: Cell) -> datetime.date | Wrong | None:
        value = cell.value
        if isinstance(value, datetime.datetime | datetime.date):
            written = part_of(cell).period
            assert written is not None
            return self._recorded(written, str(value))
        text = plain(str(value))
        if not text:
            return None
        order = self.told.dates.get(self.column or 0, DayOrder.AUTO)
        if spans_several(text):
            return _several(text)
        made = period(text, order) or period_within(text)
        if made is None and order is DayOrder.AUTO and any(period(text, way) for way in DayOrder):
            return either(text)
        return self._recorded(made, text) if made else no_day(text)

    def why(self, written: Written, text: str) -> Message:
        """Return why a period has no day: its month or its year is not known, or no calendar has it."""
        if written.either:
            return either(text).said
        if written.length in _OF_A_MONTH and not written.number and self.row_month is None and self.month is None:
            return msg("The month of '{cell}' is not known.", cell=text)
        if written.length is Length.WEEK and self.month is not None and written.year is None:
            return msg(
                "'{cell}' counts the weeks of a year, and the sheet is about one month in which it does not lie.",
                cell=text,
            )
        if written.year is None and self.year is None and self.row_year is None and self.month is None:
            return msg("The year of '{cell}' is not known.", cell=text)
        return msg("No calendar has '{cell}'.", cell=text)

    def _sections(self, heads: int) -> list[tuple[int, Written, str]]:
        """Return the rows that hold nothing but a period, for the rows below each of them."""
        found = []
        for row in self.grid.rows:
            cells = [cell for cell in self.grid.sheet.cells[row - 1] if cell.value is not None or cell.formula]
            if row > heads and len(cells) == 1 and (said := part_of(cells[0]).text):
                written = part_of(cells[0]).period or period(said)
                if written is not None and written.length is not Length.YEAR:
                    found.append((row, written, said))
        return found

    def _month(self) -> Written | None:
        """Return the one month the whole sheet is about: a person, its title or its name says it."""
        given = self.mapping.period if self.mapping.period_from is Source.FIXED else None
        for texts in ([given] if given else [], self.grid.lines(self.above), [self.grid.sheet.called]):
            written = whole_period(texts)
            if written is not None:
                year = self.year if written.year is None else (written.year, written.fiscal)
                found = with_year(written, year[0], fiscal=year[1]) if year else written
                return found if found.length is Length.MONTH else None
        only = self.over.copy().pop() if len(self.over) == 1 else None
        return only if only and only.length is Length.MONTH and only.year is not None else None

    def _month_in(self, one: Placed, heads: int) -> bool:
        """Return whether months stand in a column, by the first of its cells."""
        cells = (self.grid.sheet.at(row, one.column) for row in self.grid.rows if row > heads)
        first = next((cell for cell in cells if cell.value is not None), None)
        return first is not None and self._month_of(first, one) is not None

    def _month_of(self, cell: Cell, one: Placed) -> Written | None:
        """Return the month a cell says, with the year where that stands elsewhere."""
        said = nth(cell.value, counted(one.heading.words)) or (
            period(plain(cell.value)) if isinstance(cell.value, str) else part_of(cell).period
        )
        if said is None or said.length is not Length.MONTH:
            return None
        year = self.row_year or self.year
        return said if year is None else with_year(said, year[0], fiscal=year[1])

    def _late_weeks(self, placing: Placing) -> bool:
        """Return whether weeks are counted that no month has: then all of them are counted from January."""
        cells = (self.grid.sheet.at(row, self.column).value for row in self.grid.rows) if self.column else ()
        said = [
            *(one.period for one in placing.columns),
            *(period(plain(text)) for text in cells if isinstance(text, str)),
        ]
        return any(one is not None and one.length is Length.WEEK and one.number > _WEEKS for one in said)

    def _elsewhere(self, written: Written) -> bool:
        """Return whether a week 1 to 6 lies outside the one month the sheet is about: then it may be the month's own."""
        if written.length is not Length.WEEK or self.month is None or written.number > _WEEKS or self.late_weeks:
            return False
        week, month = span(written, self.calendar), span(self.month, self.calendar)
        return bool(week and month and (week[1] < month[0] or week[0] > month[1]))

    def _recorded(self, written: Written, text: str) -> datetime.date | Wrong:
        day = self.of_period(written)
        if day is None:
            return Wrong("year_missing", self.why(written, text))
        return day if 1900 <= day.year <= 2199 else no_day(text)


def whole_period(texts: list[str]) -> Written | None:
    """Return the one period that texts name; None for none and for several."""
    found = []
    for text in texts:
        written = None if spans_several(text) else period(text) or period_within(text)
        if written is not None and written.length is not Length.YEAR:
            found.append(written)
    return found[0] if found and len({(one.length, one.number, one.year) for one in found}) == 1 else None


def corner_period(corner: Iterable[Written]) -> Written | None:
    """Return the one period that stands over the names of a table, in its corner; a year alone is none."""
    found = {one for one in corner if one.length is not Length.YEAR and one.year is not None}
    return found.pop() if len(found) == 1 else None


def unread_day(heading: Heading) -> Wrong | None:
    """Return why a column is not read whose lowest heading is a plain number, or a day nobody can be sure of: `3.1`, `Monday`."""
    text = heading.left[-1] if heading.left and heading.left[-1] == heading.words[-1] else ""
    if spans_several(text):
        return _several(text)
    return no_day(text) if _UNREAD.fullmatch(text.casefold()) else None


def _several(text: str) -> Wrong:
    return Wrong(
        "several_months",
        msg(
            "'{cell}' is of several months together. Where they are a quarter or half a year, write it so: Q1, H1.",
            cell=text[:80],
        ),
    )


def either(text: str) -> Wrong:
    """Return why a day is not taken that can be two."""
    said = msg("'{cell}' can be two days. Say what comes first: the day, the month or the year.", cell=text)
    return Wrong("ambiguous_day", said)


def no_day(text: str) -> Wrong:
    """Return why something is no day."""
    return Wrong("bad_day", msg("'{cell}' is not a day or period that can be read.", cell=text[:80]))
