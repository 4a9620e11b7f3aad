"""What comes out of a scenario: everybody's score, grade and pay, worked out by the functions that work out today's."""

import datetime
import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields, replace

import polars as pl

from kpiflow.cascade.rescoring import rescored
from kpiflow.cascade.results import score_company
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.definitions.company import Company
from kpiflow.errors import InvalidInput
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.scoring.leaves import Facts
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import ADMINISTRATOR, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.months import WHOLE
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.outlooks.what_if import supposed
from kpiflow.workspace.overview import owner_score
from kpiflow.workspace.paying import paid_by, valid_plans
from kpiflow.workspace.results import facts_for, results, score
from kpiflow.workspace.scenarios.answers import Supposition
from kpiflow.workspace.scenarios.changing import changed, goals_meant
from kpiflow.workspace.scenarios.edits import Ends, written_edits
from kpiflow.workspace.scenarios.imagined import Imagined

#: What of a goal an edit can change, without the curve that it names.
FIELDS = ("target", "threshold", "stretch", "baseline", "low", "high", "weight", "rollup_weight")

#: Changes of points smaller than this are the last digits of arithmetic.
LEAST = 1e-9

#: So many goals are observed by themselves; of more, everything is looked at once and kept.
FEW = 50

#: Fewer than one in so many goals are scored by themselves; of more, finding what is near them costs more than it saves.
SMALL = 50


@dataclass(frozen=True, eq=False)
class Evaluated:
    """What came out of a scenario, for the whole company; small enough to be kept.

    rows: person, unit, role and score, grade and amount `_before` and `_after`. moved: the goals whose points differ, with
    points `_before` and `_after`. scores: those of the enterprise, before and after. bands: every grade of before and after,
    with its label, the best first. wide: what each plan pays as the scenario has it, by plan.
    """

    rows: pl.DataFrame
    moved: pl.DataFrame
    scores: tuple[float | None, float | None]
    bands: tuple[tuple[str, str, str | None], ...]
    currency: str | None
    wide: tuple[tuple[Plan, pl.DataFrame], ...]


def grounded(ws: Books, supposed_so: Supposition) -> Supposition:
    """Return what is supposed on the base it stands on: a closed period as it was known when it was closed."""
    shut = closed(ws, supposed_so.period, supposed_so.as_of)
    return supposed_so if shut is None else replace(supposed_so, as_of=shut.known_by)


def key_of(ws: Books, supposed_so: Supposition) -> tuple[Hashable, ...]:
    """Return what the answers about a scenario depend on: the same edits of the same period have the same one."""
    base = grounded(ws, supposed_so)
    mark = hashlib.sha256(written_edits(base.edits).encode()).hexdigest()
    return (mark, base.period, base.as_of, ws.versions(supposed_so.as_of))


def evaluated(ws: Books, supposed_so: Supposition) -> Evaluated:
    """Return what comes out of a scenario; kept. Raises NotFound and InvalidInput for edits that cannot be made."""
    base = grounded(ws, supposed_so)
    return ws.kept(("scenario", *key_of(ws, supposed_so)), lambda: _evaluated(ws, base))


def _evaluated(ws: Books, base: Supposition) -> Evaluated:
    books, period, as_of = imagined(ws, base), base.period, base.as_of
    was, now = _outcome(ws, period, as_of), _outcome(books, period, as_of)
    columns = ("score", "grade", "amount")
    before = was.people.rename({name: f"{name}_before" for name in columns})
    after = now.people.select("person", *(pl.col(name).alias(f"{name}_after") for name in columns))
    if before["person"].equals(after["person"]):
        rows = before.hstack(after.drop("person"))
    else:
        rows = before.join(after, on="person", how="left", maintain_order="left")
    return Evaluated(rows, *_of_goals(ws, books, base), _bands(ws.company(as_of), books.company()), now.currency or was.currency,
                     now.wide)  # fmt: skip


def imagined(ws: Books, base: Supposition) -> Imagined:
    """Return the books as a scenario has them; raises NotFound and InvalidInput for edits that cannot be made."""
    moment = ws.moment(base.period, base.as_of)
    books = Imagined(ws, changed(ws.company(base.as_of), base.edits, moment.period))
    books.answer_so("results", base.period, lambda: _scored(ws, books, base))
    if _only_pay(ws, books, base):
        books.answer_so("appraisals", base.period, lambda: appraisals(ws, base.period, base.as_of))
    return books


