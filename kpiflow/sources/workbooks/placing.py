"""Finding a mapping's columns in a sheet: by their words, wherever the table has moved to, and saying what moved.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Mapping as Words
from dataclasses import dataclass, replace
from itertools import pairwise

from kpiflow.core.calendar import Calendar
from kpiflow.errors import InvalidInput, suggest
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.grid import Grid, Part
from kpiflow.sources.workbooks.headings import Heading, heading
from kpiflow.sources.workbooks.mapping import NAME_ROLES, NUMBER_ROLES, Column, Mapping, Role, Source
from kpiflow.sources.workbooks.names import Names, key
from kpiflow.sources.workbooks.parted import counted as counted_by
from kpiflow.sources.workbooks.periods import (
    Length,
    Written,
    order_of,
    orders,
    period,
    two_years,
    with_year,
    years_within,
)
from kpiflow.sources.workbooks.sheet import Remark, column_number
from kpiflow.sources.workbooks.spans import planning_year
from kpiflow.sources.workbooks.writing import DayOrder

#: How far down the headings of a table are looked for.
LOOKED_AT = 60

#: The order of periods from short to long.
_LENGTHS = list(Length)

#: How many periods of a length a year has.
_OF_A_YEAR = {Length.MONTH: 12, Length.QUARTER: 4, Length.HALF: 2, Length.WEEK: 52}

#: How many days the shortest month has.
_LEAST_DAYS = 28


@dataclass(frozen=True)
class Placed:
    """A column of the sheet and what the mapping says it is; `period` for one of several alike."""

    column: int
    spec: Column
    heading: Heading
    period: Written | None = None


@dataclass(frozen=True)
class Aside:
    """A column that is not read, and why."""

    column: int
    said: Message


@dataclass(frozen=True)
class Placing:
    """Where a mapping's columns are in one sheet; rows are numbers of the sheet."""

    rows: tuple[int, ...]
    columns: tuple[Placed, ...]
    aside: tuple[Aside, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def of(self, role: Role) -> list[Placed]:
        """Return the columns of a role, from left to right."""
        return [placed for placed in self.columns if placed.spec.role is role]


def understood(
    grid: Grid, rows: tuple[int, ...], names: Words[str, Names], given: DayOrder = DayOrder.AUTO
) -> dict[int, Heading]:
    """Return the heading of each column that has one, by the number of the column; `given`: how a person says days are written."""
    parts = {column: grid.parts(rows, column) for column in grid.columns}
    counted_in = _numbered(grid, rows[-1], parts, names)
    days = [part.text for found in parts.values() for part in found if part.period is None and orders(part.text)]
    texts = [*grid.lines(rows[0]), grid.sheet.called] if days else []
    order = (
        given
        if given is not DayOrder.AUTO
        else order_of(days, {year for text in texts for year, _ in years_within(text)}) or DayOrder.AUTO
    )
    return {column: heading(found, names, counted=counted_in, order=order) for column, found in parts.items() if found}


def _numbered(grid: Grid, row: int, parts: dict[int, tuple[Part, ...]], names: Words[str, Names]) -> Length | None:
    """Return what headings 1, 2, 3 … count: months or days, where a word above the numbers or beside them says so.

    From 1 to 28 and on they are the days of a month. Counts below their months or beside a name run the same way by chance:
    those are facts.
    """
    counted = {column: found for column, found in parts.items()
               if found and found[-1].number and found[-1].period is None}  # fmt: skip
    numbers = [found[-1].text for found in counted.values()]
    if len(numbers) < 3 or not all(text.isdigit() and 1 <= int(text) <= 31 for text in numbers):
        return None
    if any(int(after) - int(before) not in (1, -11) for before, after in pairwise(numbers)):
        return None
    beside = [text for column in grid.columns if (text := grid.part(row, column).text) and column not in counted]
    if any(period(text) is not None or any(of.certain(text) for of in names.values()) for text in beside):
        return None
    texts = [*beside, *(part.text for found in counted.values() for part in found[:-1])]
    rising = all(int(after) > int(before) for before, after in pairwise(numbers))
    pieces = [piece for text in texts for piece in re.split(r"[\\/|、 ]+", text)]
    if rising and (len(numbers) >= _LEAST_DAYS or any(counted_by([piece]) is Length.DAY for piece in pieces)):
        return Length.DAY
    if max(map(int, numbers)) > 12:
        return None
    said = any(word in text.casefold() for text in texts for word in ("月", "month", "monat", "mois", "mes"))
    return Length.MONTH if said else None


def placed(grid: Grid, mapping: Mapping, names: Words[str, Names]) -> Placing:
    """Return where the columns of a mapping are; raises InvalidInput when those it cannot do without are not there."""
    depth = max(1, len(mapping.heading_rows))
    rows = [row for row in grid.rows if row < grid.top + LOOKED_AT or row in mapping.heading_rows]
    start = mapping.heading_rows[0] if mapping.heading_rows else 1
    best: tuple[tuple[float, int], tuple[int, ...], dict[int, Heading]] | None = None
    for at in range(len(rows) - depth + 1):
        block = tuple(rows[at : at + depth])
        if not any(grid.sheet.cells[row - 1] for row in block):
            continue
        headings = understood(grid, block, names, mapping.dates)
        wanted = {(key(spec.heading), spec.across) for spec in mapping.columns}
        hits = {(key(one.stem), one.period is not None) for one in headings.values()} & wanted
        rank = (float(len(hits)), -abs(block[0] - start))
        if best is None or rank > best[0]:
            best = (rank, block, headings)
    if best is None or not best[0][0]:
        raise _nothing_there(grid, mapping)
    return _placed(grid, mapping, best[1], best[2])


def _placed(grid: Grid, mapping: Mapping, rows: tuple[int, ...], headings: dict[int, Heading]) -> Placing:
    """Return each column under its part of the mapping."""
    found: list[Placed] = []
    new: list[int] = []
    taken: set[int] = set()
    for column, one in headings.items():
        spec = _spec(mapping, one, taken, exact=True) or _spec(mapping, one, taken, exact=False)
        if spec is None:
            new.append(column)
            continue
        at = mapping.columns.index(spec) if not spec.across or spec.role in NAME_ROLES else -1
        taken.add(at)
        found.append(Placed(column, spec, one, one.period if spec.across else None))
    for at, spec in enumerate(mapping.columns):  # a column without a heading is where it was
        column = column_number(spec.at)
        if (
            not spec.heading
            and not spec.across
            and at not in taken
            and column in grid.columns
            and column not in headings
        ):
            found.append(Placed(column, spec, Heading()))
    found.sort(key=lambda one: one.column)
    _required(grid, mapping, rows, found, headings)
    kept, aside = _finest(found)
    return Placing(rows, tuple(kept), tuple(aside), tuple(_moved(grid, mapping, rows, found, new, headings=headings)))


def _spec(mapping: Mapping, one: Heading, taken: set[int], *, exact: bool) -> Column | None:
    """Return the part of a mapping a heading is found by: by all of its words, or by those that are left without its period."""
    wanted = key(one.stem)
    for at, spec in enumerate(mapping.columns):
        if at in taken or (spec.across != (one.period is not None) and spec.role is not Role.DAY):
            continue
        if exact and key(spec.heading) == wanted:
            return spec
    if exact:
        return None
    same = [spec for at, spec in enumerate(mapping.columns) if at not in taken and not spec.across and spec.heading
            and key(spec.heading).endswith(wanted) and wanted and one.period is None]  # fmt: skip
    return same[0] if len(same) == 1 else None


def _finest(found: list[Placed]) -> tuple[list[Placed], list[Aside]]:
    """Return the columns without those whose period is made up of others: quarters beside months, a year beside quarters."""
    kept: list[Placed] = []
    aside: list[Aside] = []
    lengths: dict[str, set[Length]] = {}
    for one in found:
        if one.period is not None and one.spec.role not in NAME_ROLES:  # over names it stands in the corner
            lengths.setdefault(one.spec.heading, set()).add(one.period.length)
    for one in found:
        if one.period is not None and one.spec.role in NUMBER_ROLES:
            shortest = min(lengths[one.spec.heading], key=_LENGTHS.index)
            if one.period.length is not shortest:
                aside.append(Aside(one.column, msg("It adds up the shorter periods beside it.")))
                continue
        kept.append(one)
    return kept, aside


def _required(
    grid: Grid, mapping: Mapping, rows: tuple[int, ...], found: list[Placed], headings: dict[int, Heading]
) -> None:
    """Raise InvalidInput when a column that every row needs is not there, or no column of numbers is."""
    there = {id(one.spec) for one in found}
    needed = [spec for spec in mapping.columns if spec.role in (Role.UNIT, Role.METRIC, Role.DAY, Role.PERSON)]
    numbers = [spec for spec in mapping.columns if spec.role in NUMBER_ROLES]
    missing = [spec for spec in needed if id(spec) not in there]
    if numbers and not any(id(spec) in there for spec in numbers):
        missing.append(numbers[0])
    if missing:
        raise _missing(grid, missing[0], rows, headings)


def _missing(grid: Grid, spec: Column, rows: tuple[int, ...], headings: dict[int, Heading]) -> InvalidInput:
    """Return the error for a column that is not there, with the nearest heading that is."""
    word = spec.heading or str(msg("a period"))
    words = [one.stem for one in headings.values() if one.stem]
    near = suggest(word, words)
    if near:
        return InvalidInput(
            msg("Sheet {sheet} has no column '{word}' in row {row}. Did you mean '{near}'?",
                sheet=grid.sheet.name, word=word, row=rows[-1], near=near)
        )  # fmt: skip
    return InvalidInput(
        msg("Sheet {sheet} has no column '{word}' in row {row}. There are: {some}.",
            sheet=grid.sheet.name, word=word, row=rows[-1], some=", ".join(words[:12]) or "–")
    )  # fmt: skip


def _nothing_there(grid: Grid, mapping: Mapping) -> InvalidInput:
    words = ", ".join(spec.heading for spec in mapping.columns[:8] if spec.heading)
    return InvalidInput(
        msg(
            "Sheet {sheet} has none of the columns of this mapping: {words}.", sheet=grid.sheet.name, words=words or "–"
        )
    )


def _moved(
    grid: Grid, mapping: Mapping, rows: tuple[int, ...], found: list[Placed], new: list[int], *, headings: dict[int, Heading]
) -> list[Remark]:  # fmt: skip
    """Return what is said about columns that moved, are new or gone, and about headings in another row."""
    said: list[Remark] = []
    if mapping.heading_rows and mapping.heading_rows[-1] != rows[-1]:
        text = msg(
            "The headings stand in row {now}, before in row {then}.", now=rows[-1], then=mapping.heading_rows[-1]
        )
        said.append(Remark(text, (grid.sheet.address(rows[-1], grid.columns[0]),)))
    for one in found:
        if one.spec.at and not one.spec.across and one.spec.at != grid.name(one.column):
            text = msg(
                "Column '{word}' moved from {then} to {now}.",
                word=one.spec.heading,
                then=one.spec.at,
                now=grid.name(one.column),
            )
            said.append(Remark(text, (grid.sheet.address(rows[-1], one.column),)))
    for column in new:
        if headings[column].stem or headings[column].period:
            text = msg(
                "Column '{word}' is not in the mapping and is not read.", word=" / ".join(headings[column].words)
            )
            said.append(Remark(text, (grid.sheet.address(rows[-1], column),)))
    there = {id(one.spec) for one in found}
    gone = [
        spec.heading
        for spec in mapping.columns
        if id(spec) not in there and spec.role is not Role.IGNORE and spec.heading
    ]
    if gone:
        said.append(Remark(msg("No longer in the sheet: {words}.", words=", ".join(gone))))
    return said


def year_of(
    grid: Grid, mapping: Mapping, placing: Placing, calendar: Calendar | None = None
) -> tuple[int, bool] | None:
    """Return the year that stands apart from the periods, and whether it is a planning year.

    Of `2025/26` it is the planning year that begins in 2025. Where years are those of the calendar it is the first of the two
    when the months across begin again, and else only a person can tell.
    """
    if mapping.year_from is Source.FIXED:
        return (mapping.year, False) if mapping.year else None
    named = [one for one in placing.columns if one.spec.role in (*NAME_ROLES, Role.DAY)]
    heads = [word for one in named for word in one.heading.words]
    texts = {Source.TITLE: grid.lines(placing.rows[0]), Source.SHEET: [grid.sheet.called], Source.HEADINGS: heads}.get(
        mapping.year_from or Source.MISSING, []
    )
    years = [found for text in texts for found in years_within(text)]
    if len({year for year, _ in years}) != 1:
        return None
    first = next((first for text in texts if (first := two_years(text)) is not None), None)
    if first is None:
        return years[0]
    if (planned := planning_year(first, calendar)) is not None:
        return planned, True
    months = [one.period.number for one in placing.columns if one.period and one.period.length is Length.MONTH]
    return (first, False) if months and months[0] > months[-1] else None


def dated(columns: tuple[Placed, ...], year: tuple[int, bool] | None) -> tuple[Placed, ...]:
    """Return the columns with the year filled in; where months begin again from the left, the next year has begun.

    From December to January, that is: the latest month first is the same year backwards.
    """
    if year is None:
        return columns
    turned: dict[str, tuple[int, int]] = {}
    found = []
    for one in columns:
        written = one.period
        if written is None or written.year is not None:
            found.append(one)
            continue
        passed, before = turned.get(one.spec.heading, (0, 0))
        if not year[1] and before - written.number > _OF_A_YEAR.get(written.length, 12) / 2:
            passed += 1
        turned[one.spec.heading] = (passed, written.number)
        found.append(replace(one, period=with_year(written, year[0] + passed, fiscal=year[1])))
    return tuple(found)
