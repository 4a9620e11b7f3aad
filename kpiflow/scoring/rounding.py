"""Snapping and rounding, for expressions and for exact fractions alike.

Every comparison and every rounding sees a number snapped to ten decimals first, so that 0.72 / 0.90 is 80 %
and an exact half rounds as a half.
"""

from fractions import Fraction

import polars as pl

from kpiflow.core.company import Rounding, RoundTo

#: How many decimals survive a snap.
SNAP = 10


def snap(number: pl.Expr) -> pl.Expr:
    """Return the number rounded to ten decimals: the last digits of a float are noise, not information."""
    return number.round(SNAP, mode="half_away_from_zero")


def snap_exact(number: Fraction) -> Fraction:
    """Return the fraction rounded to ten decimals, halves away from zero."""
    return rounded_exact(number, RoundTo(places=SNAP))


def rounded(number: pl.Expr, to: RoundTo | None) -> pl.Expr:
    """Return the snapped number rounded as declared; None leaves it at the snap."""
    if to is None:
        return snap(number)
    scale = 10.0**to.places
    scaled = snap(number * scale)
    match to.mode:
        case Rounding.HALF_UP:
            whole = scaled.round(0, mode="half_away_from_zero")
        case Rounding.HALF_EVEN:
            whole = scaled.round(0, mode="half_to_even")
        case Rounding.UP:
            whole = scaled.abs().ceil() * scaled.sign()
        case Rounding.DOWN:
            whole = scaled.abs().floor() * scaled.sign()
    return snap(whole / scale)


def rounded_exact(number: Fraction, to: RoundTo | None) -> Fraction:
    """Return the fraction rounded as declared; None returns it as it is."""
    if to is None:
        return number
    scale = Fraction(10) ** to.places
    scaled = abs(number) * scale
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    match to.mode:
        case Rounding.HALF_UP:
            whole += twice >= 0
        case Rounding.HALF_EVEN:
            whole += twice > 0 or (twice == 0 and whole % 2 == 1)
        case Rounding.UP:
            whole += rest > 0
        case Rounding.DOWN:
            pass
    return Fraction(whole) / scale * (1 if number >= 0 else -1)
