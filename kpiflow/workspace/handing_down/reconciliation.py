"""Whether the targets below a goal come to its own: for one goal with its reasons, and for all of them as rows."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.cascade.reconciling import explain_reconciliation, reconcile
from kpiflow.cascade.ways import Way
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.answers import Reconciled
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.knowledge import chosen, said_of, volumes
from kpiflow.workspace.handing_down.planning import plan_of, planned
from kpiflow.workspace.handing_down.splits import buffers
from kpiflow.workspace.labels import with_metric_names, with_owner_names


def reconciliation(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> Reconciled:
    """Answer whether the targets below one goal come to its own; raises NotFound, Refused, or InvalidInput without a metric."""
    plan = plan_of(ws, asker, goal, period, as_of)
    metric, children = plan.measured(), plan.children
    row = compared(ws, plan.moment, as_of).filter(pl.col("goal") == plan.goal).row(0, named=True)
    told = explain_reconciliation(row, metric)
    shown = with_metric_names(with_owner_names(_named(visible(children, plan.reach)), plan.company), plan.company)
    if row["way"] == Way.VOLUME_WEIGHTED.value and children.height:
        used = chosen(volumes(ws, plan.moment, as_of), children)
        told += (said_of(used, plan.moment, children),)
        shown = shown.join(
            used.frame.rename({"last_volume": "volume"}).drop("last_rate"),
            on=["metric", "scope_kind", "scope"],
            how="left",
            maintain_order="left",
        )
    else:
        shown = shown.with_columns(volume=pl.lit(None, pl.Float64))
    hidden = children.height - shown.height
    if hidden:
        told += (msg("Children outside what your role reads are counted but not shown: {count}.", count=hidden),)
    columns = (
        "goal", "label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "target", "volume", "measure",
        "currency",
    )  # fmt: skip
    return Reconciled(told, row, shown.select(columns))


def reconciliation_rows(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None
) -> list[dict[str, Any]]:
    """Return, per goal with sub-goals on its metric, what is assigned, unassigned and over-assigned.

    The columns of `kpiflow.cascade.reconciling.reconcile`, and volumes_of: the period whose volumes rates are averaged by.
    All children count; only goals the person asking may see are rows.
    """
    moment = ws.moment(period, as_of)
    may = visible(planned(ws.company(as_of), moment), ws.reach(asker)).select("goal")
    rows = compared(ws, moment, as_of).join(may, on="goal", how="semi", maintain_order="left")
    return rows.filter(pl.col("children") > 0).to_dicts()


def compared(ws: Books, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the reconciliation of every goal of the plan, each by the newest volumes that know all of its children."""

    def make() -> pl.DataFrame:
        return compared_goals(ws, planned(ws.company(as_of), moment), moment, as_of)

    return ws.kept(("reconciliation", moment.period.period, ws.versions(as_of)), make)


def compared_goals(ws: Books, goals: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the reconciliation of goals as they are given, which need not be those of the plan."""
    metrics, declared = ws.rules(as_of).metrics, buffers(ws, as_of)
    found = None
    # From the last resort to the first choice: a table that knows every child takes the place of one that does not.
    for known in reversed(volumes(ws, moment, as_of)):
        table = known.frame.select("metric", "scope_kind", "scope", volume="last_volume")
        rows = reconcile(goals, table, metrics, declared).with_columns(_used(known.period.period))
        found = rows if found is None else _better(rows, found)
    if found is None:
        raise InvalidInput(msg("The calendar has no period to reconcile."))
    return found


def _used(period: str) -> pl.Expr:
    """Return the period whose volumes a rate's mean was taken by; null where there is none."""
    taken = (pl.col("way") == Way.VOLUME_WEIGHTED.value) & pl.col("weighted_mean").is_not_null()
    return pl.when(taken).then(pl.lit(period)).alias("volumes_of")


def _better(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Return the first rows, but the second where only those know every child; both have the same goals in the same order."""
    instead = (first["without_volume"] > 0) & (
        (second["without_volume"] == 0)
        # Neither is whole: the first is better than the second as long as it knows anybody.
        | ((first["without_volume"] == first["children"]) & (second["without_volume"] < second["children"]))
    )
    numbered = pl.concat([first.filter(~instead), second.filter(instead)])
    return first.select("goal").join(numbered, on="goal", how="left", maintain_order="left")


def _named(children: pl.DataFrame) -> pl.DataFrame:
    """Return goals with their kinds as plain words, so that names can be joined."""
    return children.with_columns(pl.col("owner_kind", "scope_kind").cast(pl.String))
