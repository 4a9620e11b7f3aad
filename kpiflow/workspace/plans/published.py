"""Which plans are published: put forward by one person, approved by another, and unchanged since."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, msg
from kpiflow.storage.published_plans import publications, publications_version
from kpiflow.workspace.books import Books
from kpiflow.workspace.plans.testing import Tested, tested


@dataclass(frozen=True)
class Published:
    """A plan two people stand for: who put it forward, who approved it and when that was."""

    plan: str
    version: int
    fingerprint: str
    who: str
    approved_by: str
    at: datetime.datetime


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"  # never put forward, or sent back
    FAILING = "failing"  # its examples do not all hold, or leave rows out
    WAITING = "waiting"  # for the second person
    PUBLISHED = "published"
    CHANGED = "changed"  # since it was published, so it is not any more


#: The states in words.
STATE_WORDS: dict[PlanState, Message] = {
    PlanState.DRAFT: msg("Draft"),
    PlanState.FAILING: msg("Tests failing"),
    PlanState.WAITING: msg("Waiting for approval"),
    PlanState.PUBLISHED: msg("Published"),
    PlanState.CHANGED: msg("Changed since it was published"),
}


def published(ws: Books, plan: str, as_of: datetime.date | None = None) -> Published | None:
    """Return the publication of a plan as it stands on a day; None when there is none, or the plan has changed since."""
    now = ws.company(as_of).plans.get(plan)
    last = approved_last(history(ws, as_of), plan)
    if now is None or last is None or last["fingerprint"] != now.fingerprint or last["version"] != now.version:
        return None
    return Published(
        plan=plan,
        version=int(last["version"]),
        fingerprint=str(last["fingerprint"]),
        who=str(last["who"]),
        approved_by=str(last["approved_by"]),
        at=last["approved_at"],
    )


def history(ws: Books, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return every publication known on a day, with the columns of `publications`."""
    day = ws.believed(as_of)
    key = ("publications", day, publications_version(ws.store, day))
    return ws.kept(key, lambda: publications(ws.store, day))


def of_plan(rows: pl.DataFrame, plan: str) -> list[dict[str, Any]]:
    """Return the publications of one plan, oldest first."""
    return rows.filter(pl.col("plan") == plan).to_dicts()


def approved_last(rows: pl.DataFrame, plan: str) -> dict[str, Any] | None:
    """Return the newest publication of a plan that was approved, if there is one."""
    return next((row for row in reversed(of_plan(rows, plan)) if row["approved"]), None)


def waiting(rows: pl.DataFrame, plan: Plan) -> dict[str, Any] | None:
    """Return the newest publication of a plan when it waits for the second person and the plan is still the same."""
    last = next(reversed(of_plan(rows, plan.plan)), None)
    if last is None or last["approved"] is not None:
        return None
    same = last["fingerprint"] == plan.fingerprint and last["version"] == plan.version
    return last if same else None


def state_of(plan: Plan, rows: pl.DataFrame, found: Tested) -> PlanState:
    """Return how far a plan has come."""
    last = approved_last(rows, plan.plan)
    if last is not None and last["fingerprint"] == plan.fingerprint and last["version"] == plan.version:
        return PlanState.PUBLISHED
    if found.obstacles():
        return PlanState.FAILING
    if waiting(rows, plan) is not None:
        return PlanState.WAITING
    return PlanState.CHANGED if last is not None else PlanState.DRAFT


def trials_of(ws: Books, plan: Plan, as_of: datetime.date | None = None) -> Tested:
    """Return what testing a plan of the company finds; cached until the company changes."""
    return ws.kept(("plan tests", plan.plan, ws.known(as_of).definitions), lambda: tested(plan))
