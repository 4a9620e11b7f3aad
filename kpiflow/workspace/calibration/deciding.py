"""Sessions opened, grades moved in them, and sessions made final by a second person or dropped; all of it in the journal."""

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from kpiflow.appraisal.distribution import is_met, quotas
from kpiflow.core.distributing import Enforcement, TargetDistribution
from kpiflow.errors import InvalidInput, Refused, not_found
from kpiflow.language import msg
from kpiflow.storage import calibration as stored
from kpiflow.storage.journal import Entry, record, record_all
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import Group, GroupKind, Moved, Wishes
from kpiflow.workspace.calibration.graded import counts_of, graded, grades_of, judged, readable
from kpiflow.workspace.calibration.picture import target_named
from kpiflow.workspace.calibration.sessions import may_finalise, may_move, session_row, target_of
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.reporting.checking_in import tidy_words
from kpiflow.workspace.webhooks.kinds import CALIBRATION_FINAL
from kpiflow.workspace.webhooks.telling import tell

#: What the journal calls each.
OPENED, MOVED, FINAL, DROPPED = "open_calibration", "move_grade", "finalise_calibration", "drop_calibration"

#: The most characters of a list of people that a refusal names.
NAMED = 5


def open_session(
    ws: Books,
    asker: Asker,
    period: str,
    group: Group,
    wishes: Wishes | None = None,
    *,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """Open a session over a group; return its number. Raises Refused, NotFound, or InvalidInput with what stands against it."""
    ws.may(asker, "calibrate").require()
    _still_open(ws, period)
    wanted, company = wishes or Wishes(), ws.company()
    target = target_named(company, wanted.target) if wanted.target else None
    strangers = sorted(set(wanted.participants) - set(company.people["person"]))
    if strangers:
        raise not_found(msg("person"), strangers[0], company.people["person"])
    everybody = judged(ws, asker, graded(ws, period))
    pool = _pool(ws, everybody, group, target)
    people = _members(ws, everybody, group, pool)
    if target is not None:
        people = people.filter(pl.col("scale") == target.scale)
    if people.is_empty():
        raise InvalidInput(msg("Nobody in this group has a grade in {period} that you may calibrate.", period=period))
    if people["scale"].n_unique() > 1:
        raise InvalidInput(
            msg(
                "This group has grades of several scales, and grades of two scales are never compared. Choose a target, or a role."
            )
        )
    name, now = who or asker.name, at or _now()
    word = group.word if group.kind is not GroupKind.LIST else ", ".join(group.people[:NAMED])
    made = stored.Opened(
        period, group.kind.value, word, pool, target.model_dump_json(by_alias=True) if target else None,
        wanted.participants, name, now, tidy_words(wanted.reason),
    )  # fmt: skip
    with ws.store.write() as cursor:
        _in_no_other(stored.in_open_sessions(cursor, period, people))
        number = stored.add_session(cursor, made, people)
        detail = {"session": number, "scope": group.kind.value, "group": word, "pool": pool, "people": people.height,
                  "target": wanted.target, "participants": list(wanted.participants)}  # fmt: skip
        record(cursor, Entry(now, name, OPENED, f"{number} {period}", made.reason, detail))
    return number


def move_grades(
    ws: Books,
    asker: Asker,
    number: int,
    moves: Sequence[Moved],
    *,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """Move grades in a session, all or none; return how many. Raises Refused, NotFound, or InvalidInput with what to mend."""
    row = session_row(ws, asker, number)
    may_move(ws, asker, row).require()
    _still_open(ws, row["period"])
    name, now = who or asker.name, at or _now()
    with ws.store.write() as cursor:
        may_move(ws, asker, session_row(ws, asker, number)).require()
        held = _held(stored.members(cursor, number), stored.moves(cursor, number))
        grades = _grades(ws, row, held)
        seen = set(judged(ws, asker, held)["person"])
        current: dict[str, str] = dict(held.select("person", "grade").iter_rows())
        made = [_checked(one, asker, (seen, current, grades)) for one in moves]
        stored.add_moves(cursor, number, made, name, now)
        record_all(cursor, [_line(one, number, row["period"], (name, now)) for one in made])
    return len(made)


def finalise(
    ws: Books,
    asker: Asker,
    number: int,
    *,
    exception: str | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """Make a session final as a second person; return how many grades it changes.

    Raises Refused, NotFound, or InvalidInput: an enforced target that is not met needs `exception`, the reason why not.
    """
    row = session_row(ws, asker, number)
    name, now, why = who or asker.name, at or _now(), tidy_words(exception)
    _still_open(ws, row["period"])
    with ws.store.write() as cursor:
        row = session_row(ws, asker, number)
        moved = stored.moves(cursor, number)
        may_finalise(ws, asker, row, moved, name).require()
        held = _held(stored.members(cursor, number), moved)
        if readable(ws, asker, held).height < held.height:
            raise Refused(msg("There are people in this session whose appraisals you may not read."))
        met = _is_met(ws, row, held)
        target = target_of(row)
        if not met and target is not None and target.enforcement is Enforcement.ENFORCED and why is None:
            raise InvalidInput(
                msg(
                    "The target of this session is enforced and not met. Move grades, or give the reason for an exception."
                )
            )
        changed = held.filter(pl.col("grade") != pl.col("before")).height
        stored.add_end(cursor, number, stored.End(True, not met, name, now, why))
        detail = {"session": number, "changed": changed, "met": met, "opened_by": row["who"]}
        record(cursor, Entry(now, name, FINAL, f"{number} {row['period']}", why, detail))
        tell(cursor, CALIBRATION_FINAL, {"session": number, "period": row["period"]})
    return changed


def drop(
    ws: Books,
    asker: Asker,
    number: int,
    *,
    reason: str | None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> None:
    """End a session without any effect; raises Refused, NotFound, or InvalidInput without a reason."""
    ws.may(asker, "calibrate").require()
    why = tidy_words(reason)
    if why is None:
        raise InvalidInput(msg("Give the reason why the session is dropped: it is kept beside its moves."))
    name, now = who or asker.name, at or _now()
    with ws.store.write() as cursor:
        row = session_row(ws, asker, number)
        if row["final"] is not None:
            raise InvalidInput(msg("This session has ended already."))
        stored.add_end(cursor, number, stored.End(False, False, name, now, why))
        record(cursor, Entry(now, name, DROPPED, f"{number} {row['period']}", why, {"session": number}))


def _still_open(ws: Books, period: str) -> None:
    """Raise InvalidInput for a closed period: its grades are frozen."""
    ws.company().calendar.period(period)
    if closed(ws, period) is not None:
        raise InvalidInput(msg("{period} is closed, so its grades stand. Open it again first.", period=period))


def _pool(ws: Books, everybody: pl.DataFrame, group: Group, target: TargetDistribution | None) -> str | None:
    """Return the unit above that a unit too small for the target is merged into; None where it is large enough."""
    if group.kind is not GroupKind.UNIT:
        return None
    known = ws.company().units["unit"]
    if group.word not in known:
        raise not_found(msg("unit"), group.word, known)
    if target is None:
        return None
    tree = ws.unit_tree(None)
    sizes = (
        everybody.filter(pl.col("scale") == target.scale)
        .join(tree.select("unit", "ancestor"), on="unit")
        .group_by("ancestor")
        .len()
    )
    chain = tree.filter(pl.col("unit") == group.word).join(sizes, on="ancestor", how="left").sort("up")
    enough = chain.filter(pl.col("len").fill_null(0) >= target.minimum)
    pool = str((enough if enough.height else chain.tail(1))["ancestor"][0])
    return None if pool == group.word else pool


def _members(ws: Books, everybody: pl.DataFrame, group: Group, pool: str | None) -> pl.DataFrame:
    """Return the people of a group; raises NotFound for a role or person that is not there."""
    if group.kind is GroupKind.UNIT:
        below = ws.unit_tree(None).filter(pl.col("ancestor") == (pool or group.word))["unit"]
        return everybody.filter(pl.col("unit").is_in(below.implode()))
    if group.kind is GroupKind.ROLE:
        roles = ws.company().roles
        if group.word not in roles:
            raise not_found(msg("role"), group.word, roles)
        return everybody.filter(pl.col("role") == group.word)
    missing = sorted(set(group.people) - set(everybody["person"]))
    if missing:
        raise not_found(msg("person with a grade in this period"), missing[0], everybody["person"])
    return everybody.filter(pl.col("person").is_in(list(group.people)))


def _in_no_other(taken: pl.DataFrame) -> None:
    """Raise InvalidInput when somebody is in another session that has not ended."""
    if taken.height:
        names, sessions = taken["person"].unique().sort().to_list(), taken["session"].unique().sort().to_list()
        raise InvalidInput(
            msg("{count} of these people are in an open session already ({sessions}), such as {people}. End that one first.",
                count=len(names), sessions=sessions, people=names[:NAMED])
        )  # fmt: skip


def _held(members: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Return person, before and grade: what was held when the session was opened, and what holds in it now."""
    newest = moved.group_by("person").agg(pl.col("after").sort_by("move").last())
    rows = members.select("person", before="grade").join(newest, on="person", how="left")
    return rows.select("person", "before", grade=pl.coalesce("after", "before"))


def _grades(ws: Books, row: dict[str, Any], held: pl.DataFrame) -> tuple[str, ...]:
    """Return the grades that can be given in a session: those of the scale its people are on."""
    company, target = ws.company(), target_of(row)
    if target is not None and target.scale in company.grades:
        return grades_of(company.grades[target.scale])
    on = graded(ws, row["period"]).join(held, on="person", how="semi").drop_nulls("scale")["scale"].unique().to_list()
    return grades_of(company.grades[on[0]]) if on else ()


def _checked(one: Moved, asker: Asker, known: tuple[set[str], dict[str, str], tuple[str, ...]]) -> stored.Move:
    """Return a move that can be made; raises Refused, NotFound, or InvalidInput."""
    seen, current, grades = known
    if asker.person is not None and one.person == asker.person:
        raise Refused(msg("Nobody moves their own grade."))
    if one.person not in seen:
        raise not_found(msg("person in this session"), one.person, seen)
    if one.to not in grades:
        raise not_found(msg("grade"), one.to, grades)
    why = tidy_words(one.reason)
    if why is None:
        raise InvalidInput(msg("A grade is moved with a reason: {person} has none.", person=one.person))
    before = current[one.person]
    if one.to == before:
        raise InvalidInput(msg("{person} has grade {grade} already.", person=one.person, grade=before))
    current[one.person] = one.to
    return stored.Move(one.person, before, one.to, why)


def _line(one: stored.Move, number: int, period: str, hand: tuple[str, datetime.datetime]) -> Entry:
    name, now = hand
    detail = {"session": number, "period": period, "before": one.before, "after": one.after}
    return Entry(now, name, MOVED, one.person, one.reason, detail)


def _is_met(ws: Books, row: dict[str, Any], held: pl.DataFrame) -> bool:
    target = target_of(row)
    if target is None:
        return True
    grades = _grades(ws, row, held)
    return is_met(quotas(target, grades, held.height), counts_of(held, "grade", grades))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
