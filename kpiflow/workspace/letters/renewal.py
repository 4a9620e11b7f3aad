"""Letters renewed by themselves: whatever changes in what a letter promises makes its next version, in the same transaction."""

import datetime
from collections.abc import Iterator

import polars as pl

from kpiflow.core.letter import Letter
from kpiflow.definitions.company import Company
from kpiflow.definitions.documents import from_documents
from kpiflow.storage.documents import definitions_in
from kpiflow.storage.journal import Entry
from kpiflow.storage.letters import letter_standings, newest_contents
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Books
from kpiflow.workspace.letters.contents import Source, contents
from kpiflow.workspace.letters.drawing import DRAWN_UP, write_versions

#: Columns of a goal that are no part of what is promised: signing itself moves the stage.
_APART = ("stage", "supports")

_OWNER = ["owner_kind", "owner"]


def renew_letters(ws: Books, cursor: Cursor, who: str, at: datetime.datetime, reason: str | None = None) -> int:
    """Write the next version of every letter that a change of definitions has touched; return how many there were.

    To be called in the transaction of the change, after `save_definitions`. Only letters that exist are renewed, and
    only when what they promise differs: a letter nobody has signed is replaced, a signed one stays readable and its
    next version waits for signatures. What is compared is found by joins; only touched letters are put together again.
    """
    standings = letter_standings(cursor)
    if standings.is_empty():
        return 0
    before, after = ws.company(), from_documents(*definitions_in(cursor))
    renewed = 0
    for (cycle,), mine in standings.partition_by("cycle", as_dict=True, maintain_order=True).items():
        if cycle not in after.calendar.periods:
            continue
        source = Source(after, after.calendar.periods[str(cycle)], at.date())
        was = Source(before, before.calendar.periods.get(str(cycle), source.cycle), at.date())
        touched = _touched(was, source, mine)
        if touched.is_empty():
            continue
        now = contents(source, touched, cursor)
        last = newest_contents(cursor, str(cycle), touched)
        changed = {key: one for key, one in now.items() if _differs(one, last.get(key))}
        write_versions(cursor, changed, Entry(at, who, DRAWN_UP, "", reason))
        renewed += len(changed)
    return renewed


def _differs(now: Letter, last: str | None) -> bool:
    return last is not None and Letter.model_validate_json(last).substance() != now.substance()


def _touched(before: Source, after: Source, letters: pl.DataFrame) -> pl.DataFrame:
    """Return the owners (owner_kind, owner) among those with a letter that a change may have touched."""
    owners = letters.select(_OWNER)
    if _common(before.company) != _common(after.company) or not _same(before, after, "units"):
        return owners
    return pl.concat([owners.clear(), *_found(before, after)]).unique().join(owners, on=_OWNER, how="semi")


def _found(before: Source, after: Source) -> Iterator[pl.DataFrame]:
    """Yield owners whose goals, targets, measuring rules or parties differ."""
    old, new = _promised(before), _promised(after)
    for one, other in ((old, new), (new, old)):
        yield one.join(other, on=one.columns, how="anti", nulls_equal=True).select(_OWNER)
    for goals, mine, theirs in ((old, before, after), (new, after, before)):
        rows = mine.company.targets
        changed = rows.join(theirs.company.targets, on=rows.columns, how="anti", nulls_equal=True)
        yield goals.join(changed, on="goal", how="semi").select(_OWNER)
    for kind, column in (("metrics", "metric"), ("curves", "curve"), ("phasings", "phasing")):
        ids = _changed_ids(getattr(before.company, kind), getattr(after.company, kind))
        yield new.filter(pl.col(column).is_in(ids)).select(_OWNER)
    yield from _party_changes(before, after)


def _party_changes(before: Source, after: Source) -> Iterator[pl.DataFrame]:
    """Yield owners for whom somebody else signs, in another role or unit, or under another name."""
    if _same(before, after, "assignments") and _same(before, after, "people"):
        return
    old, new = before.parties, after.parties
    for one, other in ((old, new), (new, old)):
        yield one.join(other, on=one.columns, how="anti", nulls_equal=True).select(_OWNER)
    names = ["person", "label", "label_zh"]
    renamed = after.company.people.select(names).join(
        before.company.people.select(names), on=names, how="anti", nulls_equal=True
    )
    for side in ("owner", "signer", "manager"):
        yield new.join(renamed, left_on=side, right_on="person", how="semi").select(_OWNER)


def _promised(source: Source) -> pl.DataFrame:
    """Return the promised goals without what is no part of a promise."""
    return source.promised.drop(*_APART, "sheet_number")


def _common(company: Company) -> tuple[object, ...]:
    """Return what stands in every letter, or may."""
    return company.profile, company.calendar, company.roles, company.plans


def _same(before: Source, after: Source, table: str) -> bool:
    return before.company.table(table).equals(after.company.table(table))


def _changed_ids(old: dict[str, object], new: dict[str, object]) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]
