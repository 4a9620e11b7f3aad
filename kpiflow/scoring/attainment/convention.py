"""What every attainment convention is: a name, a formula people can read, the anchors it needs, and the measure itself."""

from fractions import Fraction
from typing import ClassVar, Protocol

import polars as pl

from kpiflow.language import Message
from kpiflow.scoring.given import Given


class Convention(Protocol):
    """A stated way to say where the actual lies against the target; 1 means the target is met.

    Both forms return null/None where the convention has no answer, such as a ratio to a target of 0.
    """

    name: ClassVar[str]
    formula: ClassVar[Message]
    needs: ClassVar[tuple[str, ...]]

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        ...

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        ...

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        ...


#: Stands for infinity among fractions, which have none: larger than any measured value could make an attainment.
INFINITE = Fraction(10) ** 40


def divided(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Return the quotient, null where the denominator is 0 or absent."""
    return pl.when(denominator != 0).then(numerator / denominator)


def divided_exact(numerator: Fraction | None, denominator: Fraction | None) -> Fraction | None:
    """Return the quotient, None where the denominator is 0 or either is absent."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator
