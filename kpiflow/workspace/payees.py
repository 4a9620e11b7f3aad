"""Everything a plan may know of the people it pays, looked up and put in columns."""

import datetime
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from kpiflow.appraisal.appraising import Appraisal
from kpiflow.core.goal import OwnerKind
from kpiflow.definitions.company import Company
from kpiflow.incentives.given import value_of
from kpiflow.incentives.inputs import Wanted
from kpiflow.incentives.plan import Plan
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.windows import PERIOD, window
from kpiflow.storage.pay_runs import final_runs, read_part
from kpiflow.workspace.appraisals import appraisals, appraisals_known, appraised_by
from kpiflow.workspace.books import Books
from kpiflow.workspace.plans.segments import salaries_on, segments
from kpiflow.workspace.results import metrics_measured, observed_on, results, results_known


@dataclass(frozen=True)
class _Column:
    """An input of the plan: `value` for everybody, or for those whose `key` (unit or person) is not in `table`."""

    name: str
    value: float | None
    key: str | None = None
    table: pl.DataFrame | None = None  # the key, and a column of the name

    def beside(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the column to the people it is for."""
        if self.table is None:
            return rows.with_columns(pl.lit(self.value, dtype=pl.Float64).alias(self.name))
        joined = rows.join(self.table, on=self.key, how="left", maintain_order="left")
        return joined if self.value is None else joined.with_columns(pl.col(self.name).fill_null(self.value))


#: The columns of results that owners' scores are made of.
SCORED = ("owner_kind", "owner", "sheet", "commitment", "weight", "score", "coverage")


def payees(
    ws: Books,
    needed: Iterable[Wanted],
    period: str,
    as_of: datetime.date | None,
    *,
    scored: pl.DataFrame | None = None,
    only: str | None = None,
    plan: Plan | None = None,
    anew: bool = False,
) -> pl.DataFrame:
    """Return one row per person employed in the period, with a column per input the plan reads.

    Scores of units and points of goals are the same for everybody who names them; `@unit` and `@department` are looked
    up from the person's own unit upward. Counts are sums of a metric's values measured for the person. What a plan
    declares for itself is read from the company's table of inputs. `scored` are the results to pay by where they are not
    those of the store; `only` is the one person who is asked about. `plan` is whose payees they are: one paid by segments
    has one row per dated segment of each person, and what is carried comes from its last final run. `anew`: by what is
    known now of a closed period, not by what was frozen.
    """
    moment, company = ws.moment(period, as_of), ws.company(as_of)
    wanted, read = list(needed), results_known if anew else results
    found = read(ws, period, as_of) if scored is None else scored
    with ThreadPoolExecutor(1) as beside:
        # Both need only the results: what goals and measurements say is looked up while people are appraised.
        appraising = beside.submit(_appraised, ws, (period, as_of), scored, only, anew=anew)
        columns = [
            *_of_places(wanted, found, ws, as_of),
            *_of_goals(wanted, found),
            *_of_counts(wanted, ws, moment, as_of),
            *_of_inputs(wanted, company, moment),
            *_carried(wanted, ws, plan, moment, as_of),
        ]
        known = appraising.result().people
        rows = _people(company, moment, known if only is None else known.filter(pl.col("person") == only))
    if plan is not None and plan.segments:
        rows = _by_segments(rows, company, moment)
    for column in columns:
        rows = column.beside(rows)
    # Of what nobody has written down or carried over nothing is known, so the plan's `absent` decides.
    return rows.with_columns(pl.lit(None).alias(one.name) for one in wanted if one.name not in rows.columns)


def _appraised(
    ws: Books, at: tuple[str, datetime.date | None], scored: pl.DataFrame | None, only: str | None, *, anew: bool
) -> Appraisal:
    """Return the appraisals by the results of the store, or by others; then of one person alone, where only one is meant."""
    told = appraisals_known if anew else appraisals
    return told(ws, *at) if scored is None else appraised_by(ws, scored, *at, only=only)


def read_of_others(rows: pl.DataFrame, wanted: Iterable[Wanted]) -> pl.DataFrame:
    """Return what a plan may read of results beside the goals of the person it pays: those of units, and whom it names."""
    named = [str(one.of) for one in wanted if one.of]
    unit = pl.col("owner_kind") == OwnerKind.UNIT.value
    return rows.filter(unit | pl.col("owner").is_in(named) | pl.col("goal").is_in(named))


def with_units(rows: pl.DataFrame, ws: Books, as_of: datetime.date | None) -> pl.DataFrame:
    """Add `units`: each person's own unit and all above it, for plans that name units."""
    above = ws.unit_tree(as_of).group_by("unit").agg(units="ancestor")
    return rows.join(above, on="unit", how="left", maintain_order="left")


def _people(company: Company, moment: Moment, appraised: pl.DataFrame) -> pl.DataFrame:
    """Return who was employed in the period, with the days, the last unit, role and FTE held in it, and the appraisal."""
    held = appraised.select("person", "unit", "role", "fte", "days", "score", "grade", "coverage")
    rows = (
        company.people.join(held, on="person")
        .rename({"days": "days_employed"})
        .filter(pl.col("days_employed") > 0)
        .with_columns(
            days_in_period=pl.lit(moment.period.days, dtype=pl.Int64),
            days_in_year=pl.lit(moment.cycle.days, dtype=pl.Int64),
            segment=pl.lit(1, dtype=pl.Int64),
            segment_from=pl.max_horizontal("hired", pl.lit(moment.period.starts)),
            segment_to=pl.min_horizontal("left", pl.lit(moment.period.ends)),
        )
    )
    if company.salaries.height:  # the salary of the last day employed in the period
        on_last = rows.select("person", day="segment_to")
        paid = salaries_on(on_last, company.people, company.salaries).drop("day")
        rows = rows.drop("salary_month").join(paid, on="person", how="left")
    return rows.sort("person")


def _by_segments(rows: pl.DataFrame, company: Company, moment: Moment) -> pl.DataFrame:
    """Return the rows of people once per dated segment, with what is the segment's own in the place of what is theirs."""
    people = company.people.join(rows.select("person"), on="person", how="semi")
    mine, paid = (frame.join(people, on="person", how="semi") for frame in (company.assignments, company.salaries))
    found = segments(people, mine, paid, moment.period)
    own = [name for name in found.columns if name != "person"]
    return rows.drop(own).join(found, on="person").sort("person", "segment")


def _of_places(wanted: list[Wanted], found: pl.DataFrame, ws: Books, as_of: datetime.date | None) -> Iterator[_Column]:
    """Yield score:… and coverage:… of units and persons, as the sum of their top goals' scores."""
    asked = [one for one in wanted if one.word in ("score", "coverage") and one.of]
    if not asked:
        return
    named = [str(one.of) for one in asked]
    of_interest = (pl.col("owner_kind") == OwnerKind.UNIT.value) | pl.col("owner").is_in(named)
    # Lazily, so that only these columns of the results are copied: they have many.
    scores = owner_scores(found.lazy().filter(of_interest).select(SCORED).collect())
    tree = ws.unit_tree(as_of).join(ws.company(as_of).units.select(ancestor="unit", place_kind="kind"), on="ancestor")
    for one in asked:
        of = str(one.of)
        if of.startswith("@"):
            near = tree.filter(pl.lit(of == "@unit") & (pl.col("up") == 0) | (pl.col("place_kind") == of[1:]))
            near = near.sort("unit", "up").unique("unit", keep="first").select("unit", owner="ancestor")
            known = near.join(scores.filter(pl.col("owner_kind") == OwnerKind.UNIT.value), on="owner", how="left")
            yield _Column(one.name, None, "unit", known.select("unit", pl.col(one.word).alias(one.name)))
        else:
            # A unit and a person may share an id; the unit is meant, as everywhere an owner is written without its kind.
            kinds = scores.filter(pl.col("owner") == of).sort("owner_kind", descending=True)
            yield _Column(one.name, _first(kinds[one.word]))


def owner_scores(rows: pl.DataFrame) -> pl.DataFrame:
    """Return owner_kind, owner, score and coverage: the sum of committed top goals' scores, null when none has points."""
    mine = rows.filter(pl.col("sheet").is_null(), pl.col("commitment") == "committed")
    weight = pl.col("weight")
    return mine.group_by("owner_kind", "owner").agg(
        score=pl.when(pl.col("score").is_not_null().any()).then(pl.col("score").sum()).round(10),
        coverage=pl.when(weight.sum() > 0).then((weight * pl.col("coverage")).sum() / weight.sum()),
    )


def _of_goals(wanted: list[Wanted], found: pl.DataFrame) -> Iterator[_Column]:
    """Yield points:…, attainment:… and actual:… of goals."""
    for one in wanted:
        if one.word in ("points", "attainment", "actual") and one.of:
            yield _Column(
                one.name, _first(found.lazy().filter(pl.col("goal") == one.of).select(one.word).collect()[one.word])
            )


def _of_counts(wanted: list[Wanted], ws: Books, moment: Moment, as_of: datetime.date | None) -> Iterator[_Column]:
    """Yield count:… and amount:… of metrics measured for the person; nobody's events are 0 only where others have some.

    A metric that was measured for nobody in the period is unknown, not 0.
    """
    asked = [one for one in wanted if one.word in ("count", "amount") and one.of]
    if not asked:
        return
    rules = ws.rules(as_of)
    used = {one.metric for one in metrics_measured(rules.metrics.values(), {str(one.of) for one in asked})}
    days = window(PERIOD, moment)

    def make() -> pl.DataFrame:
        # Everything measured on these days: goals asked for the same already, as a rule, so that it is there.
        observed = observed_on(ws, (days.starts, days.ends), rules.metrics, as_of)
        observed = observed.filter(pl.col("metric").is_in(used), pl.col("person").is_not_null())
        return gather(observed, ws.company(as_of).units.clear(), rules.metrics).select("metric", "scope", "actual")

    counted = ws.kept(("counted", tuple(sorted(used)), moment.period.period, ws.versions(as_of)), make)
    for one in asked:
        mine = counted.filter(pl.col("metric") == one.of)
        known = mine.select(pl.col("scope").alias("person"), pl.col("actual").alias(one.name))
        yield _Column(one.name, 0.0 if mine.height else None, "person", known)


def _of_inputs(wanted: list[Wanted], company: Company, moment: Moment) -> Iterator[_Column]:
    """Yield what plans declare for themselves, from the company's table of inputs: the values for this very period."""
    here = company.inputs.filter(pl.col("period") == moment.period.period)
    for one in wanted:
        if one.declared:
            mine, value = here.filter(pl.col("input") == one.name), value_of(pl.col("value"), one.kind)
            yield _Column(one.name, None, "person", mine.select("person", value.alias(one.name)))


def _carried(
    wanted: list[Wanted], ws: Books, plan: Plan | None, moment: Moment, as_of: datetime.date | None
) -> Iterator[_Column]:
    """Yield carried:… of components: what the plan's last final run for an earlier period left over, if there is one."""
    asked = [one for one in wanted if one.word == "carried" and one.of]
    run = _run_before(ws, plan, moment, as_of) if asked and plan is not None else None
    if run is None:
        return
    for one in asked:
        left = read_part(ws.store, "pay_balance", run).filter(pl.col("component") == one.of)
        yield _Column(one.name, None, "person", left.select("person", pl.col("amount").alias(one.name)))


def _run_before(ws: Books, plan: Plan, moment: Moment, as_of: datetime.date | None) -> int | None:
    """Return the final run of a plan for the last period before this one, the newest where there are several."""
    periods = moment.calendar.periods
    runs = [
        (periods[row["period"]].ends, row["at"], row["run"])
        for row in final_runs(ws.store, plan.plan, ws.believed(as_of)).iter_rows(named=True)
        if row["period"] in periods and periods[row["period"]].ends < moment.period.starts
    ]
    return max(runs)[2] if runs else None


def _first(values: pl.Series) -> float | None:
    """Return the first of some numbers; None when there is none."""
    return values[0] if values.len() else None