def _only_pay(ws: Books, books: Imagined, base: Supposition) -> bool:
    """Say whether a scenario of an open period changes nothing but plans, so that everybody is appraised as they are."""
    if closed(ws, base.period, base.as_of) is not None or any(isinstance(edit, Ends) for edit in base.edits):
        return False
    was, now = ws.company(base.as_of), books.company(base.as_of)
    return all(getattr(was, one.name) is getattr(now, one.name) for one in fields(Company) if one.name != "plans")


def _of_goals(ws: Books, books: Imagined, base: Supposition) -> tuple[pl.DataFrame, tuple[float | None, float | None]]:
    """Return the goals whose points a scenario moves, and the enterprise's score before and after."""
    before, after = (results(one, base.period, base.as_of) for one in (ws, books))
    enterprise = ws.company(base.as_of).profile.enterprise
    score_before = owner_score(before, enterprise, OwnerKind.UNIT)
    score_after = score_before if before is after else owner_score(after, enterprise, OwnerKind.UNIT)
    names = ("goal", "owner_kind", "owner", "scope_kind", "scope", "depth", pl.col("points").alias("points_before"))
    if before is after:
        moved = before.clear().select(*names, points_after="points")
    else:
        both, then = before.select(*names), after.select("goal", points_after="points")
        in_step = both["goal"].equals(then["goal"])
        both = both.hstack(then.drop("goal")) if in_step else both.join(then, on="goal")
        moved = both.filter((pl.col("points_after") - pl.col("points_before")).abs() > LEAST)
    return moved, (score_before, score_after)


def _bands(was: Company, now: Company) -> tuple[tuple[str, str, str | None], ...]:
    """Return every grade there is before or after, once, the best first."""
    found: dict[str, tuple[str, str, str | None]] = {}
    for scale in (*was.grades.values(), *now.grades.values()):
        for band in scale.bands:
            found.setdefault(band.grade, (band.grade, band.label, band.label_zh))
    return tuple(found.values())


def _scored(ws: Books, books: Imagined, supposed_so: Supposition) -> pl.DataFrame:
    """Return the results of a scenario's period: only what its edits touch is scored again."""
    period, as_of = supposed_so.period, supposed_so.as_of
    rows = _rescored(ws, books, period, as_of)
    ends = ends_of(ws, books.company(as_of), rows, supposed_so)
    return supposed(books, rows, period, ends, as_of).select(rows.columns) if ends else rows


