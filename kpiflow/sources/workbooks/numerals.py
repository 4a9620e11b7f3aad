"""Signs made plain: full-width forms, blanks nobody sees, footnote marks, and numbers in Chinese characters.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, wraps
from typing import TypeVar

Found = TypeVar("Found")

#: Full-width signs and their plain forms, with the dashes and blanks that look like plain ones.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(sign): plain
    for sign, plain in {
        "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u3000": " ", "\t": " ", "\r": " ", "\n": " ",
        "\u200b": "", "\u200e": "", "\u200f": "", "\ufeff": "", "\u2060": "", "\u00ad": "",
        "−": "-", "﹣": "-", "﹪": "%", "￥": "¥", "＄": "$", "。": ".", "、": ",", "【": "[", "】": "]", "〔": "(", "〕": ")",
    }.items()
}  # fmt: skip

#: Marks that lead to a footnote; a superscript must go before anything could take it for a digit.
_MARKS = re.compile(r"(?:\s*(?:[*†‡§¶※#]|[¹²³⁰⁴-⁹]|[①-⑳]|\[\d{1,2}\]))+$")

_SIGNS = ("〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {sign: at for at, signs in enumerate(_SIGNS) for sign in signs}
_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LEAPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

#: A number in Chinese characters.
CHINESE = "[" + "".join([*_DIGITS, *_STEPS, *_LEAPS]) + "点]+"


#: How many texts are remembered, and how long they may be: what is long is a remark, and stands there once.
_REMEMBERED, _SHORT = 16_384, 80


def remembered(function: Callable[[str], Found]) -> Callable[[str], Found]:
    """Let a function remember what it said of short texts: the rows of a sheet say the same few again and again."""
    kept = lru_cache(maxsize=_REMEMBERED)(function)

    @wraps(function)
    def asked(text: str) -> Found:
        return kept(text) if len(text) <= _SHORT else function(text)

    return asked


@remembered
def plain(text: str) -> str:
    """Return a text with plain signs and single blanks.

    >>> plain("１，２３４．５\u3000％ ")
    '1,234.5 %'
    """
    return " ".join(text.translate(_PLAIN).split())


def unmarked(text: str) -> str:
    """Return a text without the footnote marks at its end; one that is nothing else stays.

    >>> unmarked("North*"), unmarked("85.3¹"), unmarked("Sales [2]"), unmarked("*")
    ('North', '85.3', 'Sales', '*')
    """
    return _MARKS.sub("", text) or text


@lru_cache(maxsize=4096)
def chinese(text: str) -> Decimal | None:
    """Return the number written in Chinese characters, None for what is none.

    >>> chinese("八十五"), chinese("一万二千零五"), chinese("二〇二六"), chinese("三点五"), chinese("十")
    (Decimal('85'), Decimal('12005'), Decimal('2026'), Decimal('3.5'), Decimal('10'))
    """
    if not re.fullmatch(CHINESE, text) or len(text) > 30:
        return None
    whole, _, part = text.partition("点")
    if any(sign not in _DIGITS for sign in part) or (("点" in text) and not part) or not whole:
        return None
    number = _positional(whole) if all(sign in _DIGITS for sign in whole) else _counted(whole)
    if number is None:
        return None
    after = "".join(str(_DIGITS[sign]) for sign in part)
    return Decimal(f"{number}.{after}") if after else Decimal(number)


def _positional(text: str) -> int | None:
    """二〇二六: digit by digit."""
    return int("".join(str(_DIGITS[sign]) for sign in text))


def _counted(text: str) -> int | None:
    """一万二千零五: digits with what each counts."""
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _STEPS:
            section += (digit or 1) * _STEPS[sign]
            digit = 0
        else:
            if not total + section + digit:
                return None
            total = (
                (total + section + digit) * _LEAPS[sign]
                if _LEAPS[sign] > 10_000
                else total + (section + digit) * 10_000
            )
            section = digit = 0
    return total + section + digit
