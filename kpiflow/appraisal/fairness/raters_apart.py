"""Raters whose ratings lie far from those of all the others.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.appraisal.fairness.apart import apart, far
from kpiflow.core.fairness import FairnessRules


def raters_apart(ratings: pl.DataFrame, rules: FairnessRules) -> pl.DataFrame:
    """Return by, people (rated), mean, others, difference and error of the raters that lie far from the others.

    `ratings` has by, person and value as a share of its scale (0 to 1). Somebody's several ratings of one person are one
    value, so that a long form counts no more than a short one.
    """
    each = ratings.group_by("by", "person").agg(value=pl.col("value").mean())
    return far(apart(each, "by", rules.fewest_rated))
