"""Whom and what a whole sheet is about: the metric, unit or person that its title or its name says, read anew in each sheet.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Mapping as Words
from dataclasses import dataclass

from kpiflow.language import msg
from kpiflow.sources.workbooks.asking import Choice, Question
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.known import Known
from kpiflow.sources.workbooks.mapping import NAME_ROLES, Mapping, Role, Source
from kpiflow.sources.workbooks.names import Names, key
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.placing import Placing
from kpiflow.sources.workbooks.sheet import Remark

#: The most choices a question offers.
_OFFERED = 60


@dataclass(frozen=True)
class About:
    """The ids that hold for the whole sheet by role, what is asked where it names none, and what is said where it changed."""

    ids: dict[str, str | None]
    questions: tuple[Question, ...] = ()
    remarks: tuple[Remark, ...] = ()


def about(grid: Grid, mapping: Mapping, placing: Placing, names: Words[str, Names], known: Known) -> About:
    """Return what a sheet is about; a mapping of another sheet lends its way of reading, and not the name that stood there."""
    ids: dict[str, str | None] = {}
    questions, remarks = [], []
    for role in NAME_ROLES:
        before = getattr(mapping, role.value)
        source = getattr(mapping, f"{role.value}_from")
        ids[role.value] = before
        if source not in (Source.TITLE, Source.SHEET):
            continue
        texts = grid.title(placing.rows[0]) if source is Source.TITLE else [grid.sheet.called]
        named = named_in(texts, names[role.value])
        ids[role.value] = named[1] if named else None
        if named is None and role is not Role.PERSON:
            questions.append(whose_question(role, known))
        elif named is not None and before is not None and named[1] != before:
            remarks.append(Remark(msg("'{word}' says it for the whole sheet.", word=named[0])))
    return About(ids, tuple(questions), tuple(remarks))


def named_in(texts: list[str], of: Names) -> tuple[str, str] | None:
    """Return the text that names one of these, and its id: the longest name that stands in it as a word of its own."""
    for text in texts:
        if (sure := of.certain(text)) is not None:
            return text, sure
        inside = [(len(key(word)), one.id) for one in of.called for word in one.words if _stands(word, text)]
        longest = max(inside, default=(0, ""))
        if longest[0] and len({id_ for length, id_ in inside if length == longest[0]}) == 1:
            if _another(text, longest[1], of):
                return None
            return text, longest[1]
    return None


def _another(text: str, found: str, of: Names) -> bool:
    """Return whether a text names one more beside the one found: its numbers may be of either."""
    rest = key(text)
    for word in sorted(
        (key(word) for one in of.called if one.id == found for word in one.words), key=len, reverse=True
    ):
        rest = rest.replace(word, "|")
    others = ((key(word), word) for one in of.called if one.id != found for word in one.words)
    return any(short in rest and _stands(word, text) for short, word in others if short)


def _stands(word: str, text: str) -> bool:
    """Return whether a name stands in a text: Paris in `Paris 2026`, and not in `Comparison`.

    >>> _stands("Paris", "Orders Paris 2026"), _stands("Paris", "Comparison 2026"), _stands("华东", "2026年华东月报")
    (True, False, True)
    """
    wanted = key(word)
    if len(wanted) < 3 - (not wanted.isascii()):
        return False
    if not wanted.isascii():
        return wanted in key(text)
    parts = r"[^a-z0-9]*".join(re.escape(part) for part in re.findall(r"[a-z0-9]+", plain(word).casefold()))
    return bool(re.search(rf"(?<![a-z0-9]){parts}(?![a-z0-9])", plain(text).casefold()))


def whose_question(role: Role, known: Known) -> Question:
    """Return the question for a metric or unit that nothing in the sheet names."""
    said = (
        msg("Which metric are these numbers of? Nothing in the sheet says it.")
        if role is Role.METRIC
        else msg("Which unit are these numbers of? Nothing in the sheet says it.")
    )
    choices = tuple(Choice(one.id, one.label or one.id) for one in known.called(role.value)[:_OFFERED])
    return Question(role.value, said, choices, open=True)
