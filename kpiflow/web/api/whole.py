"""One goal, appraisal, statement or letter of the workspace as the models of the API have it; words are rendered later."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from pydantic import BaseModel

from kpiflow.language import Name
from kpiflow.web.api.models import Attainment
from kpiflow.web.api.models_whole import GoalBelow, GoalMonth, ScoreGoal, ScoreSection
from kpiflow.workspace import GoalPage
from kpiflow.workspace.letters.answers import LetterPage
from kpiflow.workspace.pay_runs.answers import Paid
from kpiflow.workspace.scores.answers import ScoreWhy


def goal_in_full(page: GoalPage) -> dict[str, Any]:
    """Return a goal page as `GoalInFull`."""
    row = page.row
    return {
        "goal": _some(row, Attainment),
        "owner_label": _named(row, "owner_label"),
        "metric_label": _named(row, "metric_label"),
        "definition": _named(row, "definition"),
        "measure": row["measure"],
        "currency": row["currency"],
        "summary": list(page.sentence),
        "why": [{"title": group.title, "lines": list(group.lines)} for group in page.why],
        "months": _rows(page.series, GoalMonth),
        "children": _rows(page.children, GoalBelow),
        "path": [{"goal": goal, "label": name} for goal, name in page.path],
        "measurements": page.row_count,
    }


def appraisal_in_full(why: ScoreWhy, period: str) -> dict[str, Any]:
    """Return a score taken apart as `AppraisalInFull`."""
    row = why.row
    plain = ("unit", "role", "scorecard", "score", "grade", "coverage", "reason")
    return {
        "person": why.person,
        "name": why.name,
        "period": period,
        **{name: row[name] for name in plain},
        "summary": list(why.sentence),
        "sections": _rows(why.sections, ScoreSection),
        "goals": _rows(why.goals, ScoreGoal),
        "steps": [{"says": said, "points": points} for said, points in why.steps],
        "why": list(why.lines),
    }


def statement_in_full(paid: Paid) -> dict[str, Any]:
    """Return a statement of a final run as `StatementInFull`."""
    said, run = paid.statement, paid.run
    assert run is not None
    columns = ("line", "component", "kind", "label", "formula", "value", "text", "amount", "segment", "unmet")
    return {
        "run": run.run,
        "plan": said.plan,
        "plan_label": paid.label,
        "version": said.version,
        "period": run.period,
        "person": said.person,
        "name": paid.person_name,
        "currency": said.currency,
        "amount": said.amount,
        "payable": paid.payable,
        "reason": said.reason,
        "lines": [{name: getattr(line, name) for name in columns} for line in said.lines],
        "adjustments": [vars(one) for one in paid.adjustments],
        "notes": list(said.notes),
        "source": list(paid.source),
    }


def letter_in_full(page: LetterPage) -> dict[str, Any]:
    """Return a letter as `LetterInFull`."""
    return {
        "owner_kind": page.owner_kind,
        "owner": page.owner,
        "name": _wording(page.name),
        "cycle": page.cycle,
        "state": page.state.value,
        "version": None if page.version is None else page.version.version,
        "in_force": page.in_force,
        "stale": page.stale,
        "letter": None if page.letter is None else page.letter.model_dump(mode="json"),
        "signatures": [
            {"side": one.side.value, "person": one.party.person, "name": _wording(one.party.name), "at": one.at}
            for one in page.signed
        ],
        "versions": [
            {
                "version": one.version,
                "state": one.state.value,
                "at": one.at,
                "by": _wording(one.by),
                "reason": one.reason,
                "fingerprint": one.fingerprint,
            }
            for one in page.versions
        ],
    }


def _wording(words: Any) -> Name:
    return Name(words.en, words.zh)


def _named(row: Mapping[str, Any], column: str) -> Name | None:
    return None if row.get(column) is None else Name(row[column], row.get(f"{column}_zh"))


def _some(row: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}


def _rows(frame: pl.DataFrame, model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the rows of one thing's table, with a model's columns; these are some dozens."""
    names: Iterable[str] = model.model_fields
    return frame.select(pl.col(name) for name in names).to_dicts()
