"""Appraisal scores as a list, within the reach of whoever asks, by person."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.part import FIRST, Listed, Part, picked, sight_of
from kpiflow.workspace.scores.listing import fitting
from kpiflow.workspace.scores.table import letters_known, table, within
from kpiflow.workspace.scores.wanted import EVERYBODY, Wanted


def scores(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    wanted: Wanted = EVERYBODY,
    *,
    part: Part = FIRST,
) -> Listed:
    """Return a part of the appraisal scores that may be read and fit, by person; the columns of `Scores.rows`.

    Raises Refused for whoever reads nobody's but their own, NotFound for a period or unit that there is not.
    """
    ws.may(asker, "read_scores").require()
    rows = table(ws, period, as_of)
    key = ("scores", period, ws.versions(as_of), letters_known(ws, as_of), sight_of(ws.reach(asker, Topic.APPRAISALS)))

    def choose(numbered: pl.DataFrame) -> pl.DataFrame:
        narrow = numbered.select(
            "at", "person", "unit", "role", "grade", "scorecard", "coverage", "missing", "score", "search"
        )
        return fitting(ws, within(ws, asker, narrow), wanted, as_of).sort("person").select("at")

    found = picked(ws, (*key, wanted), rows, choose, part)
    return Listed(found.rows.drop("search"), found.after, found.total)
