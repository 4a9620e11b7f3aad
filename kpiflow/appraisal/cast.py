"""Who is appraised for a period: each person's latest assignment in it, and the days employed.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from dataclasses import dataclass

import polars as pl

from kpiflow.core.calendar import Period


@dataclass(frozen=True)
class Cast:
    """The people of a company and their dated assignments (schemas `People` and `Assignments`)."""

    people: pl.DataFrame
    assignments: pl.DataFrame


def on_duty(cast: Cast, period: Period) -> pl.DataFrame:
    """Return one row per person assigned during the period: person, unit, role, fte, days.

    The assignment is the one that began last (of two on the same day the one with more hours, then by unit).
    `days` counts the days employed within the period, both ends included: from the day of hire, or the period's first
    day when none is known, to the last day employed, or the period's last.
    """
    first, last = pl.lit(period.starts), pl.lit(period.ends)
    running = cast.assignments.filter(
        (pl.col("starts") <= last) & (pl.col("ends").is_null() | (pl.col("ends") >= first))
    )
    latest = running.lazy().select("person", "unit", "role", "fte")
    if running["person"].n_unique() < running.height:
        latest = (
            running.lazy().sort("starts", "fte", "unit").group_by("person").agg(pl.col("unit", "role", "fte").last())
        )
    begins = pl.max_horizontal(pl.col("hired"), first)
    ends = pl.min_horizontal(pl.col("left"), last)
    days = ((ends - begins).dt.total_days() + 1).clip(0)
    employed = cast.people.lazy().select("person", days=days)
    return latest.join(employed, on="person", how="left").with_columns(pl.col("days").fill_null(period.days)).collect()
