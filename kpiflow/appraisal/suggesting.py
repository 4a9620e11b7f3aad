"""Who would move so that a group meets its target: those nearest to the edge, by score, with ties as the rule says.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kpiflow.core.distributing import Ties

#: What a suggestion is made of.
SCHEMA = {"person": pl.String, "grade": pl.String, "to": pl.String, "distance": pl.Float64, "tied": pl.Boolean}


def suggested(people: pl.DataFrame, heads: Mapping[str, int], grades: Sequence[str], ties: Ties) -> pl.DataFrame:
    """Return whom to move to have these heads per grade: person, grade, to, distance, tied; nearest to the edge first.

    `people` has person, grade, score and coverage. The order of grades stays: the best of a grade go up, the last of it go
    down. `distance` is how far the score is from that of the nearest person who stays on the other side. `tied` says that
    others have the same score, so that the rule of ties decided; heads may then differ from those asked for.
    """
    places = {grade: place for place, grade in enumerate(grades)}
    known = people.filter(pl.col("grade").is_in(list(grades)) & pl.col("score").is_not_null())
    if known.is_empty() or not grades:
        return pl.DataFrame(schema=SCHEMA)
    by_coverage = ties is Ties.COVERAGE
    key = pl.struct("at", "score", pl.col("coverage").fill_null(0.0)) if by_coverage else pl.struct("at", "score")
    ranked = (
        known.with_columns(at=pl.col("grade").replace_strict(places, return_dtype=pl.Int64))
        .sort("at", "score", pl.col("coverage").fill_null(0.0), "person", descending=[False, True, True, False])
        .with_row_index("rank")
        .with_columns(group=key.rle_id())
    )
    # Who stands together goes together: as the first of them would, or as the last.
    edge = pl.col("rank").max().over("group") if ties is Ties.DOWN else pl.col("rank").min().over("group")
    ranked = ranked.with_columns(goes=_goes(edge, heads, grades), alone=_goes(pl.col("rank"), heads, grades))
    apart = (pl.col("alone").n_unique().over("at", "score") > 1) & (pl.len().over("at", "score") > 1)
    moved = ranked.with_columns(tied=apart, to=pl.col("goes").replace_strict(dict(enumerate(grades)), default=None))
    low = pl.col("score").min().over("to")
    high = pl.col("score").max().over("to")
    up = pl.col("goes") < pl.col("at")
    stays = moved.filter(pl.col("goes") == pl.col("at")).group_by("at").agg(
        best=pl.col("score").max(), least=pl.col("score").min()
    )  # fmt: skip
    placed = moved.with_columns(low=low, high=high).join(stays, left_on="goes", right_on="at", how="left")
    distance = pl.when(up).then(pl.col("least") - pl.col("score")).otherwise(pl.col("score") - pl.col("best"))
    return (
        placed.filter(pl.col("goes") != pl.col("at"))
        .with_columns(distance=distance.clip(0).round(10))
        .sort("distance", "person", nulls_last=True)
        .select(*SCHEMA)
    )


def _goes(rank: pl.Expr, heads: Mapping[str, int], grades: Sequence[str]) -> pl.Expr:
    """Return the place of the grade that the person of a rank gets."""
    reached, goes = 0, pl.lit(len(grades) - 1)
    edges = []
    for grade in grades:
        reached += heads.get(grade, 0)
        edges.append(reached)
    for place in reversed(range(len(grades) - 1)):
        goes = pl.when(rank < edges[place]).then(pl.lit(place)).otherwise(goes)
    return goes.cast(pl.Int64)
