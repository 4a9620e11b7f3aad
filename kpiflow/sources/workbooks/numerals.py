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

#: Traditional characters of words in such tables, each with its simplified form behind it; 客艙服務部 and 客舱服务部 are one name.
_TRADITIONAL = (
    "機机務务電电術术產产業业營营運运達达標标實实際际計计劃划預预測测備备註注說说報报總总區区東东關关鍵键項项績绩門门單单貨货幣币"
    "線线節节處处級级別别職职員员責责專专長长經经濟济財财費费賓宾館馆飛飞艙舱訴诉遲迟滿满調调評评價价優优質质檢检驗验護护療疗醫医"
    "藥药診诊樓楼種种類类獎奖罰罚顧顾問问題题間间時时開开閉闭邊边採采購购銷销訂订廠厂車车輛辆輸输倉仓庫库數数據据來来傳传統统網网"
    "絡络設设維维話话號号碼码頁页層层環环約约漲涨減减變变動动較较對对準准則则規规範范擬拟審审萬万億亿點点鐘钟組组織织團团隊队島岛"
    "灣湾華华連连聯联遠远邏逻輯辑確确認认證证書书學学習习練练訓训課课週周參参與与會会議议簽签無无積积壓压屬属體体"
)
_SIMPLIFIED = str.maketrans(_TRADITIONAL[::2], _TRADITIONAL[1::2])

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


def simplified(text: str) -> str:
    """Return a text with the simplified form of its characters, by which names and words are compared.

    >>> simplified("客艙服務部"), simplified("備註"), simplified("North")
    ('客舱服务部', '备注', 'North')
    """
    return text if text.isascii() else text.translate(_SIMPLIFIED)


def both_languages(text: str) -> tuple[str, str] | None:
    """Return the two halves of a text that is half in Chinese and half in letters, None for any other.

    >>> both_languages("站点 (Station)"), both_languages("Jan 1月"), both_languages("North"), both_languages("部门")
    (('站点', '(Station)'), ('Jan', '1月'), None, None)
    """
    said = plain(text)
    if said.isascii() or not (
        cut := re.search(r"(?<=[^ -~])[ /(\[|-]+(?=[A-Za-z])|(?<=[A-Za-z])[ /(\[|)-]+(?=\d*[^ -~])", said)
    ):
        return None
    first, second = said[: cut.start()].strip(), said[cut.start() :].strip(" /|-")
    mixed = any(sign.isalpha() for sign in second) and first.isascii() == second.isascii()
    return None if mixed or not first or not second else (first, second)


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
