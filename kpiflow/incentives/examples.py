"""Runs the worked examples written inside a plan, through the fast path and through the reference, and compares.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from kpiflow.incentives.inputs import Wanted
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Example, Plan, Who
from kpiflow.incentives.reference import pay_one
from kpiflow.incentives.statements import Statement, statement
from kpiflow.incentives.typed import inputs_needed


@dataclass(frozen=True)
class Tried:
    """What an example gave: expected and found values that differ, by component (`amount` for the payout)."""

    example: Example
    differences: Mapping[str, tuple[Decimal | None, Decimal | None]]
    statement: Statement

    @property
    def holds(self) -> bool:
        """Whether everything came out as written."""
        return not self.differences


def try_examples(plan: Plan) -> list[Tried]:
    """Run every example of a plan; `who` does not matter here, since an example says nothing about roles."""
    needed = inputs_needed(plan)
    tried = []
    for example in plan.examples:
        everyone = plan.model_copy(update={"who": Who()})
        row = pay(everyone, as_payee(needed, example)).row(0, named=True)
        exact = pay_one(everyone, example.given)
        wrong = {}
        for name, expected in {**example.expect, "amount": example.pays}.items():
            found, second = row.get(name), exact.get(name)
            same = second is None if found is None else second is not None and Fraction(found) == second
            if found != expected or not same:
                wrong[name] = (expected, found)
        tried.append(Tried(example, wrong, statement(everyone, row)))
    return tried


def as_payee(needed: tuple[Wanted, ...], example: Example) -> pl.DataFrame:
    """Return an example's inputs as a table of one payee; what it leaves out is not known."""
    columns = {asked.name: _column(example.given.get(asked.name), asked.kind) for asked in needed}
    return pl.DataFrame({"person": [example.name or "example"], **columns})


def _column(value: object, kind: Kind) -> pl.Series:
    """Return one value as a column of its kind."""
    if kind is Kind.DATE:
        return pl.Series([value if isinstance(value, datetime.date) else None], dtype=pl.Date)
    if kind is Kind.TEXT:
        return pl.Series([None if value is None else str(value)], dtype=pl.String)
    return pl.Series([value], dtype=pl.Decimal(38, kind.digits))
