"""Statements: one person's payout as numbered lines that add up, and the same lines for everybody as one table.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reading import WideReading
from kpiflow.incentives.typed import Typed, sound
from kpiflow.language import Message, Name, msg, render


@dataclass(frozen=True)
class Line:
    """One step of a payout. `value` is its result; `amount` what it adds to the payout (null: it only leads up to it)."""

    line: int
    component: str
    kind: str
    label: Name
    formula: Message
    value: Decimal | None
    unit: Kind
    amount: Decimal | None
    row: int | None
    unmet: Message | None
    rule: str


@dataclass(frozen=True)
class Statement:
    """A person's payout. The `amount`s of its lines add up to its `amount`; `reason` says why there is none, `notes` what was
    assumed where nothing is known.
    """

    person: str | None
    plan: str
    version: str
    period: str | None
    currency: str
    amount: Decimal | None
    lines: tuple[Line, ...]
    reason: Message | None
    notes: tuple[Message, ...] = ()


def statement(plan: Plan, row: Mapping[str, object], period: str | None = None) -> Statement:
    """Return the statement of one row of what `pay` returned (`wide.row(n, named=True)`)."""
    made = sound(plan)
    reading = WideReading(plan, made, row)
    counted = additive(made)
    lines = tuple(_line(plan, made, reading, n, counted) for n in range(1, len(made.steps) + 1))
    amount = row["amount"]
    assert amount is None or isinstance(amount, Decimal)
    person = row.get("person")
    return Statement(
        person=None if person is None else str(person),
        plan=plan.plan,
        version=str(row["version"]),
        period=period,
        currency=plan.currency,
        amount=amount,
        lines=lines,
        reason=None if amount is not None else _why_nothing(made, reading),
        notes=tuple(
            msg(
                "Nothing is known of: {name}. It counts as {value}.", name=reading.name(name), value=reading.shown(name)
            )
            for name in made.inputs
            if row[name] is None and name in plan.absent
        ),
    )


def additive(made: Typed) -> dict[str, int]:
    """Return how often each step's own amount counts in the payout; steps not in it only lead up to others.

    From the last step back: a modifier counts for what it changes and passes on to what it changed, a sum passes on to
    its terms, and anything else counts whole.
    """
    steps = {step.id: step for step in made.steps}
    counted: dict[str, int] = {}
    passing = [(made.last.id, 1)]
    while passing:
        name, times = passing.pop()
        step = steps.get(name)
        if step is None or (isinstance(step, Total) and not _only_steps(step, steps)):
            counted[name] = counted.get(name, 0) + times
        elif isinstance(step, Total):
            passing += [(str(term), times) for term in step.plus] + [(str(term), -times) for term in step.minus]
        else:
            counted[name] = counted.get(name, 0) + times
            passing += [(step.changed, times)] if isinstance(step, Modifier) and step.changed in steps else []
    return {name: times for name, times in counted.items() if times}


def lines(plan: Plan, wide: pl.DataFrame) -> pl.DataFrame:
    """Return everybody's lines: person, line, component, kind, value, amount, row. Formulas are made one person at a time."""
    made = sound(plan)
    counted = additive(made)
    parts = []
    for n, step in enumerate(made.steps, start=1):
        amount = _amount_of(step, counted, made)
        has_row = f"{step.id}_row" in wide.columns
        parts.append(
            wide.select(
                pl.col("person") if "person" in wide.columns else pl.lit(None, dtype=pl.String).alias("person"),
                pl.lit(n, dtype=pl.Int32).alias("line"),
                pl.lit(step.id).alias("component"),
                pl.lit(step.kind).alias("kind"),
                pl.col(step.id).cast(pl.Decimal(38, 10)).alias("value"),
                amount.cast(pl.Decimal(38, 10)).alias("amount"),
                (pl.col(f"{step.id}_row") if has_row else pl.lit(None, dtype=pl.Int32)).alias("row"),
            )
        )
    return pl.concat(parts)


def to_json(said: Statement, locale: str = "en") -> dict[str, object]:
    """Return the documented form of a statement; money as text, so that no digit is lost. Absent is null."""
    return {
        "person": said.person,
        "plan": said.plan,
        "version": said.version,
        "period": said.period,
        "amount": _text(said.amount),
        "currency": said.currency,
        "reason": render(said.reason, locale) if said.reason else None,
        "notes": [render(note, locale) for note in said.notes],
        "lines": [
            {
                "line": line.line,
                "component": line.component,
                "kind": line.kind,
                "label": render(line.label, locale),
                "formula": render(line.formula, locale),
                "value": _text(line.value),
                "unit": line.unit.value,
                "amount": _text(line.amount),
                "row": line.row,
                "unmet": render(line.unmet, locale) if line.unmet else None,
                "rule": line.rule,
            }
            for line in said.lines
        ],
    }


def _line(plan: Plan, made: Typed, reading: WideReading, n: int, counted: Mapping[str, int]) -> Line:
    """Return line n, counted from 1; a modifier's own amount is what it changed."""
    step = made.steps[n - 1]
    value = reading.raw(step.id)
    assert value is None or isinstance(value, Decimal)
    own = value
    if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
        before = reading.raw(step.changed)
        own = None if value is None or not isinstance(before, Decimal) else value - before
    times = counted.get(step.id)
    return Line(
        line=n,
        component=step.id,
        kind=step.kind,
        label=step.named,
        formula=step.says(reading),
        value=value,
        unit=made.kinds[step.id],
        amount=None if times is None or own is None else own * times,
        row=reading.row(step.id),
        unmet=step.unmet(reading),
        rule=f"{plan.plan}/{step.id}",
    )


def _amount_of(step: Component, counted: Mapping[str, int], made: Typed) -> pl.Expr:
    """Return what a step adds to the payout, for everybody."""
    times = counted.get(step.id)
    if times is None:
        return pl.lit(None, dtype=pl.Decimal(38, 10))
    own = pl.col(step.id)
    if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
        own = own - pl.col(step.changed)
    return own if times == 1 else own * times


def _only_steps(step: Total, steps: Mapping[str, Component]) -> bool:
    """Say whether every term of a sum is a step of its own, and none was rounded apart from its terms."""
    return step.rounding is None and all(isinstance(term, str) and term in steps for term in (*step.plus, *step.minus))


def _why_nothing(made: Typed, reading: WideReading) -> Message:
    """Name the inputs that are not known."""
    unknown = [name for name in made.inputs if reading.raw(name) is None]
    if unknown:
        return msg(
            "Nothing is paid out, because this is not known: {names}.", names=[reading.name(name) for name in unknown]
        )
    return msg("Nothing is paid out, because no row of a table fits.")


def _text(value: Decimal | None) -> str | None:
    """Return a number as text, without the zeros that only fill its column, but with the cents of money."""
    if value is None:
        return None
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return f"{value:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{short:f}"
