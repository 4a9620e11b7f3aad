"""What a scenario does, for one reader: cost, grades, units, who gains and who loses, beside how it is now."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpiflow.access.reach import Reach, Topic, shared, visible
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_owner_names
from kpiflow.workspace.scenarios.answers import SHOWS, Effect, Part, Side, Supposition
from kpiflow.workspace.scenarios.evaluating import LEAST, Evaluated, evaluated, key_of

#: How many goals are told of.
GOALS = 12

#: Up to so many grades are all told of; of more, only those that somebody has.
MOST_GRADES = 12


@dataclass(frozen=True, eq=False)
class _Seen:
    """Everybody the reader may read, before and after, and what is worked out of that once."""

    rows: pl.DataFrame
    by: str
    grades: pl.DataFrame
    units: pl.DataFrame
    goals: pl.DataFrame


def effect(ws: Books, asker: Asker, supposed_so: Supposition, part: Part) -> Effect:
    """Answer what a scenario does for the people the person asking may read; raises NotFound for an unknown unit or list."""
    if part.show not in SHOWS:
        raise not_found(msg("list"), part.show, SHOWS)
    period, as_of = supposed_so.period, supposed_so.as_of
    reaches = tuple(ws.reach(asker, topic) for topic in (Topic.GOALS, Topic.APPRAISALS, Topic.PAY))
    known = evaluated(ws, supposed_so)
    key = ("scenario seen", tuple(map(shared, reaches)), *key_of(ws, supposed_so))
    seen = ws.kept(key, lambda: _seen(ws, known, reaches, as_of))
    listed, found = _listed(ws, seen, part, as_of)
    gain, lose = (_side(seen, up=up) for up in (True, False))
    paid = seen.by == "pay"
    costs = [_total(seen.rows[f"amount_{when}"]) if paid else None for when in ("before", "after")]
    currency = known.currency if paid else None
    regraded = seen.rows.filter(_regraded()).height
    return Effect(
        sentence=(*_told((gain, lose), costs, currency, regraded), *_of_company(known.scores)),
        period=period, by=seen.by, people=seen.rows.height, score_now=known.scores[0], score=known.scores[1],
        cost_now=costs[0], cost=costs[1], currency=currency, gain=gain, lose=lose, regraded=regraded, grades=seen.grades,
        units=seen.units, rows=listed, found=found, goals=seen.goals, part=part,
    )  # fmt: skip


def _seen(ws: Books, known: Evaluated, reaches: tuple[Reach, ...], as_of: datetime.date | None) -> _Seen:
    """Return what of a scenario somebody with these reaches (goals, appraisals, pay) may see."""
    goals, appraisals, pay = reaches
    rows = _within(known.rows, appraisals)
    if pay.people is not None:
        mine = pl.col("person").is_in(list(pay.people))
        rows = rows.with_columns(
            pl.when(mine).then(pl.col(f"amount_{when}")).alias(f"amount_{when}") for when in ("before", "after")
        )
    by = "pay" if any(rows.select(pl.col("amount_before", "amount_after").is_not_null().any()).row(0)) else "score"
    rows = rows.with_columns(change=_change(by))
    return _Seen(rows, by, _grades(rows, known.bands), _units(ws, rows, known.rows, as_of),
                 _goals(known.moved, goals, ws.company(as_of)))  # fmt: skip


def _within(rows: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    return rows if reach.people is None else rows.filter(pl.col("person").is_in(list(reach.people)))


def _change(by: str) -> pl.Expr:
    """Return what somebody gains: in money, where unknown pay counts as none as soon as it is known on one side; or points."""
    if by == "pay":
        before, after = pl.col("amount_before"), pl.col("amount_after")
        known = before.is_not_null() | after.is_not_null()
        return pl.when(known).then(after.fill_null(0) - before.fill_null(0)).cast(pl.Float64).round(10)
    change = pl.col("score_after") - pl.col("score_before")
    return pl.when(change.abs() > LEAST).then(change).otherwise(pl.when(change.is_not_null()).then(0.0))


def _regraded() -> pl.Expr:
    return pl.col("grade_before").ne_missing(pl.col("grade_after"))


def _total(amounts: pl.Series) -> Decimal:
    return Decimal(str(amounts.drop_nulls().sum() or 0))


def _side(seen: _Seen, *, up: bool) -> Side:
    """Return how many gain, or lose, by how much in all and at most; money exactly."""
    moved = seen.rows.filter(pl.col("change") > 0 if up else pl.col("change") < 0)
    if seen.by == "score":
        apart = moved["change"].abs()
        return Side(moved.height, round(float(apart.sum()), 10), float(apart.max() or 0))  # type: ignore[arg-type]
    before, after = (pl.col(f"amount_{when}").fill_null(0) for when in ("before", "after"))
    exact = moved.select((after - before).abs().alias("apart"))["apart"]
    return Side(moved.height, _total(exact), Decimal(str(exact.max() or 0)))


def _grades(rows: pl.DataFrame, bands: tuple[tuple[str, str, str | None], ...]) -> pl.DataFrame:
    """Return how many people have each grade, before and after, the best first; people without a grade last."""
    schema = {"grade": pl.String, "label": pl.String, "label_zh": pl.String}
    listed = pl.DataFrame([*bands, (None, "", None)], schema=schema, orient="row")
    for when in ("before", "after"):
        counts = rows.group_by(grade=f"grade_{when}").agg(pl.len().cast(pl.Int64).alias(when))
        listed = listed.join(counts, on="grade", how="left", nulls_equal=True, maintain_order="left")
    some = pl.any_horizontal(pl.col("before", "after") > 0)
    return listed.with_columns(pl.col("before", "after").fill_null(0)).filter(
        some | (pl.col("grade").is_not_null() & pl.lit(len(bands) <= MOST_GRADES))
    )


def _units(ws: Books, rows: pl.DataFrame, everybody: pl.DataFrame, as_of: datetime.date | None) -> pl.DataFrame:
    """Return each unit's people, pay and mean score, with everybody below it; only units of which everybody may be read."""
    tree, units = ws.unit_tree(as_of), ws.company(as_of).units
    own = rows.group_by("unit").agg(
        people=pl.len().cast(pl.Int64), paid_before=pl.col("amount_before").sum(), paid_after=pl.col("amount_after").sum(),
        **{f"{what}_{when}": getattr(pl.col(f"score_{when}"), of)()
           for when in ("before", "after") for what, of in (("sum", "sum"), ("known", "count"))},
    )  # fmt: skip
    held = everybody.group_by("unit").agg(all=pl.len().cast(pl.Int64))
    both = held.join(own, on="unit", how="left").join(tree.select("unit", "ancestor"), on="unit")
    summed = both.group_by(unit="ancestor").agg(pl.exclude("unit", "ancestor").sum())
    summed = summed.filter(pl.col("people") == pl.col("all"), pl.col("people") > 0)
    depth = tree.group_by("unit").agg(depth=pl.col("up").max())
    means = {
        f"score_{when}": pl.when(pl.col(f"known_{when}") > 0)
        .then(pl.col(f"sum_{when}") / pl.col(f"known_{when}"))
        .round(6)
        for when in ("before", "after")
    }
    return (
        summed.join(depth, on="unit")
        .join(units.select("unit", "label", "label_zh", "kind"), on="unit", how="left")
        .with_columns(change=pl.col("paid_after") - pl.col("paid_before"), **means)
        .select("unit", "label", "label_zh", "kind", "depth", "people", "paid_before", "paid_after", "change",
                "score_before", "score_after")
        .sort("depth", "unit")
    )  # fmt: skip


