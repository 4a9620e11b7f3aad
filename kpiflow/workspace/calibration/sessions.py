"""Sessions read back: a list of them, and one in full, within the rights of whoever looks."""

import datetime
import json
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.appraisal.distribution import is_met, nearest, quotas
from kpiflow.appraisal.leniency import leniency
from kpiflow.appraisal.suggesting import SCHEMA, suggested
from kpiflow.core.distributing import TargetDistribution
from kpiflow.definitions.company import Company
from kpiflow.errors import NotFound
from kpiflow.language import Message, Name, msg
from kpiflow.storage import calibration as stored
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import GroupKind, Session, SessionLine, SessionState
from kpiflow.workspace.calibration.graded import counts_of, graded, grades_of, judged, person_names, with_places
from kpiflow.workspace.calibration.picture import owed
from kpiflow.workspace.labels import name_of


def session_lines(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[SessionLine]:
    """Return the sessions of a period with anybody the person asking may see in them, the newest first; raises Refused."""
    ws.may(asker, "read_calibration").require()
    with ws.store.snapshot() as cursor:
        rows = stored.sessions(cursor, period, ws.believed(as_of)).to_dicts()
        seen = [judged(ws, asker, stored.members(cursor, row["session"])).height for row in rows]
    company = ws.company(as_of)
    return [session_line(row, people, company) for row, people in zip(rows, seen, strict=True) if people]


def session_row(ws: Books, asker: Asker, number: int, as_of: datetime.date | None = None) -> dict[str, Any]:
    """Return a session as it was stored; raises Refused, or NotFound where there is none with anybody one may see."""
    ws.may(asker, "read_calibration").require()
    with ws.store.snapshot() as cursor:
        found = stored.sessions(cursor, None, ws.believed(as_of)).filter(pl.col("session") == number)
        members = stored.members(cursor, number)
    if found.is_empty() or judged(ws, asker, members).is_empty():
        raise NotFound(msg("There is no calibration session {number} that you may read.", number=number))
    return found.row(0, named=True)


def session(ws: Books, asker: Asker, number: int, as_of: datetime.date | None = None) -> Session:
    """Answer one session in full; raises Refused, or NotFound."""
    row = session_row(ws, asker, number, as_of)
    company = ws.company(as_of)
    with ws.store.snapshot() as cursor:
        everybody, moved = stored.members(cursor, number), stored.moves(cursor, number, ws.believed(as_of))
    now = _standing(ws, everybody, moved, row["period"], as_of)
    target = target_of(row)
    scales = now.drop_nulls("scale")["scale"].unique().sort().to_list()
    scale = target.scale if target else next(iter(scales), "")
    grades = grades_of(company.grades[scale]) if scale in company.grades else tuple(sorted(set(now["grade"])))
    counts, before = counts_of(now, "grade", grades), counts_of(now, "before", grades)
    parts = quotas(target, grades, now.height) if target else ()
    heads = nearest(parts, counts, grades) if parts else counts
    seen = judged(ws, asker, now)
    found = suggested(now, heads, grades, target.ties) if target and heads else pl.DataFrame(schema=SCHEMA)
    return Session(
        line=session_line(row, seen.height, company),
        target=target,
        merged=_merged(row, company, target),
        grades=grades,
        rows=_rows(seen, company),
        counts=counts,
        counts_before=before,
        owed=owed(parts, counts),
        met=is_met(parts, counts),
        suggestions=_named(found.join(seen.select("person"), on="person", how="semi", maintain_order="left"), company),
        reachable=heads is not None,
        raters=_raters(seen, company),
        log=_hand(_named(judged(ws, asker, moved), company), company).rename({"recorded_at": "at"}),
        participants=_participants(row, company),
        moves=may_move(ws, asker, row),
        finalises=may_finalise(ws, asker, row, moved),
    )


def target_of(row: dict[str, Any]) -> TargetDistribution | None:
    """Return the target a session was opened with, as it was then."""
    return TargetDistribution.model_validate(json.loads(row["target"])) if row["target"] else None


def state_of(row: dict[str, Any]) -> SessionState:
    """Return how a session stands."""
    if row["final"] is None:
        return SessionState.OPEN
    return SessionState.FINAL if row["final"] else SessionState.DROPPED


def may_move(ws: Books, asker: Asker, row: dict[str, Any]) -> Decision:
    """Decide whether somebody may move grades in a session: it is open, and they calibrate or take part."""
    if state_of(row) is not SessionState.OPEN:
        return Decision(False, msg("This session has ended: its grades are moved no more."))
    if asker.person is not None and asker.person in row["participants"]:
        return Decision(True, msg("You take part in this session."))
    return ws.may(asker, "calibrate")


def may_finalise(ws: Books, asker: Asker, row: dict[str, Any], moved: pl.DataFrame, who: str | None = None) -> Decision:
    """Decide whether somebody may make a session final: a second person, who neither opened it nor moved a grade in it."""
    if state_of(row) is not SessionState.OPEN:
        return Decision(False, msg("This session has ended already."))
    right = ws.may(asker, "approve_calibration")
    if not right.allowed:
        return right
    name = who or asker.name
    if name == row["who"]:
        return Decision(False, msg("You opened this session: a second person makes it final."))
    if name in set(moved["who"]):
        return Decision(False, msg("You moved grades in this session: a second person makes it final."))
    return Decision(True, msg("You neither opened this session nor moved a grade in it."))


def session_line(row: dict[str, Any], people: int, company: Company) -> SessionLine:
    """Return a stored session as it stands in a list."""
    target = target_of(row)
    return SessionLine(
        session=row["session"],
        period=row["period"],
        group=group_name(row, company),
        target=Name(target.label, target.label_zh) if target else None,
        state=state_of(row),
        people=people,
        moves=row["moves"],
        who=_called(row["who"], company) or Name(row["who"]),
        at=row["recorded_at"],
        ended_by=_called(row["ended_by"], company),
        ended_at=row["ended_at"],
        reason=row["ended_reason"] or row["reason"],
    )


def group_name(row: dict[str, Any], company: Company) -> Name | Message:
    """Return what a session's group is called."""
    kind, word = GroupKind(row["scope"]), row["pool"] or row["word"]
    if kind is GroupKind.UNIT:
        found = company.units.filter(pl.col("unit") == word)
        return name_of(found.row(0, named=True)) if found.height else Name(word)
    if kind is GroupKind.ROLE:
        role = company.roles.get(word)
        return Name(role.label, role.label_zh) if role else Name(word)
    return msg("{count} people chosen by name", count=row["people"])


def _merged(row: dict[str, Any], company: Company, target: TargetDistribution | None) -> Message | None:
    """Say that a unit was too small and merged, and into which; None when it was not."""
    if row["pool"] is None or target is None:
        return None
    asked = company.units.filter(pl.col("unit") == row["word"])
    name = name_of(asked.row(0, named=True)) if asked.height else Name(row["word"])
    facts = {"unit": name, "minimum": target.minimum, "pool": group_name(row, company)}
    return msg("{unit} has fewer than {minimum} people with a grade, so it was merged into {pool}.", **facts)


def _standing(
    ws: Books, everybody: pl.DataFrame, moved: pl.DataFrame, period: str, as_of: datetime.date | None
) -> pl.DataFrame:
    """Return the members with the grade that holds now, its reason, and what their score says today."""
    newest = moved.group_by("person").agg(
        pl.col("after", "reason", "who").sort_by("move").last(), at=pl.col("recorded_at").sort_by("move").last()
    )
    current = graded(ws, period, as_of).drop("grade", "score").join(
        graded(ws, period, as_of).select("person", now_score="score"), on="person"
    )  # fmt: skip
    rows = everybody.rename({"grade": "before", "score": "score_then"}).join(newest, on="person", how="left")
    return rows.join(current, on="person", how="left", maintain_order="left").with_columns(
        grade=pl.coalesce("after", "before"),
        score=pl.coalesce("now_score", "score_then"),
        drifted=(pl.col("ruled") != pl.col("before")).fill_null(value=False),
    )


def _rows(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    named = _hand(with_places(_named(rows, company), company), company)
    return named.sort("score", "person", descending=[True, False], nulls_last=True).select(
        "person", "label", "label_zh", "unit_label", "unit_label_zh", "role_label", "role_label_zh", "scorecard", "score",
        "coverage", "before", "grade", "reason", "who", "who_label", "who_label_zh", "at", "drifted",
    )  # fmt: skip


def _raters(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return how generous each rater's people were graded before the session and now."""
    before = leniency(rows.with_columns(grade="before"), "rater", company.grades)
    after = leniency(rows, "rater", company.grades).select("rater", after="leniency")
    named = (
        before.drop_nulls("rater").join(after, on="rater").join(person_names(company, "rater"), on="rater", how="left")
    )
    return named.with_columns(pl.coalesce("label", "rater")).select(
        "rater", "label", "label_zh", "people", before="leniency", after="after"
    )


def _named(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    found = rows.join(person_names(company), on="person", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("label", "person"))


def _hand(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Add the name of whoever made a move; who has none is called as in the journal."""
    names = company.people.select(who="person", who_label="label", who_label_zh="label_zh")
    found = rows.join(names, on="who", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("who_label", "who"))


def _called(who: str | None, company: Company) -> Name | None:
    found = company.people.filter(pl.col("person") == (who or ""))
    return name_of(found.row(0, named=True)) if found.height else None if who is None else Name(who)


def _participants(row: dict[str, Any], company: Company) -> tuple[Choice, ...]:
    names = person_names(company).filter(pl.col("person").is_in(row["participants"]))
    return tuple(Choice(one["person"], name_of(one)) for one in names.iter_rows(named=True))
