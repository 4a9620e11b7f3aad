"""Ratings into section scores: the mean of a rater's items, brought to the section's scale, then the raters' weights.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.sheet import card_number
from kpiflow.core.appraising import Absent, Scorecard, Section
from kpiflow.core.rating import Source

#: What is known of ratings: one row per person, section, item and kind of rater; `value` is the mean where several rate.
RATINGS = {
    "person": pl.String, "section": pl.String, "item": pl.String, "rater": pl.String, "value": pl.Float64,
}  # fmt: skip

#: One row per person, section and kind of rater: the mean on the scale of the ratings, and after it was changed.
BY_RATER = {
    "person": pl.String, "section": pl.String, "rater": pl.String, "weight": pl.Float64, "rated": pl.Int64,
    "before": pl.Float64, "after": pl.Float64, "nr": pl.UInt32, "card": pl.Int16, "place": pl.UInt64,
}  # fmt: skip


def rates(scorecards: Mapping[str, Scorecard]) -> bool:
    """Return whether any section of any scorecard is made of ratings."""
    return any(part.source is Source.RATINGS for card in scorecards.values() for part in card.sections)


def by_rater(ratings: pl.DataFrame, staff: pl.DataFrame, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return what each kind of rater gave each person in each section; see `BY_RATER`.

    The mean of the items rated, each with its weight, is brought from the scale of the ratings to that of the section:
    (mean - low) ÷ (high - low) × (new high - new low) + new low.
    """
    items, raters = _items(scorecards), _raters(scorecards)
    who = staff.select("nr", "person", card_number(scorecards))
    known = (
        ratings.filter(pl.col("value").is_not_null()).join(who, on="person").join(items, on=["card", "section", "item"])
    )
    weight = pl.col("item_weight")
    means = known.group_by("nr", "person", "card", "section", "place", "rater").agg(
        rated=pl.len().cast(pl.Int64),
        before=(weight * pl.col("value")).sum() / weight.sum(),
    )
    found = means.join(raters, on=["card", "section", "rater"])
    part = (pl.col("before") - pl.col("low")) / (pl.col("high") - pl.col("low"))
    after = part * (pl.col("new_high") - pl.col("new_low")) + pl.col("new_low")
    # Not snapped before the section's score: a third of a point would come back as a little less than three thirds.
    return found.with_columns(after=after).select(*BY_RATER).sort("nr", "place", "rater")


def rated_sections(given: pl.DataFrame, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return nr, place, score and covered of every section somebody rated; see `by_rater`.

    A rater who has not rated is left to the others, or counts as 0, as `absent_rater` of the section says.
    """
    rows = [
        (number, n, float(sum(part.raters.values())), part.absent_rater is Absent.ZERO)
        for number, card in enumerate(scorecards.values())
        for n, part in enumerate(card.sections)
        if part.source is Source.RATINGS
    ]
    schema = {"card": pl.Int16, "place": pl.UInt64, "whole": pl.Float64, "zero": pl.Boolean}
    weight = pl.col("weight")
    sums = given.group_by("nr", "card", "place").agg(gained=(weight * pl.col("after")).sum(), there=weight.sum())
    by = pl.when("zero").then("whole").otherwise("there")
    return sums.join(pl.DataFrame(rows, schema=schema, orient="row"), on=["card", "place"]).select(
        "nr", "place", score=(pl.col("gained") / by).round(10), covered=(pl.col("there") / pl.col("whole")).round(10)
    )


def _items(scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    rows = [
        (number, part.section, n, item.item, float(item.weight))
        for number, card in enumerate(scorecards.values())
        for n, part in enumerate(card.sections)
        for item in part.items
    ]
    schema = {"card": pl.Int16, "section": pl.String, "place": pl.UInt64, "item": pl.String, "item_weight": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _raters(scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    rows = [
        (number, part.section, rater.value, float(weight), *_scales(part))
        for number, card in enumerate(scorecards.values())
        for part in card.sections
        for rater, weight in part.raters.items()
    ]
    numbers = dict.fromkeys(("weight", "low", "high", "new_low", "new_high"), pl.Float64)
    schema = {"card": pl.Int16, "section": pl.String, "rater": pl.String, **numbers}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _scales(part: Section) -> tuple[float, float, float, float]:
    """Return the ends of the scale ratings are given on, and of the one they are brought to."""
    return float(part.rated.low), float(part.rated.high), float(part.becomes.low), float(part.becomes.high)
