"""Statements: one person's payout as numbered lines that add up, and the same lines for everybody as one table.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from kpiflow.incentives.branches import matched
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.fold import Fold, How
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.rounding import RoundOff, rounding_said
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reading import Called, WideReading
from kpiflow.incentives.typed import Typed, sound
from kpiflow.language import Message, Name, msg, render

#: What the lines of everybody are written in.
TEN = pl.Decimal(38, 10)


@dataclass(frozen=True)
class Line:
    """One step of a payout. `value` is its result; `amount` what it adds to the payout (null: it only leads up to it).

    In a plan paid by segments, steps worked for each have a line per segment, with its number. `text` is the result where
    it is a word, such as a grade. `row` is the number of the case that applied, and `matched` that case in words.
    """

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
    segment: int | None = None
    text: str | None = None
    matched: Message | None = None


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


def statement(
    plan: Plan, row: Mapping[str, object], period: str | None = None, called: Called | None = None
) -> Statement:
    """Return the statement of one row of what `pay` returned (`wide.row(n, named=True)`).

    `called` tells the names of goals, units and metrics that the plan looks up; without it they go by their ids.
    """
    made = sound(plan)
    reading = WideReading(plan, made, row, called)
    counted = additive(made)
    amount = row["amount"]
    assert amount is None or isinstance(amount, Decimal)
    lines = _settled(tuple(_lines(plan, made, row, counted, called)), made, amount)
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
            if row.get(name) is None and name in plan.absent
        ),
    )


def additive(made: Typed) -> dict[str, int]:
    """Return how often each step's own amount counts in the payout; steps not in it only lead up to others.

    From the last step back: a modifier counts for what it changes and passes on to what it changed, a sum passes on to
    its terms, a fold that adds segments up to the segments, and anything else counts whole.
    """
    steps = {step.id: step for step in made.steps}
    counted: dict[str, int] = {}
    passing = [(made.last.id, 1)]
    while passing:
        name, times = passing.pop()
        step = steps.get(name)
        if isinstance(step, Fold) and step.how is How.SUM and step.rounding is None:
            passing.append((step.of, times))
        elif step is None or (isinstance(step, Total) and not _only_steps(step, steps)):
            counted[name] = counted.get(name, 0) + times
        elif isinstance(step, Total):
            passing += [(str(term), times) for term in step.plus] + [(str(term), -times) for term in step.minus]
        else:
            counted[name] = counted.get(name, 0) + times
            passing += [(step.changed, times)] if isinstance(step, Modifier) and step.changed in steps else []
    return {name: times for name, times in counted.items() if times}


def lines(plan: Plan, wide: pl.DataFrame) -> pl.DataFrame:
    """Return everybody's lines: person, line, component, kind, value, amount, row; in a plan paid by segments also
    `segment`, null for lines of the whole person. Formulas are made one person at a time.
    """
    made = sound(plan)
    counted = additive(made)
    if "person" not in wide.columns:
        wide = wide.with_columns(pl.lit(None, dtype=pl.String).alias("person"))
    apart = [step for step in made.steps if step.id in made.per_segment]
    whole = [step for step in made.steps if step.id not in made.per_segment]
    before: pl.Expr = pl.lit(0, dtype=pl.Int32)
    below_parts: list[pl.DataFrame] = []
    if plan.segments:
        number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("person").alias("segment")
        below = wide.select("person", "segments").explode("segments").with_columns(number)
        fields = [name for name in below["segments"].struct.fields if name not in ("segment", "person")]
        below = below.with_columns(pl.col("segments").struct.field(name) for name in fields)
        first = (pl.col("segment") - 1) * len(apart)
        below_parts = pl.collect_all(
            [_lines_of(below, step, first + n, counted, made) for n, step in enumerate(apart, start=1)]
        )
        before = pl.col("segments").list.len().cast(pl.Int32) * len(apart)
        wide = wide.with_columns(pl.lit(None, dtype=pl.Int32).alias("segment"))
    parts = pl.collect_all([_lines_of(wide, step, before + n, counted, made) for n, step in enumerate(whole, start=1)])
    deciding = _deciding(made)
    if deciding is not None:
        place = [step.id for step in whole].index(deciding)
        parts[place] = _settled_for_all(wide, parts, place, below_parts)
    return pl.concat([*below_parts, *parts])


def _lines_of(
    rows: pl.DataFrame, step: Component, line: pl.Expr, counted: Mapping[str, int], made: Typed
) -> pl.LazyFrame:
    """Return one step's lines for everybody."""
    has_row, numeric, nothing = f"{step.id}_row" in rows.columns, made.kinds[step.id].numeric, pl.lit(None, dtype=TEN)
    value, amount, times = _ten_places(rows, step.id) if numeric else nothing, nothing, counted.get(step.id)
    if times is not None:
        own = value.reinterpret(dtype=pl.Int128)
        if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
            own = own - _ten_places(rows, step.changed).reinterpret(dtype=pl.Int128)
        amount = (own if times == 1 else own * times).reinterpret(dtype=TEN)
    return rows.lazy().select(
        "person",
        line.cast(pl.Int32).alias("line"),
        pl.lit(step.id, dtype=pl.Categorical).alias("component"),
        pl.lit(step.kind, dtype=pl.Categorical).alias("kind"),
        value.alias("value"),
        amount.alias("amount"),
        (pl.col(f"{step.id}_row") if has_row else pl.lit(None, dtype=pl.Int32)).alias("row"),
        *(["segment"] if "segment" in rows.columns else []),
    )


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
                "matched": render(line.matched, locale) if line.matched else None,
                "segment": line.segment,
                "text": line.text,
                "unmet": render(line.unmet, locale) if line.unmet else None,
                "rule": line.rule,
            }
            for line in said.lines
        ],
    }


