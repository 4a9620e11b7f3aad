"""The goals whose targets a person may set, with the years before beside them."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.access.acting import Hand
from kpiflow.cascade.tree import with_depth
from kpiflow.core.calendar import Period, Window
from kpiflow.core.goal import OwnerKind
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.leaves import settled
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.making import CHANGE
from kpiflow.workspace.handing_down.planning import hand, planned
from kpiflow.workspace.handing_down.target_answers import TargetDesk
from kpiflow.workspace.labels import name_of, with_metric_names, with_owner_names
from kpiflow.workspace.reporting.sparks import sparks
from kpiflow.workspace.results import metrics_measured, observed_for, results

#: How many cycles before the present one stand beside a target.
EARLIER = 3

#: Rows of one page.
PAGE = 20

#: Units offered to go down to; more are found by their name.
UNITS = 200

_SHOWN = (
    "goal", "label", "label_zh", "kind", "owner_kind", "owner", "owner_label", "owner_label_zh", "metric", "metric_label",
    "metric_label_zh", "measure", "currency", "example", "baseline", "threshold", "target", "stretch", "low", "high", "weight",
    "phasing", "phasing_label", "phasing_label_zh", "actual", "points", "status", "earlier", "spark",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Which part of the goals is asked for: a unit and its people, goals whose names hold some words, and which page."""

    unit: str | None = None
    text: str = ""
    start: int = 0
    size: int = PAGE


def target_desk(ws: Books, asker: Asker, period: str, part: Part, as_of: datetime.date | None = None) -> TargetDesk:
    """Answer the Targets page: first the enterprise's goals for those who stand above all units; raises Refused for others."""
    ws.may(asker, CHANGE).require()
    company, moment, may = ws.company(as_of), ws.moment(period, as_of), hand(ws, asker, CHANGE)
    unit = part.unit or (company.profile.enterprise if may.below is None else None)
    goals = in_reach(planned(company, moment), may)
    goals = with_depth(_of_unit(ws, goals, unit, as_of))
    if part.text.strip():
        goals = goals.filter(_says(part.text))
    person = pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value
    ordered = goals.sort(person, "depth", "owner", pl.col("weight") * -1, "goal")
    years = earlier_cycles(moment)
    page = ordered.slice(part.start, part.size)
    return TargetDesk(
        sentence=_sentence(ws, unit, ordered.height, years, moment),
        rows=_rows(ws, page, moment, years, as_of),
        total=ordered.height,
        earlier=tuple(year.period for year in years),
        unit=unit,
        path=units_above(ws, unit, may, as_of),
        units=units_below(ws, unit, may, as_of),
        parents=_parents(goals, unit),
        metrics=tuple(Choice(name, Name(one.label, one.label_zh)) for name, one in company.metrics.items()),
        curves=tuple(Choice(name, Name(one.label or name, one.label_zh)) for name, one in company.curves.items()),
    )


def in_reach(goals: pl.DataFrame, may: Hand) -> pl.DataFrame:
    """Return the goals whose targets a hand may change."""
    if may.below is None or may.people is None:
        return goals
    unit = pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value
    units, people = pl.col("owner").is_in(list(may.below)), pl.col("owner").is_in(list(may.people))
    return goals.filter((unit & units) | (~unit & people))


