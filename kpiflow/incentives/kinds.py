"""What a number in a plan is (money, ratio, points …), and which of them may meet.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg


class Kind(StrEnum):
    """The kind of a value; only money times one plain number, or sums of one kind, make sense."""

    MONEY = "money"
    RATIO = "ratio"
    POINTS = "points"
    COUNT = "count"
    DAYS = "days"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"

    @property
    def digits(self) -> int:
        """Digits kept after the point inside a plan: 14 for money (12 of them guard the cent), else 10."""
        return 14 if self is Kind.MONEY else 10

    @property
    def scale(self) -> int:
        """The integer that stands for 1."""
        return int(10**self.digits)

    @property
    def numeric(self) -> bool:
        """Whether it can be calculated with."""
        return self not in (Kind.TEXT, Kind.DATE)


class UnitError(InvalidInput):
    """Two values that cannot be combined, such as money times money."""


#: What each kind is called in messages.
CALLED: dict[Kind, Message] = {
    Kind.MONEY: msg("an amount of money"),
    Kind.RATIO: msg("a ratio"),
    Kind.POINTS: msg("points"),
    Kind.COUNT: msg("a count"),
    Kind.DAYS: msg("days"),
    Kind.NUMBER: msg("a number"),
    Kind.TEXT: msg("a text"),
    Kind.DATE: msg("a date"),
}


def product_kind(kinds: Iterable[Kind]) -> Kind:
    """Return the kind of a product: ratios keep the kind of the one other factor, money may be taken a number of times.

    >>> product_kind([Kind.MONEY, Kind.RATIO, Kind.COUNT]).value
    'money'
    """
    others = [kind for kind in kinds if kind is not Kind.RATIO]
    for kind in others:
        if not kind.numeric:
            raise UnitError(msg("{kind} cannot be multiplied.", kind=CALLED[kind]))
    if others.count(Kind.MONEY) > 1:
        raise UnitError(msg("Money times money is not an amount. Multiply one amount by ratios."))
    if Kind.MONEY in others and set(others) <= {Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.DAYS}:
        return Kind.MONEY
    if {Kind.MONEY, Kind.POINTS} <= set(others):
        raise UnitError(
            msg(
                "Money times points is not an amount. Make the points a ratio first, with a step of kind quotient: "
                "by 100, or by 1 for so much a point."
            )
        )
    if len(others) > 1:
        raise UnitError(
            msg("{one} times {other} has no meaning in a plan.", one=CALLED[others[0]], other=CALLED[others[1]])
        )
    return others[0] if others else Kind.RATIO


def same_kind(kinds: Iterable[Kind]) -> Kind:
    """Return the one kind that all values have; raises UnitError when they differ."""
    found = list(dict.fromkeys(kinds))
    for kind in found:
        if not kind.numeric:
            raise UnitError(msg("{kind} cannot be added or compared as a number.", kind=CALLED[kind]))
    if len(found) > 1:
        raise UnitError(
            msg("{one} and {other} cannot be added or compared.", one=CALLED[found[0]], other=CALLED[found[1]])
        )
    return found[0]


def decimal_of(value: float | int | str | Decimal) -> Decimal:
    """Return an input number exactly as people read it: floats to 10 decimals below 100,000 and to 4 from there on.

    A float has no more true digits than that; Decimals and whole numbers are taken as they are.

    >>> decimal_of(0.1), decimal_of(1234567.89)
    (Decimal('0.1000000000'), Decimal('1234567.8900'))
    """
    if isinstance(value, float):
        places = 10 if abs(value) < 100_000 else 4
        return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Decimal(value)
