"""Whether a run still comes to the same: its lines unchanged, and the store as known then giving each of them again."""

import polars as pl

from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Who
from kpiflow.incentives.statements import lines
from kpiflow.language import msg
from kpiflow.storage.pay_runs import read_part
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.adjusting import adjustments
from kpiflow.workspace.pay_runs.answers import PayVerified
from kpiflow.workspace.pay_runs.running import amounts_of, content_print, lines_of
from kpiflow.workspace.pay_runs.stored import of_office, payees_of, plan_of, wide_of
from kpiflow.workspace.paying import PayRun, paid_by

#: How many differences are told.
MOST = 200


def verify_run(ws: Books, asker: Asker, run: int) -> PayVerified:
    """Work a run out again, from its stored inputs and from the store as known then; raises NotFound."""
    now, plan = of_office(ws, asker, run), plan_of(ws, run)
    stored = read_part(ws.store, "pay_line", run).sort("person", "line")
    paid, put_right = read_part(ws.store, "pay_amount", run), read_part(ws.store, "pay_adjustment", run)
    inputs = wide_of(ws, run, stored["person"].unique().to_list())
    # Whom the plan reaches is decided by the run; here only their lines are worked out again.
    everyone = plan.model_copy(update={"who": Who()})
    wide = pay(everyone, payees_of(plan, inputs))
    again = lines_of(PayRun(plan, now.period, wide, lines(plan, wide), now.total))
    intact = content_print(paid, stored, put_right) == now.content and _differences(stored, again).is_empty()
    wide = paid_by(ws, plan, now.period, now.known_by)
    then = PayRun(plan, now.period, wide, lines(plan, wide), now.total)
    found = _differences(stored, lines_of(then))
    righted = adjustments(ws, plan, now.period, sorted(set(put_right["of_run"])), now.made_at)
    same = found.is_empty() and content_print(amounts_of(then, righted), lines_of(then), righted) == now.content
    if intact and same:
        said = msg("Run {run} comes to the same to the last digit: {people} {people:person|people}, fingerprint {mark}.",
                   run=run, people=now.people, mark=now.content[:16])  # fmt: skip
    elif not intact:
        said = msg(
            "Run {run} was changed in the store since it was made: its lines do not give its fingerprint.", run=run
        )
    else:
        said = msg(
            "Run {run} does not come to the same: {count} {count:line differs|lines differ}.",
            run=run,
            count=found.height,
        )
    return PayVerified((said,), same, intact, found.height, found.head(MOST))


def _differences(stored: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return person, component, stored, now of every line that is not the same."""
    keys = ["person", "component", "segment"]
    both = stored.select(*keys, stored="value", stored_amount="amount").join(
        now.select(*keys, now="value", now_amount="amount"), on=keys, how="full", coalesce=True, nulls_equal=True
    )
    other = pl.col("stored").ne_missing(pl.col("now")) | pl.col("stored_amount").ne_missing(pl.col("now_amount"))
    return both.filter(other).select("person", "component", "stored", "now").sort("person", "component")
