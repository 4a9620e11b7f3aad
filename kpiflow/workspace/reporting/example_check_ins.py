"""The example company's check-ins and questions written into its store, each as of the moment it was made."""

import datetime
from typing import Any

import polars as pl

from kpiflow.sources.attachments import attachment
from kpiflow.sources.example.reported import CREW
from kpiflow.storage.check_ins import CheckIn, add_check_in, next_check_in
from kpiflow.storage.evidence import Evidence, add_evidence
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.loads import Source, load
from kpiflow.storage.remarks import Remark, add_remark
from kpiflow.workspace.books import Books
from kpiflow.workspace.reporting.checking_in import TIDY


def _at(*moment: int) -> datetime.datetime:
    return datetime.datetime(*moment, tzinfo=datetime.UTC)  # type: ignore[arg-type, misc]


#: Questions of the example: goal, who asks, whom, when, the words, and the answer with its moment (None: still open).
QUESTIONS: tuple[tuple[str, str, str, datetime.datetime, str, tuple[datetime.datetime, str] | None], ...] = (
    (
        "p0101-ontime", "p0002", "p0101", _at(2013, 7, 8, 9, 30),
        "The first wave fell behind in June. What would help most?",
        (_at(2013, 7, 8, 18, 5), "A second tow crew before six. We lose nine minutes waiting for it."),
    ),
    (
        "p0112-handover", "p0003", "p0112", _at(2013, 12, 9, 10, 0),
        "Nothing heard since the second step. What is in the way?", None,
    ),
    (
        "p0003-overtime", "p0001", "p0003", _at(2013, 12, 16, 8, 45),
        "Overtime is above its band for the third month. What is the plan for January?", None,
    ),
)  # fmt: skip


def write_check_ins(ws: Books, rows: pl.DataFrame) -> None:
    """Write check-ins (the columns of `reported`) as one change, in their order."""
    if rows.is_empty():
        return
    names = dict(ws.company().people.select("person", "label").iter_rows())
    with ws.store.write():
        for row in rows.iter_rows(named=True):
            _write(ws, row, names[row["person"]])


def _write(ws: Books, row: dict[str, Any], name: str) -> None:
    with ws.store.write() as cursor:
        number = next_check_in(cursor)
        loaded = _measure(ws, row, f"check-in {number} by {name}") if row["metric"] else None
        is_step = row["scope"] is not None or row["goal"] in ("nyc-system", "nyc-plan")
        made = CheckIn(
            goal=row["goal"],
            who=row["person"],
            person=row["person"],
            at=row["at"],
            day=row["day"],
            value=None if is_step else row["value"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            step=row["value"] if is_step else None,
            confidence=row["confidence"],
            words=row["words"],
            load=loaded,
        )
        add_check_in(cursor, number, made)
        if row["file"]:
            crew = attachment("crew-trained.csv", CREW.encode())
            add_evidence(cursor, number, row["goal"], [Evidence(**vars(crew))])
        detail = {"check_in": number, "day": row["day"], "load": loaded, "confidence": row["confidence"]}
        record(cursor, Entry(row["at"], row["person"], "check_in", row["goal"], None, detail))


def _measure(ws: Books, row: dict[str, Any], source: str) -> int:
    fact = {name: row[name] for name in ("metric", "unit", "day", "value", "numerator", "denominator")}
    facts = pl.DataFrame([{**fact, "person": row["scope"], "entry": "", "row": 1}], schema=TIDY)
    return load(ws.store, facts, Source(source, source, 1), who=row["person"], at=row["at"]).load


def write_questions(ws: Books) -> None:
    """Write the questions of the example and the answers that came."""
    with ws.store.write() as cursor:
        for goal, who, asks, at, words, answered in QUESTIONS:
            number = add_remark(cursor, Remark(goal, who, who, at, words, asks=asks))
            record(cursor, Entry(at, who, "ask", goal, None, {"remark": number, "asks": asks}))
            if answered is not None:
                when, said = answered
                reply = add_remark(cursor, Remark(goal, asks, asks, when, said, answers=number))
                record(cursor, Entry(when, asks, "answer", goal, None, {"remark": reply, "answers": number}))
