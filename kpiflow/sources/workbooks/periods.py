"""Periods and days as headings, cells and titles write them, in several languages.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from babel.dates import get_month_names

from kpiflow.sources.workbooks.numerals import both_languages, chinese, plain, remembered, simplified, unmarked
from kpiflow.sources.workbooks.writing import DayOrder


class DayOf(StrEnum):
    """On which day of its period a number is recorded."""

    FIRST = "first"
    LAST = "last"


class Length(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    TEN_DAYS = "ten days"  # 旬: `day` is which third of the month
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True)
class Written:
    """A period as it is written: its number within the year (0 for a year), and the year where it stands there too.

    `day` is the number within the month, for days; `number` is 0 where their month stands elsewhere. `fiscal`: the year is
    a planning year, or the month counts from its start.
    """

    length: Length
    number: int = 0
    year: int | None = None
    day: int = 0
    fiscal: bool = False

    @property
    def either(self) -> bool:
        """Whether it is a day of which nobody has said what comes first, its day or its month."""
        return self.length is Length.DAY and not self.day


#: A day that can be two.
EITHER = Written(Length.DAY)

#: The languages whose names of months are read.
MONTHS_OF: tuple[str, ...] = ("en", "de", "fr", "es", "it", "nl", "pt")

_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_SHORT = r"(?P<year>(?:19|20|21)\d\d|\d\d)"
_GAP = r"[\s\-/.,'’_]*"
_DAYS = r"(?:\s*\([\d\s./~月日–-]+\))?"  # which days a week has, said behind it
_FY = r"(?P<fiscal>fy|fiscal year|gj)?\s*'?"


@cache
def month_names() -> dict[str, int]:
    """Return the names of months and their short forms in small letters, and which month each is."""
    found: dict[str, int] = {"sept": 9, "mrz": 3, "jän": 1}
    for locale in MONTHS_OF:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found


_NAMES = "|".join(sorted(map(re.escape, month_names()), key=len, reverse=True))
_MON = rf"(?P<name>{_NAMES})\.?"
_CHINESE_DATE = re.compile(r"[〇零○一二三四五六七八九十]+(?=\s*[年月日季周])|(?<=第)[一二三四五六七八九十]+")


@dataclass(frozen=True)
class Form:
    """One way to write a period: what length it is, how it is recognised, and examples."""

    length: Length
    pattern: str
    examples: tuple[str, ...]

    @property
    def matcher(self) -> re.Pattern[str]:
        """The pattern, for a text in small letters."""
        return _compiled(self.pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


#: Every way a period may be written; the first that fits the whole text is taken.
FORMS: tuple[Form, ...] = (
    Form(Length.DAY, rf"{_YEAR}\s*(?P<sign>[-/.])\s*(?P<month>\d{{1,2}})\s*(?P=sign)\s*(?P<day>\d{{1,2}})\s*日?",
         ("2026-01-31", "2026/1/31")),
    Form(Length.DAY, rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日?",
         ("2026年1月31日", "二〇二六年一月三十一日")),
    Form(Length.DAY, rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])", ("20260131",)),
    Form(Length.DAY, r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>(?:19|20|21)\d\d|\d{1,2})",
         ("31.01.2026", "31/01/2026", "01/31/26", "26.1.5")),
    Form(Length.DAY, rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s\-/]*{_MON}{_GAP}{_SHORT}",
         ("31 Jan 2026", "31-Jan-26", "31. Januar 2026")),
    Form(Length.DAY, rf"{_MON}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", ("Jan 31, 2026", "January 31st 2026")),
    Form(Length.DAY, r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]", ("1月31日", "1月31号")),
    Form(Length.DAY, rf"(?P<day>\d{{1,2}})\.?[\s\-]+{_MON}", ("31 Jan", "31-Jan")),
    Form(Length.DAY, r"(?P<day>\d{1,2})\s*日", ("1日", "31日")),
    Form(Length.TEN_DAYS, rf"(?:(?:{_YEAR}\s*年\s*)?(?P<month>\d{{1,2}})\s*月份?\s*)?(?P<third>[上中下])旬",
         ("上旬", "3月中旬", "2026年1月下旬")),
    Form(Length.MONTH, rf"{_YEAR}\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*(?:月份?|月度)?",
         ("2026-01", "2026/1", "2026年1月", "2026年1月份")),
    Form(Length.MONTH, rf"{_YEAR}(?P<month>0[1-9]|1[0-2])", ("202601",)),
    Form(Length.MONTH, rf"(?P<month>\d{{1,2}})[-/.]{_YEAR}", ("01/2026", "1-2026")),
    Form(Length.MONTH, rf"{_SHORT}年\s*(?P<month>\d{{1,2}})\s*月份?", ("26年1月",)),
    Form(Length.MONTH, rf"{_MON}{_GAP}{_SHORT}", ("Jan 2026", "Jan-26", "January '26", "Januar 2026", "janv. 2026")),
    Form(Length.MONTH, rf"{_YEAR}{_GAP}{_MON}", ("2026 Jan", "2026-Jan")),
    Form(Length.MONTH, r"(?P<month>\d{1,2})\s*(?:月份?|月度)", ("1月", "一月", "1月份")),
    Form(Length.MONTH, _MON, ("Jan", "January", "Sept.", "März", "août")),
    Form(Length.MONTH, rf"{_YEAR}{_GAP}m\s*(?P<month>\d{{1,2}})", ("2026M01",)),
    Form(Length.MONTH, r"(?:m|month|monat|mois)\s*(?P<month>\d{1,2})", ("M1", "Month 1")),
    Form(Length.MONTH, rf"(?:{_FY}{_SHORT}{_GAP})?(?:p|period)\s*(?P<counted>\d{{1,2}})", ("P03", "FY26 P03", "Period 3")),
    Form(Length.QUARTER, rf"(?:q|quarter|quartal)\s*(?P<number>[1-4])(?:{_GAP}{_FY}{_SHORT})?",
         ("Q1", "Q1 2026", "Q1/26", "Quarter 1")),
    Form(Length.QUARTER, rf"{_FY}{_SHORT}年?(?:{_GAP})q\s*(?P<number>[1-4])", ("2026 Q1", "2026-Q1", "FY26 Q1")),
    Form(Length.QUARTER, rf"(?P<number>[1-4])\s*(?:q|\.\s*quartal|(?:st|nd|rd|th)\s*quarter)(?:{_GAP}{_SHORT})?",
         ("1Q26", "1. Quartal", "1st quarter 2026")),
    Form(Length.QUARTER, rf"(?:{_SHORT}年?(?:度)?\s*)?第?\s*(?P<number>[1-4])\s*季度?", ("一季度", "第一季度", "2026年第1季度")),
    Form(Length.HALF, rf"h\s*(?P<number>[12])(?:{_GAP}{_FY}{_SHORT})?", ("H1", "H1 2026")),
    Form(Length.HALF, rf"hj\s*(?P<number>[12])(?:{_GAP}{_SHORT})?", ("HJ1", "HJ 1/2026")),
    Form(Length.HALF, rf"(?P<number>[12])\.\s*(?:hj|halbjahr)(?:{_GAP}{_SHORT})?", ("1. Halbjahr", "2. HJ 2026")),
    Form(Length.HALF, rf"{_FY}{_SHORT}年?{_GAP}h\s*(?P<number>[12])", ("2026 H1",)),
    Form(Length.HALF, rf"(?:{_SHORT}年?(?:度)?\s*)?(?P<half>上|下)半年度?", ("上半年", "2026年下半年")),
    Form(Length.WEEK, rf"(?:{_YEAR}{_GAP})?(?:w|wk|week|kw|cw)\.?\s*(?P<number>\d{{1,2}}){_DAYS}",
         ("W5", "Week 5", "KW 5", "2026-W05")),
    Form(Length.WEEK, rf"(?:w|wk|week|kw|cw)\.?\s*(?P<number>\d{{1,2}}){_GAP}{_YEAR}", ("W5 2026", "KW 5/2026")),
    Form(Length.WEEK, rf"(?:{_YEAR}年?\s*)?第?\s*(?P<number>\d{{1,2}})\s*周{_DAYS}", ("第5周", "2026年第5周", "第5周(1.26-2.1)")),
    Form(Length.YEAR, r"(?P<fiscal>fy|fiscal year|gj)\s*'?(?P<year>(?:19|20|21)\d\d|\d\d)", ("FY26", "FY2026")),
    Form(Length.YEAR, rf"{_YEAR}\s*(?P<fiscal>财年|财政年度)", ("2026财年",)),
    Form(Length.YEAR, rf"(?:cy|year|jahr)?\s*{_YEAR}\s*(?:年度?)?", ("2026", "2026年", "2026年度")),
)  # fmt: skip

#: Forms that may be looked for inside a longer text: those that say their year.
_WITHIN = (Length.DAY, Length.TEN_DAYS, Length.MONTH, Length.QUARTER, Length.HALF, Length.WEEK)


@lru_cache(maxsize=65536)
def period(text: str, order: DayOrder = DayOrder.AUTO) -> Written | None:
    """Return the period a whole text names, None when it is none or a day that does not exist.

    >>> period("Jan-26"), period("二〇二六年一月").year
    (Written(length=<Length.MONTH: 'month'>, number=1, year=2026, day=0, fiscal=False), 2026)
    >>> period("31/01/2026").day, period("01/02/2026"), period("30.02.2026"), period("May I ask")
    (31, None, None, None)
    """
    said = _folded(text)
    if not said or len(said) > 40:
        return None
    for form in FORMS:
        match = form.matcher.fullmatch(said)
        if match is not None:
            made = _made(form.length, match.groupdict(), order)
            if made is not None:
                return made
    halves = both_languages(text)
    if halves and (one := period(halves[0], order)) is not None and one == period(halves[1].strip("()[] "), order):
        return one
    return None


@remembered
def orders(text: str) -> frozenset[DayOrder]:
    """Return in which orders a text is a day; both when only its column can tell, none when it says it itself.

    >>> sorted(orders("31/01/2026")), len(orders("01/02/2026")), orders("2026-01-31")
    ([<DayOrder.DAY_FIRST: '31/01/2026'>], 2, frozenset())
    """
    if not re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{1,2}|\d{4})", _folded(text)):
        return frozenset()
    able = frozenset(order for order in DayOrder if order is not DayOrder.AUTO and period(text, order) is not None)
    return frozenset() if len(able) > 1 and len({period(text, order) for order in able}) == 1 else able


def order_of(texts: Iterable[str], years: Collection[int] = ()) -> DayOrder | None:
    """Return in which order a column's days are written, None when they cannot tell; `years` are those that are spoken of.

    A year in two digits may stand first or last. Then the years decide: those spoken of, else the order that needs fewer.

    >>> order_of(["01/02/2026", "31/01/2026"]), order_of(["01/02/2026"])
    (<DayOrder.DAY_FIRST: '31/01/2026'>, None)
    >>> order_of(["13.03.05", "13.03.06"]), order_of(["13.03.05"], {2013}), order_of(["13.03.05"])
    (<DayOrder.YEAR_FIRST: '26/01/31'>, <DayOrder.YEAR_FIRST: '26/01/31'>, None)
    """
    written = {text: ways for text in texts if (ways := orders(text))}
    able = frozenset[DayOrder].intersection(*written.values()) if written else frozenset[DayOrder]()
    if len(able) < 2:
        return next(iter(able), None)
    needed = {order: {made.year for text in written if (made := period(text, order))} for order in able}
    fit = {order for order in able if needed[order] <= set(years)}
    if not fit:
        fewest = min(len(found) for found in needed.values())
        fit = {order for order in able if len(needed[order]) == fewest}
    return fit.pop() if len(fit) == 1 else None


def period_within(text: str) -> Written | None:
    """Return the one period with its year that stands somewhere in a longer text, such as a title.

    >>> period_within("Operations report January 2026 (draft)").number, period_within("2026年1月各部门考核表").number
    (1, 1)
    """
    said = _folded(text)
    for form in FORMS:
        if form.length not in _WITHIN:
            continue
        before = r"(?<![\w.\-/])" if said.isascii() else r"(?<![\d.\-/])"
        for match in re.finditer(rf"{before}{form.pattern}(?!\d|[-/.]\d|\s*\d*\s*[日号月])", said):
            groups = match.groupdict()
            if groups.get("year") and len(groups["year"]) == 4:
                made = _made(form.length, groups, DayOrder.AUTO)
                if made is not None:
                    return made
    return None


def spans_several(text: str) -> bool:
    """Return whether a text speaks of a run of months, of which none is the period of its numbers.

    >>> [spans_several(text) for text in ("2013年1-3月累计", "Jan–Mar 2013", "一至三月", "2013-03", "March 2013", "Mar-13")]
    [True, True, True, False, False, False]
    """
    said = _folded(text)
    return any(form.search(said) for form in _several())


@cache
def _several() -> tuple[re.Pattern[str], ...]:
    """Return how a run of months is written in characters, and by the names of the months."""
    number, to = "[0-9一二三四五六七八九十]{1,3}", r"\s*(?:[-–—~至到]|to|through|bis|à)\s*"
    return (
        re.compile(rf"(?<!\d){number}\s*月?{to}{number}\s*月"),
        re.compile(rf"(?<!\w)(?:{_NAMES})\.?(?:{_GAP}(?:\d\d)?\d\d)?{to}(?:{_NAMES})(?!\w)"),
    )


def years_within(text: str) -> list[tuple[int, bool]]:
    """Return the years a text names, each with whether it is a planning year.

    >>> years_within("2026年度考核表"), years_within("Scorecard FY26"), years_within("Room 20261"), years_within("Sales 2025/26")
    ([(2026, False)], [(2026, True)], [], [(2025, True)])
    """
    said = _folded(text)
    found: dict[int, bool] = {}
    if (first := two_years(text)) is not None:
        return [(first, True)]
    for match in re.finditer(
        r"(?<!\w)fy\s*'?(\d{4}|\d{2})(?!\d)|(?<!\d)((?:19|20|21)\d\d)(?!\d)\s*(财年|财政年度)?", said
    ):
        year = int(match[1] or match[2])
        found.setdefault(year + 2000 if year < 100 else year, bool(match[1] or match[3]))
    return list(found.items())


def two_years(text: str) -> int | None:
    """Return the first of the two years a planning year lies in, where a text writes it so; None where it does not.

    >>> two_years("Sales 2025/26"), two_years("2025–2026"), two_years("2011-12"), two_years("2025-27"), two_years("2025/26/3")
    (2025, 2025, None, None, None)
    """
    found = {
        int(first)
        for first, second in re.findall(
            r"(?<![\d/-])((?:19|20|21)\d\d)\s*[-/–—]\s*(\d{2}|\d{4})(?![\d/-])", _folded(text)
        )
        if (int(first) + 1) % (100 if len(second) == 2 else 10_000) == int(second) and int(second) > 12
    }
    return found.pop() if len(found) == 1 else None


def of_day(day: datetime.date, *, month_only: bool = False) -> Written:
    """Return a day as a period; with `month_only`, the month it stands for."""
    length = Length.MONTH if month_only else Length.DAY
    return Written(length, day.month, day.year, 0 if month_only else day.day)


def with_year(written: Written, year: int, *, fiscal: bool = False) -> Written:
    """Return a period with the year that stands elsewhere."""
    return written if written.year is not None else replace(written, year=year, fiscal=fiscal or written.fiscal)


def _folded(text: str) -> str:
    """Return a text in small letters with Chinese numbers in digits, without a time of midnight at its end."""
    said = re.sub(r"[t ]00:00(:00(\.0+)?)?(z|\+00:00)?$", "", unmarked(plain(text)).casefold().strip(" :;"))
    return (
        said
        if said.isascii()
        else _CHINESE_DATE.sub(lambda match: str(chinese(match[0]) or match[0]), simplified(said))
    )


def _made(length: Length, groups: dict[str, str | None], order: DayOrder) -> Written | None:
    """Return the period of a match, None when its numbers are none of a calendar."""
    said = {key: value for key, value in groups.items() if value}
    year = int(said["year"]) if "year" in said else None
    if length is Length.DAY and "first" in said:
        return _in_order(said, order)
    if year is not None and year < 100:
        year += 2000
    if length is Length.DAY:
        number = month_names()[said["name"]] if "name" in said else int(said.get("month", 0))
        return _day(year, number, int(said["day"]))
    if length is Length.TEN_DAYS:
        made = _day(year, int(said.get("month", 0)), "上中下".index(said["third"]) + 1)
        return replace(made, length=length) if made else None
    if "half" in said:
        return Written(length, 1 if said["half"] == "上" else 2, year)
    number = (
        month_names()[said["name"]]
        if "name" in said
        else int(said.get("month") or said.get("counted") or said.get("number") or 0)
    )
    most = {Length.MONTH: 12, Length.QUARTER: 4, Length.HALF: 2, Length.WEEK: 53, Length.YEAR: 0}[length]
    if not (number or length is Length.YEAR) or number > most:
        return None
    return Written(length, number, year, fiscal="fiscal" in said or "counted" in said)


def _in_order(said: dict[str, str], order: DayOrder) -> Written | None:
    """Return a day of three numbers; only when just one order is possible or the order is given."""
    first, second, third = said["first"], said["second"], said["year"]
    if order is DayOrder.AUTO:
        able = {made for way in DayOrder if way is not DayOrder.AUTO and (made := _in_order(said, way)) is not None}
        return able.pop() if len(able) == 1 else None
    if order is DayOrder.YEAR_FIRST:
        return _day(2000 + int(first), int(second), int(third)) if len(first) == 2 and len(third) < 3 else None
    if len(third) == 1:
        return None
    year = int(third) + (2000 if len(third) == 2 else 0)
    month, day = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
    return _day(year, int(month), int(day))


def _day(year: int | None, month: int, day: int) -> Written | None:
    """Return a day, None when no calendar has it; a month of 0 is one that stands elsewhere."""
    try:
        datetime.date(year or 2000, month or 1, day)
    except ValueError:
        return None
    return Written(Length.DAY, month, year, day)
