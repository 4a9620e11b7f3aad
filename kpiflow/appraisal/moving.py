"""People who moved within a period: each assignment a segment of its own, put together by days.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from dataclasses import dataclass

import polars as pl

from kpiflow.appraisal.cast import Cast
from kpiflow.appraisal.sheet import Sheets
from kpiflow.core.calendar import Period
from kpiflow.core.goal import OwnerKind

#: What stands between a person's id and the number of the segment, in the name a segment is scored under.
BETWEEN = "\x1f"


@dataclass(frozen=True, eq=False)
class Segments:
    """People scored by segment: `rows` (seat, person, segment, unit, role, fte, starts, ends, days), and what seats own.

    `owned` are the results of the goals with the seat in the place of the owner; a goal of no segment's unit is in each.
    """

    rows: pl.DataFrame
    owned: pl.DataFrame

    def seated(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows about persons as rows about their seats."""
        seats = self.rows.select("person", "seat")
        return rows.join(seats, on="person").with_columns(person="seat").drop("seat")

    def back(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows about seats as rows about persons."""
        return rows.with_columns(pl.col("person").str.split(BETWEEN).list.first())


def segments(results: pl.DataFrame, cast: Cast, period: Period) -> Segments | None:
    """Return the segments of everybody who held more than one unit or role in the period; None when nobody did."""
    first, last = pl.lit(period.starts), pl.lit(period.ends)
    running = cast.assignments.filter(
        (pl.col("starts") <= last) & (pl.col("ends").is_null() | (pl.col("ends") >= first))
    )
    places = running.group_by("person").agg(pl.struct("unit", "role").n_unique())
    movers = places.filter(pl.col("unit") > 1).select("person")
    if movers.is_empty():
        return None
    dated = running.join(movers, on="person", how="semi").join(
        cast.people.select("person", "hired", "left"), on="person", how="left"
    )
    dated = dated.with_columns(
        starts=pl.max_horizontal("starts", "hired", first), ends=pl.min_horizontal("ends", "left", last)
    ).filter(pl.col("starts") <= pl.col("ends"))
    rows = dated.sort("person", "starts", "ends", "unit", "role").select(
        "person", "unit", "role", "fte", "starts", "ends",
        segment=pl.int_range(1, pl.len() + 1).over("person").cast(pl.Int64),
        days=(pl.col("ends") - pl.col("starts")).dt.total_days() + 1,
    )  # fmt: skip
    rows = rows.with_columns(seat=pl.concat_str("person", pl.col("segment").cast(pl.String), separator=BETWEEN))
    return Segments(rows, _owned(results, rows))


def _owned(results: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the movers' goals under the seats they count in: of the unit they are measured in, or lead up to."""
    unit = pl.lit(OwnerKind.UNIT.value)
    above = results.filter(pl.col("owner_kind").cast(pl.String) == unit).select(parent="goal", _above="owner")
    mine = results.filter(
        pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value,
        pl.col("owner").is_in(rows["person"].unique().implode()),
    ).join(above, on="parent", how="left", maintain_order="left")  # fmt: skip
    measured = pl.when(pl.col("scope_kind").cast(pl.String) == unit).then("scope")
    seats = rows.select("seat", owner="person", _unit="unit")
    every = mine.with_columns(_place=pl.coalesce(measured, "_above")).join(seats, on="owner", maintain_order="left")
    fits = (pl.col("_place") == pl.col("_unit")).fill_null(value=False)
    kept = every.with_columns(_fits=fits).filter(pl.col("_fits") | ~pl.col("_fits").any().over("owner", "goal"))
    return kept.with_columns(owner="seat").select(results.columns)


def put_together(found: Segments, seats: Sheets) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return people (person, score, coverage, goals, left_out, waits), their sections, and the segments with shares.

    A segment without a score leaves its days to the others.
    """
    known = seats.people.select(seat="person", scorecard="scorecard", score="score", coverage="coverage", goals="goals",
                                left_out="left_out", waits="waits")  # fmt: skip
    rows = found.rows.join(known, on="seat", how="left", maintain_order="left")
    days = pl.when(pl.col("score").is_not_null()).then(pl.col("days")).otherwise(0)
    total = days.sum().over("person")
    rows = rows.with_columns(share=pl.when(total > 0).then(days / total).otherwise(0.0))
    waits = pl.col("waits").fill_null(value=False).any()
    score = (pl.col("score").fill_null(0.0) * pl.col("share")).sum().round(10)
    people = rows.group_by("person", maintain_order=True).agg(
        score=pl.when((pl.col("share").sum() > 0) & ~waits).then(score),
        coverage=(pl.col("coverage").fill_null(0.0) * pl.col("days")).sum() / pl.col("days").sum(),
        goals=pl.col("goals").sum(), left_out=pl.col("left_out").sum(), waits=waits,
    )  # fmt: skip
    parts = seats.sections.join(rows.select("seat", of="share"), left_on="person", right_on="seat").with_columns(
        person=pl.col("person").str.split(BETWEEN).list.first()
    )
    share, brings = (pl.col("share") * pl.col("of")).sum(), (pl.col("contribution") * pl.col("of")).sum()
    scored = (pl.col("share") * pl.col("of")).filter(pl.col("score").is_not_null()).sum()
    sections = parts.group_by("person", "section", maintain_order=True).agg(
        weight=pl.col("weight").last(), share=share,
        score=pl.when(scored > 0).then((brings / share).round(10)),
        contribution=brings, coverage=pl.col("coverage").mean(), goals=pl.col("goals").sum(),
    )  # fmt: skip
    columns = ("person", "segment", "unit", "role", "scorecard", "starts", "ends", "days", "share", "score")
    return people, sections, rows.select(columns)
