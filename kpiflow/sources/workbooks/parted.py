"""Days of which one column says the year and another the month, quarter or week: 2013 | 3.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kpiflow.sources.workbooks.grid import part_of
from kpiflow.sources.workbooks.names import key
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.periods import Length, Written, period
from kpiflow.sources.workbooks.sheet import Cell

#: What a column is called whose plain numbers count periods of a year.
COUNTING: dict[Length, tuple[str, ...]] = {
    Length.DAY: ("day", "days", "date", "日", "日期", "tag", "datum", "jour", "día", "dia", "fecha"),
    Length.MONTH: (
        "month",
        "months",
        "月份",
        "月",
        "月度",
        "monat",
        "mois",
        "mes",
        "month no",
        "reporting month",
        "统计月份",
    ),
    Length.QUARTER: ("quarter", "qtr", "季度", "季", "quartal", "trimestre"),
    Length.WEEK: ("week", "calendar week", "周", "周次", "kw", "woche", "semaine", "semana"),
}

#: A column of days: its number, how sure it is one, its texts, its heading.
_Days = tuple[int, float, Mapping[str, int], Iterable[str]]

_BY_KEY = {key(word): length for length, words in COUNTING.items() for word in words}
_MOST = {Length.DAY: 31, Length.MONTH: 12, Length.QUARTER: 4, Length.WEEK: 53}


def counted(heading: Iterable[str]) -> Length | None:
    """Return what plain numbers below a heading count, None when it does not say.

    >>> counted(["Reporting", "Month"]), counted(["Date"]), counted(["Visits"])
    (<Length.MONTH: 'month'>, <Length.DAY: 'day'>, None)
    """
    return next((length for word in reversed(list(heading)) if (length := _BY_KEY.get(key(word)))), None)


def nth(value: object, length: Length | None) -> Written | None:
    """Return the period of a year that a plain number is, None when it is none.

    >>> nth(Decimal(3), Length.MONTH), nth("03", Length.QUARTER).number, nth(Decimal(13), Length.MONTH), nth(Decimal(3), None)
    (Written(length=<Length.MONTH: 'month'>, number=3, year=None, day=0, fiscal=False), 3, None, None)
    """
    text = format(value, "f") if isinstance(value, Decimal) else plain(value) if isinstance(value, str) else ""
    if length is None or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST[length]:
        return None
    return Written(length, day=int(text)) if length is Length.DAY else Written(length, int(text))


def year_in(cell: Cell) -> int | None:
    """Return the year a cell says and nothing else.

    >>> year_in(Cell(Decimal(2013))), year_in(Cell("2013年")), year_in(Cell("Mar 2013"))
    (2013, 2013, None)
    """
    written = period(plain(cell.value)) if isinstance(cell.value, str) else part_of(cell).period
    return written.year if written is not None and written.length is Length.YEAR else None


def years_only(words: Mapping[str, int]) -> bool:
    """Return whether all that stands in a column are years.

    >>> years_only({"2013": 5, "2014": 2}), years_only({"2013": 1, "Jan": 2}), years_only({})
    (True, False, False)
    """
    found = [period(word) for word in words]
    return bool(found) and all(one is not None and one.length is Length.YEAR for one in found)


def yearless(words: Mapping[str, int], heading: Iterable[str]) -> bool:
    """Return whether all that stands in a column are periods without their year.

    >>> yearless({"Jan": 1}, ["Month"]), yearless({"3": 2}, ["月份"]), yearless({"3": 2}, ["No"]), yearless({"2013-01": 1}, [])
    (True, True, False, False)
    """
    length = counted(heading)
    found = [period(word) or nth(word, length) for word in words]
    return bool(found) and all(one is not None and one.year is None for one in found)


def one_day(days: list[_Days]) -> set[int]:
    """Return the columns that together say the day of a row; of each: number, how sure it is one, its texts, its heading.

    Columns of years, of months and of days of the month make one; else the surest, and of equals the first that is more
    than a year.

    >>> sorted(one_day([(1, 4.0, {"2013": 9}, ["Year"]), (2, 4.0, {"3": 9}, ["Month"]), (5, 2.0, {}, ["Entered"])]))
    [1, 2]
    >>> one_day([(1, 4.0, {"2013": 9}, ["Year"]), (2, 4.0, {"2013-03": 9}, ["Month"])])
    {2}
    >>> sorted(one_day([(1, 4.0, {"2013": 9}, ["Year"]), (2, 4.0, {"3": 9}, ["Month"]), (3, 4.0, {"31": 1}, ["Day"])]))
    [1, 2, 3]
    """
    years = [one for one in days if years_only(one[2])]
    parts = [one for one in days if yearless(one[2], one[3])]
    whole = [one for one in days if one not in years and one not in parts]
    if years and parts and max((sure for _, sure, _, _ in whole), default=0.0) <= years[0][1]:
        finest = _finest(parts)
        if not any(sure == years[0][1] for _, sure, _, _ in whole):
            return {years[0][0], finest[0]} | _its_months(finest, parts)
    if parts and all(_is_month(one) for one in whole) and (months := _its_months(_finest(parts), [*parts, *whole])):
        return {_finest(parts)[0]} | months
    able = whole or parts or years
    return {max(able, key=lambda one: one[1])[0]} if able else set()


def _finest(parts: list[_Days]) -> _Days:
    return min(parts, key=lambda one: min(_length(word, one[3]) for word in one[2]))


def _its_months(finest: _Days, parts: list[_Days]) -> set[int]:
    """Return the columns of months beside a column of days that do not say theirs."""
    days = [period(word) or nth(word, counted(finest[3])) for word in finest[2]]
    if not all(one is not None and one.length in (Length.DAY, Length.TEN_DAYS) and not one.number for one in days):
        return set()
    return {one[0] for one in parts if one is not finest and _is_month(one)}


def _is_month(one: _Days) -> bool:
    return all(_length(word, one[3]) == list(Length).index(Length.MONTH) for word in one[2])


def _length(word: str, heading: Iterable[str]) -> int:
    """Return how long a period is, as a place in the order from short to long."""
    written = period(word) or nth(word, counted(heading))
    return list(Length).index(written.length) if written else len(Length)
