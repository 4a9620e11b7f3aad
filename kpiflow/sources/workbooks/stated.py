"""What the lines above a table say its numbers are in: 单位：万元, (in T€), amounts in thousands of USD.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Iterator

from kpiflow.core.metric import Measure
from kpiflow.sources.workbooks.numerals import plain, simplified
from kpiflow.sources.workbooks.writing import Amount, scale_of

_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_SAID = re.compile(
    r"(?:单位|units?|currency|amounts?|figures|einheit|angaben|alle werte|montants?)\s*[:]?\s*(?:are\s+)?(.+)$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\bin\s+(.+)$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:金额)?单位|units?|currency|all|amounts?|figures|values|angaben|in|en)\s*[:]?\s+|^(?:金额)?单位:\s*",
    re.IGNORECASE,
)


def stated(texts: list[str]) -> tuple[Amount, str] | None:
    """Return what numbers are said to be in, and the text that says it; None when nothing does, or several things differently.

    >>> found = stated(["2026年销售收入（万元）", "编制单位：财务部"])
    >>> str(found[0].value), stated(["Umsatz 2026 (in T€)"])[0].times, stated(["North (draft)", "in thousands"])[0].times
    ('10000', Decimal('1000'), Decimal('1000'))
    >>> stated(["Revenue, EUR thousands"])[0].times, stated(["Cost - k"]), stated(["Revenue 2013 – T€"])[0].times
    (Decimal('1000'), None, Decimal('1000'))
    >>> stated(["Complaints (pcs)"]), stated(["单位：万元/%"])[0].times, stated(["单位：元", "(T€)"])
    (None, Decimal('10000'), None)
    """
    found = [(made, text) for text in texts for made in _within(text)]
    return found[0] if len({(made.times, made.currencies, made.measure) for made, _ in found}) == 1 else None


def is_caption(text: str) -> bool:
    """Return whether a text says what numbers are in, and nothing else.

    >>> is_caption("金额单位：人民币万元"), is_caption("Unit: kEUR"), is_caption("单位"), is_caption("编制单位：财务部")
    (True, True, False, False)
    """
    said = simplified(plain(text))
    return ":" in said and bool(_OPENING.match(said)) and next(_within(said), None) is not None


def _within(text: str) -> Iterator[Amount]:
    """Yield what one line says: money or a multiple; of a plain count or a percentage there is nothing to say."""
    said = simplified(plain(text))
    parts = [*_BRACKETS.findall(said), *(match[1] for form in (_SAID, _BEHIND) if (match := form.search(said)))]
    behind = [
        part for part in re.split(r"[,:|–—]\s*|\s-\s", said)[1:] if len(part.strip()) > 1
    ]  # Revenue, EUR thousands
    parts += [part for part in behind if part not in parts]
    seen = set()
    for part in (piece for whole in parts for piece in re.split(r"[,;/]", whole)):
        bare = part.strip(" ()[]:.")
        for _ in range(3):
            bare = _OPENING.sub("", bare).strip()
        scaled = scale_of(bare) if bare else None
        if scaled is None or scaled[1] or scaled[0].share is not None or bare in seen:
            continue
        seen.add(bare)
        if scaled[0].times is not None or scaled[0].currencies:
            yield scaled[0]


def applies(said: Amount, measure: Measure, *, alone: bool) -> bool:
    """Return whether it is said of numbers of this measure; `alone`: the table is about one metric."""
    if said.measure is not None and said.measure is not Measure.COUNT:
        return said.measure is measure
    return measure is Measure.CURRENCY or (alone and not said.currencies and measure is Measure.COUNT)
