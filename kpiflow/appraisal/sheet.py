"""The sheet of each person: committed goals and ratings into sections, sections into one score.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.core.appraising import Absent, Adding, Scorecard
from kpiflow.core.goal import Commitment, OwnerKind
from kpiflow.core.rating import Source
from kpiflow.frames.beside import with_numbered

#: The one section of people whose role has no scorecard: all their goals.
ALL_GOALS = "goals"


@dataclass(frozen=True, eq=False)
class Sheets:
    """People with their scores, and their sections, both in the order of `nr`, the number each person was given."""

    people: pl.DataFrame
    sections: pl.DataFrame


def numbered(staff: pl.DataFrame, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return the staff (person, unit, role …) by name, with `scorecard` and a number `nr`."""
    on_card = {role: name for name, card in reversed(list(scorecards.items())) for role in card.roles}
    staff = staff.with_columns(mapped(pl.col("role"), on_card).alias("scorecard"))
    return staff.sort("person").with_row_index("nr")  # whole numbers group several times faster than names


def scored(
    results: pl.DataFrame,
    staff: pl.DataFrame,
    scorecards: Mapping[str, Scorecard],
    rated: pl.DataFrame | None = None,
) -> Sheets:
    """Return everybody's sections and score, before any rule; `rated` are the scores of sections made of ratings."""
    goals = _placed(counted_goals(results), staff, scorecards)
    sections = _sections(goals, staff, scorecards, rated)
    return Sheets(_people(goals, sections, staff), sections)


def mapped(column: pl.Expr, to: Mapping[str, str]) -> pl.Expr:
    """Return another word for each word; absent for those without one."""
    if not to:
        return pl.lit(None, dtype=pl.String)
    return column.replace_strict(to, default=None, return_dtype=pl.String)


