"""What goals look back on and ahead to: their measurements in weeks or months, and what the rest of the period asks."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import polars as pl

from kpiflow.core.calendar import Calendar, Period, PeriodKind, Window
from kpiflow.core.goal import OwnerKind
from kpiflow.core.metric import Aggregation, Measure, Metric, MetricKind
from kpiflow.core.phasing import Phasing, PhasingKind
from kpiflow.forecasting.ends import HISTORY
from kpiflow.forecasting.ways import Way, way
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.phasing import share_until
from kpiflow.scoring.windows import window
from kpiflow.storage.selection import Selection
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import observed_for

DAY, WEEK, YEAR = datetime.timedelta(days=1), datetime.timedelta(weeks=1), datetime.timedelta(weeks=52)

#: A young cycle looks back further than its first day, to half a year; months, to a whole one.
LOOKS_BACK = datetime.timedelta(weeks=26)

#: A metric that has data in fewer than this part of its weeks is measured once a month, and forecast in months.
EVERY_WEEK = 0.5

#: How much of what the rest of last year was to its beginning is taken for the season: one year is luck as well.
SEASON = 0.5

#: About how many rows of scopes and weeks are held at once.
AT_ONCE = 2_000_000

#: Days of a month on average, to count the months that are left.
MONTH = 365.2425 / 12


@dataclass(frozen=True)
class Buckets:
    """Stretches of days that follow each other, oldest first, all of one kind (`week` or `month`)."""

    kind: str
    windows: tuple[Window, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """Window, place, starts and ends, one row each."""
        rows = [(one.window, place, one.starts, one.ends) for place, one in enumerate(self.windows)]
        return pl.DataFrame(rows, orient="row", schema=["window", "place", "starts", "ends"])


def weeks(moment: Moment) -> Buckets:
    """Return the weeks up to the day it is, back to the cycle's first day and at least as far as LOOKS_BACK."""
    until, first = moment.until, min(moment.cycle.starts, moment.until - LOOKS_BACK + DAY)
    count = ((until - first).days + 1) // 7
    ends = [until - n * WEEK for n in reversed(range(count))]
    return Buckets("week", tuple(Window(f"w{n:03}", end - WEEK + DAY, end) for n, end in enumerate(ends)))


def months(moment: Moment) -> Buckets:
    """Return the months over by the day it is: those of the cycle, and at least the last twelve there are."""
    over = [p for p in moment.calendar.periods.values() if p.kind is PeriodKind.MONTH and p.ends <= moment.until]
    of_cycle = sum(month.cycle == moment.cycle.period for month in over)
    return Buckets("month", tuple(Window(p.period, p.starts, p.ends) for p in over[-max(12, of_cycle) :]))


