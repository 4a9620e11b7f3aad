"""Numbers as people write them in texts, in English, European and Chinese notation, read exactly or not at all.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from babel.numbers import is_currency

from kpiflow.core.metric import Measure
from kpiflow.sources.workbooks.numerals import CHINESE, chinese, plain, simplified, unmarked


class Notation(StrEnum):
    """How numbers in texts are written; groups may also be set apart by spaces or apostrophes."""

    AUTO = "auto"
    ENGLISH = "1,234.5"
    EUROPEAN = "1.234,5"


class DayOrder(StrEnum):
    """What comes first in a day such as 02/03/2026."""

    AUTO = "auto"
    DAY_FIRST = "31/01/2026"
    MONTH_FIRST = "01/31/2026"
    YEAR_FIRST = "26/01/31"


@dataclass(frozen=True)
class Amount:
    """A number with what was written beside it.

    `value` is without sign: of 85.3 % it is 85.3, and `share` 100. `times` is what a word such as 万 multiplied it by.
    `currencies` are those its sign can mean; `measure` what a word after it counts, such as minutes.
    `clock`: it is written as hours and minutes together, and a number for a metric of time alone.
    """

    value: Decimal
    share: int | None = None
    times: Decimal | None = None
    currencies: frozenset[str] = frozenset()
    measure: Measure | None = None
    clock: bool = field(default=False, repr=False)


#: What stands in a cell where there is nothing to say.
BLANKS: tuple[str, ...] = (
    "-", "–", "—", "--", "---", "——", "/", "\\", ".", "...", "…", "n/a", "n.a.", "n.a", "na", "nil", "none", "null", "tbd",
    "k.a.", "k. a.", "s.o.", "无", "暂无", "空", "未填", "不适用", "未统计", "待定", "缺", "x", "×",
)  # fmt: skip

#: What the number before them is a share of.
SHARES: dict[str, int] = {
    "%": 100, "percent": 100, "per cent": 100, "pct": 100, "prozent": 100, "‰": 1000, "per mille": 1000, "promille": 1000,
    "‱": 10_000, "bp": 10_000, "bps": 10_000,
}  # fmt: skip

#: The same in front of a number.
SHARES_BEFORE: dict[str, int] = {"百分之": 100, "千分之": 1000, "万分之": 10_000}

#: What the number before them is multiplied by.
TIMES: dict[str, int] = {
    "千": 10**3, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9,
    "万亿": 10**12, "k": 10**3, "thousand": 10**3, "thousands": 10**3, "tsd": 10**3, "tsd.": 10**3, "'000": 10**3, "000": 10**3,
    "000s": 10**3,
    "m": 10**6, "mm": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6, "mio.": 10**6, "million": 10**6, "millions": 10**6,
    "b": 10**9, "bn": 10**9, "mrd": 10**9, "mrd.": 10**9, "billion": 10**9, "billions": 10**9, "lakh": 10**5,
    "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "crore": 10**7, "crores": 10**7, "milliers": 10**3, "tausend": 10**3,
}  # fmt: skip

#: Signs and codes of money, and the currencies each can mean.
MONEY: dict[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}), "元": frozenset({"CNY"}), "人民币": frozenset({"CNY"}), "rmb": frozenset({"CNY"}),
    "$": frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"}), "us$": frozenset({"USD"}), "hk$": frozenset({"HKD"}),
    "美元": frozenset({"USD"}), "欧元": frozenset({"EUR"}), "港元": frozenset({"HKD"}), "港币": frozenset({"HKD"}),
    "日元": frozenset({"JPY"}), "英镑": frozenset({"GBP"}), "€": frozenset({"EUR"}), "£": frozenset({"GBP"}),
    "₹": frozenset({"INR"}), "₩": frozenset({"KRW"}), "euro": frozenset({"EUR"}), "euros": frozenset({"EUR"}),
    **dict.fromkeys(("rs", "rs.", "₨", "rupees"), frozenset({"INR", "LKR", "PKR"})),
} | {
    code.casefold(): frozenset({code})
    for code in (
        "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "MXN", "MYR", "NOK",
        "NZD", "PLN", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "VND", "ZAR",
    )
}  # fmt: skip

#: Words for what is counted.
COUNTED: dict[str, Measure] = {
    **dict.fromkeys(("min", "min.", "mins", "minutes", "分钟"), Measure.MINUTES),
    **dict.fromkeys(("h", "hr", "hrs", "hours", "std", "小时"), Measure.HOURS),
    **dict.fromkeys(("d", "days", "tage", "天"), Measure.DAYS),
    **dict.fromkeys(("pt", "pts", "points", "分"), Measure.POINTS),
    **dict.fromkeys(
        ("次", "人", "个", "件", "起", "架次", "班", "班次", "人次", "台", "单", "户", "条", "例", "项", "位", "名", "笔",
         "pcs", "people", "persons", "times", "cases", "stk"),
        Measure.COUNT,
    ),
}  # fmt: skip

#: Letters for a multiple that only stand before money: T€, TEUR, k$, MEUR; and `Cr`, which elsewhere is a credit.
_MULTIPLES: dict[str, str] = {"t": "k", "k": "k", "m": "m", "mn": "m", "mio": "m", "mio.": "m", "bn": "b", "md": "b"}
_OF_MONEY = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_MULTIPLES, key=len, reverse=True)))})\s?(?=[€£¥₹$]|(?:us|hk)\$|[a-z]{{3}}\b)"
)

_SPACES = " '’_"
_CORE = rf"\d[\d.,{_SPACES}]*\d|\d|[.,]\d+"
_WORDS = sorted([*SHARES, *TIMES, *MONEY, *COUNTED], key=len, reverse=True)
_BEFORE = "|".join(re.escape(word) for word in sorted(MONEY, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<sign>[-+–]?)\s*(?P<money>{_BEFORE})?\s*(?P<after>[-+–]?)\s*(?P<core>{_CORE})(?P<power>e[-+]?\d{{1,2}})?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)([^()\d]*)")
_LASTING = re.compile(
    r"(?P<h>\d{1,5})\s?(?:h|hrs?|hours?|std\.?|小时|小時)\s?(?P<min>[0-5]?\d)\s?(?:m|mins?|minutes?|'|分|分钟|分鐘)?",
    re.IGNORECASE,
)  # 8:30 may be minutes and seconds
_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?=$|[.,]\d)")
_ENGLISH = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}|\d+)?(?:\.\d+)?")
_EUROPEAN = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)?(?:,\d+)?")


def is_blank(text: str) -> bool:
    """Return whether a text says that there is nothing."""
    return not text or text.casefold() in BLANKS


@lru_cache(maxsize=65536)
def amount(text: str, notation: Notation = Notation.AUTO) -> Amount | None:
    """Return the number a text says, None when it says none in this notation.

    >>> amount("85,3 %", Notation.EUROPEAN)
    Amount(value=Decimal('85.3'), share=100, times=None, currencies=frozenset(), measure=None)
    >>> [str(amount(text).value) for text in ("(1,234.50)", "1.234,50-", "百分之八十五", "3.2万", "1'000")]
    ['-1234.50', '-1234.50', '85', '32000.0', '1000']
    >>> [str(amount(text).value) for text in ("8h30", "1 h 5 min", "2小时15分")], amount("8:30")
    (['510', '65', '135'], None)
    """
    written = unmarked(plain(text))
    if bracket := _BRACKETS.fullmatch(written):
        inner = amount(bracket[1] + bracket[2], notation)
        return None if inner is None or inner.value < 0 else _with_value(inner, -inner.value)
    if lasting := _LASTING.fullmatch(written):
        return Amount(Decimal(int(lasting["h"]) * 60 + int(lasting["min"])), measure=Measure.MINUTES, clock=True)
    match = _NUMBER.fullmatch(written)
    if match is None:
        return _in_characters(written)
    rest, minus = match["rest"].strip(), match["sign"] + match["after"]
    if rest.endswith("-") and not minus:
        rest, minus = rest[:-1].strip(), "-"
    value = _core(match["core"], notation)
    if value is None or len(minus) > 1:
        return None
    if match["power"]:
        value = value.scaleb(int(match["power"][1:]))
    money = MONEY[match["money"].casefold()] if match["money"] else frozenset()
    return _beside(-value if minus in ("-", "–") and minus else value, rest, money)


def notations(text: str) -> frozenset[Notation]:
    """Return the notations a text is a number in and which make different numbers of it; empty when it does not matter.

    >>> [len(notations(text)) for text in ("1,234.5", "85,3", "1.234", "85", "unit")]
    [1, 1, 2, 0, 0]
    """
    if "." not in text and "," not in text and "．" not in text and "，" not in text:
        return frozenset()
    read = {way: amount(text, way) for way in (Notation.ENGLISH, Notation.EUROPEAN)}
    able = frozenset(way for way, found in read.items() if found is not None)
    same = len(able) == 2 and read[Notation.ENGLISH] == read[Notation.EUROPEAN]
    return frozenset() if same else able


@lru_cache(maxsize=65536)
def scale_of(text: str) -> tuple[Amount, str] | None:
    """Return what the numbers under a heading are in, as the amount that 1 there is, and the heading without it.

    >>> made, left = scale_of("收入（万元）")
    >>> str(made.value), left
    ('10000', '收入')
    >>> scale_of("On-time rate (%)")[0].share, scale_of("Revenue in EUR million")[0].value, scale_of("North (EWR)")
    (100, Decimal('1000000'), None)
    """
    written = simplified(plain(text))
    for pattern in (
        r"(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*$",
        r"(.*?),?\s+in\s+(.+)$",
        r"(.*?)\s*[:/]\s*([^:/]+)$",
        r"()(.+)$",
    ):
        match = re.match(pattern, written, re.IGNORECASE)
        if match:
            inside = re.sub(r"^(单位|unit|in)\s*[::]?\s*", "", match[2].strip(), flags=re.IGNORECASE)
            inside = re.sub(r"\s+in\s+", " ", inside)  # ₹ in lakhs
            made = _beside(Decimal(1), inside, frozenset()) if inside else None
            hours = inside.casefold() == "h" and match[0].endswith((")", "]"))
            if made is not None and (hours or inside.casefold() not in ("b", "m", "d", "h", "x")):
                return made, match[1].strip()
    return None


def measure_of(text: str) -> Amount | None:
    """Return what a cell says that numbers are in, as the amount that 1 there is: letters alone say it here, `h` and `m` too.

    >>> measure_of("万元").value, measure_of("h").measure.value, measure_of("架次").times, measure_of("Newark")
    (Decimal('10000'), 'hours', None, None)
    >>> measure_of("KZT").currencies, measure_of("万 CNY").times, measure_of("EWR")
    (frozenset({'KZT'}), Decimal('10000'), None)
    """
    bare = plain(text).strip(" ()[]")
    made = _beside(Decimal(1), bare, frozenset()) if bare else None
    if made is None and re.fullmatch("[A-Z]{3}", bare) and is_currency(bare):
        return Amount(Decimal(1), currencies=frozenset({bare}))  # of the others in the world only the code is known
    return made


def measures_of(texts: tuple[str, ...]) -> Amount | None:
    """Return what several cells together say that numbers are in: 万 in one column and CNY in another.

    >>> made = measures_of(("万", "CNY"))
    >>> str(made.value), made.currencies, measures_of(("Newark",)), measures_of(())
    ('10000', frozenset({'CNY'}), None, None)
    """
    told = [one for text in texts if (one := measure_of(text)) is not None]
    if len(told) < 2:
        return told[0] if told else None
    value, times = Decimal(1), [one.times for one in told if one.times is not None]
    for one in told:
        value *= one.value
    return Amount(
        value,
        next((one.share for one in told if one.share), None),
        value if times else None,
        frozenset[str]().union(*(one.currencies for one in told)),
        next((one.measure for one in told if one.measure), None),
    )


def _with_value(made: Amount, value: Decimal) -> Amount:
    return Amount(value, made.share, made.times, made.currencies, made.measure)


def _core(text: str, notation: Notation) -> Decimal | None:
    """Return the digits of a number without what stands beside them."""
    if any(sign in text for sign in _SPACES):
        groups = _GROUPED.match(text)
        if groups is None:
            return None
        text = re.sub(f"[{_SPACES}]", "", groups.group()) + text[groups.end() :]
        if any(sign in text for sign in _SPACES):
            return None
    if notation is not Notation.EUROPEAN and _ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if notation is not Notation.ENGLISH and _EUROPEAN.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return None


def _in_characters(text: str) -> Amount | None:
    """Return a number in Chinese characters, or a share such as 百分之八十五."""
    for word, share in SHARES_BEFORE.items():
        if text.startswith(word):
            inner = amount(text.removeprefix(word).strip())
            return None if inner is None or inner.share or inner.times else Amount(inner.value, share)
    sign = -1 if text.startswith("负") else 1
    match = re.fullmatch(f"负?({CHINESE})(.*)", text)
    value = chinese(match[1]) if match else None
    return _beside(sign * value, match[2].strip(), frozenset()) if match and value is not None else None


def _beside(value: Decimal, rest: str, money: frozenset[str]) -> Amount | None:
    """Return a number with the words after it, None when one of them is not known or two of them contradict each other.

    The currency may be said twice, as in ¥ 3 万元 and 人民币万元; 元 alone is then a unit of whichever it is: 港币万元.
    """
    share = times = measure = None
    left = simplified(rest.casefold())
    if (letter := _OF_MONEY.match(left)) and any(_starts(left[letter.end() :], word) for word in MONEY):
        left = f"{_MULTIPLES[letter[1]]} {left[letter.end() :]}"
    while left:
        if left in ("cr", "cr.") and "INR" in money and times is None:
            left = "crore"
        word = next((word for word in _WORDS if _starts(left, word)), None)
        if word is None or (word in SHARES and share):
            return None
        if word in SHARES:
            share = SHARES[word]
        elif word in TIMES and times is None:
            times = Decimal(TIMES[word])
        elif word in MONEY and (not money or word == "元" or money & MONEY[word]):
            money = (money & MONEY[word]) or money or MONEY[word]
        elif word in COUNTED and measure is None:
            measure = COUNTED[word]
        else:
            return None
        left = left[len(word) :].strip()
    return Amount(value * times if times else value, share, times, money, measure)


def _starts(text: str, word: str) -> bool:
    return text.startswith(word) and _ends(text, word)


def _ends(text: str, word: str) -> bool:
    """Return whether a word ends where a reader would end it: `m` is no part of `min`."""
    following = text[len(word) : len(word) + 1]
    return not (following.isascii() and following.isalpha() and word[-1].isascii() and word[-1].isalpha())
