"""Why a scenario moves somebody: what each edit does, and the lines of the statement side by side."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import not_found
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, statement
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.plans.called import called
from kpiflow.workspace.scenarios.answers import Move, Supposition, Why
from kpiflow.workspace.scenarios.evaluating import evaluated
from kpiflow.workspace.scenarios.saying import told


def why(ws: Books, asker: Asker, supposed_so: Supposition, person: str, hidden: frozenset[int] = frozenset()) -> Why:
    """Answer what each edit does to somebody's score and pay; raises Refused outside the asker's reach, then NotFound.

    Each edit is told beside what the ones before it left, so that their moves add up to the whole. `hidden` are the places
    of edits whose words the person asking may not read.
    """
    ws.reach(asker, Topic.APPRAISALS).sees(person).require()
    as_of, period = supposed_so.as_of, supposed_so.period
    may_read_pay = ws.reach(asker, Topic.PAY).sees(person).allowed
    known = ws.company(as_of).people
    row = known.filter(pl.col("person") == person)
    if row.is_empty():
        raise not_found(msg("person"), person, known["person"])
    steps = [_of(ws, replace(supposed_so, edits=supposed_so.edits[:count]), person)
             for count in range(len(supposed_so.edits) + 1)]  # fmt: skip
    first, last = steps[0], steps[-1]
    words = told(ws.company(as_of), supposed_so.edits, ws.moment(period, as_of).period)
    unread = msg("An edit about somebody outside what your role reads.")
    moves = tuple(
        Move(
            unread if place in hidden else said,
            _apart(steps[place]["score"], steps[place + 1]["score"]),
            _less(steps[place + 1]["amount"], steps[place]["amount"]) if may_read_pay else None,
        )
        for place, said in enumerate(words)
    )
    now, then = (
        _statements(ws, evaluated(ws, one).wide, person, period, as_of) if may_read_pay else {}
        for one in (replace(supposed_so, edits=()), supposed_so)
    )
    return Why(
        person=person, name=name_of(row.row(0, named=True)),
        score_now=first["score"], score=last["score"], grade_now=first["grade"], grade=last["grade"],
        amount_now=first["amount"] if may_read_pay else None, amount=last["amount"] if may_read_pay else None,
        currency=evaluated(ws, supposed_so).currency if may_read_pay else None, moves=moves,
        lines=tuple(line for plan in {**now, **then} for line in _lines(plan, now, then)),
        statements=tuple(then.values()),
    )  # fmt: skip


def _of(ws: Books, supposed_so: Supposition, person: str) -> dict[str, Any]:
    """Return a person's score, grade and amount in a scenario; absent where there is nothing to appraise."""
    rows = evaluated(ws, supposed_so).rows.filter(pl.col("person") == person)
    names = ("score", "grade", "amount")
    return {name: rows[f"{name}_after"][0] if rows.height else None for name in names}


def _apart(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 10)


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None and before is None else (after or Decimal(0)) - (before or Decimal(0))


def _statements(
    ws: Books, wide: tuple[tuple[Plan, pl.DataFrame], ...], person: str, period: str, as_of: datetime.date | None
) -> dict[str, Statement]:
    """Return a person's statement by every plan that reaches them."""
    found = {}
    for plan, rows in wide:
        mine = rows.filter(pl.col("person") == person)
        if mine.height:
            found[plan.plan] = statement(plan, mine.row(0, named=True), period, called(ws, plan, as_of))
    return found


def _lines(plan: str, now: Mapping[str, Statement], then: Mapping[str, Statement]) -> tuple[dict[str, Any], ...]:
    """Return the lines of both statements by a plan, by component, in the order of the one that would be."""
    before, after = now.get(plan), then.get(plan)
    was = {line.component: line for line in (before.lines if before else ())}
    found = [
        {
            "plan": plan, "component": line.component, "label": line.label, "unit": line.unit.value, "formula": line.formula,
            "before": was[line.component].value if line.component in was else None, "after": line.value,
        }
        for line in (after.lines if after else ())
    ]  # fmt: skip
    there = {line["component"] for line in found}
    gone = [
        {"plan": plan, "component": line.component, "label": line.label, "unit": line.unit.value, "formula": line.formula,
         "before": line.value, "after": None}
        for line in was.values() if line.component not in there
    ]  # fmt: skip
    return (*found, *gone)
