"""What is off track, with whose it is, since when, why, and the last word about it: one page of a list of any length."""

import datetime
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, shared, visible
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.status import Status
from kpiflow.language import Message, Quantity, msg
from kpiflow.scoring.moment import Moment
from kpiflow.storage.last_words import last_words
from kpiflow.workspace import portfolio_groups as groups
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.target_answers import OffTrackGroup, Portfolio
from kpiflow.workspace.labels import name_of, with_metric_names, with_owner_names
from kpiflow.workspace.months import months_of
from kpiflow.workspace.reporting.questions import asked_of
from kpiflow.workspace.results import results
from kpiflow.workspace.shortfall import shares_of_miss

#: Rows of one page.
PAGE = 20

#: Units offered as a filter.
UNITS = 100

#: The statuses that are off track.
OFF = (Status.BEHIND.value, Status.AT_RISK.value)

#: Months named as the cause of a miss.
NAMED = 2


@dataclass(frozen=True)
class Filter:
    """Which part of what is off track is asked for: a unit and all below it, a metric, and which page."""

    unit: str | None = None
    metric: str | None = None
    start: int = 0
    size: int = PAGE


def portfolio(ws: Books, asker: Asker, period: str, part: Filter, as_of: datetime.date | None = None) -> Portfolio:
    """Answer what is off track in a period, the furthest behind first, within what the person asking may read."""
    moment, reach = ws.moment(period, as_of), ws.reach(asker)
    every = off_track(ws, reach, period, as_of)
    fits = every
    if part.unit is not None:
        below = ws.unit_tree(as_of).filter(pl.col("ancestor") == part.unit)["unit"]
        fits = fits.filter(pl.col("scope_unit").is_in(below.implode()))
    if part.metric is not None:
        fits = fits.filter(pl.col("metric") == part.metric)
    page = fits.slice(part.start, part.size)
    rows, causes = _told(ws, page, moment, reach, as_of)
    metrics, units = _groups(ws, (part, fits), moment, reach, as_of)
    return Portfolio(
        rows=_asked(ws, _said(ws, rows, as_of), allowed=ws.may(asker, "comment").allowed),
        causes=causes,
        total=fits.height,
        units=_units(ws, part.unit, as_of),
        metrics=_metrics(every),
        by_metric=metrics,
        by_unit=units,
    )


def _groups(
    ws: Books, part: tuple[Filter, pl.DataFrame], moment: Moment, reach: Reach, as_of: datetime.date | None
) -> tuple[tuple[OffTrackGroup, ...], tuple[OffTrackGroup, ...]]:
    """Return the goals that fit a filter by metric and by unit; kept, because what is said about goals changes no group."""
    chosen, fits = part
    unit = chosen.unit or ws.company(as_of).profile.enterprise

    def make() -> tuple[tuple[OffTrackGroup, ...], tuple[OffTrackGroup, ...]]:
        placed = groups.placed_below(ws, fits, unit, as_of)
        worst = groups.worst_of(placed)
        _, causes = _told(ws, worst, moment, reach, as_of)
        known = dict(zip(worst["goal"], causes, strict=True))
        company = ws.company(as_of)
        whole = visible(results(ws, moment.period.period, as_of), reach)
        tops = placed.filter(pl.col("owner").is_in([unit, *placed["branch"].unique()]))["goal"]
        below = with_owner_names(whole.filter(pl.col("parent").is_in(tops.implode())), company)
        found = (groups.by_metric(company, placed, below, known, unit), groups.by_unit(ws, placed, below, known, unit))
        return tuple(kind if len(kind) > 1 else () for kind in found)  # type: ignore[return-value]

    key = ("off track in groups", shared(reach), moment.period.period, ws.versions(as_of), unit, chosen.metric)
    return ws.kept(key, make)


