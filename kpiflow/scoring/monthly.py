"""What only months can tell: in how many of them an actual stayed in its band, and the latest one known before."""

import polars as pl

from kpiflow.scoring.rounding import snap

KEYS = ["goal"]


def in_band(monthly: pl.DataFrame) -> pl.DataFrame:
    """Return goal and in_band: the share of months with data whose actual lay within [low, high].

    Null without a band: where one of its edges is missing, a value on the other side says nothing either.

    `monthly` has one row per goal and month: goal, starts, actual, low, high.
    """
    banded = pl.col("low").is_not_null() & pl.col("high").is_not_null()
    inside = pl.when(banded).then(snap(pl.col("actual")).is_between("low", "high")).cast(pl.Float64)
    return monthly.drop_nulls("actual").group_by(KEYS).agg(in_band=inside.mean())


def last_known(monthly: pl.DataFrame) -> pl.DataFrame:
    """Return goal, last_actual and last_known_day: the latest month with an actual before the window.

    `monthly` has one row per goal and month before the window: goal, ends, actual.
    """
    return (
        monthly.drop_nulls("actual")
        .sort("goal", "ends")
        .group_by(KEYS)
        .agg(last_actual=snap(pl.col("actual").last()), last_known_day=pl.col("ends").last())
    )
