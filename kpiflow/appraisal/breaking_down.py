"""The goals behind people's scores: which section each counts in, what share of the score it has and what it brings.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.appraising import Appraisal
from kpiflow.appraisal.parts import behind
from kpiflow.core.appraising import Scorecard


def goals_behind(results: pl.DataFrame, appraisal: Appraisal, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return one row per goal that counts for somebody's appraisal.

    person, goal, section (null: it fits none and does not count), points, weight, coverage, share (of the score, over the goals
    with points) and contribution = points × share: those of a person add up to the score.
    """
    own = appraisal.parts
    if own.is_empty():
        return behind(results, appraisal.people, appraisal.sections, scorecards)
    usual = results.filter(~pl.col("owner").is_in(own["person"].unique().implode()))
    return pl.concat([behind(usual, appraisal.people, appraisal.sections, scorecards), own])
