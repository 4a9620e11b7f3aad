"""Whether a file of scores still holds: unchanged since it was written, and what the store says for that day."""

import datetime
import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.frames.inert import original
from kpiflow.language import Message, msg
from kpiflow.storage.journal import read_journal
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scores.answers import Verified
from kpiflow.workspace.scores.file import CANONICAL, SHEET, canonical, fingerprint
from kpiflow.workspace.scores.listing import fitting
from kpiflow.workspace.scores.table import table, within
from kpiflow.workspace.scores.wanted import Wanted

#: How many exports are looked through for the line that tells of a file.
EXPORTS = 100_000


@dataclass(frozen=True, eq=False)
class _File:
    """What a file of scores says."""

    rows: pl.DataFrame
    period: str
    day: datetime.date
    fingerprint: str


def verify_scores(ws: Books, asker: Asker, name: str, content: bytes, period: str | None = None) -> Verified:
    """Answer whether a file of scores still holds; raises Refused, or InvalidInput for what is no such file."""
    ws.may(asker, "read_scores").require()
    file = _read(name, content)
    if period is not None and period != file.period:
        raise InvalidInput(msg("{file} is about {found}, not {period}.", file=name, found=file.period, period=period))
    intact = fingerprint(file.period, file.day, file.rows) == file.fingerprint
    line = _journal_line(ws, file.fingerprint, file.period)
    there = _expected(ws, asker, file, line)
    differences = _differences(file.rows, there)
    said = (_said_intact(file, intact=intact), _said_journal(line), _said_store(differences))
    return Verified(said, intact, differences.is_empty(), file.fingerprint, differences)


def _read(name: str, content: bytes) -> _File:
    """Return what a file says; raises InvalidInput for what was not written by an export of scores."""
    try:
        if name.casefold().endswith(".xlsx"):
            kinds = {**CANONICAL, "period": pl.String, "as_of": pl.Date, "fingerprint": pl.String}
            found = pl.read_excel(BytesIO(content), sheet_name=SHEET, columns=list(kinds), schema_overrides=kinds)
        else:
            found = pl.read_csv(BytesIO(content), infer_schema=False).select(original(pl.all()))
    except Exception as problem:  # whatever the reader says of a file that is none of ours
        raise _foreign(name) from problem
    if {*CANONICAL, "period", "as_of", "fingerprint"} - set(found.columns) or found.is_empty():
        raise _foreign(name)
    heads = found.select(pl.col("period", "as_of", "fingerprint").cast(pl.String)).unique()
    if heads.height > 1:
        raise InvalidInput(msg("{file} holds rows of more than one export. Check them one at a time.", file=name))
    period, day, mark = heads.row(0)
    try:
        rows = canonical(_plain(found))
        return _File(rows, period, datetime.date.fromisoformat(day[:10]), mark)
    except (pl.exceptions.PolarsError, ValueError, TypeError) as problem:
        raise _foreign(name) from problem


def _plain(cells: pl.DataFrame) -> pl.DataFrame:
    """Return cells without the apostrophe that kept them from being formulas; empty ones are absent."""
    texts = [name for name, kind in cells.schema.items() if kind == pl.String]
    kept_from = r"^'[=+\-@\t\r]"
    bare = {
        name: pl.when(pl.col(name).str.contains(kept_from)).then(pl.col(name).str.slice(1)).otherwise(pl.col(name))
        for name in texts
    }
    return cells.with_columns(pl.when(text != "").then(text).alias(name) for name, text in bare.items())


def _foreign(name: str) -> InvalidInput:
    return InvalidInput(
        msg("{file} was not written by 'kpiflow export scores', or its columns were taken away.", file=name)
    )


def _journal_line(ws: Books, mark: str, period: str) -> dict[str, Any] | None:
    """Return what the journal keeps of the export with a fingerprint, and who made it when; None when there is none."""
    lines = read_journal(ws.store, action="export_scores", subject=period, limit=EXPORTS)
    for row in lines.iter_rows(named=True):
        detail = dict(json.loads(row["detail"]))
        if detail.get("fingerprint") == mark:
            return {**detail, "who": row["who"], "at": row["at"]}
    return None


def _expected(ws: Books, asker: Asker, file: _File, line: dict[str, Any] | None) -> pl.DataFrame:
    """Return what the store says: of everybody the export was to hold, or of those in the file where that is not known."""
    every = within(ws, asker, table(ws, file.period, file.day))
    if line is not None and line["scope"] == "all":
        every = fitting(ws, every, Wanted.from_said(line["filter"]), file.day)
    else:
        every = every.join(file.rows, on="person", how="semi")
    return canonical(every)


def _differences(there: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return person, field, in_file and in_store for each value that differs; a person only on one side is one row."""
    schema = dict.fromkeys(("person", "field", "in_file", "in_store"), pl.String)
    told, untold = pl.lit("✓"), pl.lit(None, dtype=pl.String)
    in_file, in_store = there.join(now, on="person", how="anti"), now.join(there, on="person", how="anti")
    only = [
        in_file.select("person", field=pl.lit("person"), in_file=told, in_store=untold),
        in_store.select("person", field=pl.lit("person"), in_file=untold, in_store=told),
    ]
    both = there.join(now, on="person", suffix="|now")
    parts = [
        both.filter(pl.col(name).ne_missing(pl.col(f"{name}|now"))).select(
            "person",
            field=pl.lit(name),
            in_file=pl.col(name).cast(pl.String),
            in_store=pl.col(f"{name}|now").cast(pl.String),
        )
        for name in CANONICAL
        if name != "person"
    ]
    return pl.concat([pl.DataFrame(schema=schema), *only, *parts]).sort("person", "field")


def _said_intact(file: _File, *, intact: bool) -> Message:
    if intact:
        return msg(
            "The file is as it was written: {people} people, {period} as of {day}, fingerprint {mark}.",
            people=file.rows.height,
            period=file.period,
            day=file.day,
            mark=file.fingerprint[:12],
        )
    return msg(
        "The file was changed after it was written: its rows do not have the fingerprint {mark}.",
        mark=file.fingerprint[:12],
    )


def _said_journal(line: dict[str, Any] | None) -> Message:
    if line is None:
        return msg("The journal of this store knows no export with this fingerprint.")
    return msg("The journal says that {who} exported it on {day}.", who=line["who"], day=line["at"].date())


def _said_store(differences: pl.DataFrame) -> Message:
    if differences.is_empty():
        return msg("The store gives the same scores for that day.")
    return msg(
        "The store gives something else for {people} people: {values} values differ.",
        people=differences["person"].n_unique(),
        values=differences.height,
    )
