"""What is off track, with whose it is, since when, why, and the last word about it: one page of a list of any length."""

import datetime
from dataclasses import dataclass

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
from kpiflow.workspace.shortfall import explained, shortfall_by_month

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


@dataclass(frozen=True)
class Told:
    """What is told of some goals off track: `since` (goal, since, since_before), and the causes of those that have one."""

    since: pl.DataFrame
    causes: dict[str, Message]


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
    metrics, units, told = _groups(ws, (part, fits), moment, reach, as_of)
    if not page["goal"].is_in(told.since["goal"].implode()).all():
        told = _told(ws, page, moment, reach, as_of)
    rows = page.join(told.since, on="goal", how="left", maintain_order="left")
    return Portfolio(
        rows=_asked(ws, _said(ws, rows, as_of), allowed=ws.may(asker, "comment").allowed),
        causes=tuple(told.causes.get(goal) for goal in page["goal"]),
        total=fits.height,
        units=_units(ws, part.unit, as_of),
        metrics=_metrics(every),
        by_metric=metrics,
        by_unit=units,
    )


def _groups(
    ws: Books, part: tuple[Filter, pl.DataFrame], moment: Moment, reach: Reach, as_of: datetime.date | None
) -> tuple[tuple[OffTrackGroup, ...], tuple[OffTrackGroup, ...], Told]:
    """Return the goals that fit a filter by metric and by unit, and what is told of them and of the first page.

    Kept, because what is said about goals changes none of it.
    """
    chosen, fits = part
    unit = chosen.unit or ws.company(as_of).profile.enterprise

    def make() -> tuple[tuple[OffTrackGroup, ...], tuple[OffTrackGroup, ...], Told]:
        placed = groups.placed_below(ws, fits, unit, as_of)
        worst = groups.worst_of(placed)["goal"]
        # Together with the first page, because twelve months of many goals cost what twelve months of one cost.
        asked = pl.concat([worst, fits["goal"].head(PAGE)]).implode()
        told = _told(ws, fits.filter(pl.col("goal").is_in(asked)), moment, reach, as_of)
        company = ws.company(as_of)
        tops = placed.filter(pl.col("owner").is_in(pl.concat([placed["branch"].unique(), pl.Series([unit])]).implode()))
        missed = explained(_below(ws, tops, moment, reach, as_of), tops)
        by_metric = groups.by_metric(company, placed, missed, told.causes, unit)
        by_unit = groups.by_unit(ws, placed, missed, told.causes, unit)
        return by_metric if len(by_metric) > 1 else (), by_unit if len(by_unit) > 1 else (), told

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


def _told(ws: Books, rows: pl.DataFrame, moment: Moment, reach: Reach, as_of: datetime.date | None) -> Told:
    """Return since when some goals are off track, and why."""
    months = months_of(ws, rows, moment, as_of)
    inside = [one.period for one in moment.calendar.months(moment.cycle) if one.starts <= moment.period.ends]
    months = months.filter(pl.col("period").is_in(inside)).sort("goal", "period")
    since = rows.select("goal").join(_since(months), on="goal", how="left", maintain_order="left")
    return Told(since, _causes(_below(ws, rows, moment, reach, as_of), months, rows))


def _below(ws: Books, rows: pl.DataFrame, moment: Moment, reach: Reach, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results right below some goals, with the names of their owners, of those that may be read."""
    whole = visible(results(ws, moment.period.period, as_of), reach)
    return with_owner_names(whole.filter(pl.col("parent").is_in(rows["goal"].implode())), ws.company(as_of))


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


def _causes(below: pl.DataFrame, months: pl.DataFrame, page: pl.DataFrame) -> dict[str, Message]:
    """Return what explains each miss: whose below it is, else the months in which it fell short."""
    short = shortfall_by_month(months, page).filter(pl.col("short") > 0)
    worst = short.sort("goal", "short", "period", descending=[False, True, False]).group_by("goal", maintain_order=True)
    told = worst.agg(
        share=pl.col("short").head(NAMED).sum() / pl.col("short").sum(), months=pl.col("period").head(NAMED).sort()
    )
    in_time = {
        goal: msg("{share} of the shortfall fell in {months}.", share=Quantity(share, "part"), months=named)
        for goal, share, named in told.iter_rows()
    }
    return in_time | explained(below, page)


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
