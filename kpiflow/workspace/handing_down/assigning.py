"""Owners who have no part of a goal yet: a goal is made for each, proposed and not scored, until its target is agreed."""

import datetime
import re
from collections.abc import Collection, Iterable
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.core.goal import OwnerKind, Stage
from kpiflow.core.phasing import PhasingKind
from kpiflow.core.proposal import OPEN, AnswerKind
from kpiflow.definitions.company import Company
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Name, msg
from kpiflow.storage.documents import definitions_version, save_definitions
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.proposals import Answer, Wanted, add_answer, read_lines
from kpiflow.workspace.answers import Choice, Made
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.leading import answerable, require_split
from kpiflow.workspace.handing_down.planning import Plan, new_problems, plan_of
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.letters.renewal import renew_letters
from kpiflow.workspace.unseen import sees_goal, unseen

#: What a new goal takes over from the goal it is a part of.
_INHERITED = (
    "cycle", "kind", "metric", "attainment", "curve", "accrual", "rollup", "missing", "commitment",
)  # fmt: skip

#: The words of these actions in the journal.
ASSIGN, UNASSIGN = "assign", "unassign"


def assignable(ws: Books, asker: Asker, goal: str, period: str) -> list[Choice]:
    """Return who could get a part of a goal and has none: the units right below its owner, and the people assigned to it.

    A choice's id is `unit:EWR` or `person:p0101`, its kind the first word.
    """
    plan = plan_of(ws, asker, goal, period, None)
    require_split(ws, asker, (), parent=_owner(plan.row))
    taken = set(plan.children.select(pl.col("owner_kind").cast(pl.String), "owner").iter_rows())
    company = plan.company
    if plan.row["owner_kind"] != OwnerKind.UNIT.value:
        return []
    units = company.units.filter(pl.col("parent") == plan.row["owner"])
    found = [
        Choice(f"unit:{unit}", Name(label, chinese), kind=OwnerKind.UNIT.value)
        for unit, label, chinese in units.select("unit", "label", "label_zh").iter_rows()
        if (OwnerKind.UNIT.value, unit) not in taken
    ]
    people = _assigned(ws, company, plan.row["owner"]).join(
        answerable(ws).filter(pl.col("owner_kind") == OwnerKind.PERSON.value),
        on="person",
        how="semi",
        maintain_order="left",
    )
    roles = {name: Name(role.label, role.label_zh) for name, role in company.roles.items()}
    found += [
        Choice(f"person:{person}", Name(label, chinese), note=roles.get(role), kind=OwnerKind.PERSON.value)
        for person, label, chinese, role in people.select("person", "label", "label_zh", "role").iter_rows()
        if (OwnerKind.PERSON.value, person) not in taken and person != asker.person
    ]
    return found


def _assigned(ws: Books, company: Company, unit: str) -> pl.DataFrame:
    """Return the people assigned to a unit itself today, with their role there."""
    day = ws.today()
    here = company.assignments.filter(
        pl.col("unit") == unit, pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day)
    )
    return here.join(company.people.select("person", "label", "label_zh"), on="person", maintain_order="left").unique(
        "person", keep="first", maintain_order=True
    )


def assign(
    ws: Books, asker: Asker, goal: str, owners: Collection[str], period: str, *, at: datetime.datetime | None = None
) -> Made:
    """Make a goal below another for each of these owners (`unit:EWR`, `person:p0101`), proposed and without a target.

    It has the metric and the rules of the goal above. Raises NotFound for an owner who is not to be had there, Refused, and
    InvalidInput when the plan could not have such goals.
    """
    known = {choice.id: choice for choice in assignable(ws, asker, goal, period)}
    for owner in owners:
        if owner not in known:
            raise not_found(msg("unit or person without a part of this goal"), owner, known)
    if not owners:
        raise InvalidInput(msg("Choose at least one team or person."))
    plan = plan_of(ws, asker, goal, period, None)
    plan.measured()
    pairs = [(kind, name) for kind, _, name in (owner.partition(":") for owner in owners)]
    require_split(ws, asker, pairs, parent=_owner(plan.row))
    version = definitions_version(ws.store)
    company = ws.company()
    news = pl.DataFrame(list(_rows(plan, known, pairs)), schema=company.goals.schema)
    after = pl.concat([company.goals, news])
    errors, _ = new_problems(company, news)
    if errors:
        raise InvalidInput(errors[0])
    detail = {"owners": list(owners), "goals": news["goal"].to_list()}
    return _save(ws, after, Entry(at or _now(), asker.name, ASSIGN, goal, None, detail), version)


