"""The goals behind people's scores: which section each counts in, what share of the score it has and what it brings.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Collection, Mapping

import polars as pl

from kpiflow.appraisal.appraising import Appraisal
from kpiflow.appraisal.parts import behind
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
    own = appraisal.parts if people is None else appraisal.parts.filter(pl.col("person").is_in(list(people)))
    if own.is_empty():
        return behind(chosen, appraisal.people, appraisal.sections, scorecards)
    usual = chosen.filter(~pl.col("owner").is_in(own["person"].unique().implode()))
    return pl.concat([behind(usual, appraisal.people, appraisal.sections, scorecards), own])
