"""Results for a period: observe what the goals need, score, roll up; the same for a part of the tree when that is enough."""

import datetime
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from kpiflow.cascade.results import placed, score_placed
from kpiflow.core.calendar import PeriodKind
from kpiflow.core.calendar import Window as Days
from kpiflow.core.goal import OwnerKind
from kpiflow.core.metric import Metric
from kpiflow.scoring.formulas import measured_in
from kpiflow.scoring.gathering import actuals, aggregations_wanted, gather
from kpiflow.scoring.leaves import NO_MONTHS, Facts, in_play, settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.monthly import in_band, last_known
from kpiflow.scoring.windows import window
from kpiflow.storage.observe import observe
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace.books import Books
from kpiflow.workspace.closing.frozen import closed, frozen_results


def results(ws: Books, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return GoalResults (and `sheet`) of every goal in play in a period, as known on a day; cached.

    Of a period that was closed by then, the results as they were closed.
    """
    shut = closed(ws, period, as_of)
    return results_known(ws, period, as_of) if shut is None else frozen_results(ws, shut)


def results_known(ws: Books, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the same as known on a day or at an instant, whether the period was closed or not; cached."""
    key = ("results", period, ws.measured(as_of))
    return ws.kept(key, lambda: score(ws, ws.company(as_of).goals, ws.moment(period, as_of), as_of))


def score(
    ws: Books, goals: pl.DataFrame, moment: Moment, as_of: datetime.date | None, *, alone: bool = False
) -> pl.DataFrame:
    """Score these goals in a moment, observing only the metrics they use; `alone`, only the people and units, too."""
    company, rules = ws.company(as_of), ws.rules(as_of)
    playing = settled(in_play(goals, moment), rules)
    only = scopes_of(ws, playing, as_of) if alone else None
    with ThreadPoolExecutor(1) as beside:
        # What was measured is added up on the store's own threads; what goals say for themselves is worked out meanwhile.
        measuring = beside.submit(_actuals, ws, playing, moment, as_of, only)
        ready = placed(playing, company.targets, rules, moment)
        measured = measuring.result()
    facts = Facts(measured, company.targets, _monthly(ws, playing, moment, as_of, only))
    return score_placed(ready, facts, rules, moment)


def facts_for(
    ws: Books, goals: pl.DataFrame, moment: Moment, as_of: datetime.date | None, *, alone: bool = False
) -> Facts:
    """Return what was measured for these goals: actuals, targets per period, and months where asked for.

    `alone`: only what was measured for their own people and units.
    """
    playing = settled(in_play(goals, moment), ws.rules(as_of))
    only = scopes_of(ws, playing, as_of) if alone else None
    monthly = _monthly(ws, playing, moment, as_of, only)
    return Facts(_actuals(ws, playing, moment, as_of, only), ws.company(as_of).targets, monthly)


def scopes_of(ws: Books, goals: pl.DataFrame, as_of: datetime.date | None) -> tuple[Selection, ...]:
    """Return which measurements goals are made of: those of their people, and of their units with all below them."""
    measured = goals.filter(pl.col("metric").is_not_null())
    used = metrics_measured(ws.rules(as_of).metrics.values(), measured["metric"].unique())
    names = [metric.metric for metric in used]
    person = pl.col("scope_kind").cast(pl.String) == OwnerKind.PERSON.value
    people = measured.filter(person)["scope"].unique().to_list()
    places = measured.filter(~person)["scope"].unique()
    tree = ws.unit_tree(as_of)
    below = tree.filter(pl.col("ancestor").is_in(places.implode()))["unit"].unique().to_list()
    found = (Selection(metrics=names, people=people), Selection(metrics=names, units=below))
    return tuple(one for one, anybody in zip(found, (people, below), strict=True) if anybody)


def _actuals(
    ws: Books,
    playing: pl.DataFrame,
    moment: Moment,
    as_of: datetime.date | None,
    only: tuple[Selection, ...] | None = None,
) -> pl.DataFrame:
    """Return the actual of every scope in the windows that goals ask for."""
    observed = _observed(ws, playing, moment, as_of, only)
    return actuals(observed, ws.company(as_of).units, ws.rules(as_of).metrics)


def _observed(
    ws: Books,
    playing: pl.DataFrame,
    moment: Moment,
    as_of: datetime.date | None,
    only: tuple[Selection, ...] | None = None,
) -> pl.DataFrame:
    """Observe each window for the metrics that goals have in it; windows with the same days are one scan."""
    metrics = ws.rules(as_of).metrics.values()
    pairs = playing.lazy().filter(pl.col("metric").is_not_null()).select("window", "metric").unique().collect()
    by_window = dict(pairs.group_by("window", maintain_order=True).agg("metric").sort("window").iter_rows())
    by_days: dict[tuple[datetime.date, datetime.date], dict[str, list[str]]] = {}
    for name, used in by_window.items():
        days = window(name, moment)
        by_days.setdefault((days.starts, days.ends), {})[name] = [one.metric for one in metrics_measured(metrics, used)]
    found: list[pl.LazyFrame] = []
    for (starts, ends), windows in by_days.items():
        asked = {name for names in windows.values() for name in names}
        seen = observed_on(ws, (starts, ends), asked, as_of, only)
        found.extend(
            seen.lazy()
            .filter(pl.col("metric").is_in(names))
            .with_columns(window=pl.lit(name, dtype=seen.schema["window"]))
            for name, names in windows.items()
        )
    return pl.concat(found).collect().rechunk() if found else observed_for(ws, [], [], as_of)


def observed_on(
    ws: Books,
    days: tuple[datetime.date, datetime.date],
    metrics: Collection[str],
    as_of: datetime.date | None,
    only: tuple[Selection, ...] | None = None,
) -> pl.DataFrame:
    """Observe some days for some metrics. Where they are all there are, the scan is kept for whoever asks next."""
    known = ws.rules(as_of).metrics
    every = {name for name, metric in known.items() if metric.formula is None}

    def make(names: Collection[str]) -> pl.DataFrame:
        return observed_for(ws, [Days("days", *days)], [known[name] for name in sorted(names)], as_of, only)

    if only is not None or not every <= set(metrics):
        return make(metrics)
    return ws.kept(("observed", *days, ws.measured(as_of)), lambda: make(every))


def metrics_measured(metrics: Iterable[Metric], used: Iterable[str]) -> list[Metric]:
    """Return the metrics that must be observed: those used, with the parts of derived ones."""
    known = {metric.metric: metric for metric in metrics}
    parts = dict.fromkeys(part for name in used for part in measured_in(name, known))
    return [known[part] for part in parts]


def observed_for(
    ws: Books,
    windows: Iterable[Days],
    metrics: Iterable[Metric],
    as_of: datetime.date | None,
    only: tuple[Selection, ...] | None = None,
) -> pl.DataFrame:
    """Observe windows for some metrics, or for the choices of `only`, which name their metrics themselves.

    When the metrics are all there is, no selection is passed: the scan stays plain.
    """
    listed = list(metrics)
    every = {metric.metric for metric in ws.company(as_of).metrics.values() if metric.formula is None}
    names = [metric.metric for metric in listed]
    whole = None if every <= set(names) else Selection(metrics=names)
    return observe(
        ws.store,
        [Window(days.window, days.starts, days.ends) for days in windows],
        wants=aggregations_wanted(listed),
        as_of=ws.believed(as_of),
        only=whole if only is None else only,
    )


def _monthly(
    ws: Books,
    playing: pl.DataFrame,
    moment: Moment,
    as_of: datetime.date | None,
    only: tuple[Selection, ...] | None = None,
) -> pl.DataFrame:
    """Return what only months can tell, for the goals whose convention or missing-data policy asks for it."""
    asking = playing.filter((pl.col("convention") == "share_in_band") | (pl.col("policy") == "last_value"))
    asking = asking.filter(pl.col("metric").is_not_null())
    if asking.is_empty():
        return NO_MONTHS
    rules, company = ws.rules(as_of), ws.company(as_of)
    months = [
        period
        for period in rules.calendar.periods.values()
        if period.kind is PeriodKind.MONTH and period.starts <= moment.until
    ]
    used = metrics_measured(rules.metrics.values(), asking["metric"].unique().to_list())
    days = [Days(month.period, month.starts, month.ends) for month in months]
    observed = observed_for(ws, days, used, as_of, only)
    by_month = gather(observed, company.units, rules.metrics)
    calendar = pl.DataFrame(
        [(m.period, m.starts, m.ends) for m in months], orient="row", schema=["month", "starts", "ends"]
    )
    begins = pl.DataFrame(
        [(name, window(name, moment).starts) for name in asking["window"].unique()],
        orient="row",
        schema={"window": pl.String, "begins": pl.Date},
    )
    wanted = asking.select("goal", "metric", "window", pl.col("scope_kind").cast(pl.String), "scope", "low", "high")
    joined = (
        wanted.join(begins, on="window")
        .join(by_month.rename({"window": "month"}), on=["metric", "scope_kind", "scope"])
        .join(calendar, on="month")
    )
    within = in_band(joined.filter(pl.col("starts") >= pl.col("begins")))
    before = last_known(joined.filter(pl.col("ends") < pl.col("begins")))
    return wanted.select("goal").join(within, on="goal", how="left").join(before, on="goal", how="left")
