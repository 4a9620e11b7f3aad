"""What each goal brings to a person's score: the section it counts in, and its share.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.moving import BETWEEN, Segments
from kpiflow.appraisal.sheet import ALL_GOALS, Sheets, card_number, counted_goals, section_place
from kpiflow.core.appraising import Adding, Scorecard

#: How far what goals bring may be from their section by rounding alone.
SLACK = 1e-7


def behind(
    chosen: pl.DataFrame,
    people: pl.DataFrame,
    sections: pl.DataFrame,
    scorecards: Mapping[str, Scorecard],
    *,
    held: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the goals that count, with the share their section has; `held` are points a rule holds down."""
    staff = people.select("person", card=pl.when(pl.col("scorecard").is_not_null()).then(card_number(scorecards)))
    owned = counted_goals(chosen).rename({"owner": "person"}).join(staff, on="person", maintain_order="left")
    if held is not None and held.height:
        less = held.select("person", "goal", held="points")
        owned = owned.join(less, on=["person", "goal"], how="left", maintain_order="left")
        owned = owned.with_columns(points=pl.coalesce("held", "points")).drop("held")
    placed = owned.with_columns(place=section_place(scorecards))
    named = placed.join(
        _sections(scorecards), on=["card", "place"], how="left", nulls_equal=True, maintain_order="left"
    )
    known = pl.when(pl.col("points").is_not_null() & pl.col("section").is_not_null()).then("weight")
    shares = sections.select("person", "section", section_share="share")
    summed = [number for number, card in enumerate(scorecards.values()) if card.adding is Adding.SUM]
    of = pl.when(pl.col("card").is_in(summed)).then("weighs").otherwise("of") if summed else pl.col("of")
    rows = (
        named.with_columns(weighs=known)
        .with_columns(of=pl.col("weighs").sum().over("person", "section"))
        .join(shares, on=["person", "section"], how="left", maintain_order="left")
        .with_columns(share=pl.when(pl.col("of") > 0).then(pl.col("weighs") / of * pl.col("section_share")))
        .with_columns(contribution=pl.col("points") * pl.col("share"))
        .select("person", "goal", "section", "points", "weight", "coverage", "share", "contribution")
    )
    return rows if held is None else _as_limited(rows, sections)


def _as_limited(rows: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    """Return goals that bring what their section does: one that is held at its base brings less than its goals would."""
    limits = sections.select("person", "section", _brings="contribution")
    known = rows.join(limits, on=["person", "section"], how="left", maintain_order="left")
    whole = pl.col("contribution").sum().over("person", "section")
    part = pl.when((whole - pl.col("_brings")).abs() > SLACK).then(pl.col("_brings") / whole).otherwise(1.0)
    return known.with_columns(pl.col("share", "contribution") * part).drop("_brings")


def behind_segments(
    found: Segments,
    sheets: Sheets,
    shares: pl.DataFrame,
    held: pl.DataFrame | None,
    scorecards: Mapping[str, Scorecard],
) -> pl.DataFrame:
    """Return the goals of people scored by segment: each once, with what it brings to the whole."""
    rows = behind(found.owned, sheets.people, sheets.sections, scorecards, held=held)
    parts = found.rows.select("person", "segment", "seat")
    known = parts.join(shares.select("person", "segment", of="share"), on=["person", "segment"])
    joined = rows.join(known.select("seat", "of"), left_on="person", right_on="seat", maintain_order="left")
    return (
        joined.with_columns(
            person=pl.col("person").str.split(BETWEEN).list.first(), share=pl.col("share") * pl.col("of")
        )
        .group_by("person", "goal", "section", maintain_order=True)
        .agg(
            pl.col("points", "weight", "coverage").first(),
            share=pl.col("share").sum(),
            contribution=(pl.col("points") * pl.col("share")).sum(),
        )
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
