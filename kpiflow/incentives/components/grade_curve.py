"""A multiple within the bounds of a grade: the score says how far between them it lies.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Reading, must_be, named
from kpiflow.incentives.exact import Number, literal, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class GradeBounds(Fact):
    """A grade: the scores it spans, and what is paid at either end."""

    grade: str = Field(description="The grade it is for.")
    low: Exact = Field(description="The score where the grade begins.")
    high: Exact = Field(description="The score where it ends.")
    gives_low: Exact = Field(description="The multiple at the low end.")
    gives_high: Exact = Field(description="The multiple at the high end.")

    @model_validator(mode="after")
    def _goes_up(self) -> "GradeBounds":
        if self.low >= self.high:
            raise ValueError("a grade begins below the score where it ends")
        return self


class GradeCurve(Component):
    """By `grade`: from `gives_low` to `gives_high`, as far as `score` lies between `low` and `high`.

    A score outside its grade's bounds, as after a calibration, counts as the nearer bound.
    """

    kind: Literal["grade_curve"]
    grade: str = Field(default="grade", description="The grade that chooses the row.")
    score: str = Field(default="score", description="The score that says where between the bounds.")
    rows: tuple[GradeBounds, ...] = Field(min_length=1)
    otherwise: Exact | None = Field(default=None, description="For grades without a row; absent: nothing is paid out.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return (self.grade, self.score)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio, from a word and a number."""
        must_be(Kind.TEXT, kinds, self.grade)
        if not kinds[self.score].numeric:
            raise UnitError(
                msg("A curve needs a number, but '{name}' is {kind}.", name=self.score, kind=CALLED[kinds[self.score]])
            )
        return Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Find the row by the grade, and the place in it by the score, as a fraction."""
        kind, had = sheet.kinds[self.score], sheet.number(self.score)
        other = None if self.otherwise is None else literal(self.otherwise, Kind.RATIO)
        top: pl.Expr = pl.lit(None, dtype=pl.Int128) if other is None else other.expr
        below, row = whole(1), pl.lit(None if other is None else 0, dtype=pl.Int32)
        high, most = 0 if other is None else abs(other.low), 1
        for n, one in enumerate(self.rows, start=1):
            low, run = literal(one.low, kind).low, literal(one.high, kind).low - literal(one.low, kind).low
            start = literal(one.gives_low, Kind.RATIO).low
            rise = literal(one.gives_high, Kind.RATIO).low - start
            inside = (had.expr - whole(low)).clip(whole(0), whole(run))
            here = pl.col(self.grade) == one.grade
            top = pl.when(here).then(whole(start * run) + inside * whole(rise)).otherwise(top)
            below = pl.when(here).then(whole(run)).otherwise(below)
            row = pl.when(here).then(pl.lit(n, dtype=pl.Int32)).otherwise(row)
            high, most = max(high, abs(start * run) + abs(rise * run)), max(most, run)
        known = pl.when(had.expr.is_not_null() & pl.col(self.grade).is_not_null())
        value = Number(known.then(top), -high, high, Kind.RATIO.scale)
        ends = [end for one in self.rows for end in (one.gives_low, one.gives_high)]
        ends += [] if self.otherwise is None else [self.otherwise]
        bounds = [literal(end, Kind.RATIO).low for end in ends]
        step = 10 ** max(-self.rounding.places, 0) * Kind.RATIO.scale if self.rounding else 1
        within = min(bounds) - step, max(bounds) + step
        return Outcome(value, Number(below, 1, most, 1), row=known.then(row), within=within)

    def says(self, reading: Reading) -> Message:
        """`C, 110 between 100 → 1 and 120 → 1.5`; of a score outside its grade's bounds, the bound it counts as."""
        row, grade, score = reading.row(self.id), named(reading, self.grade), named(reading, self.score)
        if row is None:
            return msg("{grade} with {score} is in no row of the table", grade=grade, score=score)
        if row == 0:
            return msg("{had} is in no row of the table: {gives}", had=grade, gives=self.otherwise)
        one, kind, had = self.rows[row - 1], reading.kind(self.score), reading.raw(self.score)
        if isinstance(had, Decimal) and not one.low <= had <= one.high:
            end, gives = (one.low, one.gives_low) if had < one.low else (one.high, one.gives_high)
            return msg(
                "{grade}: {score} lies outside {low} to {high}, so it counts as {end}, which gives {gives}",
                grade=grade, score=score, low=reading.shown(one.low, kind), high=reading.shown(one.high, kind),
                end=reading.shown(end, kind), gives=gives,
            )  # fmt: skip
        return msg(
            "{grade}: {score} between {low} → {gives_low} and {high} → {gives_high}",
            grade=grade, score=score, low=reading.shown(one.low, kind), high=reading.shown(one.high, kind),
            gives_low=one.gives_low, gives_high=one.gives_high,
        )  # fmt: skip

    def doubts(self) -> list[Message]:
        """Find grades with two rows."""
        grades = [row.grade for row in self.rows]
        twice = sorted({grade for grade in grades if grades.count(grade) > 1})
        return [msg("{grade} has two rows.", grade=grade) for grade in twice]
