"""What only a person can decide about a sheet, and what the mapping becomes with the answer.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.mapping import NAME_ROLES, NUMBER_ROLES, Mapping, Role, Source
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.periods import period, period_within


@dataclass(frozen=True)
class Choice:
    """An answer a question offers: what to hand to `answered`, and its words (a Message, or a text shown as it is)."""

    value: str
    said: Message | str


@dataclass(frozen=True)
class Question:
    """What a person has to confirm before a sheet can be trusted.

    `kind` is a role (`unit`, `person`, `metric`: the name `written`), or `period`, `year`, `notation`, `dates`, `scale`,
    `running`,
    `planned`, `hidden`. `needed`: without an answer nothing (or nothing of `cells`) is read; otherwise the first
    choice is what is done without one. `open` questions take any value, not only one of the choices.
    """

    kind: str
    said: Message
    choices: tuple[Choice, ...] = ()
    written: str = ""
    cells: tuple[str, ...] = ()
    needed: bool = True
    open: bool = False


#: Questions to be answered with yes: the field of the mapping that keeps it, and the answer that is one.
_YES = {
    "planned": ("measured_all_the_same", "measured"),
    "hidden": ("read_hidden", "yes"),
}


def answered(mapping: Mapping, question: Question, value: str) -> Mapping:
    """Return the mapping with a question answered; raises InvalidInput for an answer that cannot be one.

    For names, an id the company has, or "" to leave those rows out.
    """
    if not question.open and question.choices and value not in {choice.value for choice in question.choices} | {""}:
        raise _no_answer(value)
    try:
        return _answered(mapping, question, value)
    except (ValidationError, ValueError, ArithmeticError) as error:
        raise _no_answer(value) from error


def _answered(mapping: Mapping, question: Question, value: str) -> Mapping:
    kind = question.kind
    if kind in NAME_ROLES and question.written:
        return mapping.with_name(kind, question.written, value)
    if kind in NAME_ROLES:
        return mapping.changed(**{kind: value, f"{kind}_from": Source.FIXED})
    if kind == "period":
        written = period(value) or period_within(value)
        if written is None or written.year is None:
            raise _no_answer(value)
        return mapping.changed(period=value, period_from=Source.FIXED)
    if kind == "year":
        return mapping.changed(year=int(plain(value)), year_from=Source.FIXED)
    if kind in ("notation", "dates"):
        return mapping.changed(**{kind: value})
    if kind == "running":
        return mapping.changed(each_alone=value == "alone", differences=value == "differences")
    if kind in _YES:
        field, yes = _YES[kind]
        return mapping.changed(**{field: value == yes})
    return _scaled(mapping, Decimal(value), question.cells)


def _scaled(mapping: Mapping, scale: Decimal, cells: tuple[str, ...]) -> Mapping:
    """Return the mapping with what plain shares are written in, in the columns it was asked of."""
    asked = {cell.rpartition("!")[2].rstrip("0123456789") for cell in cells}
    columns = [
        column.model_copy(update={"scale": scale})
        if column.role in NUMBER_ROLES and column.scale is None and column.at in asked
        else column
        for column in mapping.columns
    ]
    return mapping.changed(columns=columns)


def name_question(role: Role | str, written: str, near: list[Choice], cells: tuple[str, ...]) -> Question:
    """Return the question which of the names that are near is meant."""
    what = {"unit": msg("unit"), "person": msg("person"), "metric": msg("metric")}[str(role)]
    said = msg("Which {what} is '{word}'?", what=what, word=written)
    return Question(str(role), said, (*near, Choice("", msg("None of them: leave it out"))), written, cells, open=True)


def _no_answer(value: str) -> InvalidInput:
    return InvalidInput(msg("'{value}' is no answer to this question. Choose one of those offered.", value=value))
