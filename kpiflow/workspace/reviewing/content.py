"""What is signed: the score with its sections and steps, in one canonical form with a fingerprint."""

import hashlib
import json

import polars as pl

from kpiflow.appraisal.appraising import Appraisal


def content(appraised: Appraisal, person: str, period: str) -> str:
    """Return score, grade, sections, segments and steps of a person's appraisal as canonical JSON."""
    mine = pl.col("person") == person
    row = appraised.people.filter(mine).select("score", "grade", "scorecard", "goal_score", "ruled_grade")
    said = {
        "person": person,
        "period": period,
        **(row.row(0, named=True) if row.height else {}),
        "sections": appraised.sections.filter(mine).select("section", "score", "share", "contribution").to_dicts(),
        "segments": appraised.segments.filter(mine).select("unit", "role", "days", "score").to_dicts(),
        "steps": appraised.steps.filter(mine).drop("person").to_dicts(),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(text.encode()).hexdigest()