def _lines(
    plan: Plan, made: Typed, row: Mapping[str, object], counted: Mapping[str, int], called: Called | None
) -> Iterator[Line]:
    """Yield the lines of one person: those of each segment, then those of the whole person."""
    line = 0
    segments = row.get("segments") if plan.segments else None
    for number, segment in enumerate(segments if isinstance(segments, list) else (), start=1):
        reading = WideReading(plan, made, segment, called)
        for step in made.steps:
            if step.id in made.per_segment:
                line += 1
                found = _line(plan, made, reading, step, counted)
                yield replace(found, line=line, segment=number, label=_of_segment(found.label, number, segment))
    reading = WideReading(plan, made, row, called)
    for step in made.steps:
        if step.id not in made.per_segment:
            line += 1
            yield replace(_line(plan, made, reading, step, counted), line=line)


def _of_segment(label: Name, number: int, segment: Mapping[str, object]) -> Name:
    """Return what a step is called for one segment: with its days, or its number."""
    days = [str(segment[name]) for name in ("segment_from", "segment_to") if segment.get(name) is not None]
    said = " – ".join(days) if days else str(number)
    return Name(f"{label.label} ({said})", label.label_zh and f"{label.label_zh}（{said}）")


def _line(plan: Plan, made: Typed, reading: WideReading, step: Component, counted: Mapping[str, int]) -> Line:
    """Return the line of a step; a modifier's own amount is what it changed."""
    numeric = made.kinds[step.id].numeric
    raw = reading.raw(step.id)
    value = raw if isinstance(raw, Decimal) else None
    own = value
    if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
        before = reading.raw(step.changed)
        own = None if value is None or not isinstance(before, Decimal) else value - before
    times = counted.get(step.id)
    return Line(
        line=0,
        component=step.id,
        kind=step.kind,
        label=step.named,
        formula=_formula(step, reading),
        value=value,
        unit=made.kinds[step.id],
        amount=None if times is None or own is None else own * times,
        row=reading.row(step.id),
        unmet=step.unmet(reading),
        rule=f"{plan.plan}/{step.id}",
        text=None if numeric or raw is None else str(raw),
        matched=matched(step, reading.row(step.id)),
    )