def _rescored(ws: Books, books: Imagined, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results with the edits of goals and curves scored."""
    before, was, now = results(ws, period, as_of), ws.company(as_of), books.company(as_of)
    differs = _differing(was, now)
    if differs is None:
        return before
    moment, rules = ws.moment(period, as_of), books.rules(as_of)
    touched = now.goals.filter(differs)
    if not was.goals.select("low", "high").equals(now.goals.select("low", "high")):
        # How many months were within a band is counted over again.
        return score(books, now.goals, moment, as_of)

    def facts() -> Facts:
        key = ("facts", period, ws.versions(as_of))
        return ws.kept(key, lambda: facts_for(ws, was.goals, moment, as_of))

    if touched.height * SMALL > now.goals.height:
        return score_company(now.goals, facts(), rules, moment)
    known = facts() if touched.height > FEW else facts_for(ws, touched, moment, as_of, alone=True)
    news = rescored(before, touched, known, rules, moment)
    if news is None:
        return score_company(now.goals, facts(), rules, moment)
    return replaced(before, news)


def replaced(before: pl.DataFrame, news: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of goals with some of them as they are now, each where it stood."""
    places = before.select("goal", place=pl.int_range(pl.len())).join(
        news.select("goal", row=pl.int_range(pl.len())), on="goal"
    )
    if places.height != news.height:
        return pl.concat([before.join(news.select("goal"), on="goal", how="anti"), news])
    if places.height > FEW:
        stays = pl.int_range(before.height, eager=True)
        return pl.concat([before, news])[stays.scatter(places["place"], places["row"] + before.height)]
    # Of a few, all between them is left as it is, and not copied.
    parts, start = [], 0
    for place, row in places.sort("place").select("place", "row").iter_rows():
        parts += [before.slice(start, place - start), news.slice(row, 1)]
        start = place + 1
    return pl.concat([*parts, before.slice(start)], rechunk=False)


def _differing(was: Company, now: Company) -> pl.Series | None:
    """Return which rows of the goals are scored otherwise; None when none is."""
    curves = [name for name, curve in now.curves.items() if was.curves.get(name) != curve]
    if now.goals is was.goals and not curves:
        return None
    both = now.goals.select(
        pl.col("curve").is_in(curves).fill_null(value=False).alias("by_curve"),
        *(pl.col(field).ne_missing(was.goals[field]).alias(field) for field in FIELDS),
    )
    found = both.select(pl.any_horizontal(pl.all())).to_series()
    return found if found.any() else None


def ends_of(ws: Books, company: Company, rows: pl.DataFrame, supposed_so: Supposition) -> dict[str, float]:
    """Return the value that each goal is supposed to end at, by the last edit that says so.

    Raises InvalidInput for a goal that is not measured itself, and for more forecasts than can be made while one waits.
    """
    found: dict[str, float] = {}
    if not any(isinstance(edit, Ends) for edit in supposed_so.edits):
        return found
    measured = rows.filter(pl.col("rollup") == Rollup.OWN.value, pl.col("metric").is_not_null())
    period = ws.moment(supposed_so.period, supposed_so.as_of).period
    for edit in supposed_so.edits:
        if not isinstance(edit, Ends):
            continue
        mine = measured.join(goals_meant(company, edit, period).select("goal"), on="goal", how="semi")
        if edit.goal is not None and mine.is_empty():
            raise InvalidInput(
                msg("The goal {goal} is not measured itself, so no value can be supposed for it.", goal=edit.goal)
            )
        if edit.at is not None:
            found[str(edit.goal)] = edit.at
        else:
            found |= dict(_values(ws, mine, edit, supposed_so))
    return found


def _values(ws: Books, mine: pl.DataFrame, edit: Ends, supposed_so: Supposition) -> Iterator[tuple[str, float]]:
    """Yield goal and end for an edit that multiplies what is measured, or what is forecast."""
    times = float(edit.times or 1)
    if edit.of == "forecast":
        if mine.height > WHOLE:
            raise InvalidInput(
                msg(
                    "These are {count} goals, too many to forecast while somebody waits. Choose a metric and a unit with at"
                    " most {most}.",
                    count=mine.height, most=WHOLE,
                )
            )  # fmt: skip
        known = forecasts(ws, ADMINISTRATOR, supposed_so.period, mine["goal"].to_list(), supposed_so.as_of)
        mine = known.select("goal", actual="forecast")
    yield from mine.filter(pl.col("actual").is_not_null()).select("goal", pl.col("actual") * times).iter_rows()


@dataclass(frozen=True, eq=False)
class _Outcome:
    """What came out for everybody: person, unit, role, score, grade and amount; the currency; and each plan's rows."""

    people: pl.DataFrame
    currency: str | None
    wide: tuple[tuple[Plan, pl.DataFrame], ...]


def _outcome(books: Books, period: str, as_of: datetime.date | None) -> _Outcome:
    """Return what comes out by these books; kept with them."""
    return books.kept(("outcome", period, books.versions(as_of)), lambda: _worked_out(books, period, as_of))


def _worked_out(books: Books, period: str, as_of: datetime.date | None) -> _Outcome:
    people = appraisals(books, period, as_of).people.select("person", "unit", "role", "score", "grade")
    currency = currency_of(books, period, as_of)
    plans = [
        plan for plan in valid_plans(books, books.moment(period, as_of).period, as_of) if plan.currency == currency
    ]
    wide = tuple((plan, paid_by(books, plan, period, as_of)) for plan in plans)
    if not wide:
        return _Outcome(people.with_columns(amount=pl.lit(None, dtype=pl.Decimal(38, 2))), None, ())
    paid = [one.select("person", "amount") for _, one in wide]
    whole = paid[0] if len(paid) == 1 else _added(paid)
    return _Outcome(people.join(whole, on="person", how="left", maintain_order="left"), currency, wide)


def _added(paid: list[pl.DataFrame]) -> pl.DataFrame:
    """Return what several plans pay each person in all; nothing where one of them cannot say."""
    everything = pl.concat(paid, how="vertical_relaxed")
    unknown = pl.col("amount").null_count() > 0
    return everything.group_by("person").agg(amount=pl.when(~unknown).then(pl.col("amount").sum()))


def currency_of(books: Books, period: str, as_of: datetime.date | None) -> str | None:
    """Return the currency that pay is added up in: that of the company where a plan pays in it, else of the first plan."""
    plans = valid_plans(books, books.moment(period, as_of).period, as_of)
    listed = [plan.currency for plan in plans]
    own = books.company(as_of).profile.currency
    return own if own in listed else next(iter(listed), None)
