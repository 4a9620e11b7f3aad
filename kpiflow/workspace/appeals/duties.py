"""What appeals ask of somebody: to decide those that wait, the late ones said first, and to write a remark that was asked for."""

import datetime

import polars as pl

from kpiflow.language import msg
from kpiflow.storage.appeals import appeal_steps, appeals
from kpiflow.workspace.appeals.deadlines import due
from kpiflow.workspace.appeals.sight import seen
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind


def appeal_duties(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return one line for the appeals to decide, and one for the remarks to write."""
    if asker.machine or ws.is_empty():
        return []
    with ws.store.snapshot() as cursor:
        open_ones = seen(ws, asker, appeals(cursor, None, ws.believed(as_of))).filter(pl.col("ended").is_null())
        if open_ones.is_empty():
            return []
        steps = appeal_steps(cursor, open_ones["appeal"].to_list(), ws.believed(as_of))
    mine = asker.person or ""
    said = steps.filter(pl.col("kind") == "remarked", pl.col("who") == mine).select("appeal")
    asked = open_ones.filter(pl.col("asked").list.contains(mine)).join(said, on="appeal", how="anti")
    return [*_to_decide(ws, asker, open_ones, as_of), *_to_remark(asked)]


def _to_decide(ws: Books, asker: Asker, rows: pl.DataFrame, as_of: datetime.date | None) -> list[Duty]:
    if not ws.may(asker, "answer_appeal").allowed:
        return []
    others = rows.filter(pl.col("person") != (asker.person or ""))
    if others.is_empty():
        return []
    since, today = others["recorded_at"].min(), ws.day(as_of)
    late = sum(due(ws, at) < today for at in others["recorded_at"])
    words = (
        msg(
            "{count} {count:appeal waits|appeals wait} for a decision, {late} of them later than it should be.",
            count=others.height,
            late=late,
        )
        if late
        else msg("{count} {count:appeal waits|appeals wait} for a decision.", count=others.height)
    )
    return [Duty(DutyKind.ANSWER, words, "appeals", since.date(), others.height)]  # type: ignore[union-attr]


def _to_remark(rows: pl.DataFrame) -> list[Duty]:
    if rows.is_empty():
        return []
    since = rows["recorded_at"].min().date()  # type: ignore[union-attr]
    return [
        Duty(
            DutyKind.ANSWER,
            msg("{count} {count:appeal waits|appeals wait} for your remark.", count=rows.height),
            "appeals",
            since,
            rows.height,
        )
    ]
