"""Puts the grades that were calibrated in the place of those the score gave."""

import datetime

import polars as pl

from kpiflow.storage.calibration import decided
from kpiflow.workspace.books import Books


def calibrated(ws: Books, people: pl.DataFrame, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return everybody's appraisal with the grades that final sessions decided; the same frame when there are none.

    Who was not moved keeps the grade of the score. `ruled_grade`, where the frame has it, stays as it is.
    """
    if not ws.known(as_of).calibrations:
        return people
    moved = decisions(ws, period, as_of).select("person", moved_to="after")
    if moved.is_empty():
        return people
    joined = people.join(moved, on="person", how="left", maintain_order="left")
    # Who has no grade any more, such as after a correction, is not given one by a decision about another score.
    grade = pl.when(pl.col("grade").is_not_null()).then(pl.coalesce("moved_to", "grade"))
    return joined.with_columns(grade=grade).drop("moved_to")


def decisions(ws: Books, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return what final sessions of a period decided, one row per person moved; see `storage.calibration.decided`."""

    def make() -> pl.DataFrame:
        with ws.store.read() as cursor:
            return decided(cursor, period, ws.believed(as_of))

    return ws.kept(("calibrated", period, ws.believed(as_of), ws.known(as_of).calibrations), make)
