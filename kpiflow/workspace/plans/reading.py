"""Plans as somebody may read them: those that pay people whose pay they may read, with tests, history and decisions."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import not_found
from kpiflow.incentives.plan import Plan
from kpiflow.language import Name, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.plans.answers import PlanPage, PlanStands, Publication
from kpiflow.workspace.plans.changes import changes, plan_from
from kpiflow.workspace.plans.published import approved_last, history, of_plan, published, state_of, trials_of
from kpiflow.workspace.plans.publishing import decisions
from kpiflow.workspace.plans.wording import about, name_of, steps_said

#: The right to read plans: they are part of what one may know about pay.
READ = "read_pay"


def plans(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> tuple[PlanStands, ...]:
    """Return the plans the person asking may read, in the order they were written, with how each stands."""
    rows = history(ws, as_of)
    found = []
    for plan in readable(ws, asker, as_of).values():
        tested = trials_of(ws, plan, as_of)
        found.append(
            PlanStands(
                plan=plan.plan,
                name=name_of(plan),
                version=plan.version,
                fingerprint=plan.fingerprint,
                state=state_of(plan, rows, tested),
                examples=len(tested.examples),
                wrong=len(tested.wrong),
                missed=len(tested.coverage.missed),
                published=published(ws, plan.plan, as_of),
                people=_names(ws, of_plan(rows, plan.plan), as_of),
            )
        )
    return tuple(found)


def plan_page(ws: Books, asker: Asker, plan: str, as_of: datetime.date | None = None) -> PlanPage:
    """Return one plan in full; raises NotFound for one that is not there, or pays nobody the person asking may read."""
    known = readable(ws, asker, as_of)
    if plan not in known:
        raise not_found(msg("plan"), plan, known)
    one, company, rows = known[plan], ws.company(as_of), history(ws, as_of)
    tested, last = trials_of(ws, one, as_of), approved_last(rows, plan)
    publish, approve = decisions(ws, asker, one, rows)
    differing = () if last is None else changes(plan_from(str(last["content"])), one, company)
    return PlanPage(
        plan=one,
        name=name_of(one),
        state=state_of(one, rows, tested),
        about=about(one, company),
        steps=steps_said(one, company),
        tested=tested,
        published=published(ws, plan, as_of),
        history=tuple(_publication(row) for row in reversed(of_plan(rows, plan))),
        since=None if last is None else int(str(last["version"])),
        changes=differing,
        publish=publish,
        approve=approve,
        people=_names(ws, of_plan(rows, plan), as_of),
    )


def readable(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> dict[str, Plan]:
    """Return the plans that may pay somebody whose pay the person asking may read; all to whoever reads everybody's."""
    ws.may(asker, READ).require()
    company, reach = ws.company(as_of), ws.reach(asker, Topic.PAY)
    if reach.people is None:
        return dict(company.plans)
    mine = company.assignments.filter(pl.col("person").is_in(list(reach.people)))
    above = mine.select("unit").unique().join(ws.unit_tree(as_of), on="unit")
    roles, units = set(mine["role"]), set(above["ancestor"])
    return {
        name: plan
        for name, plan in company.plans.items()
        if (not plan.who.roles or roles & set(plan.who.roles)) and (not plan.who.units or units & set(plan.who.units))
    }


def _names(ws: Books, rows: list[dict[str, object]], as_of: datetime.date | None) -> dict[str, Name]:
    """Return the names of everybody who put a plan forward or said something to it, by id; an account has none."""
    ids = {str(row[side]) for row in rows for side in ("who", "approved_by") if row[side] is not None}
    found = ws.company(as_of).people.filter(pl.col("person").is_in(list(ids))).select("person", "label", "label_zh")
    return {one: Name(one) for one in ids} | {person: Name(*named) for person, *named in found.iter_rows()}


def _publication(row: dict[str, Any]) -> Publication:
    return Publication(
        version=row["version"],
        fingerprint=row["fingerprint"],
        who=row["who"],
        at=row["recorded_at"],
        reason=row["reason"],
        approved=row["approved"],
        approved_by=row["approved_by"],
        approved_at=row["approved_at"],
        approved_why=row["approved_why"],
    )
