"""Lists across periods: every closing there was, and the adjustment lines that go into one period."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closings_known
from kpiflow.workspace.closing.restated import adjustment_lines


def closings(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return every closing with its fingerprints, the newest first; `state` is closed, asked (to open again) or reopened."""
    ws.may(asker, "read_scores").require()
    state = (
        pl.when(pl.col("reopened_at").is_not_null())
        .then(pl.lit("reopened"))
        .when(pl.col("asked_at").is_not_null())
        .then(pl.lit("asked"))
        .otherwise(pl.lit("closed"))
    )
    return closings_known(ws, as_of).with_columns(state=state).reverse()


def adjustments(ws: Books, asker: Asker, into: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the adjustment lines of a period that the person asking may read, with what people are called."""
    ws.may(asker, "read_scores").require()
    ws.moment(into, as_of)
    lines = adjustment_lines(ws, into, as_of)
    reach = ws.reach(asker, Topic.APPRAISALS).people
    if reach is not None:
        lines = lines.filter(pl.col("person").is_in(list(reach)))
    names = ws.company(as_of).people.select("person", "label", "label_zh")
    return lines.join(names, on="person", how="left", maintain_order="left")
