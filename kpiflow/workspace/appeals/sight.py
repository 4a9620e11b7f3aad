"""Who reads an appeal, and who may do what with it: its author, those who answer appeals, and whoever was asked for a remark."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.access.reach import Topic
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import NotFound
from kpiflow.language import msg
from kpiflow.storage.appeals import appeals
from kpiflow.workspace.appeals.answers import About
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.applied import decisions


def appeal_row(ws: Books, asker: Asker, number: int, as_of: datetime.date | None = None) -> dict[str, Any]:
    """Return an appeal as it is stored; raises NotFound when there is none that the person asking may read."""
    with ws.store.read() as cursor:
        found = seen(ws, asker, appeals(cursor, None, ws.believed(as_of), number=number))
    if found.is_empty():
        raise NotFound(msg("There is no appeal {number} that you may read.", number=number))
    return found.row(0, named=True)


def seen(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the appeals that the person asking may read."""
    if asker.machine:
        return rows
    mine = (pl.col("person") == (asker.person or "")) | pl.col("asked").list.contains(asker.person or "")
    if ws.may(asker, "answer_appeal").allowed:
        people = ws.reach(asker, Topic.APPRAISALS).people
        if people is None:
            return rows
        mine = mine | pl.col("person").is_in(list(people))
    return rows.filter(mine)


def superior(ws: Books, person: str, period: str) -> str | None:
    """Return whom a person reported to at the end of a period."""
    ends = ws.moment(period, None).period.ends
    held = ws.company().assignments.filter(pl.col("person") == person, pl.col("starts") <= ends).sort("starts")
    return held["manager"][-1] if held.height else None


def may_decide(ws: Books, asker: Asker, row: dict[str, Any], who: str | None = None) -> Decision:
    """Decide whether somebody may decide an appeal: a second person, who had no hand in what is disputed."""
    if row["ended"] is not None:
        return Decision(False, msg("This appeal has ended."))
    right = ws.may(asker, "answer_appeal", OwnerKind.PERSON.value, row["person"])
    if not right.allowed:
        return right
    name = who or asker.name
    if name == row["person"]:
        return Decision(False, msg("Nobody decides their own appeal."))
    if name == superior(ws, row["person"], row["period"]):
        return Decision(False, msg("{person} reports to you: somebody else decides this appeal.", person=row["person"]))
    moved = decisions(ws, row["period"]).filter(pl.col("person") == row["person"])
    about_grade = row["about"] in (About.GRADE.value, About.SCORE.value)
    if about_grade and moved.height and name in (moved["who"][0], moved["final_by"][0]):
        return Decision(False, msg("You decided the grade this appeal is about: somebody else decides the appeal."))
    return Decision(True, msg("You answer appeals, and had no hand in what this one disputes."))


def may_ask(ws: Books, asker: Asker, row: dict[str, Any]) -> Decision:
    """Decide whether somebody may ask others for a remark on an appeal."""
    if row["ended"] is not None:
        return Decision(False, msg("This appeal has ended."))
    if asker.person is not None and asker.person == row["person"]:
        return Decision(False, msg("Others handle your appeal."))
    return ws.may(asker, "answer_appeal", OwnerKind.PERSON.value, row["person"])


def may_remark(asker: Asker, row: dict[str, Any]) -> Decision:
    """Decide whether somebody may write a remark: whoever was asked for one, and the author."""
    if row["ended"] is not None:
        return Decision(False, msg("This appeal has ended."))
    if asker.person is not None and (asker.person in row["asked"] or asker.person == row["person"]):
        return Decision(True, msg("Your word on it was asked."))
    return Decision(False, msg("A remark is written by whoever was asked for one, and by the person it is about."))


def may_withdraw(ws: Books, asker: Asker, row: dict[str, Any]) -> Decision:
    """Decide whether somebody may take an appeal back: only the person it is about, while it is open."""
    if row["ended"] is not None:
        return Decision(False, msg("This appeal has ended."))
    return ws.may(asker, "appeal", OwnerKind.PERSON.value, row["person"])
