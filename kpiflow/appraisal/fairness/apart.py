"""How far each group's mean lies from that of all the others, and how much of that chance alone would give.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

#: From this many standard errors on a difference is asked about: chance alone gives it to one group of twenty.
STANDARD_ERRORS = 2.0


def apart(values: pl.DataFrame, by: str, fewest: int) -> pl.DataFrame:
    """Return by, people, mean, others (their mean), difference, and error: the standard error of the difference.

    `values` has `by` and `value`. Welch: error² = s₁² ÷ n₁ + s₂² ÷ n₂ with the sample variance of each side. Groups of
    fewer than `fewest`, and those that face fewer others than that, are left out, so that nobody can be told from a group.
    """
    value = pl.col("value")
    groups = values.drop_nulls([by, "value"]).group_by(by).agg(
        people=pl.len().cast(pl.Int64), total=value.sum(), squares=(value * value).sum()
    )  # fmt: skip
    n, total, squares = pl.col("people"), pl.col("total"), pl.col("squares")
    rest_n, rest, rest_squares = n.sum() - n, total.sum() - total, squares.sum() - squares
    both = groups.select(
        by,
        "people",
        rest_n.alias("facing"),
        mean=total / n,
        others=rest / rest_n,
        error=(_variance(squares, total, n) / n + _variance(rest_squares, rest, rest_n) / rest_n).sqrt(),
    ).filter(pl.col("people") >= max(2, fewest), pl.col("facing") >= max(2, fewest))
    return both.with_columns(difference=pl.col("mean") - pl.col("others")).sort(by)


def far(found: pl.DataFrame) -> pl.DataFrame:
    """Return the groups whose difference is more than chance would mostly give, the farthest first."""
    size = pl.col("difference").abs()
    # A difference of rounding dust between groups without any spread is none.
    return found.filter(size > STANDARD_ERRORS * pl.col("error"), size > 1e-9).sort(size, descending=True)


def _variance(squares: pl.Expr, total: pl.Expr, n: pl.Expr) -> pl.Expr:
    return ((squares - total * total / n) / (n - 1)).clip(0)
