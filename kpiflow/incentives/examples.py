"""Runs the worked examples written inside a plan, through the fast path and through the reference, and compares.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import polars as pl

from kpiflow.incentives.inputs import PERSON, Wanted
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Example, Expected, Plan, Who
from kpiflow.incentives.reference import pay_everybody
from kpiflow.incentives.statements import Statement, statement
from kpiflow.incentives.typed import inputs_needed

#: A value of an example: expected, or found.
Value = Decimal | str | None


@dataclass(frozen=True)
class Tried:
    """What an example gave: expected and found values that differ, by component (`amount` for the payout).

    `row` is what the fast path made of it, a column per component and per `<id>_row`. Of several people, it and the
    statement are the first's; `rows` are everybody's, `exact` what the reference made of each, and differences name the person.
    """

    example: Example
    differences: Mapping[str, tuple[Value, Value]]
    statement: Statement
    row: Mapping[str, object] = field(default_factory=dict)
    exact: tuple[Mapping[str, Fraction | str | None], ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything came out as written."""
        return not self.differences


def try_examples(plan: Plan) -> list[Tried]:
    """Run every example of a plan; `who` does not matter here, since an example says nothing about roles."""
    needed = inputs_needed(plan)
    everyone = plan.model_copy(update={"who": Who()})
    return [_tried(everyone, needed, example) for example in plan.examples]


def _tried(plan: Plan, needed: tuple[Wanted, ...], example: Example) -> Tried:
    """Run one example both ways."""
    people = example.each
    rows = tuple(pay(plan, as_payees(needed, example)).iter_rows(named=True))
    exact = pay_everybody(plan, [_given(example, one, f"{n:06}") for n, one in enumerate(people, start=1)])
    wrong: dict[str, tuple[Value, Value]] = {}
    for n, (one, row, second) in enumerate(zip(people, rows, exact, strict=True), start=1):
        before = f"{n}: " if example.people else ""
        for name, expected in {**one.expect, "amount": one.pays}.items():
            found = row.get(name)
            assert found is None or isinstance(found, Decimal | str)
            if found != expected or not _same(found, second.get(name)):
                wrong[f"{before}{name}"] = (expected, found)
    if example.people:
        amounts = [row["amount"] for row in rows]
        paid = [amount for amount in amounts if isinstance(amount, Decimal)]
        together = sum(paid, Decimal(0)) if len(paid) == len(amounts) else None
        if together != example.pays:
            wrong["amount"] = (example.pays, together)
    return Tried(example, wrong, statement(plan, rows[0]), rows[0], tuple(exact), rows)


def _same(found: Value, second: Fraction | str | None) -> bool:
    """Say whether the fast path and the reference gave the same."""
    if isinstance(found, Decimal):
        return isinstance(second, Fraction) and Fraction(found) == second
    return found == second


def _given(example: Example, one: Expected, name: str) -> dict[str, object]:
    """Return all that is given of one of its people."""
    return {**example.given, **one.given, "segments": [dict(row) for row in one.segments], "person": name}


def as_payees(needed: tuple[Wanted, ...], example: Example) -> pl.DataFrame:
    """Return an example's inputs as a table of payees, one row per person or per segment; what it leaves out is not known."""
    rows = []
    for n, one in enumerate(example.each, start=1):
        segments = one.segments or ({},)
        for number, segment in enumerate(segments, start=1):
            numbered = {"segment": number} if one.segments else {}
            rows.append({"person": f"{n:06}", **numbered, **example.given, **one.given, **segment})
    kinds = {asked.name: asked.kind for asked in needed}
    if any(one.segments for one in example.each):
        kinds |= {name: PERSON[name] for name in ("segment", "segment_from", "segment_to")}
    columns = [_column(name, [row.get(name) for row in rows], kind) for name, kind in kinds.items()]
    return pl.DataFrame([pl.Series("person", [row["person"] for row in rows]), *columns])


def _column(name: str, values: list[object], kind: Kind) -> pl.Series:
    """Return values as a column of their kind."""
    if kind is Kind.DATE:
        days = [value if isinstance(value, datetime.date) else None for value in values]
        return pl.Series(name, days, dtype=pl.Date)
    if kind is Kind.TEXT:
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
    return pl.Series(name, values, dtype=pl.Decimal(38, kind.digits))
