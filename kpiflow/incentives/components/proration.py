"""The share of the period that counts: by days employed, by full-time equivalent, and by when a person was hired.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Reading, must_be, names_of
from kpiflow.incentives.exact import Number, chosen, count_of, guarded, nothing, times
from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class By(StrEnum):
    """What shortens a payout."""

    DAYS = "days"
    FTE = "fte"
    DAYS_AND_FTE = "days_and_fte"
    MONTHS = "months"  # whole months, by rules for the first and the last day
    MONTHS_AND_FTE = "months_and_fte"


class DayCount(StrEnum):
    """What the days employed are divided by. Days are counted inclusively, first and last."""

    PERIOD = "period"  # the days of the period
    ACTUAL_365 = "actual_365"  # always 365
    ACTUAL_ACTUAL = "actual_actual"  # the days of the planning year: 365 or 366


#: Those that count neither days nor months, and those that count months, and those that count hours.
BY_MONTHS, BY_FTE = (By.MONTHS, By.MONTHS_AND_FTE), (By.FTE, By.DAYS_AND_FTE, By.MONTHS_AND_FTE)


class Proration(Component):
    """A ratio, kept exactly as days ÷ days (or months ÷ months): a third of a year stays a third.

    By months: the first month counts when `segment_from` is no later than `start_by_day`, the last when `segment_to` is no
    earlier than `end_from_day` or the end of its month; the months between always do.
    """

    kind: Literal["proration"]
    by: By = By.DAYS
    day_count: DayCount = DayCount.PERIOD
    days: str = Field(default="days_employed", description="The days that count.")
    start_by_day: int = Field(default=31, ge=1, le=31, description="By months: starting by this day counts the month.")
    end_from_day: int = Field(default=1, ge=1, le=31, description="By months: ending on this day or later counts it.")
    months: Exact = Field(default=Decimal(12), gt=0, description="By months: how many months the period has.")
    full_before: datetime.date | None = Field(
        default=None, description="Hired before this day: the whole period counts."
    )
    none_from: datetime.date | None = Field(default=None, description="Hired on this day or later: nothing is paid.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        hired = "hired" if self.full_before or self.none_from else None
        return names_of(*self._days_read(), "fte" if self.by in BY_FTE else None, hired)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio, from days."""
        if self.by in (By.DAYS, By.DAYS_AND_FTE):
            must_be(Kind.DAYS, kinds, self.days)
        return Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Divide days by days, once."""
        top, below = self._top(sheet), self._below(sheet)
        row: pl.Expr = pl.lit(1, dtype=pl.Int32)
        if self.full_before:
            early = pl.col("hired") < pl.lit(self.full_before)
            top = chosen(early, below, top)
            row = pl.when(early).then(2).otherwise(row)
        if self.none_from:
            late = pl.col("hired") >= pl.lit(self.none_from)
            top = chosen(late, nothing(1), top)
            row = pl.when(late).then(3).otherwise(row)
        if self.full_before or self.none_from:
            row = pl.when(pl.col("hired").is_not_null()).then(row)
        if self.by in BY_FTE:
            top = guarded(times(top, sheet.short("fte")), Kind.DAYS.scale)
        return Outcome(top, below, row=row, stays_exact=True)

    def says(self, reading: Reading) -> Message:
        """`184 d ÷ 365 d`."""
        if reading.row(self.id) is None:
            return msg("{name} is not known", name=reading.name("hired"))
        for name in self._days_read():
            if reading.raw(name) is None:
                return msg("{name} is not known", name=reading.name(name))
        if reading.row(self.id) == 3:
            return msg("hired on or after {day}: nothing", day=self.none_from)
        if self.by is By.FTE:
            return msg("full-time share {fte}", fte=reading.shown("fte"))
        part = self._part(reading)
        if self.by not in BY_FTE:
            return part
        return msg("{product} × {value}", product=part, value=reading.shown("fte"))

    def _part(self, reading: Reading) -> Message:
        """Say the days."""
        if reading.row(self.id) == 2:
            return msg("hired before {day}: in full", day=self.full_before)
        if self.by in BY_MONTHS:
            first, last = reading.shown("segment_from"), reading.shown("segment_to")
            assert isinstance(first, datetime.date)
            assert isinstance(last, datetime.date)
            count = self.counted(first, last)
            return msg(
                "{first} to {last}: {count} of {months} months", first=first, last=last, count=count, months=self.months
            )
        name = self._divisor()
        over = reading.shown(name) if name else reading.shown(decimal_of(365), Kind.DAYS)
        return msg("{days} ÷ {over}", days=reading.shown(self.days), over=over)

    def _divisor(self) -> str | None:
        """Return the input the days are divided by, when it is one."""
        return {DayCount.PERIOD: "days_in_period", DayCount.ACTUAL_ACTUAL: "days_in_year"}.get(self.day_count)

    def _days_read(self) -> tuple[str, ...]:
        """Return the inputs of days it uses."""
        if self.by is By.FTE:
            return ()
        return ("segment_from", "segment_to") if self.by in BY_MONTHS else names_of(self.days, self._divisor())

    def counted(self, first: datetime.date, last: datetime.date) -> int:
        """Return how many months count from a day to a day, for the statement."""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        ends_month = (last + datetime.timedelta(days=1)).month != last.month
        late, early = first.day > self.start_by_day, last.day < self.end_from_day and not ends_month
        return max(months - late - early, 0)

    def _top(self, sheet: Sheet) -> Number:
        """Return the days or months that count."""
        if self.by is By.FTE:
            return count_of(1)
        if self.by not in BY_MONTHS:
            return sheet.short(self.days)
        first, last = pl.col("segment_from"), pl.col("segment_to")
        months = (_month(last) - _month(first) + 1).cast(pl.Int64)
        late = first.dt.day() > self.start_by_day
        early = (last.dt.day() < self.end_from_day) & (last != last.dt.month_end())
        counted = (months - late.cast(pl.Int64) - early.cast(pl.Int64)).clip(lower_bound=0)
        return Number(counted, 0, 10_000, 1, small=True)

    def _below(self, sheet: Sheet) -> Number:
        """Return what the days or months are divided by."""
        if self.by in BY_MONTHS:
            return sheet.short(self.months, Kind.DAYS)
        if self.by is By.FTE:
            return count_of(1)
        name = self._divisor()
        return sheet.short(name) if name else count_of(365)


def _month(day: pl.Expr) -> pl.Expr:
    """Return the number of the month a day is in, counted through the years."""
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)