def _of_unit(ws: Books, goals: pl.DataFrame, unit: str | None, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals of a unit and of the people in it; all of them for no unit in particular."""
    if unit is None:
        return goals
    company = ws.company(as_of)
    people = company.assignments.filter(pl.col("unit") == unit)["person"].unique()
    is_unit = pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value
    mine = (is_unit & (pl.col("owner") == unit)) | (~is_unit & pl.col("owner").is_in(people.implode()))
    return goals.filter(mine)


def _parents(goals: pl.DataFrame, unit: str | None) -> tuple[Choice, ...]:
    """Return a unit's own goals, from the top down: what a new goal of it may stand below."""
    own = goals.filter(pl.col("owner") == (unit or ""), pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value)
    return tuple(Choice(row["goal"], name_of(row)) for row in own.sort("depth", "goal").head(UNITS).to_dicts())


def _says(text: str) -> pl.Expr:
    """Return whether the name, owner, metric or id of a goal holds some words."""
    words = text.strip().casefold()
    return pl.any_horizontal(
        pl.col(name).str.to_lowercase().str.contains(words, literal=True).fill_null(False)
        for name in ("goal", "label", "label_zh", "owner", "metric")
    )


def earlier_cycles(moment: Moment) -> tuple[Period, ...]:
    """Return the cycles before the present one, the latest first."""
    found: list[Period] = []
    here = moment.calendar.previous(moment.cycle)
    while here is not None and len(found) < EARLIER:
        found.append(here)
        here = moment.calendar.previous(here)
    return tuple(found)


def in_earlier(
    ws: Books, goals: pl.DataFrame, moment: Moment, years: tuple[Period, ...], as_of: datetime.date | None
) -> pl.DataFrame:
    """Return goal and earlier: what each goal's scope did on its metric in the cycles before, null where nothing was measured."""
    if not years:
        return goals.select("goal", earlier=pl.lit([], dtype=pl.List(pl.Float64)))
    company, rules = ws.company(as_of), ws.rules(as_of)

    def make() -> pl.DataFrame:
        days = [Window(year.period, year.starts, year.ends) for year in years]
        used = metrics_measured(rules.metrics.values(), list(rules.metrics))
        actuals = gather(observed_for(ws, days, used, as_of), company.units, rules.metrics)
        return actuals.select("window", "metric", "scope_kind", "scope", "actual")

    known = ws.kept(("earlier", moment.cycle.period, ws.versions(as_of)), make)
    key = ["metric", "scope_kind", "scope"]
    scopes = goals.select("goal", "metric", pl.col("scope_kind").cast(pl.String), "scope")
    for year in years:
        found = known.filter(pl.col("window") == year.period).select(*key, pl.col("actual").alias(year.period))
        scopes = scopes.join(found, on=key, how="left", maintain_order="left")
    return scopes.select("goal", earlier=pl.concat_list(year.period for year in years))


def _rows(
    ws: Books, goals: pl.DataFrame, moment: Moment, years: tuple[Period, ...], as_of: datetime.date | None
) -> pl.DataFrame:
    """Return a page of goals with their names, how they stand, and the years before."""
    company, rules = ws.company(as_of), ws.rules(as_of)
    names = pl.DataFrame(
        [(name, one.label, one.label_zh) for name, one in rules.phasings.items()],
        schema={"phasing": pl.String, "phasing_label": pl.String, "phasing_label_zh": pl.String},
        orient="row",
    )
    stand = results(ws, moment.period.period, as_of).select("goal", "actual", "points", "status")
    stand = stand.filter(pl.col("goal").is_in(goals["goal"].implode()))
    has_metric = pl.col("metric").is_not_null()
    # What adds up others would need all of them month by month, which is too dear for a small drawing.
    measured = company.goals.join(goals.filter(has_metric).select("goal"), on="goal", how="semi")
    spark = sparks(ws, measured, moment, as_of)
    rows = (
        goals.with_columns(phasing=pl.when(has_metric).then(settled(goals, rules)["phasing"].cast(pl.String)))
        .with_columns(pl.col("owner_kind", "kind").cast(pl.String))
        .join(names, on="phasing", how="left", maintain_order="left")
        .join(stand, on="goal", how="left", maintain_order="left")
        .join(in_earlier(ws, goals, moment, years, as_of), on="goal", how="left", maintain_order="left")
        .join(spark, on="goal", how="left", maintain_order="left")
    )
    return with_metric_names(with_owner_names(rows, company), company).select(_SHOWN)


def units_above(ws: Books, unit: str | None, may: Hand, as_of: datetime.date | None) -> tuple[Choice, ...]:
    """Return the way from the top of a hand down to a unit, itself included."""
    if unit is None:
        return ()
    company = ws.company(as_of)
    way = ws.unit_tree(as_of).filter(pl.col("unit") == unit).sort("up", descending=True)
    names = {
        row["unit"]: row for row in company.units.filter(pl.col("unit").is_in(way["ancestor"].implode())).to_dicts()
    }
    shown = [one for one in way["ancestor"] if may.below is None or one in may.below]
    return tuple(Choice(one, name_of(names[one])) for one in shown if one in names)


def units_below(ws: Books, unit: str | None, may: Hand, as_of: datetime.date | None) -> tuple[Choice, ...]:
    """Return the units right below one, or right below those a hand is held in, by name."""
    company = ws.company(as_of)
    tops = [unit] if unit is not None else sorted(may.led or ())
    below = company.units.filter(pl.col("parent").is_in(tops))
    if may.below is not None:
        below = below.filter(pl.col("unit").is_in(list(may.below)))
    return tuple(Choice(row["unit"], name_of(row)) for row in below.sort("unit").head(UNITS).to_dicts())


def _sentence(
    ws: Books, unit: str | None, count: int, years: tuple[Period, ...], moment: Moment
) -> tuple[Message, ...]:
    company = ws.company()
    rows = company.units.filter(pl.col("unit") == unit).to_dicts() if unit else []
    said = [
        msg(
            "{count} {count:goal|goals} of {unit} and its people, whose targets you may set.",
            count=count,
            unit=name_of(rows[0]),
        )
        if rows
        else msg("{count} {count:goal|goals} whose targets you may set.", count=count)
    ]
    if not years:
        said.append(
            msg(
                "The calendar begins with {cycle}: beside a target stands this cycle so far.", cycle=moment.cycle.period
            )
        )
    return tuple(said)
