"""Scenarios put away and taken out again: saved, shared and closed by who made them, read by those who may."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import Message, Name, msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.scenarios import SavedScenario, add_scenario, read_scenarios
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scenarios.answers import Scenario, Supposition
from kpiflow.workspace.scenarios.changing import changed
from kpiflow.workspace.scenarios.edits import Edits, OfGoals, read_edits, written_edits
from kpiflow.workspace.scenarios.saying import told

#: The action of everything about scenarios, and its word in the journal.
MAKE = "make_scenario"

#: The longest name of a scenario.
LONGEST = 120


def listed(ws: Books, asker: Asker, *, every: bool = False) -> tuple[Scenario, ...]:
    """Return the scenarios the person asking may read, the newest first; `every`: those that are closed, too."""
    ws.may(asker, MAKE).require()
    rows = read_scenarios(ws.store).filter(pl.lit(every) | ~pl.col("closed"))
    return tuple(_as_scenario(ws, asker, row) for row in rows.iter_rows(named=True) if _may_read(asker, row))


def taken(ws: Books, asker: Asker, number: int, version: int | None = None) -> Scenario:
    """Return a scenario; raises NotFound when there is none of this number that the person asking may read."""
    ws.may(asker, MAKE).require()
    return _as_scenario(ws, asker, _row(ws, asker, number, version))


def supposed_by(ws: Books, asker: Asker, of: int | Supposition) -> Supposition:
    """Return what is supposed: by a saved scenario in whole, or by what the person asking has put together.

    Raises NotFound, and Refused for goals of persons outside their reach.
    """
    ws.may(asker, MAKE).require()
    if isinstance(of, Supposition):
        require_sight(ws, asker, of)
        return of
    row = _row(ws, asker, of, None)
    return Supposition(row["period"], read_edits(row["edits"]), row["as_of"])


def _row(ws: Books, asker: Asker, number: int, version: int | None) -> dict[str, Any]:
    found = read_scenarios(ws.store, number, version)
    row = found.row(0, named=True) if found.height else None
    if row is None or not _may_read(asker, row):
        # Whoever may not read it learns no more than that.
        raise NotFound(
            msg("There is no scenario {number} that you may read. It may not be shared.", number=str(number))
        )
    return row


def _may_read(asker: Asker, row: dict[str, Any]) -> bool:
    """Return whether somebody may read a scenario: it is their own, or it is shared."""
    return asker.machine or bool(row["shared"]) or row["began_by"] == asker.name


def _as_scenario(ws: Books, asker: Asker, row: dict[str, Any]) -> Scenario:
    edits, reach = read_edits(row["edits"]), ws.reach(asker)
    company = ws.company(row["as_of"])
    seen = _seen(company.goals, edits, reach)
    said: tuple[Message, ...]
    try:
        words = told(company, edits, ws.moment(row["period"], row["as_of"]).period)
        said = tuple(one for one, may in zip(words, seen, strict=True) if may)
    except (NotFound, InvalidInput) as problem:
        # The plan has moved on since it was saved: what it names is no longer there.
        said = (problem.message,)
    named = company.people.filter(pl.col("person") == row["began_by"]).select("label", "label_zh")
    applied = None if row["applied_at"] is None else (row["applied_at"], str(row["applied_by"]))
    return Scenario(
        number=row["scenario"], version=row["version"], name=row["name"], period=row["period"], as_of=row["as_of"],
        edits=tuple(one for one, may in zip(edits, seen, strict=True) if may), who=row["began_by"], at=row["recorded_at"],
        shared=row["shared"], closed=row["closed"], words=row["words"], said=said, hidden=seen.count(False),
        mine=asker.machine or row["began_by"] == asker.name, applied=applied,
        made_by=Name(*named.row(0)) if named.height else Name(row["began_by"]),
    )  # fmt: skip


def _seen(goals: pl.DataFrame, edits: Edits, reach: Reach) -> list[bool]:
    """Return of each edit whether it may be read: those that name the goal of a person need that person's rows."""
    if reach.people is None:
        return [True] * len(edits)
    named = [edit.goal for edit in edits if isinstance(edit, OfGoals) and edit.goal is not None]
    person = pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value
    out = goals.filter(pl.col("goal").is_in(named), person, ~pl.col("owner").is_in(list(reach.people)))[
        "goal"
    ].to_list()
    return [not (isinstance(edit, OfGoals) and edit.goal in out) for edit in edits]


