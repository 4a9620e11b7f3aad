"""A run worked out, with what earlier runs have to be put right by, and kept: everything in one transaction or nothing."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.incentives.exact import as_decimal, reading
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import sound
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.pay_runs import MONEY, TABLES, Event, Parts, Run, add_event, add_run
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.pay_runs.adjusting import adjustments
from kpiflow.workspace.pay_runs.answers import RunState
from kpiflow.workspace.paying import PayRun, pay_run

#: The action in roles and in the journal.
RUN = "run_pay"

#: Columns of a run's table that stand elsewhere in the store.
_ELSEWHERE = ("person", "unit", "role", "plan", "version", "amount")


@dataclass(frozen=True)
class Terms:
    """How a run is to be made: the day looked from, a budget, and which earlier final runs it puts right (None: its plan's)."""

    as_of: datetime.date | None = None
    budget: Decimal | None = None
    adjusts: Sequence[int] | None = None
    reason: str | None = None


#: As known now, by the plan's budget, putting right what there is to put right.
USUAL = Terms()


@dataclass(frozen=True, eq=False)
class WorkedOut:
    """A run that is not written yet: what it pays, by whose knowledge, and the lines that put earlier runs right."""

    run: PayRun
    known_by: datetime.datetime
    closing: int | None
    amounts: pl.DataFrame
    lines: pl.DataFrame
    adjusted: pl.DataFrame
    content: str

    @property
    def total(self) -> Decimal:
        """Everything that is paid."""
        return Decimal(str(self.amounts["payable"].sum() or 0))


def named(asker: Asker, who: str | None) -> str:
    """Return what is written as the name of whoever does something: at the machine they may say who they are."""
    return (who or "").strip() or asker.name if asker.machine else asker.name


def work_out(ws: Books, plan: str, period: str, terms: Terms) -> WorkedOut:
    """Return what a plan pays for a period by what counts: the closed results, where the period is closed.

    Raises NotFound for an unknown plan or period, and InvalidInput where the plan does not pay for it.
    """
    ws.moment(period, terms.as_of)
    shut = closed(ws, period) if terms.as_of is None else None
    as_of = terms.as_of if shut is None else shut.known_by
    run = pay_run(ws, plan, period, terms.as_of)
    adjusted = adjustments(ws, run.plan, period, terms.adjusts)
    amounts = amounts_of(run, adjusted)
    lines = lines_of(run)
    closing = None if shut is None else shut.number
    return WorkedOut(run, _instant(as_of), closing, amounts, lines, adjusted, content_print(amounts, lines, adjusted))


def lines_of(run: PayRun) -> pl.DataFrame:
    """Return a run's lines in order, each with its segment, which only plans paid by segments have."""
    lacks = "segment" not in run.lines.columns
    lines = run.lines.with_columns(pl.lit(None, dtype=pl.Int32).alias("segment")) if lacks else run.lines
    words = pl.col(pl.Categorical).cast(pl.String)  # as the store has them
    return lines.select(list(TABLES["pay_line"])).with_columns(words).sort("person", "line")


def amounts_of(run: PayRun, adjusted: pl.DataFrame) -> pl.DataFrame:
    """Return person, unit, role, amount, adjustment and payable; whoever is only in an adjustment comes with 0."""
    listed = run.wide.select("person", "unit", "role", pl.col("amount").cast(MONEY))
    beyond = adjusted.join(listed, on="person", how="anti").select(
        "person", "unit", "role", amount=pl.lit(Decimal(0), dtype=MONEY)
    )
    everybody = pl.concat([listed, beyond.unique("person", keep="first", maintain_order=True)])
    summed = adjusted.group_by("person").agg(adjustment=pl.col("amount").sum())
    return (
        everybody.join(summed, on="person", how="left")
        .with_columns(pl.col("adjustment").cast(MONEY).fill_null(Decimal(0)))
        .with_columns(payable=(pl.col("amount").fill_null(Decimal(0)) + pl.col("adjustment")).cast(MONEY))
        .sort("person")
    )


def content_print(amounts: pl.DataFrame, lines: pl.DataFrame, adjusted: pl.DataFrame) -> str:
    """Return the SHA-256 of everything a run pays, whatever order the rows come in."""
    whole = hashlib.sha256()
    put_right = adjusted.select("person", "of_run", "paid", "due", "amount").sort("person", "of_run")
    for rows in (amounts.sort("person"), lines.sort("person", "line"), put_right):
        whole.update(rows.with_columns(pl.selectors.decimal().cast(MONEY)).write_csv().encode())
    return whole.hexdigest()


def keep_run(
    ws: Books, asker: Asker, plan: str, period: str, terms: Terms = USUAL, *, who: str | None = None,
    at: datetime.datetime | None = None,
) -> int:  # fmt: skip
    """Work a run out and write it down as a dry run; return its number. Raises as `work_out` does, or Refused."""
    ws.may(asker, RUN).require()
    if terms.budget is not None and terms.budget < 0:
        raise InvalidInput(msg("A budget is not below 0."))
    moment = at or datetime.datetime.now(datetime.UTC)
    made = work_out(ws, plan, period, terms)
    if made.amounts.is_empty():
        raise InvalidInput(msg("The plan {plan} reaches nobody in {period}, so there is nothing to run.",
                               plan=plan, period=period))  # fmt: skip
    rules = made.run.plan
    budget = terms.budget if terms.budget is not None else rules.budget
    said = Run(
        plan=rules.plan, version=rules.version, rules_print=rules.fingerprint, rules=rules.model_dump_json(), period=period,
        known_by=made.known_by, closing=made.closing, currency=rules.currency, people=made.amounts.height,
        total=made.total, budget=budget, content=made.content,
    )  # fmt: skip
    parts = Parts({
        "pay_amount": made.amounts, "pay_line": made.lines, "pay_input": inputs_of(rules, made.run.wide),
        "pay_balance": balances_of(rules, made.run.wide), "pay_adjustment": made.adjusted,
    })  # fmt: skip
    name = named(asker, who)
    detail = {"people": said.people, "total": str(said.total), "currency": said.currency, "fingerprint": said.content}
    with ws.store.write() as cursor:
        number = add_run(cursor, said, parts)
        add_event(cursor, number, Event(moment, name, RunState.DRY.value, terms.reason))
        subject = f"{said.plan} {period}"
        record(cursor, Entry(moment, name, "pay", subject, terms.reason, {"run": number, **detail}))
    return number


def inputs_of(plan: Plan, wide: pl.DataFrame) -> pl.DataFrame:
    """Return person, name and value: whatever a run had of a person beside its lines, exactly, as text."""
    made = sound(plan)
    numbers = {step.id for step in made.steps if made.kinds[step.id].numeric}
    elsewhere = {*_ELSEWHERE, *numbers, *(f"{step.id}_row" for step in made.steps)} - set(made.inputs)
    kept = [name for name in wide.columns if name not in elsewhere]
    plain = [name for name in kept if not wide.schema[name].is_nested()]
    long = _long(wide, plan, plain, "")
    if "segments" not in wide.columns:
        return long
    below = (
        wide.select("person", "segments")
        .explode("segments")
        .with_columns(number=pl.int_range(1, pl.len() + 1).over("person"))
    )
    found = [long]
    for (number,), rows in below.partition_by("number", as_dict=True).items():
        own = rows.select("person", *(pl.col("segments").struct.field(name) for name in _fields(rows)))
        names = [name for name in own.columns if name not in elsewhere and not own.schema[name].is_nested()]
        found.append(_long(own, plan, names, f"#{number}:"))
    return pl.concat(found)


def _fields(rows: pl.DataFrame) -> list[str]:
    """Return the fields of the segments, without the person."""
    return [field.name for field in rows.schema["segments"].fields if field.name != "person"]  # type: ignore[attr-defined]


def _long(wide: pl.DataFrame, plan: Plan, names: list[str], before: str) -> pl.DataFrame:
    """Return person, name (with something before it) and value of some columns, where there is one."""
    if not names:
        return pl.DataFrame(schema={"person": pl.String, "name": pl.String, "value": pl.String})
    texts = [_text(wide[name], plan, name).alias(f"={before}{name}") for name in names]
    long = wide.select("person").hstack(texts).unpivot(index="person", variable_name="name", value_name="value")
    return long.drop_nulls("value").with_columns(pl.col("name").str.strip_prefix("="))


def _text(column: pl.Series, plan: Plan, name: str) -> pl.Series:
    """Return a column as texts: numbers of the plan with exactly the digits that were calculated with."""
    made = sound(plan)
    if name in made.inputs and made.kinds[name].numeric:
        kind = made.kinds[name]
        exact = as_decimal(reading(column, kind), kind.digits).cast(pl.String)
        return column.to_frame().select(exact.alias(column.name)).to_series()
    return column.cast(pl.String)


def balances_of(plan: Plan, wide: pl.DataFrame) -> pl.DataFrame:
    """Return plan, person, component and amount: what components leave to be carried, the columns `<id>_left`."""
    left = [step.id for step in sound(plan).steps if f"{step.id}_left" in wide.columns]
    schema: dict[str, Any] = {"plan": pl.String, "person": pl.String, "component": pl.String, "amount": MONEY}
    parts = [
        wide.select(plan=pl.lit(plan.plan), person="person", component=pl.lit(name), amount=pl.col(f"{name}_left").cast(MONEY))
        for name in left
    ]  # fmt: skip
    return pl.concat(parts).drop_nulls("amount") if parts else pl.DataFrame(schema=schema)


def _instant(as_of: datetime.date | None) -> datetime.datetime:
    """Return the moment up to which everything was known."""
    if as_of is None:
        return datetime.datetime.now(datetime.UTC)
    if isinstance(as_of, datetime.datetime):
        return as_of
    return datetime.datetime.combine(as_of, datetime.time.max)