def _goals(moved: pl.DataFrame, reach: Reach, company: Company) -> pl.DataFrame:
    """Return the goals whose points move most, of those that may be read; what stands higher first."""
    far = (pl.col("points_after") - pl.col("points_before")).abs()
    most = visible(moved, reach).sort("depth", far, "goal", descending=[False, True, False]).head(GOALS)
    named = most.join(company.goals.select("goal", "label", "label_zh"), on="goal", how="left", maintain_order="left")
    return with_owner_names(named, company).select(
        "goal", "label", "label_zh", "owner_label", "owner_label_zh", "points_before", "points_after"
    )


def _listed(ws: Books, seen: _Seen, part: Part, as_of: datetime.date | None) -> tuple[pl.DataFrame, int]:
    """Return one page of the people asked for, those who move most first, and how many there are."""
    rows, company = seen.rows, ws.company(as_of)
    if part.unit is not None:
        if part.unit not in company.units["unit"]:
            raise not_found(msg("unit"), part.unit, company.units["unit"])
        within = ws.unit_tree(as_of).filter(pl.col("ancestor") == part.unit)["unit"]
        rows = rows.filter(pl.col("unit").is_in(within.implode()))
    change = pl.col("change")
    fits = {"gain": change > 0, "lose": change < 0, "graded": _regraded(), "all": pl.lit(True)}[part.show]
    chosen = rows.filter(fits)
    page = chosen.sort(change.abs().fill_null(-1.0), "person", descending=[True, False]).slice(part.start, part.size)
    people = company.people.select("person", "label", "label_zh")
    units = company.units.select("unit", unit_label="label", unit_label_zh="label_zh")
    named = page.join(people, on="person", how="left", maintain_order="left").join(
        units, on="unit", how="left", maintain_order="left"
    )
    columns = ("person", "label", "label_zh", "unit", "unit_label", "unit_label_zh", "score_before", "score_after",
               "grade_before", "grade_after", "amount_before", "amount_after", "change")  # fmt: skip
    return named.select(columns), chosen.height