def _rows(plan: Plan, known: dict[str, Choice], pairs: Iterable[tuple[str, str]]) -> Iterable[dict[str, Any]]:
    """Yield the row of each new goal."""
    metric = plan.measured()
    taken = set(plan.company.goals["goal"])
    parent, siblings = plan.row, plan.children
    weight = siblings["weight"].mode().sort()[0] if siblings.height else parent["weight"]
    for kind, owner in pairs:
        owned = known[f"{kind}:{owner}"].name
        # A made-up phasing by periods belongs to the goal it was written for.
        explicit = parent["phasing"] == PhasingKind.EXPLICIT.value
        row = dict.fromkeys(plan.company.goals.columns) | {name: parent[name] for name in _INHERITED}
        row |= {
            "goal": _id(f"{parent['goal']}-{owner}", taken),
            "parent": parent["goal"],
            "owner": owner,
            "owner_kind": kind,
            "scope": owner,
            "scope_kind": kind,
            "label": f"{metric.label} · {owned.label}",
            "label_zh": f"{metric.label_zh or metric.label} · {owned.label_zh or owned.label}",
            "weight": weight,
            "phasing": None if explicit else parent["phasing"],
            "stage": Stage.PROPOSED.value,
        }
        taken.add(row["goal"])
        yield row


def _id(wanted: str, taken: Collection[str]) -> str:
    """Return an id that no goal has."""
    plain = re.sub(r"[^\w.-]+", "-", wanted).casefold().strip("-")
    number = 2
    found = plain
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found


def unassign(ws: Books, asker: Asker, goal: str, *, at: datetime.datetime | None = None) -> Made:
    """Take away a goal that was made for an owner and never agreed; what was proposed for it is withdrawn with it.

    Raises NotFound, Refused, and InvalidInput for a goal that was agreed or has goals below.
    """
    company = ws.company()
    found, reach = company.goals.filter(pl.col("goal") == goal), ws.reach(asker)
    if found.is_empty() and reach.people is None:
        raise not_found(msg("goal"), goal, company.goals["goal"])
    if found.is_empty() or not sees_goal(reach, row := found.row(0, named=True)):
        raise unseen(goal, visible(company.goals, reach)["goal"])
    above = company.goals.filter(pl.col("goal") == row["parent"])
    parent = _owner(above.row(0, named=True)) if above.height else _owner(row)
    require_split(ws, asker, [_owner(row)], parent=parent)
    if row["stage"] != Stage.PROPOSED.value:
        raise InvalidInput(msg("{goal} was agreed: it cannot be taken away here.", goal=name_of(row)))
    if company.goals.filter(pl.col("parent") == goal).height:
        raise InvalidInput(msg("{goal} has goals below it. Take those away first.", goal=name_of(row)))
    version, moment = definitions_version(ws.store), at or _now()
    with ws.store.write() as cursor:
        lines = read_lines(ws.store, Wanted(owners=[_owner(row)]), cursor=cursor)
        for line in lines.filter(pl.col("goal") == goal, pl.col("state").is_in(OPEN))["line"]:
            add_answer(cursor, Answer(line, moment, asker.name, AnswerKind.WITHDRAW.value))
        said = Entry(moment, asker.name, UNASSIGN, goal, None, {"parent": row["parent"]})
        return _save(ws, company.goals.filter(pl.col("goal") != goal), said, version)


def _save(ws: Books, after: pl.DataFrame, said: Entry, version: int) -> Made:
    """Write the goals and the line of the journal as one, if the plan is still the one that was looked at."""
    with ws.store.write() as cursor:
        if definitions_version(ws.store) != version:
            raise InvalidInput(msg("The plan has changed since this was shown. Look at it again before making it."))
        report = save_definitions(ws.store, None, {"goals": after}, who=said.who, at=said.at, reason=said.reason)
        renew_letters(ws, cursor, said.who, said.at, said.reason)
        entry = record(cursor, said)
    return Made(report.change, entry, sum(one.added + one.removed for one in report.counts.values()), 1)


def _owner(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["owner_kind"]), str(row["owner"])


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