def looked_back(
    ws: Books, rows: pl.DataFrame, moment: Moment, as_of: datetime.date | None, scopes: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the forecasting of some goals asks for: ASKED with `known`, and HISTORY (see `forecasting.ends`).

    `rows` are results of goals measured by themselves; `scopes` (scope_kind, scope, learnt: not asked about, only learnt from)
    restricts what is observed, None observes everything.
    """
    rules = ws.rules(as_of)
    ways = {name: found for name in rows["metric"].unique() if (found := way(rules.metrics[name]))}
    asked = _asked(rows, ways, rules.metrics, moment)
    if moment.over or not ways:
        return asked, pl.DataFrame(schema=HISTORY)
    by_week = weeks(moment)
    seen = _measured(ws, by_week, [rules.metrics[name] for name in ways], as_of, scopes)
    rare = _rare(seen, by_week)
    parts = [(by_week, seen.filter(~pl.col("metric").is_in(list(rare))))]
    if rare:
        by_month = months(moment)
        parts.append((by_month, _measured(ws, by_month, [rules.metrics[name] for name in rare], as_of, scopes)))
    profiles = rules.phasings
    asked = asked.with_columns(
        bucket=pl.when(pl.col("metric").is_in(list(rare))).then(pl.lit("month")).otherwise(pl.lit("week"))
    )
    asked = _ahead(asked, parts, moment, profiles).with_columns(season=pl.lit(1.0))
    asked = _with_season(ws, asked, by_week, moment, as_of)
    history = pl.concat([_history(asked, seen, buckets, moment, profiles) for buckets, seen in parts])
    return asked, history


def _asked(rows: pl.DataFrame, ways: dict[str, Way], metrics: Mapping[str, Metric], moment: Moment) -> pl.DataFrame:
    """Return what is there so far, by the way each metric is forecast, with the columns the later steps need."""
    table = pl.DataFrame(
        [
            (name, ways.get(name), _rows_weigh(metric), float(metric.measure.scale) if _is_ratio(metric) else 1.0)
            for name in rows["metric"].unique()
            for metric in (metrics[name],)
        ],
        orient="row",
        schema={"metric": pl.String, "way": pl.String, "by_rows": pl.Boolean, "scale": pl.Float64},
    )
    ratio = pl.col("denominator").is_not_null()
    # What a missing-data policy put in was not measured.
    there = pl.col("actual").is_not_null() & pl.col("missing").is_null()
    # A mean over places that is no mean of measurements weighs by the days it was taken over.
    weeks_passed = float((moment.until - moment.cycle.starts).days + 1) / 7
    heavy = pl.when("by_rows").then(pl.col("rows").cast(pl.Float64)).otherwise(weeks_passed)
    counts = pl.col("way") == Way.COUNTS.value
    sized = (pl.col("way") == Way.AMOUNT.value) & (pl.col("cycle_target") > 0).fill_null(value=False)
    first = pl.struct("metric", "scope_kind", "scope").is_first_distinct()
    return rows.join(table, on="metric", how="left", maintain_order="left").with_columns(
        # Amounts without a target cannot be compared in size, so nothing is learnt from the others.
        pool=pl.when((pl.col("way") == Way.AMOUNT.value) & ~sized).then(pl.col("metric") + " ·").otherwise("metric"),
        counted=first & (sized | (pl.col("way") != Way.AMOUNT.value)),
        size=pl.when(sized).then("cycle_target").otherwise(1.0),
        so_far=pl.when(there).then(
            pl.when(ratio).then("numerator").when(counts).then(pl.col("actual") * heavy).otherwise("actual")
        ),
        weight=pl.when(there).then(pl.when(ratio).then("denominator").when(counts).then(heavy)),
        over=pl.lit(moment.over),
        actual=pl.when(there).then("actual"),
        # Only these are not known before measurements are seen; a period that is over never asks for them.
        bucket=pl.lit(None, dtype=pl.String), known=pl.lit(None, dtype=pl.Date), rest=pl.lit(None, dtype=pl.Float64),
        rest_weight=pl.lit(None, dtype=pl.Float64), season=pl.lit(None, dtype=pl.Float64),
    )  # fmt: skip


def _is_ratio(metric: Metric) -> bool:
    return metric.kind is MetricKind.RATIO


def _rows_weigh(metric: Metric) -> bool:
    """Return whether a mean is the mean of all measurements, so that it weighs as much as there are rows."""
    return metric.time_agg is Aggregation.MEAN and metric.tree_agg is Aggregation.MEAN


def _measured(
    ws: Books, buckets: Buckets, used: list[Metric], as_of: datetime.date | None, scopes: pl.DataFrame | None
) -> pl.DataFrame:
    """Return metric, scope_kind, scope, place, amount, weight, last_day of every bucket with data."""
    company, metrics = ws.company(as_of), ws.rules(as_of).metrics
    named = {metric.metric: metric for metric in used}
    by_rows = [name for name, metric in metrics.items() if _rows_weigh(metric)]
    if scopes is None:
        lots = _batches(buckets.windows, max(1, company.goals.height))
        parts = [gather(observed_for(ws, some, used, as_of), company.units, named) for some in lots]
    else:
        found = pl.concat(list(_of_scopes(ws, buckets.windows, as_of, scopes)))
        parts = [found.filter(pl.col("metric").is_in(list(named)))]
    heavy = pl.when(pl.col("metric").is_in(by_rows)).then(pl.col("rows").cast(pl.Float64)).otherwise(1.0)
    ratio = pl.col("denominator").is_not_null()
    return (
        pl.concat(parts)
        .join(buckets.frame.select("window", "place"), on="window")
        .filter(pl.col("actual").is_not_null() | ratio)
        .select(
            "metric", "scope_kind", "scope", "place", "last_day",
            amount=pl.when(ratio).then("numerator").otherwise(pl.col("actual") * heavy),
            weight=pl.when(ratio).then("denominator").otherwise(heavy),
        )
    )  # fmt: skip


def _batches(windows: Iterable[Window], goals: int) -> Iterator[list[Window]]:
    """Yield windows in as large lots as fit in memory for a company with so many goals."""
    rest = iter(windows)
    while lot := list(islice(rest, max(1, AT_ONCE // goals))):
        yield lot


def _of_scopes(
    ws: Books, windows: tuple[Window, ...], as_of: datetime.date | None, scopes: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield the actuals of some people, and of some units with all below them, on every metric that is forecast.

    What others are learnt from is the same for everybody who asks, so it is kept; so is what units did.
    """
    rules = ws.rules(as_of)
    named = {name: metric for name, metric in rules.metrics.items() if way(metric)}
    person = pl.col("scope_kind") == OwnerKind.PERSON.value
    own = scopes.filter(person, ~pl.col("learnt"))["scope"].to_list()
    others = tuple(scopes.filter(person, pl.col("learnt"))["scope"].sort())
    places = scopes.filter(~person)["scope"]
    at = (tuple((one.starts, one.ends) for one in windows), ws.versions(as_of))
    if own:
        yield _of_people(ws, windows, named, as_of, own)
    if others:
        yield ws.kept(("learnt from", others, *at), lambda: _of_people(ws, windows, named, as_of, others))
    if places.len():
        whole = ws.kept(("units over", *at), lambda: _of_units(ws, windows, named, as_of))
        yield whole.filter(pl.col("scope").is_in(places.implode()))


def _of_people(
    ws: Books,
    windows: Iterable[Window],
    named: Mapping[str, Metric],
    as_of: datetime.date | None,
    people: Collection[str],
) -> pl.DataFrame:
    """Return the actuals of some people."""
    only = (Selection(metrics=list(named), people=people),)
    found = gather(observed_for(ws, windows, named.values(), as_of, only), ws.company(as_of).units.clear(), named)
    return found.filter(pl.col("scope_kind") == OwnerKind.PERSON.value)


def _of_units(
    ws: Books, windows: Iterable[Window], named: Mapping[str, Metric], as_of: datetime.date | None
) -> pl.DataFrame:
    """Return the actuals of all units."""
    company = ws.company(as_of)
    lots = _batches(windows, max(1, company.goals.height))
    parts = (gather(observed_for(ws, some, named.values(), as_of), company.units, named) for some in lots)
    return pl.concat(found.filter(pl.col("scope_kind") == OwnerKind.UNIT.value) for found in parts)


def _rare(seen: pl.DataFrame, by_week: Buckets) -> set[str]:
    """Return the metrics measured about once a month: few of the weeks since their first have data."""
    found = seen.group_by("metric").agg(
        part=pl.col("place").n_unique() / (len(by_week.windows) - pl.col("place").min()),
    )
    return set(found.filter(pl.col("part") < EVERY_WEEK)["metric"])


def _ahead(
    asked: pl.DataFrame, parts: list[tuple[Buckets, pl.DataFrame]], moment: Moment, profiles: Mapping[str, Phasing]
) -> pl.DataFrame:
    """Add `known` (the last day with data on the metric), and how many buckets and what weight are still to come.

    `begins` is the last day before the rest of the window.
    """
    last = pl.concat(
        [
            seen.join(buckets.frame.select("place", "ends"), on="place")
            # A month is known to its end, whatever day of it the value is dated; a week to its last day with data.
            .group_by("metric").agg(known=pl.col("ends" if buckets.kind == "month" else "last_day").max())
            for buckets, seen in parts
        ]
    )  # fmt: skip
    ends = moment.period.ends
    joined = (
        asked.drop("known")
        .join(last, on="metric", how="left", maintain_order="left")
        .with_columns(
            # What lies before the window is neither so far nor the rest of it.
            begins=pl.max_horizontal("known", _first_day(asked, moment) - pl.duration(days=1))
        )
    )
    days = (pl.lit(ends) - pl.col("begins")).dt.total_days().clip(0).cast(pl.Float64)
    joined = joined.with_columns(rest=days / pl.when(pl.col("bucket") == "month").then(MONTH).otherwise(7.0))
    pairs = joined.select("phasing", "begins").unique().drop_nulls()
    shares = [
        (phasing, day, _share(profiles.get(phasing), moment, ends) - _share(profiles.get(phasing), moment, day))
        for phasing, day in pairs.iter_rows()
    ]
    table = pl.DataFrame(shares, orient="row", schema={"phasing": pl.String, "begins": pl.Date, "to_come": pl.Float64})
    amount = pl.col("way") == Way.AMOUNT.value
    return joined.join(table, on=["phasing", "begins"], how="left", maintain_order="left").with_columns(
        rest_weight=pl.when(amount).then(pl.col("to_come") * pl.col("size"))
    )


def _first_day(asked: pl.DataFrame, moment: Moment) -> pl.Expr:
    """Return the first day of each goal's window."""
    firsts = {name: window(name, moment).starts for name in asked["window"].unique().drop_nulls()}
    return pl.col("window").replace_strict(firsts, return_dtype=pl.Date)


def _share(phasing: Phasing | None, moment: Moment, day: datetime.date) -> float:
    """Return the share of a cycle's target that belongs before the end of a day, cycle after cycle without a break.

    A profile that says nothing about days (flat, a ramp, written targets) counts them evenly.
    """
    seasonal = phasing is not None and phasing.kind is PhasingKind.SEASONAL
    for number, cycle in enumerate(_cycles(moment.calendar)):
        if cycle.starts <= day <= cycle.ends:
            if seasonal:
                return number + share_until(phasing, cycle, moment.calendar.months(cycle), day)  # type: ignore[arg-type]
            return number + ((day - cycle.starts).days + 1) / cycle.days
    # Outside every cycle there is no plan to go by: days count evenly, from the first day of the first cycle.
    return ((day - next(iter(_cycles(moment.calendar))).starts).days + 1) / 365.0


def _cycles(calendar: Calendar) -> list[Period]:
    return [period for period in calendar.periods.values() if period.kind is PeriodKind.YEAR]


def _history(
    asked: pl.DataFrame, seen: pl.DataFrame, buckets: Buckets, moment: Moment, profiles: Mapping[str, Phasing]
) -> pl.DataFrame:
    """Return HISTORY of the goals that are forecast in these buckets."""
    mine = asked.filter(pl.col("bucket") == buckets.kind, pl.col("way").is_not_null())
    keys = ["metric", "scope_kind", "scope"]
    others = mine.filter(pl.col("way") != Way.AMOUNT.value).select("goal", *keys)
    amounts = mine.filter(pl.col("way") == Way.AMOUNT.value).select("goal", "phasing", "size", "known", *keys)
    plain = others.join(seen, on=keys).select("goal", "place", pl.col("amount", "weight").cast(pl.Float64))
    if amounts.is_empty():
        return plain.cast(HISTORY)  # type: ignore[arg-type]
    measured = amounts.join(seen.select(*keys, "place", "amount"), on=keys).select("goal", "place", "amount")
    begun = measured.group_by("goal").agg(begun=pl.col("place").min())
    # A bucket without an amount is a bucket with nothing, once there has been one.
    grid = (
        amounts.select("goal", "phasing", "size", "known")
        .join(begun, on="goal")
        .join(_weights(amounts, buckets, moment, profiles), on=["phasing", "known"])
        .filter(pl.col("place") >= pl.col("begun"))
        .join(measured, on=["goal", "place"], how="left")
        .select("goal", "place", amount=pl.col("amount").fill_null(0.0), weight=pl.col("share") * pl.col("size"))
    )
    return pl.concat([plain.cast(HISTORY), grid.cast(HISTORY)])  # type: ignore[arg-type]


def _weights(amounts: pl.DataFrame, buckets: Buckets, moment: Moment, profiles: Mapping[str, Phasing]) -> pl.DataFrame:
    """Return phasing, known, place and share: what part of a cycle's target belongs to each bucket, as far as known."""
    rows = [
        (phasing, known, place, _share(profile, moment, min(one.ends, known)) - _share(profile, moment, one.starts - DAY))
        for phasing, known in amounts.select("phasing", "known").unique().drop_nulls().iter_rows()
        for profile in (profiles.get(phasing),)
        for place, one in enumerate(buckets.windows)
        if one.starts <= known
    ]  # fmt: skip
    schema = {"phasing": pl.String, "known": pl.Date, "place": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, orient="row", schema=schema)


def _with_season(
    ws: Books, asked: pl.DataFrame, by_week: Buckets, moment: Moment, as_of: datetime.date | None
) -> pl.DataFrame:
    """Put in what the rest of the period was to the days looked back on, a year ago, where that year was measured.

    It is the same for all goals on a metric. Amounts phased by season have it in their phasing already.
    """
    if moment.calendar.previous(moment.cycle) is None or not by_week.windows:
        return asked
    metrics = ws.rules(as_of).metrics
    used = [metrics[name] for name in asked.filter(pl.col("way").is_in([Way.COUNTS, Way.AMOUNT]))["metric"].unique()]
    first, until, ends = by_week.windows[0].starts, moment.until, moment.period.ends
    looked = {
        "begin": Window("begin", first - YEAR, first - YEAR + 4 * WEEK),
        "back": Window("back", first - YEAR, until - YEAR),
        "ahead": Window("ahead", until - YEAR + DAY, ends - YEAR),
    }
    observed = observed_for(ws, list(looked.values()), used, as_of)
    days = {name: one.ends - one.starts + DAY for name, one in looked.items()}
    rates = [metric.metric for metric in used if _is_ratio(metric)]
    means = [metric.metric for metric in used if metric.time_agg is Aggregation.MEAN]
    length = pl.col("window").cast(pl.String).replace_strict({name: one.days for name, one in days.items()})
    per = pl.when(pl.col("metric").is_in(rates)).then("base").when(pl.col("metric").is_in(means)).then("rows")
    found = (
        observed.group_by(pl.col("window", "metric").cast(pl.String))
        .agg(pl.col("amount", "base", "rows").sum())
        .select("window", "metric", rate=pl.col("amount") / per.otherwise(length))
        .pivot("window", index="metric", values="rate", on_columns=list(looked))
        .filter(pl.col("begin").is_not_null(), pl.col("back") > 0, pl.col("ahead") > 0)
        .select("metric", then=1 + SEASON * (pl.col("ahead") / pl.col("back") - 1))
    )
    planned = [name for name, one in ws.rules(as_of).phasings.items() if one.kind is PhasingKind.SEASONAL]
    kept = (pl.col("way") == Way.COUNTS.value) | ~pl.col("phasing").is_in(planned)
    return (
        asked.join(found, on="metric", how="left", maintain_order="left")
        .with_columns(season=pl.when(kept).then(pl.col("then").fill_null(1.0)).otherwise(1.0))
        .drop("then")
    )


def grain(metric: Metric) -> float:
    """Return the size of the steps an amount moves in: whole things are counted one by one, else 0."""
    return 1.0 if metric.accrues and metric.measure is Measure.COUNT else 0.0