def off_track(ws: Books, reach: Reach, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals behind or at risk that a reach holds, the furthest behind first; kept for everybody of that reach."""
    key = ("off track", shared(reach), period, ws.versions(as_of))
    return ws.kept(key, lambda: _off_track(ws, reach, period, as_of))


def _off_track(ws: Books, reach: Reach, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    company = ws.company(as_of)
    own = visible(results(ws, period, as_of), reach).filter(
        pl.col("metric").is_not_null(), pl.col("rollup") == Rollup.OWN.value
    )
    # A station's goal and its manager's are the same miss: units speak for both, unless only people may be seen.
    of_units = own.filter(pl.col("owner_kind") == OwnerKind.UNIT.value)
    listed = (of_units if of_units.height else own).filter(pl.col("status").is_in(OFF)).sort("pace", "goal")
    first = company.assignments.sort("starts").unique("person", keep="last").select(owner="person", at="unit")
    placed = listed.join(first, on="owner", how="left", maintain_order="left").with_columns(
        scope_unit=pl.when(pl.col("owner_kind") == OwnerKind.UNIT.value).then("owner").otherwise("at"),
        gap=pl.col("actual") - pl.col("expected"),
    )
    return with_metric_names(with_owner_names(placed.drop("at"), company), company)


def _told(
    ws: Books, page: pl.DataFrame, moment: Moment, reach: Reach, as_of: datetime.date | None
) -> tuple[pl.DataFrame, tuple[Message | None, ...]]:
    """Return a page of rows with `since` and `since_before`, and the cause of each."""
    if page.is_empty():
        nothing = {"since": pl.lit(None, pl.String), "since_before": pl.lit(None, pl.Boolean)}
        return page.with_columns(**nothing), ()
    months = months_of(ws, page, moment, as_of)
    inside = [one.period for one in moment.calendar.months(moment.cycle) if one.starts <= moment.period.ends]
    months = months.filter(pl.col("period").is_in(inside)).sort("goal", "period")
    rows = page.join(_since(months), on="goal", how="left", maintain_order="left")
    company = ws.company(as_of)
    whole = visible(results(ws, moment.period.period, as_of), reach)
    below = with_owner_names(whole.filter(pl.col("parent").is_in(page["goal"].implode())), company)
    by_goal = months.partition_by("goal", as_dict=True)
    silent = months.clear()
    causes = (_cause(row, below, by_goal.get((row["goal"],), silent)) for row in page.iter_rows(named=True))
    return rows, tuple(causes)


def _since(months: pl.DataFrame) -> pl.DataFrame:
    """Return goal, since and since_before: the first month of the latest unbroken stretch off track, or the first such month.

    `since_before` says that it was off track from the first month that was measured: there was no time when it was not.
    """
    known = months.filter(~pl.col("status").is_in([Status.NO_DATA.value, Status.OUTDATED.value]))
    off = pl.col("status").is_in(OFF)
    stretch = (~off).cum_sum(reverse=True).over("goal")
    marked = known.with_columns(off=off, last=stretch == 0)
    return marked.group_by("goal", maintain_order=True).agg(
        since=pl.coalesce(pl.col("period").filter("last").first(), pl.col("period").filter("off").first()),
        since_before=pl.col("off").all(),
    )


def _cause(row: dict[str, Any], below: pl.DataFrame, months: pl.DataFrame) -> Message | None:
    """Return what explains a miss: whose below it is, else the months in which it fell short."""
    miss = shares_of_miss(below, row)
    if miss.height and miss["share"][0] > 0:
        first = miss.row(0, named=True)
        return msg(
            "{unit} explains {share} of the miss.",
            unit=name_of(first, "owner_label"),
            share=Quantity(first["share"], "part"),
        )
    short = shortfall_by_month(months, row)
    total = float(short["short"].sum() or 0.0)
    if total <= 0:
        return None
    worst = short.sort("short", descending=True).filter(pl.col("short") > 0).head(NAMED)
    return msg(
        "{share} of the shortfall fell in {months}.",
        share=Quantity(float(worst["short"].sum()) / total, "part"),
        months=worst.sort("period")["period"].to_list(),
    )


def shortfall_by_month(months: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """Return period and short: what each month fell short by, never below 0.

    A rate's shortfall is counted in cases, so a busy month weighs more; that of what piles up is the month's own part.
    Months without data have none: silence is no shortfall.
    """
    sign = -1.0 if row["direction"] == "lower" else 1.0
    gap = sign * (pl.col("expected") - pl.col("actual"))
    piles = bool(row["accrues"]) and row.get("accrual") != "per_period"
    if piles:
        gap = gap - gap.shift(1).fill_null(0.0)
        cases = gap
    else:
        cases = gap * pl.col("denominator").fill_null(1.0)
    return months.sort("period").select("period", short=cases.clip(0, None)).filter(pl.col("short").is_not_null())


def _said(ws: Books, rows: pl.DataFrame, as_of: datetime.date | None) -> pl.DataFrame:
    """Add the last word about each goal: words, said_by, said_by_zh and said_at."""
    told = last_words(ws.store, rows["goal"].to_list(), ws.believed(as_of))
    people = ws.company(as_of).people.select("person", said_by="label", said_by_zh="label_zh")
    named = told.join(people, on="person", how="left").with_columns(pl.coalesce("said_by", "who"))
    return rows.join(
        named.select("goal", "words", "said_by", "said_by_zh", said_at="at"),
        on="goal",
        how="left",
        maintain_order="left",
    )


def _asked(ws: Books, rows: pl.DataFrame, *, allowed: bool) -> pl.DataFrame:
    """Add whom a question about each goal goes to; nobody where the person asking may not ask."""
    found = [asked_of(ws, row) if allowed else None for row in rows.iter_rows(named=True)]
    names = [None if one is None else one[1] for one in found]
    return rows.with_columns(
        pl.Series("asks", [None if one is None else one[0] for one in found], dtype=pl.String),
        pl.Series("asks_label", [None if name is None else name.label for name in names], dtype=pl.String),
        pl.Series("asks_label_zh", [None if name is None else name.label_zh for name in names], dtype=pl.String),
    )


def _units(ws: Books, unit: str | None, as_of: datetime.date | None) -> tuple[Choice, ...]:
    """Return the units to filter by: the first two levels, and what is right below the one chosen."""
    tree, units = ws.unit_tree(as_of), ws.company(as_of).units
    depth = tree.group_by("unit").agg(depth=pl.col("up").max())
    near = pl.col("depth") <= 1
    if unit is not None:
        above = tree.filter(pl.col("unit") == unit)["ancestor"]
        near = near | (pl.col("parent") == unit) | pl.col("unit").is_in(above.implode())
    found = units.join(depth, on="unit").filter(near).sort("depth", "unit").head(UNITS)
    return tuple(Choice(row["unit"], name_of(row)) for row in found.to_dicts())


def _metrics(rows: pl.DataFrame) -> tuple[Choice, ...]:
    named = rows.group_by("metric").agg(pl.col("metric_label", "metric_label_zh").first(), count=pl.len())
    return tuple(
        Choice(row["metric"], name_of(row, "metric_label"))
        for row in named.sort("count", "metric", descending=[True, False]).to_dicts()
    )
