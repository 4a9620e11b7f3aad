"""Who was what when within a period: dated segments of unit, role, hours and salary, for plans paid by segments."""

import polars as pl

from kpiflow.core.calendar import Period

#: What is its own in each segment; where one of them changes, a new segment begins.
OWN = ("unit", "role", "fte", "salary_month")

_DAY = pl.duration(days=1)


def employed(people: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Return person, begins, ends: the first and the last day employed within a period, of whoever was."""
    first, last = pl.lit(period.starts), pl.lit(period.ends)
    days = people.select("person", begins=pl.max_horizontal("hired", first), ends=pl.min_horizontal("left", last))
    return days.filter(pl.col("begins") <= pl.col("ends"))


def salaries_on(days: pl.DataFrame, people: pl.DataFrame, salaries: pl.DataFrame) -> pl.DataFrame:
    """Add `salary_month` to rows of person and day: the newest dated one by that day, else the one of the person."""
    basic = people.select("person", basic="salary_month")
    dated = salaries.select("person", day="starts", dated="salary_month").sort("day")
    found = days.sort("day").join_asof(dated, on="day", by="person", check_sortedness=False)
    found = found.join(basic, on="person", how="left")
    return found.with_columns(salary_month=pl.coalesce("dated", "basic")).drop("dated", "basic")


def segments(people: pl.DataFrame, assignments: pl.DataFrame, salaries: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Return one row per person and dated segment of a period, in order.

    person, segment (from 1), segment_from, segment_to (both included), days_employed (of the segment), unit, role, fte,
    salary_month. Of assignments that run side by side the one that began last holds, as for the whole period; days
    without any assignment belong to no segment. Neighbours that differ in nothing are one segment.
    """
    cut = _cut(employed(people, period), assignments, salaries)
    held = _held(cut, assignments)
    paid = salaries_on(held.rename({"segment_from": "day"}), people, salaries).rename({"day": "segment_from"})
    return _merged(paid.sort("person", "segment_from"))


def _cut(days: pl.DataFrame, assignments: pl.DataFrame, salaries: pl.DataFrame) -> pl.DataFrame:
    """Return each person's days in pieces within which nothing can change: person, segment_from, segment_to."""
    begins = [
        days.select("person", day="begins"),
        assignments.select("person", day="starts"),
        assignments.select("person", day=pl.col("ends") + _DAY),
        salaries.select("person", day="starts"),
    ]
    cuts = pl.concat(begins).drop_nulls().unique().join(days, on="person")
    cuts = cuts.filter(pl.col("day").is_between("begins", "ends")).sort("person", "day")
    until = (pl.col("day").shift(-1).over("person") - _DAY).fill_null(pl.col("ends"))
    return cuts.select("person", segment_from="day", segment_to=until)


def _held(cut: pl.DataFrame, assignments: pl.DataFrame) -> pl.DataFrame:
    """Add the unit, role and hours held in each piece; pieces without an assignment are left out."""
    day = pl.col("segment_from")
    running = cut.join(assignments.select("person", "unit", "role", "fte", "starts", "ends"), on="person").filter(
        pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day)
    )
    piece = ["person", "segment_from", "segment_to"]
    return running.sort("starts", "fte", "unit").group_by(piece).agg(pl.col("unit", "role", "fte").last())


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Make one of neighbouring pieces that differ in nothing, and number what is left."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("person", *OWN))
    goes_on = same & (pl.col("segment_from") == pl.col("segment_to").shift(1) + _DAY)
    one = rows.with_columns(piece=(~goes_on.fill_null(value=False)).cum_sum())
    whole = one.group_by("person", "piece", maintain_order=True).agg(
        pl.col("segment_from").first(), pl.col("segment_to").last(), pl.col(OWN).first()
    )
    length = (pl.col("segment_to") - pl.col("segment_from")).dt.total_days() + 1
    numbered = whole.with_columns(segment=pl.int_range(1, pl.len() + 1).over("person"), days_employed=length)
    return numbered.select("person", "segment", "segment_from", "segment_to", "days_employed", *OWN)
