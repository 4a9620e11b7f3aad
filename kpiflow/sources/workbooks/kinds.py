"""Whether the numbers of a row are measured, planned or worked out, where a column of the table says so: Plan, Actual, 同比.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Collection

from kpiflow.language import msg
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.mapping import Role
from kpiflow.sources.workbooks.names import key
from kpiflow.sources.workbooks.numerals import plain, remembered
from kpiflow.sources.workbooks.vocabulary import JUDGING, Aside, beside, is_total, roles_of

#: What a row can say of its numbers.
_KINDS = (Role.VALUE, Role.TARGET, Aside.COMPARED, Aside.TOTAL)

#: Words that say it beside a row, and are too short or mean something else as a heading.
_MORE: dict[str, Role | Aside] = {
    **dict.fromkeys(("act", "ac", "实际数", "本年", "今年", "本年实际", "本期实际"), Role.VALUE),
    **dict.fromkeys(("bud", "bdg", "budgeted", "pl", "pln", "计划数", "目标数", "预算数", "预算值"), Role.TARGET),
    **dict.fromkeys(("fc", "fcst", "var", "上年数", "上年实际", "去年实际", "上年完成", "上年同期数"), Aside.COMPARED),
}

#: Words that judge what was measured, and are measures of their own as well: by them alone no column is known.
_MEASURES = {key(word) for word in JUDGING}


@remembered
def kind_of(text: str) -> Role | Aside | None:
    """Return what a row's numbers are by a word beside them; None where it does not say.

    Of a longer text only what is planned or worked out is believed: `Actual 2012` may be last year's.

    >>> [kind_of(text) for text in ("Budget", "实际", "同比", "Budget 2013", "Actual 2012", "Newark")]
    [<Role.TARGET: 'target'>, <Role.VALUE: 'value'>, <Aside.COMPARED: 'compared'>, <Role.TARGET: 'target'>, None, None]
    """
    said = plain(text)
    if (whole := _MORE.get(key(said)) or next((role for role in roles_of(said) if role in _KINDS), None)) is not None:
        return whole
    if is_total(said):
        return Aside.TOTAL
    part = beside(said)
    return part[0] if part is not None and part[0] in _KINDS and part[0] is not Role.VALUE else None


def tells_kinds(words: Collection[str]) -> bool:
    """Return whether the texts of a column tell what is planned or worked out from what is measured.

    >>> tells_kinds(["count", "score"])
    False
    >>> tells_kinds(["Plan", "Actual"]), tells_kinds(["Budget", "v2"]), tells_kinds(["完成", "未完成"])
    (True, True, False)
    """
    found = {word: kind_of(word) or (beside(word) or (None,))[0] for word in words}
    told = [word for word, one in found.items() if one in _KINDS]
    sure = any(found[word] in (Role.TARGET, Aside.COMPARED) and key(word) not in _MEASURES for word in told)
    return sure and 2 * len(told) >= len(found)


def unclear_kind(word: str) -> Wrong:
    """Return why a row is set aside whose column does not say whether its numbers are measured."""
    if not word:
        return Wrong("unclear_kind", msg("It is not said whether the numbers of this row are measured or planned."))
    return Wrong(
        "unclear_kind", msg("'{word}' does not say whether its numbers are measured or planned.", word=word[:80])
    )
