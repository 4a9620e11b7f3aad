"""What each column under a block of headings is: by its words first, by what stands in its cells where they do not say.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from bisect import bisect_right
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from itertools import islice

from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.headings import Heading
from kpiflow.sources.workbooks.kinds import tells_kinds
from kpiflow.sources.workbooks.mapping import NAME_ROLES, NUMBER_ROLES, Column, Role
from kpiflow.sources.workbooks.names import Names
from kpiflow.sources.workbooks.numerals import plain, remembered
from kpiflow.sources.workbooks.parted import counted, one_day
from kpiflow.sources.workbooks.periods import orders, period
from kpiflow.sources.workbooks.sheet import Cell
from kpiflow.sources.workbooks.vocabulary import Aside, adds_up_value, is_total
from kpiflow.sources.workbooks.writing import amount, is_blank, measure_of

#: How many cells of a block are looked at before it is judged.
_LOOKED_AT = 6_000


@dataclass
class Seen:
    """What stands in the cells of a column: how many of each kind, and the different texts."""

    numbers: int = 0
    texts: int = 0
    days: int = 0
    words: dict[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return self.numbers + self.texts + self.days

    def share(self, names: Names) -> float:
        """Return what part of the texts certainly names one of these, totals left aside."""
        told = [word for word in self.words if not is_total(word) or names.certain(word)]
        return sum(1 for word in told if names.certain(word)) / len(told) if told else 0.0


@dataclass(frozen=True)
class Guess:
    """What a column is taken for, why, and how much that speaks for the block of headings it is under."""

    column: int
    spec: Column
    why: Message
    points: float


def seen(grid: Grid, below: int) -> dict[int, Seen]:
    """Return what stands in each column below a row, as far as it is looked at."""
    filled = (row for row in islice(grid.rows, bisect_right(grid.rows, below), None) if grid.sheet.cells[row - 1])
    rows = islice(filled, max(20, min(300, _LOOKED_AT // max(1, len(grid.columns)))))
    found = {column: Seen() for column in grid.columns}
    for row in rows:
        line = grid.sheet.cells[row - 1]
        if sum(1 for cell in line if cell.value is not None or cell.formula is not None) == 1:
            continue  # a name above its rows, or a note
        for column in grid.columns:
            if column <= len(line):
                _count(found[column], line[column - 1])
    return found


def _count(one: Seen, cell: Cell) -> None:
    """Count one cell."""
    value = cell.value
    if isinstance(value, str):
        says = _says(value)
        if says is _Says.NUMBER:
            one.numbers += 1
            if len(value) < 5 and value.isdigit():
                one.words.setdefault(value, 1)  # as a number would be
        elif says in (_Says.PERIOD, _Says.WORDS):
            is_period = says is _Says.PERIOD
            one.days, one.texts = one.days + is_period, one.texts + (not is_period)
            text = plain(value)
            one.words[text] = one.words.get(text, 0) + 1
    elif isinstance(value, datetime.date):
        one.days += 1
    elif isinstance(value, bool):
        one.texts += 1
    elif value is not None or cell.formula is not None:
        one.numbers += 1
        if isinstance(value, Decimal) and value == value.to_integral_value():
            one.words.setdefault(format(value, "f"), 1)


class _Says(Enum):
    """What a text in a cell says."""

    NOTHING = auto()
    NUMBER = auto()
    TOTAL = auto()
    PERIOD = auto()
    WORDS = auto()


@remembered
def _says(value: str) -> _Says:
    text = plain(value)
    if is_blank(text):
        return _Says.NOTHING
    if amount(text) is not None:
        return _Says.NUMBER
    if is_total(text):
        return _Says.TOTAL
    return _Says.PERIOD if period(text) is not None or orders(text) else _Says.WORDS


def guessed(headings: Words[int, Heading], cells: Words[int, Seen], names: Words[str, Names]) -> list[Guess]:
    """Return what each column is taken for; columns without a heading or cells are passed over."""
    found = []
    for column, there in cells.items():
        one = headings.get(column, Heading())
        if not there.filled and not one.understood:
            continue
        guess = _by_words(column, one, there, names) or _by_cells(column, one, there, names)
        if guess is not None:
            found.append(guess)
    return with_one_day(_adding_up(found, headings), headings, cells)


def _adding_up(found: list[Guess], headings: Words[int, Heading]) -> list[Guess]:
    """Return the guesses with `累计完成` for a column of numbers, where nothing but such columns stands there."""
    if any(one.spec.role in NUMBER_ROLES for one in found):
        return found
    able = {
        column for column, one in headings.items() if one.role is Aside.TOTAL and any(map(adds_up_value, one.words))
    }
    return [
        Guess(one.column, one.spec.model_copy(update={"role": Role.VALUE}), one.why, 4.0) if one.column in able else one
        for one in found
    ]


def _spec(one: Heading, role: Role) -> Column:
    """Return the mapping's part for a column of a role, with what its heading names."""
    across = one.period is not None
    scale = None
    if role in (*NUMBER_ROLES, Role.TARGET) and one.scale is not None:
        scale = Decimal(1) / one.scale.share if one.scale.share else one.scale.times
    named = (one.metric, one.unit, one.person) if role in (*NUMBER_ROLES, Role.TARGET) else (None, None, None)
    return Column(
        heading=one.stem, role=role, across=across, metric=named[0], unit=named[1], person=named[2], scale=scale
    )