def counted_goals(results: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Return the goals that count for persons: committed ones, each counted once, at the top of its owner's sheet.

    `more` names further columns of the results to keep.
    """
    mine = (pl.col("owner_kind") == OwnerKind.PERSON.value) & (pl.col("commitment") == Commitment.COMMITTED.value)
    # Lazily, so that only these columns of the results are copied: they have many.
    needed = pl.col("goal", "parent", "owner", "metric", "kind", "points", "weight", "coverage", *more)
    own = results.lazy().filter(mine).select(needed, waits=pl.col("missing") == "error").collect()
    # A goal below another one of the same owner is already in that one's points. Few goals are anybody's parent.
    above = own.join(own.select(goal=pl.col("parent").unique()), on="goal", how="semi").select(
        parent="goal", owner="owner"
    )
    return own if above.is_empty() else own.join(above, on=["parent", "owner"], how="anti")


def _placed(goals: pl.DataFrame, staff: pl.DataFrame, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return the goals of staff (by `nr`) with the `place` of the section each falls in: the first it fits, or none."""
    place = section_place(scorecards)
    carried = staff.select("nr", card_number(scorecards), owner="person")
    # A person's goals mostly stand together: each run of one owner's goals is looked up once.
    run = goals.select(pl.col("owner").ne_missing(pl.col("owner").shift()).cum_sum() - 1).to_series()
    first = goals.select(pl.col("owner").filter(pl.col("owner").ne_missing(pl.col("owner").shift())))
    known = first.join(carried, on="owner", how="left", maintain_order="left").select(
        pl.col("nr", "card").gather(run.fill_null(0))
    )
    owned = goals.drop("owner").hstack(known)
    return (
        owned.lazy()
        .filter(pl.col("nr").is_not_null())
        .select("nr", "points", "weight", "coverage", "waits", place=place)
        .collect()
    )


def section_place(scorecards: Mapping[str, Scorecard]) -> pl.Expr:
    """Return the number of the section a goal falls in, from `card` (the scorecard's number), `metric` and `kind`."""
    card = pl.col("card")
    place: pl.Expr = pl.when(card.is_null()).then(pl.lit(0, dtype=pl.UInt64))
    for number, one in enumerate(scorecards.values()):
        for n, part in enumerate(one.sections):
            if part.source is Source.RATINGS:
                continue
            fits = card == number
            if part.metrics:
                fits = fits & pl.col("metric").is_in(list(part.metrics)).fill_null(value=False)
            if part.kinds:
                fits = fits & pl.col("kind").cast(pl.String).is_in([kind.value for kind in part.kinds])
            place = place.when(fits).then(pl.lit(n, dtype=pl.UInt64))  # type: ignore[attr-defined]
    return place


def card_number(scorecards: Mapping[str, Scorecard]) -> pl.Expr:
    """Return the number of each person's scorecard; absent without one."""
    numbers = {name: number for number, name in enumerate(scorecards)}
    if not numbers:
        return pl.lit(None, dtype=pl.Int16).alias("card")
    return pl.col("scorecard").replace_strict(numbers, default=None, return_dtype=pl.Int16).alias("card")


def _table(scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return the sections of every scorecard, and the one of people without."""
    parts = [
        (number, part.section, float(part.weight), n, card.absent is Absent.ZERO)
        for number, card in enumerate(scorecards.values())
        for n, part in enumerate(card.sections)
    ]
    schema = {"card": pl.Int16, "section": pl.String, "weight": pl.Float64, "place": pl.UInt64, "zero": pl.Boolean}
    return pl.DataFrame([(-1, ALL_GOALS, 1.0, 0, False), *parts], schema=schema, orient="row")


def _sections(
    goals: pl.DataFrame, staff: pl.DataFrame, scorecards: Mapping[str, Scorecard], rated: pl.DataFrame | None
) -> pl.DataFrame:
    """Return every section of every person's scorecard, with or without data, in the order of person and section."""
    table = _table(scorecards)
    widest = max((len(card.sections) for card in scorecards.values()), default=1)
    key = (pl.col("nr").cast(pl.UInt64) * widest + pl.col("place")).alias("key")
    gained = pl.when(pl.col("points").is_not_null()).then(pl.col("weight"))
    sums = {"summed": pl.col("points").filter(pl.col("weight") > 0).sum()} if _summed(scorecards) else {}
    scored = goals.lazy().filter(pl.col("place").is_not_null()).group_by(key).agg(
        gained=(pl.col("points") * pl.col("weight")).sum(), known=gained.sum(), **_covered(), **sums,
        goals=pl.len().cast(pl.Int64),
    )  # fmt: skip
    if rated is not None:
        one = pl.lit(1.0)
        ratings = rated.lazy().select(key, gained="score", known=one, covered="covered", all=one, summed="score",
                                      goals=pl.lit(0, dtype=pl.Int64))  # fmt: skip
        scored = pl.concat([scored, ratings.drop([] if sums else ["summed"])], how="diagonal")
    people = staff.select("nr", "person", card_number(scorecards).fill_null(-1))
    mine = people.join(table, on="card", maintain_order="left_right").with_columns(key)
    score = (pl.col("gained") / pl.when(pl.col("known") > 0).then(pl.col("known"))).round(10)
    if sums:
        score = pl.when(_sums(scorecards) & (pl.col("known") > 0)).then(pl.col("summed").round(10)).otherwise(score)
    counts = pl.when(score.is_not_null() | pl.col("zero")).then(pl.col("weight")).otherwise(0.0)
    sheet = (
        with_numbered(mine, scored.collect(), "key")
        .lazy()
        .with_columns(score=score, counts=counts, goals=pl.col("goals").fill_null(0))
    )
    # In the order of persons: one pass over the rows of each, where a sum per person would be joined back.
    sheet = sheet.with_columns(total=pl.col("counts").sum().over("nr")).with_columns(
        share=pl.when(pl.col("total") > 0).then(pl.col("counts") / pl.col("total")).otherwise(0.0)
    )
    if sums:
        whole = pl.when(pl.col("score").is_not_null()).then(1.0).otherwise(0.0)
        sheet = sheet.with_columns(share=pl.when(_sums(scorecards)).then(whole).otherwise("share"))
    contribution = pl.col("score").fill_null(0.0) * pl.col("share")
    return sheet.select(
        "nr", "person", "section", "weight", "share", "score", contribution.alias("contribution"), _coverage(), "goals"
    ).collect()


def _summed(scorecards: Mapping[str, Scorecard]) -> list[int]:
    """Return the numbers of the scorecards whose points are added up."""
    return [number for number, card in enumerate(scorecards.values()) if card.adding is Adding.SUM]


def _sums(scorecards: Mapping[str, Scorecard]) -> pl.Expr:
    """Return whether the points of a row's scorecard are added up."""
    return pl.col("card").is_in(_summed(scorecards))


def _people(goals: pl.DataFrame, sections: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """Return the staff with score, coverage and how many goals counted or fitted no section."""
    placed = pl.col("place").is_not_null()
    sheets = goals.lazy().group_by("nr").agg(
        **_covered(placed), goals=placed.sum().cast(pl.Int64), left_out=(~placed).sum().cast(pl.Int64),
        waits=(pl.col("waits").fill_null(value=False) & placed).any(),
    )  # fmt: skip
    scored = (
        sections.lazy()
        .group_by("nr")
        .agg(score=pl.col("contribution").sum().round(10), some=pl.col("score").count() > 0)
    )
    people = staff
    for found in pl.collect_all([scored, sheets]):
        people = with_numbered(people, found, "nr")
    # A goal whose policy is to wait for data holds up the whole score: leaving it out would be the other policy.
    score = pl.when(pl.col("some") & ~pl.col("waits").fill_null(value=False)).then(pl.col("score"))
    return people.with_columns(score, _coverage(), pl.col("goals", "left_out").fill_null(0))


def _covered(of: pl.Expr | None = None) -> dict[str, pl.Expr]:
    """Return the sums behind a coverage: weight with data, by each goal's own coverage, and all weight."""
    weight, part = pl.col("weight"), pl.col("weight") * pl.col("coverage").fill_null(0.0)
    if of is not None:
        weight, part = pl.when(of).then(weight), pl.when(of).then(part)
    return {"covered": part.sum(), "all": weight.sum()}


def _coverage() -> pl.Expr:
    """Return the share of weight that has data."""
    return (pl.col("covered") / pl.when(pl.col("all") > 0).then(pl.col("all"))).round(10).alias("coverage")
