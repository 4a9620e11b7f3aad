"""What a number format makes of a number: a percentage, a day, a time, or nothing else than itself.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
import re
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import cache

#: Formats a file names by number alone; the others between are plain numbers.
BUILT_IN: dict[int, str] = {
    9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: "h:mm AM/PM", 35: "h:mm:ss AM/PM", 36: 'yyyy"年"m"月"',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: "h:mm AM/PM", 56: "h:mm:ss AM/PM", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

#: The day a serial number counts from, in the two systems of Excel; the first counts a 29 February 1900 that never was.
EPOCH_1900, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)

#: Excel shows 15 digits; what is beyond them is the noise of binary fractions, as in 0.30000000000000004.
_SHOWN = Context(prec=15)


class Shows(StrEnum):
    """What a format shows."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    TIME = "time"


@cache
def shows(written: str | None) -> Shows:
    """Return what a number format shows.

    >>> [shows(text).value for text in ("0.0%", "mmm-yy", "[h]:mm", '#,##0 "days"', '0.0"%"', "[Red]0.00", "General")]
    ['percent', 'day', 'time', 'number', 'number', 'number', 'number']
    """
    if not written or written.casefold() == "general":
        return Shows.NUMBER
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.', "", written.split(";")[0])
    bare = re.sub(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", "", bare, flags=re.IGNORECASE).casefold()
    if "%" in bare:
        return Shows.PERCENT
    if re.search("[yd]|m{3}", bare):
        return Shows.DAY
    if re.search("[hs]", bare):
        return Shows.TIME
    return Shows.DAY if "m" in bare else Shows.NUMBER


def literal(written: str | None) -> str:
    """Return the words a format puts around a number.

    >>> literal('#,##0.0"万元"')
    '万元'
    """
    return "".join(re.findall(r'"([^"]*)"', (written or "").split(";")[0])) if written and '"' in written else ""


def number(stored: str) -> Decimal | None:
    """Return a number as a spreadsheet shows it, from the text the file stores; None for none, nan and infinities.

    >>> number("0.30000000000000004"), number("1e3"), number("nan")
    (Decimal('0.3'), Decimal('1E+3'), None)
    """
    try:
        read = _SHOWN.create_decimal(stored)
    except InvalidOperation:
        return None
    if not read.is_finite():
        return None
    return read.normalize() if len(stored) > 15 else read


def from_serial(serial: Decimal, written: str | None, epoch: datetime.date) -> object:
    """Return the day, moment or length of time a number is, or the number itself when it lies beyond the calendar."""
    if shows(written) is Shows.TIME:
        return datetime.timedelta(seconds=float(round(serial * 86_400, 3))) if abs(serial) < 1_000_000 else serial
    return day_of_serial(serial, epoch) or serial


def day_of_serial(serial: Decimal, epoch: datetime.date) -> datetime.date | datetime.datetime | None:
    """Return the day or moment of a serial number, None beyond the calendar.

    >>> day_of_serial(Decimal(46053), EPOCH_1900), day_of_serial(Decimal(44591), EPOCH_1904)
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31))
    >>> day_of_serial(Decimal(1), EPOCH_1900), day_of_serial(Decimal(-1), EPOCH_1900)
    (datetime.date(1900, 1, 1), None)
    """
    if not 0 <= serial < 2_958_466:
        return None
    days = int(serial)
    if epoch == EPOCH_1900 and days < 60:
        days += 1
    try:
        day = epoch + datetime.timedelta(days=days)
    except OverflowError:
        return None
    seconds = round((serial - int(serial)) * 86_400)
    if not seconds:
        return day
    return datetime.datetime(day.year, day.month, day.day) + datetime.timedelta(seconds=seconds)  # noqa: DTZ001  (a sheet has no zone)
