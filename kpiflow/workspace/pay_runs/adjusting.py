"""Earlier payments put right: what a final run would pay by what is known now, less what was paid for it."""

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.storage.pay_runs import MONEY, adjusted, final_runs, read_part, read_rules, read_runs
from kpiflow.workspace.books import Books
from kpiflow.workspace.pay_runs.answers import RunState
from kpiflow.workspace.paying import paid_by

#: The columns of adjustments; unit and role are those of the run that is put right.
SCHEMA: dict[str, Any] = {
    "person": pl.String, "unit": pl.String, "role": pl.String, "of_run": pl.Int32, "period": pl.String, "paid": MONEY,
    "due": MONEY, "amount": MONEY,
}  # fmt: skip


def adjustments(
    ws: Books, plan: Plan, period: str, of_runs: Sequence[int] | None = None, known_by: datetime.date | None = None
) -> pl.DataFrame:
    """Return the lines by which a run for a period puts earlier final runs right: those of its plan, or those named.

    A run is put right by the rules it was paid by and by what is known now (or was at `known_by`). Where that says
    nothing of somebody any more, what was paid stays. Raises NotFound, or InvalidInput for a run that cannot be put
    right here.
    """
    chosen = _of_plan(ws, plan, period, known_by) if of_runs is None else _named(ws, plan, period, of_runs)
    parts = [_of_run(ws, row, known_by) for row in chosen.sort("run").iter_rows(named=True)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def _of_plan(ws: Books, plan: Plan, period: str, known_by: datetime.date | None) -> pl.DataFrame:
    """Return the final runs of the plan for periods that ended before this one."""
    found = final_runs(ws.store, plan.plan, known_by)
    return found.filter(pl.col("period").is_in([one for one in found["period"].unique() if _before(ws, one, period)]))


def _named(ws: Books, plan: Plan, period: str, of_runs: Sequence[int]) -> pl.DataFrame:
    """Return the runs named, each of which must be final, in the same money, and for a period that ended before."""
    runs = read_runs(ws.store)
    for number in of_runs:
        one = runs.filter(pl.col("run") == number)
        if one.is_empty():
            raise not_found(msg("pay run"), str(number), [str(known) for known in runs["run"]])
        row = one.row(0, named=True)
        fits = (
            row["state"] == RunState.FINAL.value
            and row["currency"] == plan.currency
            and _before(ws, row["period"], period)
        )
        if not fits:
            raise InvalidInput(
                msg("Run {run} cannot be put right here: it must be final, paid in {currency}, and for a period before {period}.",
                    run=number, currency=plan.currency, period=period)
            )  # fmt: skip
    return runs.filter(pl.col("run").is_in(list(of_runs)))


def _before(ws: Books, one: str, other: str) -> bool:
    """Return whether a period ended before another began."""
    calendar = ws.company().calendar
    return one in calendar.periods and calendar.period(one).ends < calendar.period(other).starts


def _of_run(ws: Books, row: dict[str, Any], known_by: datetime.date | None) -> pl.DataFrame:
    """Return the lines that put one run right."""
    rules = Plan.model_validate_json(read_rules(ws.store, row["run"]))
    before = adjusted(ws.store, row["run"], known_by).rename({"amount": "so_far"})
    paid = read_part(ws.store, "pay_amount", row["run"]).select("person", "unit", "role", was="amount")
    now = paid_by(ws, rules, row["period"], known_by, anew=True).select(
        "person", unit_now="unit", role_now="role", due=pl.col("amount").cast(MONEY)
    )
    both = paid.join(now, on="person", how="full", coalesce=True).join(before, on="person", how="left")
    zero = pl.lit(0, dtype=MONEY)
    lines = both.with_columns(paid=(pl.col("was").fill_null(zero) + pl.col("so_far").fill_null(zero)).cast(MONEY))
    return (
        lines.filter(pl.col("due").is_not_null(), pl.col("due") != pl.col("paid"))
        .with_columns(
            pl.coalesce("unit", "unit_now"), pl.coalesce("role", "role_now"), amount=(pl.col("due") - pl.col("paid")).cast(MONEY),
            of_run=pl.lit(row["run"], dtype=pl.Int32), period=pl.lit(row["period"]),
        )
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort("person")
    )  # fmt: skip
