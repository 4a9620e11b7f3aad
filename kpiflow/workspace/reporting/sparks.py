"""A few goals month by month, worked out again only for those whose own metric was measured since.

A check-in somewhere changes what the store holds; that is no reason to score twelve months of everybody else's goals.
"""

import datetime
from collections.abc import Hashable

import polars as pl

from kpiflow.core.calendar import Period, Window
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.metric import MetricKind
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.moment import Moment
from kpiflow.storage.observe import newest_loads
from kpiflow.workspace.books import Books
from kpiflow.workspace.months import is_large, months_begun, over_months
from kpiflow.workspace.results import metrics_measured, observed_for, scopes_of, score


def sparks(ws: Books, own: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return goal and spark: the list of its monthly actuals, or points where it has no metric, of goals (frames.Goals)."""
    keys = _keys(ws, own, moment, as_of)
    missing = [goal for goal, key in keys.items() if not ws.held(key)]
    found = dict(_months(ws, own.filter(pl.col("goal").is_in(missing)), moment, as_of)) if missing else {}
    lists = {goal: ws.kept(key, lambda goal=goal: found.get(goal, [])) for goal, key in keys.items()}  # type: ignore[misc]
    return pl.DataFrame(
        [(goal, values) for goal, values in lists.items() if values],
        orient="row",
        schema={"goal": pl.String, "spark": pl.List(pl.Float64)},
    )


def _keys(ws: Books, own: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> dict[str, Hashable]:
    """Return what each goal's months depend on: the definitions, and the newest load of its metric, or of any."""
    known = ws.rules(as_of).metrics
    day = ws.believed(as_of)
    plain = own.filter(pl.col("rollup").cast(pl.String) == Rollup.OWN.value, pl.col("metric").is_in(list(known)))
    parts = {
        name: [one.metric for one in metrics_measured(known.values(), [name])] for name in plain["metric"].unique()
    }
    asked = tuple(sorted({part for names in parts.values() for part in names}))
    newest = ws.kept(("newest", asked, ws.versions(as_of)), lambda: newest_loads(ws.store, asked, day))
    of_goal = {
        goal: tuple(newest.get(part, 0) for part in parts[metric])
        for goal, metric in plain.select("goal", "metric").iter_rows()
    }
    common = (moment.period.period, moment.as_of, ws.known(as_of).definitions)
    return {goal: ("spark", goal, *common, of_goal.get(goal, ws.versions(as_of))) for goal in own["goal"]}


def _months(
    ws: Books, own: pl.DataFrame, moment: Moment, as_of: datetime.date | None
) -> list[tuple[str, list[float | None]]]:
    """Return the monthly values of some goals: from the company's months where they are kept, else of these goals alone."""
    begun = months_begun(moment)
    if not begun:
        return []
    if ws.held(("results", begun[-1].period, ws.measured(as_of))):
        return _listed(over_months(ws, own, moment, as_of))
    metrics = ws.rules(as_of).metrics
    plain = [name for name, metric in metrics.items() if metric.kind is not MetricKind.CUMULATIVE]
    alone = (pl.col("rollup").cast(pl.String) == Rollup.OWN.value) & pl.col("metric").is_in(plain)
    if is_large(ws, as_of):
        # Units' months are kept there, and whoever is one of a hundred thousand is observed alone.
        alone &= pl.col("scope_kind").cast(pl.String) == OwnerKind.PERSON.value
    others = own.filter(~alone.fill_null(value=False))
    found = _actuals(ws, own.filter(alone), begun, as_of)
    if others.height and is_large(ws, as_of):
        found += _listed(over_months(ws, others, moment, as_of))
    elif others.height:
        whole = _with_below(ws.company(as_of).goals, others)
        scored = [score(ws, whole, Moment(moment.calendar, month, moment.as_of), as_of) for month in begun]
        found += _listed(pl.concat(scored).join(others.select("goal"), on="goal", how="semi"))
    return found


def _with_below(goals: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return some goals and all below them, which say how they stand; a pass per level of the tree."""
    while True:
        below = goals.join(found.select(parent="goal"), on="parent", how="semi")
        below = below.join(found.select("goal"), on="goal", how="anti")
        if below.is_empty():
            return found
        found = pl.concat([found, below])


def _listed(months: pl.DataFrame) -> list[tuple[str, list[float | None]]]:
    # What a policy gives for silence is no measurement to draw.
    shown = pl.when(pl.col("metric").is_not_null()).then("actual").otherwise("points")
    return list(months.sort("period").group_by("goal", maintain_order=True).agg(spark=shown).iter_rows())


def _actuals(
    ws: Books, own: pl.DataFrame, begun: list[Period], as_of: datetime.date | None
) -> list[tuple[str, list[float | None]]]:
    """Return the actuals of goals on their own metrics in each month, or up to its end where they are piled up."""
    if own.is_empty():
        return []
    company, rules = ws.company(as_of), ws.rules(as_of)
    piled = [name for name, metric in rules.metrics.items() if metric.accrues]
    to_date = pl.col("accrual").fill_null(
        pl.when(pl.col("metric").is_in(piled)).then(pl.lit("to_date")).otherwise(pl.lit("per_period"))
    )
    wanted = own.select("goal", "metric", pl.col("scope_kind").cast(pl.String), "scope", "missing", way=to_date)
    used = metrics_measured(rules.metrics.values(), wanted["metric"].unique().to_list())
    windows = [
        Window(f"{way} {month.period}", begun[0].starts if way == "to_date" else month.starts, month.ends)
        for way in wanted["way"].unique()
        for month in begun
    ]
    seen = observed_for(ws, windows, used, as_of, scopes_of(ws, own, as_of))
    actuals = gather(seen, company.units, rules.metrics).select("window", "metric", "scope_kind", "scope", "actual")
    months = pl.DataFrame({"period": [month.period for month in begun]})
    asked = wanted.join(months, how="cross").with_columns(window=pl.format("{} {}", "way", "period"))
    joined = asked.join(actuals, on=["window", "metric", "scope_kind", "scope"], how="left", maintain_order="left")
    # Where the last value stands in, it does so here as well.
    filled = pl.col("actual").forward_fill().over("goal", order_by="period")
    stands = pl.when(pl.col("missing") == "last_value").then(filled).otherwise("actual")
    return _listed(joined.with_columns(actual=stands, points=pl.lit(None, pl.Float64)))