def require_sight(ws: Books, asker: Asker, supposed_so: Supposition) -> None:
    """Raise Refused when an edit names the goal of a person outside the asker's reach."""
    seen = _seen(ws.company(supposed_so.as_of).goals, supposed_so.edits, ws.reach(asker))
    if not all(seen):
        raise Refused(msg("One of these edits names the goal of somebody outside what your role reads."))


def save(
    ws: Books,
    asker: Asker,
    name: str,
    supposed_so: Supposition,
    *,
    number: int | None = None,
    words: str | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> Scenario:
    """Write a scenario, or with `number` the next version of one's own; raises InvalidInput for what cannot be."""
    ws.may(asker, MAKE).require()
    require_sight(ws, asker, supposed_so)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST:
        raise InvalidInput(msg("Give the scenario a name of at most {most} letters.", most=LONGEST))
    period = ws.moment(supposed_so.period, supposed_so.as_of).period
    changed(ws.company(supposed_so.as_of), supposed_so.edits, period)
    row = None if number is None else _own(ws, asker, number)
    said = SavedScenario(
        name=called, period=supposed_so.period, as_of=supposed_so.as_of, edits=written_edits(supposed_so.edits),
        words=(words or "").strip() or (row["words"] if row else None), shared=bool(row and row["shared"]), closed=False,
        who=_name(asker, who), at=at or datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    return _write(ws, asker, said, number, "save")


def mark(
    ws: Books,
    asker: Asker,
    number: int,
    *,
    shared: bool | None = None,
    closed: bool | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> Scenario:
    """Share a scenario of one's own or stop sharing it, close it or open it again: the next version of it says so."""
    ws.may(asker, MAKE).require()
    row = _own(ws, asker, number)
    said = SavedScenario(
        name=row["name"], period=row["period"], as_of=row["as_of"], edits=row["edits"], words=row["words"],
        shared=row["shared"] if shared is None else shared, closed=row["closed"] if closed is None else closed,
        who=_name(asker, who), at=at or datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    did = "close" if closed else "share" if shared else "keep"
    return _write(ws, asker, said, number, did)


def _own(ws: Books, asker: Asker, number: int) -> dict[str, Any]:
    """Return a scenario of the person asking; raises NotFound, or Refused for somebody else's."""
    row = _row(ws, asker, number, None)
    if not asker.machine and row["began_by"] != asker.name:
        raise Refused(msg("Only {who}, who made this scenario, may change it. Save it under a name of your own.",
                          who=row["began_by"]))  # fmt: skip
    return row


def _name(asker: Asker, who: str | None) -> str:
    return (who or "").strip() or asker.name if asker.machine else asker.name


def _write(ws: Books, asker: Asker, said: SavedScenario, number: int | None, did: str) -> Scenario:
    with ws.store.write() as cursor:
        made, version = add_scenario(cursor, said, number)
        detail = {"name": said.name, "version": version, "did": did, "period": said.period}
        record(cursor, Entry(said.at, said.who, MAKE, f"scenario {made}", said.words, detail))
    return taken(ws, asker, made)


def hidden_in(ws: Books, asker: Asker, supposed_so: Supposition) -> frozenset[int]:
    """Return the places of the edits that the person asking may not read."""
    seen = _seen(ws.company(supposed_so.as_of).goals, supposed_so.edits, ws.reach(asker))
    return frozenset(place for place, may in enumerate(seen) if not may)