def _formula(step: Component, reading: WideReading) -> Message:
    """Return a step's formula, with how it is rounded where that is a matter of its own."""
    said, value = step.says(reading), reading.raw(step.id)
    if step.rounding is None or isinstance(step, RoundOff) or not isinstance(value, Decimal):
        return said
    if step.rounding.places > 0 and value == value.to_integral_value():
        return said
    return msg("{formula}, rounded {how}", formula=said, how=rounding_said(step.rounding))


def _settled(lines: tuple[Line, ...], made: Typed, amount: Decimal | None) -> tuple[Line, ...]:
    """Give an eligibility that cancels what is not known the amount that makes the lines add up to what is paid."""
    deciding = _deciding(made)
    known = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    if amount is None or deciding is None or known == amount:
        return lines
    return tuple(
        replace(line, amount=amount - known) if line.component == deciding and line.amount is None else line
        for line in lines
    )


def _settled_for_all(
    wide: pl.DataFrame, parts: list[pl.DataFrame], place: int, below: list[pl.DataFrame]
) -> pl.DataFrame:
    """Return the lines of the eligibility at a place of everybody's lines, settled in the same way."""
    lines, paid = parts[place], wide["amount"].cast(pl.Decimal(38, 10))
    open_ones = lines["amount"].is_null() & paid.is_not_null()
    if not open_ones.any():
        return lines
    amounts = [part["amount"].alias(str(n)) for n, part in enumerate(parts)]
    if below:
        apart = pl.concat(below).group_by("person").agg(pl.col("amount").sum().alias("below"))
        amounts.append(wide.select("person").join(apart, on="person", how="left", maintain_order="left")["below"])
    known = pl.DataFrame(amounts).select(pl.sum_horizontal(pl.all().fill_null(0))).to_series()
    return lines.with_columns(amount=pl.when(open_ones).then(paid - known).otherwise(lines["amount"]))


def _deciding(made: Typed) -> str | None:
    """Return the last eligibility of a plan, if it has any."""
    found = [step.id for step in made.steps if isinstance(step, Eligibility)]
    return found[-1] if found else None


def _ten_places(wide: pl.DataFrame, name: str) -> pl.Expr:
    """Return a component's decimals with ten places: from fewer they are only multiplied, as whole numbers.

    A cast of a million decimals does the same and checks each of them, in more than twice the time.
    """
    places = getattr(wide.schema[name], "scale", None)
    if places == 10:
        return pl.col(name)
    if places is None or places > 10:
        return pl.col(name).cast(TEN)
    return (pl.col(name).reinterpret(dtype=pl.Int128) * pl.lit(10 ** (10 - places), dtype=pl.Int128)).reinterpret(
        dtype=TEN
    )


def _only_steps(step: Total, steps: Mapping[str, Component]) -> bool:
    """Say whether every term of a sum is a step of its own, and none was rounded apart from its terms."""
    return step.rounding is None and all(isinstance(term, str) and term in steps for term in (*step.plus, *step.minus))


def _why_nothing(made: Typed, reading: WideReading) -> Message:
    """Name the inputs that are not known."""
    lacking = {name for step in made.steps for name in step.may_lack()}
    unknown = [name for name in made.inputs if reading.raw(name) is None and name not in lacking]
    if unknown:
        return msg(
            "Nothing is paid out, because this is not known: {names}.", names=[reading.name(name) for name in unknown]
        )
    pools = [step for step in made.steps if step.needs_everybody]
    if pools and reading.row(pools[-1].id) is None:
        return msg("Nothing is paid out yet, because not everybody's share in it is known.")
    whole = [step for step in made.steps if step.id not in made.per_segment and made.kinds[step.id].numeric]
    undone = [step for step in whole if reading.raw(step.id) is None]
    if undone and isinstance(undone[0], Quotient):
        return msg(
            "Nothing is paid out: {name} cannot be worked out ({why}).",
            name=undone[0].named,
            why=undone[0].says(reading),
        )
    return msg("Nothing is paid out, because no row of a table fits.")


def _text(value: Decimal | None) -> str | None:
    """Return a number as text, without the zeros that only fill its column, but with the cents of money."""
    if value is None:
        return None
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return f"{value:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{short:f}"
