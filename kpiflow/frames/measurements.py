"""Measurements as they come in, and as they are observed: added up per metric, unit, person and period."""

import dataframely as dy
import polars as pl

#: The most a measured value may be: it is kept as DECIMAL(18, 6).
LARGEST = 999_999_999_999.0


class Tidy(dy.Schema):
    """The documented form of intake: one fact per row, either a value or a numerator and denominator.

    `entry` tells facts apart that share metric, unit, person and day; it is empty where there is one a day.
    Rule names are what the set-aside file says.
    """

    metric = dy.String(min_length=1)  # the id of the metric
    unit = dy.String(min_length=1)  # the id of the unit it was measured in
    person = dy.String(nullable=True)  # the id of the person whose result it is; empty: the unit's alone
    day = dy.Date()  # the day it is about, such as 2026-01-31; it decides the period
    entry = dy.String()  # tells facts of the same metric, unit, person and day apart; may be left out
    value = dy.Decimal(18, 6, nullable=True)  # of everything but ratios, in the metric's own unit
    numerator = dy.Decimal(18, 6, nullable=True)  # of a ratio: what is counted above the line
    denominator = dy.Decimal(18, 6, nullable=True)  # of a ratio: what is counted below the line, 0 or more

    @dy.rule()
    def value_or_both_parts(cls) -> pl.Expr:  # noqa: N805  (dataframely's own form)
        """Either value alone, or numerator and denominator together."""
        parts = pl.col("numerator").is_not_null().cast(pl.Int8) + pl.col("denominator").is_not_null().cast(pl.Int8)
        return pl.when(pl.col("value").is_not_null()).then(parts == 0).otherwise(parts == 2)

    @dy.rule()
    def denominator_not_negative(cls) -> pl.Expr:  # noqa: N805
        """A denominator counts something, so it is at least 0."""
        return pl.col("denominator").is_null() | (pl.col("denominator") >= 0)

    @dy.rule()
    def once_in_the_file(cls) -> pl.Expr:  # noqa: N805
        """The same fact is not in one file twice."""
        return pl.len().over("metric", "unit", "person", "day", "entry") == 1


class Observed(dy.Schema):
    """Measurements added up: one row per window, metric, unit and person that has any.

    `amount` is the sum of values or numerators, `base` the sum of denominators (null for values).
    `low … last` are only filled for metrics whose aggregation asks for them. Names are held as codes: few of them are
    told apart over and over again.
    """

    window = dy.Categorical()
    metric = dy.Categorical()
    unit = dy.Categorical()
    person = dy.Categorical(nullable=True)
    amount = dy.Float64(nullable=True)
    base = dy.Float64(nullable=True)
    rows = dy.Int64()
    last_day = dy.Date()
    low = dy.Float64(nullable=True)
    high = dy.Float64(nullable=True)
    first = dy.Float64(nullable=True)
    last = dy.Float64(nullable=True)