def _told(
    sides: tuple[Side, Side], costs: list[Decimal | None], currency: str | None, regraded: int
) -> tuple[Message, ...]:
    """Say what a scenario does in a sentence or two."""
    gain, lose = sides
    told: list[Message] = []
    before, after = costs
    if before is not None and after is not None:
        facts = {
            "change": Quantity(float(abs(after - before)), "currency", currency), "gain": gain.people, "lose": lose.people,
            "share": Quantity(float(abs(after - before) / before), "part") if before else None,
        }  # fmt: skip
        if after == before:
            told.append(
                msg("Cost stays as it is: {gain} {gain:person gains|people gain}, {lose} {lose:loses|lose}.", **facts)
            )
        elif not before:
            told.append(
                msg(
                    "Cost rises by {change}, from nothing: {gain} {gain:person gains|people gain}, {lose} {lose:loses|lose}.",
                    **facts,
                )
            )
        elif after > before:
            told.append(
                msg(
                    "Cost rises by {change} ({share}): {gain} {gain:person gains|people gain}, {lose} {lose:loses|lose}.",
                    **facts,
                )
            )
        else:
            told.append(
                msg(
                    "Cost falls by {change} ({share}): {gain} {gain:person gains|people gain}, {lose} {lose:loses|lose}.",
                    **facts,
                )
            )
    elif gain.people or lose.people:
        told.append(
            msg("{gain} {gain:score rises|scores rise}, {lose} {lose:falls|fall}.", gain=gain.people, lose=lose.people)
        )
    else:
        told.append(msg("No score changes."))
    if regraded:
        told.append(msg("{count} {count:person gets|people get} another grade.", count=regraded))
    return tuple(told)


def _of_company(scores: tuple[float | None, float | None]) -> tuple[Message, ...]:
    """Say how the enterprise's own score moves, where it does."""
    before, after = scores
    if before is None or after is None or round(before, 2) == round(after, 2):
        return ()
    return (
        msg(
            "The company's own score: {before} becomes {after}.", before=Quantity(before, "points"),
            after=Quantity(after, "points"),
        ),
    )  # fmt: skip
