"""The share of the period that counts: by days employed, by full-time equivalent, and by when a person was hired.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.incentives.components.component import Component, Reading, names_of
from kpiflow.incentives.exact import Number, literal, narrowed, times, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, decimal_of
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class By(StrEnum):
    """What shortens a payout."""

    DAYS = "days"
    FTE = "fte"
    DAYS_AND_FTE = "days_and_fte"


class DayCount(StrEnum):
    """What the days employed are divided by. Days are counted inclusively, first and last."""

    PERIOD = "period"  # the days of the period
    ACTUAL_365 = "actual_365"  # always 365
    ACTUAL_ACTUAL = "actual_actual"  # the days of the planning year: 365 or 366


class Proration(Component):
    """A ratio, kept exactly as days ÷ days: a third of a year stays a third."""

    kind: Literal["proration"]
    by: By = By.DAYS
    day_count: DayCount = DayCount.PERIOD
    days: str = Field(default="days_employed", description="The days that count.")
    full_before: datetime.date | None = Field(
        default=None, description="Hired before this day: the whole period counts."
    )
    none_from: datetime.date | None = Field(default=None, description="Hired on this day or later: nothing is paid.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        hired = "hired" if self.full_before or self.none_from else None
        return names_of(
            *(self._days_read() if self.by is not By.FTE else ()), "fte" if self.by is not By.DAYS else None, hired
        )

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio, from days."""
        if self.by is not By.FTE and kinds[self.days] is not Kind.DAYS:
            raise UnitError(
                msg(
                    "Proration divides days by days, but '{name}' is {kind}.",
                    name=self.days,
                    kind=CALLED[kinds[self.days]],
                )
            )
        return Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Divide days by days, once."""
        top = sheet.number(self.days) if self.by is not By.FTE else literal(decimal_of(1), Kind.DAYS)
        below = self._below(sheet)
        row: pl.Expr = pl.lit(1, dtype=pl.Int32)
        if self.full_before:
            early = pl.col("hired") < pl.lit(self.full_before)
            high = max(top.high, below.high)
            top = Number(pl.when(early).then(below.expr).otherwise(top.expr), min(top.low, below.low), high, top.scale)
            row = pl.when(early).then(2).otherwise(row)
        if self.none_from:
            late = pl.col("hired") >= pl.lit(self.none_from)
            top = Number(pl.when(late).then(whole(0)).otherwise(top.expr), min(top.low, 0), max(top.high, 0), top.scale)
            row = pl.when(late).then(3).otherwise(row)
        if self.full_before or self.none_from:
            known = pl.when(pl.col("hired").is_not_null())
            top, row = Number(known.then(top.expr), top.low, top.high, top.scale), known.then(row)
        if self.by is not By.DAYS:
            top = narrowed(times(top, sheet.number("fte")), top.scale)
        return Outcome(top, below, row=row, stays_exact=True)

    def says(self, reading: Reading) -> Message:
        """`184 d ÷ 365 d`."""
        if reading.row(self.id) is None:
            return msg("{name} is not known", name=reading.name("hired"))
        if reading.row(self.id) == 3:
            return msg("hired on or after {day}: nothing", day=self.none_from)
        part = self._part(reading)
        if self.by is By.DAYS:
            return part
        fte = reading.shown("fte")
        return (
            msg("full-time share {fte}", fte=fte)
            if self.by is By.FTE
            else msg("{product} × {value}", product=part, value=fte)
        )

    def _part(self, reading: Reading) -> Message:
        """Say the days."""
        if reading.row(self.id) == 2:
            return msg("hired before {day}: in full", day=self.full_before)
        name = self._divisor()
        over = reading.shown(name) if name else reading.shown(decimal_of(365), Kind.DAYS)
        return msg("{days} ÷ {over}", days=reading.shown(self.days), over=over)

    def _divisor(self) -> str | None:
        """Return the input the days are divided by, when it is one."""
        return {DayCount.PERIOD: "days_in_period", DayCount.ACTUAL_ACTUAL: "days_in_year"}.get(self.day_count)

    def _days_read(self) -> tuple[str, ...]:
        """Return the inputs of days it uses."""
        return names_of(self.days, self._divisor())

    def _below(self, sheet: Sheet) -> Number:
        """Return what the days are divided by."""
        if self.by is By.FTE:
            return literal(decimal_of(1), Kind.DAYS)
        name = self._divisor()
        return sheet.number(name) if name else literal(decimal_of(365), Kind.DAYS)
