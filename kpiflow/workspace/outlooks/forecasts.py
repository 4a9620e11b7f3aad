"""Where every goal will end by the period's end: forecast, interval, chances, and what each end would earn."""

import datetime
from collections.abc import Collection

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.cascade.results import placed
from kpiflow.core.goal import GoalKind, Rollup
from kpiflow.forecasting.chances import chances
from kpiflow.forecasting.ends import ends
from kpiflow.scoring.leaves import in_play, settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.supposed import points_at
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_metric_names
from kpiflow.workspace.months import WHOLE
from kpiflow.workspace.outlooks.histories import grain, looked_back
from kpiflow.workspace.outlooks.needed import needed
from kpiflow.workspace.results import results

#: In a company too large to be looked at whole, as many other goals on a metric say how goals differ.
LIKE = 300

#: The columns of a forecast, in order.
COLUMNS = [
    "goal", "actual", "forecast", "low", "high", "p_target", "p_stretch", "p_threshold", "method", "history",
    "needs_history", "bucket", "known", "absent", "points", "points_low", "points_high", "points_target",
    "points_stretch", "needed_target", "needed_target_unit", "needed_stretch", "needed_stretch_unit",
]  # fmt: skip

#: Kinds of goals whose value is a step or a level that somebody sets: what comes next is decided, not drawn from the past.
JUDGED = (GoalKind.MILESTONE.value, GoalKind.RUBRIC.value)


def forecasts(
    ws: Books, asker: Asker, period: str, goals: Collection[str] | None = None, as_of: datetime.date | None = None
) -> pl.DataFrame:
    """Return where the goals the asker may read will end, one row of COLUMNS each; raises NotFound for the period.

    `goals` None is every goal; goals that are not in play or not to be read are left out. `known` is the last day the
    forecast rests on. `absent` says why there is no number.
    """
    rows = visible(results(ws, period, as_of), ws.reach(asker)).select("goal")
    wanted = rows if goals is None else rows.filter(pl.col("goal").is_in(list(goals)))
    return wanted.join(_forecasts(ws, period, as_of, wanted["goal"]), on="goal", how="inner", maintain_order="left")


def _forecasts(ws: Books, period: str, as_of: datetime.date | None, wanted: pl.Series) -> pl.DataFrame:
    """Return forecasts of at least the goals wanted: of the whole company and kept, where that is soon done."""
    rows = results(ws, period, as_of)
    if rows.height <= WHOLE:
        key = ("forecasts", period, ws.versions(as_of))
        return ws.kept(key, lambda: _made(ws, rows, ws.moment(period, as_of), as_of, None))
    if wanted.len() <= LIKE:
        few = ("forecasts", period, tuple(wanted), ws.versions(as_of))
        return ws.kept(few, lambda: _few(ws, rows, period, as_of, wanted))
    moment = ws.moment(period, as_of)
    asked = rows.filter(pl.col("goal").is_in(wanted.implode()))
    # A metric at a time, so that what is held at once is a part of what there is.
    parts = [_made(ws, part, moment, as_of, None) for part in asked.partition_by("metric")]
    return pl.concat(parts)


def _few(ws: Books, rows: pl.DataFrame, period: str, as_of: datetime.date | None, wanted: pl.Series) -> pl.DataFrame:
    """Return the forecasts of a few goals of a large company, with some others of their kind to learn from."""
    mine = rows.filter(pl.col("goal").is_in(wanted.implode()))
    kinds = mine.filter(pl.col("metric").is_not_null()).select("metric", "scope_kind").unique()
    chosen = _like(ws, rows, period, as_of).join(kinds, on=["metric", "scope_kind"], how="semi", maintain_order="left")
    both = pl.concat([mine, chosen.join(mine.select("goal"), on="goal", how="anti")])
    key = ["scope_kind", "scope"]
    learnt = chosen.select(*key, learnt=pl.lit(True)).unique()
    asked = mine.filter(pl.col("metric").is_not_null()).select(*key, learnt=pl.lit(False)).unique()
    scopes = pl.concat([learnt, asked.join(learnt, on=key, how="anti")])
    made = _made(ws, both, ws.moment(period, as_of), as_of, scopes)
    return made.join(mine.select("goal"), on="goal", how="semi", maintain_order="left")


