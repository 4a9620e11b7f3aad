"""From a period as written to its first and last day, in the company's own calendar where the sheet means that.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from calendar import monthrange
from dataclasses import replace

from kpiflow.core.calendar import Calendar, Cycle, Pattern
from kpiflow.sources.workbooks.periods import DayOf, Length, Written

#: The first and last day of a period.
Span = tuple[datetime.date, datetime.date]


def span(written: Written, calendar: Calendar | None) -> Span | None:
    """Return the first and last day of a period, None without a year or for a week the year does not have.

    Quarters and halves are those of the company's calendar when a cycle goes by that year; months are those of
    the calendar year, unless the sheet names a planning year.
    """
    if written.year is None:
        return None
    cycle = cycle_of(written.year, calendar)
    if written.length is Length.DAY:
        day = _day(written, cycle)
        return (day, day) if day else None
    if written.length is Length.WEEK:
        return _week(written)
    if written.length is Length.TEN_DAYS:
        return _third(written, cycle)
    if cycle is not None and not _ordinary(cycle) and (written.fiscal or written.length is not Length.MONTH):
        return _in_cycle(written, cycle)
    first, months = _months(written)
    last = first + months - 1
    return datetime.date(written.year, first, 1), datetime.date(written.year, last, monthrange(written.year, last)[1])


def recorded(written: Written, calendar: Calendar | None, day_of: DayOf) -> datetime.date | None:
    """Return the day a number of a period is recorded on."""
    found = span(written, calendar)
    return None if found is None else found[0 if day_of is DayOf.FIRST else 1]


def cycle_of(year: int, calendar: Calendar | None) -> Cycle | None:
    """Return the cycle people call by a year: its id says so, or it is the only one that starts then."""
    if calendar is None:
        return None
    names = {str(year), f"FY{year}", f"FY{year % 100:02d}"}
    named = [cycle for cycle in calendar.cycles if cycle.cycle in names]
    return named[0] if named else next((cycle for cycle in calendar.cycles if cycle.starts.year == year), None)


def planning_year(first: int, calendar: Calendar | None) -> int | None:
    """Return what people call the planning year by that begins within a year and ends in the next; None where there is none."""
    for cycle in calendar.cycles if calendar else ():
        if cycle.starts.year == first and not _ordinary(cycle):
            return next((year for year in (first, first + 1) if cycle_of(year, calendar) is cycle), None)
    return None


def _ordinary(cycle: Cycle) -> bool:
    """Return whether a cycle is a calendar year."""
    return cycle.pattern is Pattern.MONTHS and (cycle.starts.month, cycle.starts.day) == (1, 1)


def _months(written: Written) -> tuple[int, int]:
    """Return the first month of a period in the year, and how many there are."""
    length = {Length.MONTH: 1, Length.QUARTER: 3, Length.HALF: 6, Length.YEAR: 12}[written.length]
    return (max(written.number, 1) - 1) * length + 1, length


def _in_cycle(written: Written, cycle: Cycle) -> tuple[datetime.date, datetime.date] | None:
    """Return a period of a planning year; a month by its name is the one of that name in it, a counted one its nth."""
    months = cycle.months()
    if written.length is Length.MONTH and cycle.pattern is Pattern.MONTHS:
        return next(((starts, ends) for starts, ends in months if starts.month == written.number), None)
    first, count = _months(written)
    return months[first - 1][0], months[first + count - 2][1]


def _day(written: Written, cycle: Cycle | None) -> datetime.date | None:
    """Return a day; without a year of its own it is the one within the planning year."""
    year = written.year or 0
    if written.fiscal and cycle is not None and not _ordinary(cycle) and written.number < cycle.starts.month:
        year = cycle.starts.year + 1
    try:
        return datetime.date(year, written.number, written.day)
    except ValueError:
        return None


def _third(written: Written, cycle: Cycle | None) -> Span | None:
    """Return the first, second or last ten days of a month, the last with the days that are left."""
    first = _day(replace(written, day=1 + 10 * (written.day - 1)), cycle)
    if first is None:
        return None
    return first, first.replace(day=first.day + 9 if written.day < 3 else monthrange(first.year, first.month)[1])


def _week(written: Written) -> tuple[datetime.date, datetime.date] | None:
    """Return Monday and Sunday of a week, counted as ISO 8601 does."""
    try:
        monday = datetime.date.fromisocalendar(written.year or 0, written.number, 1)
    except ValueError:
        return None
    return monday, monday + datetime.timedelta(days=6)