def _by_words(column: int, one: Heading, there: Seen, names: Words[str, Names]) -> Guess | None:
    """Return what a column is by its heading, None when that says nothing."""
    word = " / ".join(one.words)
    role = one.role
    if role is not Aside.NOTE and tells_kinds(there.words) and not any(there.share(of) for of in names.values()):
        return Guess(
            column,
            _spec(one, Role.KIND),
            msg("Below '{word}' stands whether numbers are measured or planned.", word=word or "–"),
            2.0,
        )
    if isinstance(role, Aside):
        why = {
            Aside.TOTAL: msg("'{word}' adds up other columns.", word=word),
            Aside.COMPARED: msg("'{word}' is worked out from other columns.", word=word),
            Aside.NOTE: msg("'{word}' is a note.", word=word),
            Aside.NUMBER: msg("'{word}' counts the rows.", word=word),
        }[role]
        return Guess(column, _spec(one, Role.IGNORE), why, 1.0)
    whose = 1.0 if one.metric or one.unit or one.person else 0.0
    if role in (Role.TARGET, *NUMBER_ROLES) and not (there.texts > there.numbers):
        why = msg("'{word}' is what such columns are called.", word=word)
        dated = 1.0 if one.period is not None else 0.0  # a row of periods above belongs to the headings
        return Guess(column, _spec(one, role), why, whose + dated + (4.0 if there.numbers else 1.0))
    if one.period is not None and there.days > there.numbers and there.days >= 0.8 * there.filled:
        spec = Column(heading=one.stem, role=Role.DAY)
        return Guess(column, spec, msg("What stands below '{word}' are days or periods.", word=word), 4.0)
    if one.period is not None and (there.numbers or not there.filled) and there.numbers >= there.texts:
        why = msg("'{word}' is a period, and numbers stand below it.", word=word)
        return Guess(column, _spec(one, Role.VALUE), why, 4.0 if there.numbers else 1.5)
    if role is not None:
        return _said(column, one, there, names, word)
    if (one.metric or one.unit or one.person) and there.numbers and there.numbers >= there.texts:
        return Guess(
            column, _spec(one, Role.VALUE), msg("'{word}' is known, and numbers stand below it.", word=word), 3.0
        )
    return None


def _said(column: int, one: Heading, there: Seen, names: Words[str, Names], word: str) -> Guess | None:
    """Return what a column of names, days or measures is: of several things its heading may mean, the one its cells are."""
    roles = [role for role in one.roles if isinstance(role, Role)]
    shares = {role: there.share(names[role.value]) for role in NAME_ROLES}
    best = max(shares, key=lambda role: shares[role])
    if shares[best] >= 0.5 and best not in roles:
        return Guess(
            column, _spec(one, best), msg("What stands below '{word}' are names known to the company.", word=word), 3.0
        )
    if _measures(there) and (Role.MEASURE in roles or Role.UNIT in roles) and shares[Role.UNIT] == 0:
        return Guess(
            column, _spec(one, Role.MEASURE), msg("Below '{word}' stands what the numbers are in.", word=word), 2.0
        )
    for role in roles:
        if role is Role.DAY and there.filled and not (there.days or there.numbers) and counted(one.words) is None:
            continue  # a column `Period` may say how often
        points = 4.0 if role is not Role.ENTRY and there.filled else 1.0
        return Guess(column, _spec(one, role), msg("'{word}' is what such columns are called.", word=word), points)
    return None


def _measures(there: Seen) -> bool:
    """Return whether all texts of a column say what numbers are in."""
    return bool(there.words) and all(measure_of(text) is not None for text in there.words)


def _by_cells(column: int, one: Heading, there: Seen, names: Words[str, Names]) -> Guess | None:
    """Return what a column is by its cells alone."""
    word = " / ".join(one.words) or "–"
    shares = {role: there.share(names[role.value]) for role in NAME_ROLES}
    best = max((Role.UNIT, Role.METRIC, Role.PERSON), key=lambda role: shares[role])
    if shares[best] >= 0.5 and (there.texts or there.numbers == len(there.words)):
        return Guess(
            column, _spec(one, best), msg("What stands below '{word}' are names known to the company.", word=word), 2.5
        )
    if there.days and there.days >= 0.8 * there.filled:
        return Guess(
            column, _spec(one, Role.DAY), msg("What stands below '{word}' are days or periods.", word=word), 2.0
        )
    if there.words and all((said := measure_of(word)) and said.currencies for word in there.words):
        return Guess(
            column, _spec(one, Role.MEASURE), msg("Below '{word}' stands what the numbers are in.", word=word), 1.0
        )
    if not one.words:
        return None
    if there.numbers and there.numbers >= there.texts and one.left:
        return Guess(
            column,
            _spec(one, Role.VALUE),
            msg("Numbers stand below '{word}', which is no name that is known.", word=word),
            -0.25,
        )
    return Guess(column, _spec(one, Role.IGNORE), msg("Nothing says what '{word}' is.", word=word), -0.5)


def with_one_day(found: list[Guess], headings: Words[int, Heading], cells: Words[int, Seen]) -> list[Guess]:
    """Return the guesses with the columns alone that say the day together; another one is not read."""
    days = [one for one in found if one.spec.role is Role.DAY]
    if len(days) < 2:
        return found
    said = {one.column: headings.get(one.column, Heading()).words for one in days}
    kept = one_day([(one.column, one.points, cells[one.column].words, said[one.column]) for one in days])
    return [
        Guess(
            one.column,
            one.spec.model_copy(update={"role": Role.IGNORE}),
            msg("Another column says the day already."),
            0.0,
        )
        if one.spec.role is Role.DAY and one.column not in kept
        else one
        for one in found
    ]