def _like(ws: Books, rows: pl.DataFrame, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return as many goals of each metric and kind of scope as there is to learn from; kept."""

    def make() -> pl.DataFrame:
        alike = rows.filter(pl.col("rollup") == Rollup.OWN.value, pl.col("metric").is_not_null())
        # Evenly through the company, so that no department speaks for all.
        nth = pl.int_range(pl.len()).over("metric", "scope_kind")
        step = (pl.len().over("metric", "scope_kind") // LIKE).clip(1)
        return alike.filter((nth % step == 0) & (nth // step < LIKE))

    return ws.kept(("like", period, ws.versions(as_of)), make)


def _made(
    ws: Books, rows: pl.DataFrame, moment: Moment, as_of: datetime.date | None, scopes: pl.DataFrame | None
) -> pl.DataFrame:
    """Return COLUMNS of the goals of `rows` that are measured by themselves, in their order, and of the others empty."""
    metrics = ws.rules(as_of).metrics
    measured = rows.filter(pl.col("rollup") == Rollup.OWN.value, pl.col("metric").is_not_null())
    own = measured if moment.over else measured.filter(~pl.col("kind").cast(pl.String).is_in(JUDGED))
    asked, history = looked_back(ws, own, moment, as_of, scopes)
    found = ends(asked, history).join(asked.select("goal", "bucket", "known"), on="goal", maintain_order="left")
    steps = {name: grain(metric) for name, metric in metrics.items()}
    better = {name: -1.0 if metric.direction == "lower" else 1.0 for name, metric in metrics.items()}
    anchors = own.select(
        "goal", "actual", "target", "stretch", "threshold", low_edge="low", high_edge="high",
        grain=pl.col("metric").replace_strict(steps, return_dtype=pl.Float64),
        better=pl.col("metric").replace_strict(better, return_dtype=pl.Float64),
    )  # fmt: skip
    said = chances(found.join(anchors, on="goal", maintain_order="left"))
    earned = _earned(ws, said, moment, as_of)
    asks = _asks(ws, own, moment, as_of)
    whole = said.join(earned, on="goal", how="left", maintain_order="left").join(
        asks, on="goal", how="left", maintain_order="left"
    )
    not_own = rows.join(measured.select("goal"), on="goal", how="anti").select("goal", absent=pl.lit("not_own"))
    judged = measured.join(own.select("goal"), on="goal", how="anti").select("goal", absent=pl.lit("judged"))
    return pl.concat([whole, not_own, judged], how="diagonal_relaxed").select(COLUMNS)


def _earned(ws: Books, said: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return goal and the points at the forecast, at both ends of its interval, and at target and stretch."""
    rules, company = ws.rules(as_of), ws.company(as_of)
    end = Moment(moment.calendar, moment.period, moment.period.ends)
    goals = company.goals.join(said.select("goal"), on="goal", how="semi")
    ready = placed(settled(in_play(goals, end), rules), company.targets, rules, end)
    columns = {"points": "forecast", "points_low": "low", "points_high": "high", "points_target": "target",
               "points_stretch": "stretch"}  # fmt: skip
    found = said.select("goal")
    for name, end_at in columns.items():
        at = said.select("goal", supposed=end_at)
        points = points_at(ready, at, rules).select("goal", pl.col("points").alias(name))
        found = found.join(points, on="goal", how="left", maintain_order="left")
    return found


def _asks(ws: Books, own: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return goal and what the rest of the cycle must bring for target and stretch."""
    company = ws.company(as_of)
    whole = results(ws, moment.cycle.period, as_of).select(
        "goal", total="actual", cycle_stretch="stretch", based="denominator"
    )
    named = with_metric_names(own, company).join(whole, on="goal", how="left", maintain_order="left")
    to_target = needed(named.with_columns(denominator="based", asks="cycle_target"), moment)
    to_stretch = needed(named.with_columns(denominator="based", asks="cycle_stretch"), moment)
    return own.select(
        "goal",
        needed_target=to_target["needed"], needed_target_unit=to_target["needed_unit"],
        needed_stretch=to_stretch["needed"], needed_stretch_unit=to_stretch["needed_unit"],
    )  # fmt: skip
