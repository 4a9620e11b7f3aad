"""A file of scores: its columns, the rows that its fingerprint is taken of, and how cells are kept inert."""

import datetime
import hashlib
import json
from types import MappingProxyType
from typing import Any

import polars as pl

from kpiflow.language import Message, msg

#: The columns that the fingerprint is taken of, with their types: figures and ids, no names, which say nothing about a score.
CANONICAL: MappingProxyType[str, Any] = MappingProxyType(
    {
        "person": pl.String, "unit": pl.String, "role": pl.String, "scorecard": pl.String, "score": pl.Float64,
        "grade": pl.String, "coverage": pl.Float64, "goals": pl.Int64, "missing": pl.Int64, "left_out": pl.Int64,
        "days": pl.Int64, "reason": pl.String,
    }
)  # fmt: skip

#: Every column of the list, in order, with what it means. The last three are the same in every row: a row that is cut
#: out and sent on still says what it belongs to.
COLUMNS: tuple[tuple[str, Message], ...] = (
    ("person", msg("Person")),
    ("name", msg("Name")),
    ("name_zh", msg("Name in Chinese")),
    ("unit", msg("Unit")),
    ("unit_name", msg("Name of the unit")),
    ("unit_name_zh", msg("Name of the unit in Chinese")),
    ("role", msg("Role")),
    ("scorecard", msg("Scorecard")),
    ("score", msg("Score")),
    ("grade", msg("Grade")),
    ("coverage", msg("Share of the weight that has data")),
    ("goals", msg("Goals that count")),
    ("missing", msg("Goals without data of their own")),
    ("missing_goals", msg("Which these are, with the policy that stood in")),
    ("left_out", msg("Goals that fit no section of the scorecard")),
    ("days", msg("Days employed in the period")),
    ("reason", msg("Why there is no score or no grade")),
    ("before", msg("Score in the period before")),
    ("change", msg("Change against the period before")),
    ("score_now", msg("Score as now known, where it differs from the one that was closed")),
    ("grade_now", msg("Grade as now known, where it or the score differs")),
    ("closing", msg("Number of the closing whose scores these are")),
    ("letter", msg("State of the letter")),
    ("period", msg("Period")),
    ("as_of", msg("As of")),
    ("fingerprint", msg("Fingerprint")),
)

#: The name of the sheet that holds the list.
SHEET = "scores"


def fingerprint(period: str, day: datetime.date, rows: pl.DataFrame) -> str:
    """Return the SHA-256 of a period, an as-of day and the canonical columns of some rows, whatever their order.

    Numbers are taken to ten digits after the point, as scores are kept; so a file says exactly what the store did.
    """
    plain = canonical(rows).sort("person").rows()
    whole = json.dumps([period, day.isoformat(), plain], ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def canonical(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the canonical columns of some rows, typed and rounded."""
    typed = rows.select(pl.col(name).cast(kind) for name, kind in CANONICAL.items())
    return typed.with_columns(pl.selectors.float().round(10))
