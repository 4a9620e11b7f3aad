"""Two appeals of the example company: one that waits for HR, and one that was dismissed with a reason."""

import datetime

import polars as pl

from kpiflow.workspace.appeals.answers import About, AppealState, Filing, Line, Verdict
from kpiflow.workspace.appeals.deciding import ask_remark, decide
from kpiflow.workspace.appeals.disputing import rows_of
from kpiflow.workspace.appeals.filing import file_appeal
from kpiflow.workspace.books import Asker, Books

_HR, _HEAD, _EARLY, _NIGHT = Asker("p0005"), Asker("p0003"), Asker("p0111"), Asker("p0103")

_NOTE = (
    "Complaint of 12 August 2013, JFK\n"
    "The passenger writes about the queue at the security check, which the airport runs and not the station.\n"
)


def write_appeals(ws: Books) -> None:
    """File one appeal down to a measurement with a note as evidence, and one against a score that is dismissed."""
    note = (("complaint-2013-08-12.txt", _NOTE.encode()),)
    words = "This complaint is about the security check, which is not ours. It was counted as valid against me."
    number = file_appeal(ws, _EARLY, "p0111", "2013", Filing(_complaint_of_august(ws), words, note), at=_at(8))
    ask_remark(ws, _HR, number, str(_HEAD.person), at=_at(9))
    winter = Filing(Line(About.SCORE), "The storms of February hit my shifts more than those of the others.")
    second = file_appeal(ws, _NIGHT, "p0103", "2013", winter, at=_at(7))
    why = "The targets are the same for all shifts, and flights cancelled for weather are left out already."
    decide(ws, _HR, second, Verdict(AppealState.DISMISSED, why), at=_at(10))


def _complaint_of_august(ws: Books) -> Line:
    """Return the first complaint of August that was counted against the manager of JFK's early shift."""
    goal, month = "p0111-valid", "2013-08"
    row = rows_of(ws, "p0111", goal, month).filter(pl.col("value") > 0).row(0, named=True)
    fact = {name: row[name] for name in ("metric", "unit", "person", "day", "entry")}
    return Line(About.MEASUREMENT, goal=goal, month=month, **fact)


def _at(day: int) -> datetime.datetime:
    return datetime.datetime(2014, 1, day, 10, tzinfo=datetime.UTC)
