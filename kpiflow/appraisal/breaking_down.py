"""The goals behind people's scores: which section each counts in, what share of the score it has and what it brings.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Collection, Mapping

import polars as pl

from kpiflow.appraisal.appraising import ALL_GOALS, Appraisal, card_number, counted_goals, section_place
from kpiflow.core.appraising import Scorecard


def goals_behind(
    results: pl.DataFrame,
    appraisal: Appraisal,
    scorecards: Mapping[str, Scorecard],
    people: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return one row per goal that counts for somebody's appraisal; with `people`, only theirs.

    person, goal, section (null: it fits none and does not count), points, weight, coverage, share (of the score, over the goals
    with points) and contribution = points × share: those of a person add up to the score.
    """
    chosen = results if people is None else results.filter(pl.col("owner").is_in(list(people)))
    staff = appraisal.people.select(
        "person", card=pl.when(pl.col("scorecard").is_not_null()).then(card_number(scorecards))
    )
    owned = counted_goals(chosen).rename({"owner": "person"}).join(staff, on="person", maintain_order="left")
    placed = owned.with_columns(place=section_place(scorecards))
    named = placed.join(
        _sections(scorecards), on=["card", "place"], how="left", nulls_equal=True, maintain_order="left"
    )
    known = pl.when(pl.col("points").is_not_null() & pl.col("section").is_not_null()).then("weight")
    shares = appraisal.sections.select("person", "section", section_share="share")
    return (
        named.with_columns(weighs=known)
        .with_columns(of=pl.col("weighs").sum().over("person", "section"))
        .join(shares, on=["person", "section"], how="left", maintain_order="left")
        .with_columns(share=pl.when(pl.col("of") > 0).then(pl.col("weighs") / pl.col("of") * pl.col("section_share")))
        .with_columns(contribution=pl.col("points") * pl.col("share"))
        .select("person", "goal", "section", "points", "weight", "coverage", "share", "contribution")
    )


def _sections(scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return card, place and section: the numbers that goals are placed by, and what they stand for."""
    rows: list[tuple[int | None, int, str]] = [(None, 0, ALL_GOALS)]
    rows += [
        (number, n, part.section)
        for number, card in enumerate(scorecards.values())
        for n, part in enumerate(card.sections)
    ]
    return pl.DataFrame(rows, schema={"card": pl.Int16, "place": pl.UInt64, "section": pl.String}, orient="row")
