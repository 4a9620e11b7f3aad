"""Runs read back from the store: which of them somebody may see, what each paid, and the rows its statements are made of."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.core.company import RoundTo
from kpiflow.errors import NotFound
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.paying import places_of
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import Typed, sound
from kpiflow.language import Name, msg
from kpiflow.storage.pay_runs import read_part, read_rules, read_runs, runs_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.answers import RunState, Stored


def all_runs(ws: Books) -> tuple[Stored, ...]:
    """Return every run as it stands, the newest first; cached until a step is taken."""
    return ws.kept(
        ("pay runs", runs_version(ws.store), ws.known(None).definitions),
        lambda: tuple(_stored(ws, row) for row in read_runs(ws.store).iter_rows(named=True)),
    )


def stored_run(ws: Books, run: int, rows: pl.DataFrame | None = None) -> Stored:
    """Return a run as it stands, or as some rows of the store say; raises NotFound."""
    if rows is not None:
        found = tuple(_stored(ws, row) for row in rows.iter_rows(named=True))
    else:
        found = tuple(one for one in all_runs(ws) if one.run == run)
    if not found:
        raise _none(run)
    return found[0]


def readable(ws: Books, asker: Asker, run: int) -> Stored:
    """Return a run that somebody may read; raises NotFound for any other, so that nobody learns that it is being made."""
    found = stored_run(ws, run)
    if found.state is not RunState.FINAL and not in_office(ws, asker):
        raise _none(run)
    return found


def of_office(ws: Books, asker: Asker, run: int) -> Stored:
    """Return a run for whoever works on runs before they are final; raises NotFound for anybody else."""
    if not in_office(ws, asker):
        raise _none(run)
    return stored_run(ws, run)


def in_office(ws: Books, asker: Asker) -> bool:
    """Return whether somebody works on runs before they are final: who runs or approves pay, or reads everybody's."""
    return (
        ws.may(asker, "run_pay").allowed
        or ws.may(asker, "approve_pay").allowed
        or ws.reach(asker, Topic.PAY).people is None
    )


