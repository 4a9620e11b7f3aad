"""Appeals as they were filed, and everything that happened to each, with the files given as evidence."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.evidence import Evidence
from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Filed:
    """An appeal as it was filed: whose, against which line (JSON), in which words, and what the person saw then."""

    person: str
    period: str
    about: str
    line: str
    words: str
    score: float | None
    grade: str | None
    who: str
    at: datetime.datetime


@dataclass(frozen=True)
class Step:
    """One thing that happened to an appeal: asked, remarked, decided or withdrawn; `detail` is JSON."""

    kind: str
    who: str
    at: datetime.datetime
    words: str | None = None
    asks: str | None = None
    outcome: str | None = None
    detail: str | None = None


def add_appeal(cursor: Cursor, filed: Filed, files: Sequence[Evidence]) -> int:
    """Write an appeal with its files; return its number."""
    number = next_number(cursor, "appeal", "appeal")
    cursor.execute(
        "INSERT INTO appeal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, filed.person, filed.period, filed.about, filed.line, filed.words, filed.score, filed.grade, filed.who,
         wall_clock(filed.at)],
    )  # fmt: skip
    first = next_number(cursor, "appeal_file", "file")
    for place, one in enumerate(files, start=first):
        told = [place, number, one.name, one.media, len(one.content), one.sha256, one.content]
        cursor.execute("INSERT INTO appeal_file VALUES (?, ?, ?, ?, ?, ?, ?)", told)
    return number


def add_step(cursor: Cursor, appeal: int, step: Step) -> int:
    """Write what happened to an appeal; return the step's number."""
    number = next_number(cursor, "appeal_step", "step")
    cursor.execute(
        "INSERT INTO appeal_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, appeal, step.kind, step.who, wall_clock(step.at), step.words, step.asks, step.outcome, step.detail],
    )
    return number


def appeals(
    cursor: Cursor, period: str | None = None, as_of: datetime.date | None = None, *, number: int | None = None
) -> pl.DataFrame:
    """Return the appeals known on a day, the newest first, each with how it stands.

    The columns of the table; ended (decided, withdrawn, or null while it is open), outcome, ended_at, ended_by, and asked:
    the people a remark was asked of.
    """
    given = {name: value for name, value in (("period", period), ("number", number)) if value is not None}
    where = " AND ".join(f"a.{'appeal' if name == 'number' else name} = ${name}" for name in given) or "TRUE"
    return cursor.sql(
        f"""WITH known AS (SELECT * FROM appeal_step WHERE {recorded_by("recorded_at", as_of)}),
                ended AS (SELECT appeal, arg_max(kind, step) AS ended, max_by(struct_pack(v := outcome), step).v AS outcome,
                              max(recorded_at) AS ended_at, arg_max(who, step) AS ended_by
                          FROM known WHERE kind IN ('decided', 'withdrawn') GROUP BY appeal),
                asked AS (SELECT appeal, list(asks ORDER BY step) AS asked FROM known WHERE asks IS NOT NULL GROUP BY appeal)
            SELECT a.*, e.ended, e.outcome, e.ended_at, e.ended_by, coalesce(q.asked, []::VARCHAR[]) AS asked
            FROM appeal AS a LEFT JOIN ended AS e USING (appeal) LEFT JOIN asked AS q USING (appeal)
            WHERE {where} AND {recorded_by("a.recorded_at", as_of)} ORDER BY a.appeal DESC""",
        params=given or None,
    ).pl()


def appeal_steps(cursor: Cursor, numbers: Collection[int], as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return what happened to some appeals, oldest first: every column of the table."""
    cursor.register("asked_for", pl.DataFrame({"appeal": list(numbers)}, schema={"appeal": pl.Int64}))
    try:
        return cursor.sql(
            f"""SELECT * FROM appeal_step SEMI JOIN asked_for USING (appeal)
                WHERE {recorded_by("recorded_at", as_of)} ORDER BY step"""
        ).pl()
    finally:
        cursor.unregister("asked_for")


def appeal_files(store: Store, number: int) -> pl.DataFrame:
    """Return what is known of an appeal's files, without their content: file, name, media, bytes, sha256."""
    with store.read() as cursor:
        return cursor.sql(
            "SELECT file, name, media, bytes, sha256 FROM appeal_file WHERE appeal = $number ORDER BY file",
            params={"number": number},
        ).pl()


def read_appeal_file(store: Store, file: int) -> tuple[int, Evidence] | None:
    """Return the appeal that a file belongs to and the file, or None when there is none of that number."""
    with store.read() as cursor:
        found = cursor.execute(
            "SELECT appeal, name, media, content, sha256 FROM appeal_file WHERE file = ?", [file]
        ).fetchall()
    return None if not found else (int(found[0][0]), Evidence(*found[0][1:]))
