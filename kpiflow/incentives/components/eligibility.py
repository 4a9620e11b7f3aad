"""Who is paid at all: hired in time, employed on the day, long enough, in one of the grades, with the reason where not.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Reading, must_be, names_of
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import chosen, nothing
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Eligibility(Modifier):
    """`of` for those who meet everything it asks, 0 for all others, even where the rest about them is not known.

    The first thing that is not met, in the order of its fields, is the reason on the statement. Write it behind what it may
    cancel. Nobody's last day is unknown: without one, a person is employed.
    """

    kind: Literal["eligibility"]
    hired_before: datetime.date | None = Field(default=None, description="Hired before this day.")
    employed_on: datetime.date | None = Field(default=None, description="Still employed on this day, as on pay day.")
    least_days: Exact | None = Field(
        default=None, ge=0, description="Employed in the period for at least so many days."
    )
    grades: tuple[str, ...] = Field(default=(), description="One of these grades.")
    needs: tuple[Condition, ...] = Field(default=(), description="Whatever else must hold.")

    @model_validator(mode="after")
    def _asks_something(self) -> "Eligibility":
        if not (self.hired_before or self.employed_on or self.asked):
            raise ValueError("eligibility asks for something: hired_before, employed_on, least_days, grades or needs")
        return self

    @property
    def asked(self) -> tuple[Condition, ...]:
        """The conditions after those on days of hire and leaving."""
        days = () if self.least_days is None else (Condition(of="days_employed", at_least=self.least_days),)
        grades = (Condition(of="grade", one_of=self.grades),) if self.grades else ()
        return (*days, *grades, *self.needs)

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(
            self.changed,
            "hired" if self.hired_before or self.employed_on else None,
            "left" if self.employed_on else None,
            *(one.of for one in self.asked),
        )

    def may_lack(self) -> tuple[str, ...]:
        """A last day may be empty."""
        return ("left",)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes."""
        for one in self.asked:
            fits_kind(one, kinds)
        for name in {"hired", "left"} & set(self.reads()):
            must_be(Kind.DATE, kinds, name)
        return same_kind([kinds[self.changed]])

    def works(self, sheet: Sheet) -> Outcome:
        """Row 1 meets everything; 2, 3, … are what is asked first, second …, and not met."""
        tests = []
        if self.hired_before:
            tests.append(pl.col("hired") < pl.lit(self.hired_before))
        if self.employed_on:
            day = pl.lit(self.employed_on)
            tests.append((pl.col("hired") <= day) & (pl.col("left").is_null() | (pl.col("left") >= day)))
        tests += [holds(one, sheet) for one in self.asked]
        row: pl.Expr = pl.when(pl.all_horizontal(test.is_not_null() for test in tests)).then(pl.lit(1, dtype=pl.Int32))
        for n, test in reversed(list(enumerate(tests, start=2))):
            row = pl.when(~test.fill_null(value=True)).then(pl.lit(n, dtype=pl.Int32)).otherwise(row)
        return Outcome(chosen(row == 1, sheet.short(self.changed), nothing(1)), row=row)

    def says(self, reading: Reading) -> Message:
        """`hired 2026-10-03, not before 2026-10-01: not eligible`."""
        row = reading.row(self.id)
        if row is None:
            return msg("not known whether all that is asked is met")
        if row == 1:
            return msg("all that is asked is met")
        return msg("not eligible: {reason}", reason=self._reason(reading, row - 2))

    def unmet(self, reading: Reading) -> Message | None:
        """Say the first thing that is not met."""
        row = reading.row(self.id)
        return None if row is None or row == 1 else self._reason(reading, row - 2)

    def _reason(self, reading: Reading, n: int) -> Message:
        """Say what the test number n asks for, and what there was."""
        if self.hired_before:
            if n == 0:
                return msg("hired on {day}, not before {limit}", day=reading.shown("hired"), limit=self.hired_before)
            n -= 1
        if self.employed_on:
            if n == 0:
                return msg("not employed on {day}", day=self.employed_on)
            n -= 1
        one = self.asked[n]
        edge = None if one.edge is None else reading.shown(one.edge, reading.kind(one.of))
        return msg("{name}: needed {needed}, had {had}", name=reading.name(one.of), needed=needed(one, edge),
                   had=reading.shown(one.of))  # fmt: skip