def seen(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of those whose pay somebody may read."""
    people = ws.reach(asker, Topic.PAY).people
    return rows if people is None else rows.filter(pl.col("person").is_in(list(people)))


def amounts(ws: Books, run: int) -> pl.DataFrame:
    """Return what a run pays each person; cached, because a run never changes."""
    return ws.kept(("pay amounts", run), lambda: read_part(ws.store, "pay_amount", run).sort("person"))


def plan_of(ws: Books, run: int) -> Plan:
    """Return the plan that a run was made by, as it was then."""
    return ws.kept(("pay rules", run), lambda: Plan.model_validate_json(read_rules(ws.store, run)))


def wide_of(ws: Books, run: int, people: Collection[str] | None = None) -> pl.DataFrame:
    """Return the rows of a run as `pay` returned them, of everybody or of some: inputs, components, amount."""
    plan, made = plan_of(ws, run), sound(plan_of(ws, run))
    inputs, lines = read_part(ws.store, "pay_input", run, people), read_part(ws.store, "pay_line", run, people)
    ours = ~pl.col("name").str.starts_with("#")
    listed = read_part(ws.store, "pay_amount", run, people).select("person", "unit", "role", "amount").sort("person")
    wide = _beside(listed, inputs.filter(ours), lines.filter(pl.col("segment").is_null()), ["person"])
    version = f"{plan.version}+{plan.fingerprint}"
    whole = _typed_all(wide, plan, made).with_columns(version=pl.lit(version))
    if not plan.segments:
        return whole
    parts = inputs.filter(~ours).with_columns(
        pl.col("name").str.extract_groups(r"^#(?<segment>\d+):(?<name>.*)$").alias("of")
    )
    parts = parts.drop("name").unnest("of").with_columns(pl.col("segment").cast(pl.Int32))
    keys = ["person", "segment"]
    own = lines.filter(pl.col("segment").is_not_null())
    each = pl.concat([parts.select(keys), own.select(keys)]).unique().sort(keys)
    rows = _typed_all(_beside(each.rename({"segment": "="}), parts.rename({"segment": "="}), own.rename({"segment": "="}),
                              ["person", "="]), plan, made)  # fmt: skip
    # The number of a segment is an input of its own where the plan reads it; here it only orders them.
    structs = rows.group_by("person", maintain_order=True).agg(segments=pl.struct(pl.all().exclude("person", "=")))
    return whole.join(structs, on="person", how="left", maintain_order="left")


def payees_of(plan: Plan, wide: pl.DataFrame) -> pl.DataFrame:
    """Return the payees that a run's rows were made of: of a plan paid by segments, a row per segment."""
    if not plan.segments:
        return wide
    below = wide.explode("segments").unnest("segments", separator="#")
    own = {name.removeprefix("segments#"): name for name in below.columns if name.startswith("segments#")}
    shared = [name for name in wide.columns if name not in own and name != "segments"]
    number = pl.int_range(1, pl.len() + 1).over("person")
    rows = below.select(*shared, *(pl.col(name).alias(end) for end, name in own.items()))
    return rows if "segment" in rows.columns else rows.with_columns(segment=number)


def _beside(listed: pl.DataFrame, inputs: pl.DataFrame, lines: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return rows with a column for each input, for each component's value, and for the row it hit."""
    hit = lines.filter(pl.col("row").is_not_null()).with_columns(pl.col("component") + "_row")
    wide = listed
    for long, names, values in ((inputs, "name", "value"), (lines, "component", "value"), (hit, "component", "row")):
        if long.height:
            part = long.pivot(on=names, index=keys, values=values)
            part = part.drop([one for one in part.columns if one in wide.columns and one not in keys])
            wide = wide.join(part, on=keys, how="left", maintain_order="left")
    return wide


def _typed_all(wide: pl.DataFrame, plan: Plan, made: Typed) -> pl.DataFrame:
    """Return every column with the type it had, and every input there."""
    typed = wide.select(_typed(name, plan, made) for name in wide.columns)
    return typed.with_columns(_absent(name, made) for name in made.inputs if name not in wide.columns)


def _typed(name: str, plan: Plan, made: Typed) -> pl.Expr:
    """Return a column with the type it had: numbers as decimals, days as days."""
    if name in made.inputs:
        kind = made.kinds[name]
        if kind is Kind.DATE:
            return pl.col(name).str.to_date(strict=False)
        return pl.col(name).cast(pl.Decimal(38, kind.digits)) if kind.numeric else pl.col(name)
    steps: dict[str, RoundTo | None] = {step.id: step.rounding for step in made.steps if made.kinds[step.id].numeric}
    if name in steps:
        return pl.col(name).cast(pl.Decimal(38, places_of(plan, made, name, steps[name])))
    if name == "amount":
        return pl.col(name).cast(wide_decimal(plan, made))
    if name in made.kinds and made.kinds[name].numeric:
        return pl.col(name).cast(pl.Decimal(38, 10))
    return pl.col(name)


def wide_decimal(plan: Plan, made: Typed) -> pl.Decimal:
    """Return the type of the amount that is paid."""
    return pl.Decimal(38, places_of(plan, made, made.last.id, made.last.rounding))


def _absent(name: str, made: Typed) -> pl.Expr:
    """Return a column of an input that nobody has."""
    kind = made.kinds[name]
    if kind.numeric:
        return pl.lit(None, dtype=pl.Decimal(38, kind.digits)).alias(name)
    return pl.lit(None, dtype=pl.Date if kind is Kind.DATE else pl.String).alias(name)


def _stored(ws: Books, row: dict[str, Any]) -> Stored:
    plan = ws.company().plans.get(row["plan"])
    label = Name(plan.label or plan.plan, plan.label_zh) if plan else Name(row["plan"])
    money = {name: None if row[name] is None else Decimal(row[name]) for name in ("total", "budget")}
    return Stored(
        run=row["run"], plan=row["plan"], label=label, version=row["version"], rules_print=row["rules_print"],
        period=row["period"], state=RunState(row["state"]), known_by=row["known_by"], closing=row["closing"],
        currency=row["currency"], people=row["people"], total=money["total"] or Decimal(0), budget=money["budget"],
        content=row["content"], made_at=row["made_at"], made_by=row["made_by"], at=row["at"], by=row["by"],
        reason=row["reason"] or None, proposed_by=row["proposed_by"], approved_by=row["approved_by"],
    )  # fmt: skip


def _none(run: int) -> NotFound:
    """Return the error for a run that there is not, or not for whoever asks; it names no other."""
    return NotFound(msg("There is no pay run {run} that you may read.", run=run))
