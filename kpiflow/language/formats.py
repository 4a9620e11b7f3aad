"""Numbers, money and days as people of each language write them (Babel does the writing)."""

import datetime
from decimal import Context, Decimal, localcontext
from functools import cache

from babel import Locale, dates, lists, numbers

from kpiflow.language.message import Quantity

#: How each measure is shown: its digits after the point, and what follows the number (English, 中文).
SHOWN: dict[str, tuple[str, str, str]] = {
    "percent": ("#,##0.00", " %", "%"),
    "permille": ("#,##0.00", " ‰", "‰"),
    "per_10k": ("#,##0.00#", " per 10,000", " ‱"),
    "per_100k": ("#,##0.00#", " per 100,000", " /十万"),
    "ppm": ("#,##0.00", " per million", " /百万"),
    "minutes": ("#,##0.0", " min", " 分钟"),
    "hours": ("#,##0.0", " h", " 小时"),
    "days": ("#,##0.#", " d", " 天"),
    "points": ("#,##0.0#", "", ""),
    "score": ("#,##0.0#", "", ""),
    "ratio": ("#,##0.0###", "", ""),
    "count": ("#,##0.##", "", ""),  # less exactly where it is large: see _counted
    "uncut": ("#,##0.##", "", ""),
    "number": ("#,##0.####", "", ""),
}

#: Counts from here on are shown without digits after the point.
WHOLE_FROM = 100

#: Digits enough for any float: without them Babel gives up on numbers of more than 28 digits.
_ANY_FLOAT = Context(prec=400)


@cache
def babel_locale(locale: str) -> Locale:
    """Return the Babel locale of one of ours, read once: a page writes hundreds of numbers."""
    return Locale.parse({"zh": "zh_Hans_CN"}.get(locale, "en"))


#: How a pattern is read, once for each.
_pattern = cache(numbers.parse_pattern)


def number(value: float | int | Decimal, locale: str, pattern: str = "#,##0.####") -> str:
    """Return a plain number, at most four digits after the point."""
    with localcontext(_ANY_FLOAT):
        return numbers.format_decimal(value, format=_pattern(pattern), locale=babel_locale(locale))


def share(value: float | None, locale: str, pattern: str | None = None) -> str:
    """Return a ratio as a percentage: 0.926 → 92.6 %."""
    shown = pattern or ("#,##0.0#%" if locale == "zh" else "#,##0.0# %")
    with localcontext(_ANY_FLOAT):
        return (
            "–" if value is None else numbers.format_percent(value, format=_pattern(shown), locale=babel_locale(locale))
        )


def quantity(shown: Quantity, locale: str) -> str:
    """Return a value with its measure, such as `73.42 %` or `¥14,897.26`; absent is a dash."""
    if shown.value is None:
        return "–"
    if shown.measure == "currency":
        with localcontext(_ANY_FLOAT):
            text = numbers.format_currency(shown.value, shown.currency or "CNY", locale=babel_locale(locale))
        return f"+{text}" if shown.signed and shown.value > 0 else text
    if shown.measure == "attainment":
        return share(shown.value, locale)
    if shown.measure == "part":
        return share(shown.value, locale, "#,##0%" if locale == "zh" else "#,##0 %")
    pattern, english, chinese = SHOWN.get(shown.measure, SHOWN["number"])
    after = chinese if locale == "zh" else english
    if shown.difference and shown.measure == "percent":
        after = " 个百分点" if locale == "zh" else " pp"
    text = number(shown.value, locale, _counted(shown.value) if shown.measure == "count" else pattern)
    return (f"+{text}" if shown.signed and shown.value > 0 else text) + after


def _counted(value: float) -> str:
    """Return the pattern of something counted in ones: what is expected of it, or forecast, has no hundredths worth reading."""
    size = abs(value)
    return "#,##0" if size >= WHOLE_FROM else "#,##0.#" if size >= 1 else "#,##0.##"


def day(value: datetime.date, locale: str) -> str:
    """Return a day in the language's medium form."""
    return dates.format_date(value, format="medium", locale=babel_locale(locale))


def listing(items: list[str], locale: str) -> str:
    """Return `a, b and c` as the language writes lists."""
    return lists.format_list(items, locale=babel_locale(locale)) if items else "–"
