"""Questions about goals: put to whoever answers for one, answered in words, and then off their list."""

import datetime
from collections.abc import Mapping
from typing import Any

import polars as pl

from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import Name, msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.remarks import Remark, add_remark, remark_of, remarks_of
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.reporting.check_in_form import goal_row
from kpiflow.workspace.reporting.checking_in import tidy_words


def ask(
    ws: Books,
    asker: Asker,
    goal: str,
    words: str,
    *,
    person: str | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """Put a question about a goal to a person, by default whoever answers for it; return the remark's number.

    Raises Refused, NotFound, or InvalidInput when there is nothing to ask or nobody to ask it.
    """
    row = goal_row(ws, asker, goal)
    ws.may(asker, "comment", str(row["owner_kind"]), row["owner"]).require()
    found = asked_of(ws, row) if person is None else (person, None)
    if found is None:
        raise InvalidInput(msg("Nobody answers for {goal} at the moment: there is no one to ask.", goal=goal))
    if person is not None and not _reads(ws, person, row):
        # The same for whoever is not there: nobody learns from an error who works here.
        raise NotFound(msg("There is nobody called {person} who may read this goal.", person=person))
    clean = tidy_words(words)
    if clean is None:
        raise InvalidInput(msg("Write the question first."))
    moment = at or _now()
    with ws.store.write() as cursor:
        number = add_remark(cursor, Remark(goal, asker.name, asker.person, moment, clean, asks=found[0]))
        record(cursor, Entry(moment, asker.name, "ask", goal, None, {"remark": number, "asks": found[0]}))
    return number


def answer(ws: Books, asker: Asker, remark: int, words: str, *, at: datetime.datetime | None = None) -> int:
    """Answer a question; return the remark's number. Raises Refused, NotFound, or InvalidInput for no words."""
    found = remark_of(ws.store, remark)
    missing = NotFound(msg("There is no question {remark} that you may answer.", remark=str(remark)))
    if found is None:
        raise missing
    others = Refused(msg("This question waits for somebody else's answer, or has one already."))
    try:
        row = goal_row(ws, asker, found["goal"])
    except (NotFound, Refused) as error:
        raise missing from error  # numbers can be tried: what was asked about whom is for nobody else to learn
    if remark not in answerable(asker, remarks_of(ws.store, found["goal"]), row):
        raise others
    clean = tidy_words(words)
    if clean is None:
        raise InvalidInput(msg("Write the answer first."))
    moment = at or _now()
    with ws.store.write() as cursor:
        number = add_remark(cursor, Remark(found["goal"], asker.name, asker.person, moment, clean, answers=remark))
        record(cursor, Entry(moment, asker.name, "answer", found["goal"], None, {"remark": number, "answers": remark}))
    return number


def _reads(ws: Books, person: str, row: Mapping[str, Any]) -> bool:
    """Return whether somebody works here and may read a goal: a question shows its name and the words."""
    if person not in ws.company().people["person"]:
        return False
    reach = ws.reach(Asker(person))
    owners = [row[who] for who in ("owner", "scope") if row[f"{who}_kind"] == OwnerKind.PERSON.value]
    return all(reach.sees(owner).allowed for owner in owners)


def asked_of(ws: Books, row: Mapping[str, Any]) -> tuple[str, Name] | None:
    """Return whoever answers for a goal: its owner, or the person who leads the unit that owns it."""
    if row["owner_kind"] == OwnerKind.PERSON.value:
        return row["owner"], Name(row["owner_label"], row["owner_label_zh"])
    return leaders(ws).get(row["owner"])


def leaders(ws: Books) -> dict[str, tuple[str, Name]]:
    """Return who leads each unit today, by the unit's id: whose role checks in for others, the longest in it of several."""
    company, today = ws.company(), ws.today()

    def make() -> dict[str, tuple[str, Name]]:
        leading = [
            name
            for name, role in company.roles.items()
            if "check_in" in role.actions and role.reads in (Scope.SUBTREE, Scope.ENTERPRISE)
        ]
        held = company.assignments.filter(
            pl.col("role").is_in(leading),
            pl.col("starts") <= today,
            pl.col("ends").is_null() | (pl.col("ends") >= today),
        )
        first = held.sort("starts", "person").unique("unit", keep="first", maintain_order=True)
        named = first.select("unit", "person").join(company.people.select("person", "label", "label_zh"), on="person")
        return {row["unit"]: (row["person"], name_of(row)) for row in named.iter_rows(named=True)}

    return ws.kept(("who leads", ws.known(None).definitions, today), make)


def answerable(asker: Asker, thread: pl.DataFrame, row: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the open questions of a goal that the person asking may answer: those put to them, or about their goal."""
    waiting = thread.filter(pl.col("asks").is_not_null(), ~pl.col("answered"))
    own = row["owner_kind"] == OwnerKind.PERSON.value and row["owner"] == asker.person
    mine = waiting if asker.machine or own else waiting.filter(pl.col("asks") == (asker.person or ""))
    return tuple(mine["remark"])


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
