"""From a score to a grade: round as the scale says, then the best grade whose edge is reached.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.core.appraising import GradeScale

#: Scores are compared as whole numbers of this part, so that 84.995 is 84.995 and not a little less.
PARTS = 10**10


def rounded_parts(score: pl.Expr, places: int) -> pl.Expr:
    """Return the score rounded to `places` digits, halves away from zero, in whole parts of 10^-10."""
    parts = (score * PARTS).round().cast(pl.Int64)
    step = 10 ** (10 - places)
    size = (parts.abs() + step // 2) // step * step
    return pl.when(parts < 0).then(-size).otherwise(size)


def grade_on(scale: GradeScale, score: pl.Expr) -> pl.Expr:
    """Return the grade of a score on one scale; absent when the score is."""
    parts = rounded_parts(score, scale.places)
    found: pl.Expr = pl.lit(scale.bands[-1].grade)
    for band in reversed(scale.bands[:-1]):
        assert band.at_least is not None  # only the last band has none
        found = pl.when(parts >= int(band.at_least * PARTS)).then(pl.lit(band.grade)).otherwise(found)
    return pl.when(score.is_not_null()).then(found)


def grade(scales: Mapping[str, GradeScale], scale: pl.Expr, score: pl.Expr) -> pl.Expr:
    """Return each person's grade on the scale named in `scale`; absent without a scale or a score."""
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for name, one in scales.items():
        found = pl.when(scale == name).then(grade_on(one, score)).otherwise(found)
    return found
