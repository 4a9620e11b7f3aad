"""The check-ins of a goal read back: each with what became of it, its files, and the questions asked beside them."""

import datetime

import polars as pl

from kpiflow.core.metric import Measure
from kpiflow.errors import NotFound, Refused
from kpiflow.language import msg
from kpiflow.storage.check_ins import check_ins_of
from kpiflow.storage.evidence import Evidence, evidence_of, read_evidence
from kpiflow.storage.remarks import remarks_of
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reporting.check_in_form import form, goal_row
from kpiflow.workspace.reporting.questions import answerable, asked_of
from kpiflow.workspace.reporting.spoken import CheckIns, Form


def check_ins(ws: Books, asker: Asker, goal: str, as_of: datetime.date | None = None) -> CheckIns:
    """Return everything said about a goal by a day; raises NotFound, or Refused outside the asker's reach."""
    given = form(ws, asker, goal)
    day = ws.believed(as_of)
    rows = check_ins_of(ws.store, goal, day)
    known = rows.select("check_in").join(evidence_of(ws.store, goal), on="check_in", how="inner")
    thread = remarks_of(ws.store, goal, day)
    kind, owner = str(given.row["owner_kind"]), given.row["owner"]
    return CheckIns(
        form=given,
        rows=_told(ws, rows, known, given),
        files=known.select("evidence", "check_in", "name", "media", "bytes", "sha256").sort("evidence"),
        thread=_named(ws, _named(ws, thread, "person", "who"), "asks", "asks"),
        may_ask=ws.may(asker, "comment", kind, owner),
        asked=asked_of(ws, given.row),
        mine=answerable(asker, thread, given.row),
        example=ws.company().profile.example,
    )


def evidence(ws: Books, asker: Asker, number: int) -> Evidence:
    """Return a file given with a check-in; raises NotFound when there is none that the person asking may open.

    Files are as private as the goal: whoever may not read its owner learns not even that there is one.
    """
    missing = NotFound(msg("There is no file {number} that you may open.", number=number))
    found = read_evidence(ws.store, number)
    if found is None:
        raise missing
    goal, file = found
    try:
        goal_row(ws, asker, goal)
    except (NotFound, Refused) as error:
        raise missing from error
    return file


def _told(ws: Books, rows: pl.DataFrame, files: pl.DataFrame, given: Form) -> pl.DataFrame:
    """Add names, the number in the goal's measure, how many files there are, and what became of each check-in."""
    scale = Measure(given.row["measure"]).scale if given.row["measure"] else 1
    rate = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64) * scale
    shown = pl.coalesce(pl.col("value").cast(pl.Float64), pl.col("step").cast(pl.Float64), rate)
    outcome = (
        pl.when(pl.col("corrected_by").is_not_null()).then(pl.lit("corrected"))
        .when(pl.col("load").is_not_null()).then(pl.lit("measured"))
        .when(pl.col("shown").is_not_null()).then(pl.lit("confirmed"))
        .otherwise(pl.lit("said"))
    )  # fmt: skip
    counted = files.group_by("check_in").agg(files=pl.len().cast(pl.Int64))
    told = rows.with_columns(shown=shown).with_columns(outcome=outcome).join(counted, on="check_in", how="left")
    return _named(ws, told.with_columns(pl.col("files").fill_null(0)), "person", "who").sort(
        "check_in", descending=True
    )


def _named(ws: Books, rows: pl.DataFrame, person: str, to: str) -> pl.DataFrame:
    """Add the name of a person beside their id; who has none is called as in the journal."""
    names = ws.company().people.select(
        pl.col("person").alias(person),
        pl.col("label").alias(f"{to}_label"),
        pl.col("label_zh").alias(f"{to}_label_zh"),
    )
    found = rows.join(names, on=person, how="left", maintain_order="left")
    return found.with_columns(pl.coalesce(f"{to}_label", to).alias(f"{to}_label"))
