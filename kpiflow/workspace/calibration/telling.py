"""What a final session decided about somebody: shown to them with the reason, and to nobody before it is final."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import Calibrated
from kpiflow.workspace.calibration.applied import decisions


def calibrated_grade(
    ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None
) -> Calibrated | None:
    """Return what a final session made of somebody's grade; None when none did. Raises Refused."""
    ws.reach(asker, Topic.APPRAISALS).sees(person).require()
    if not ws.known(as_of).calibrations:
        return None
    mine = decisions(ws, period, as_of).filter(pl.col("person") == person)
    if mine.is_empty():
        return None
    row = mine.row(0, named=True)
    return Calibrated(person, row["before"], row["after"], row["reason"], row["who"], row["session"], row["final_at"])
