"""Drawing letters up: the content of now becomes the next version, for one owner or for many at once."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.core.letter import Letter
from kpiflow.errors import Refused
from kpiflow.storage.journal import Entry, record_all
from kpiflow.storage.letters import Drawn, LetterKey, add_versions, letter_versions
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.letters.contents import Source, contents
from kpiflow.workspace.letters.reading import cycle_of
from kpiflow.workspace.letters.rights import may_draw_up

#: The action of a letter drawn up, in the journal.
DRAWN_UP = "draw_up_letter"


@dataclass(frozen=True)
class DrawnUp:
    """What became of it: the letter's new version and its fingerprint."""

    version: int
    fingerprint: str


def draw_up(
    ws: Books,
    asker: Asker,
    key: LetterKey,
    *,
    who: str | None = None,
    reason: str | None = None,
    at: datetime.datetime | None = None,
) -> DrawnUp:
    """Write the next version of a letter from the company as it is now.

    Raises Refused for whoever may not, when no goal is agreed, when nobody could sign, or when nothing has changed.
    """
    cycle = cycle_of(ws, key.cycle, None)
    key = LetterKey(key.owner_kind, key.owner, cycle.period)
    moment = at or datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        source = Source(ws.company(), cycle, moment.date())
        now = contents(source, pl.DataFrame({"owner_kind": [key.owner_kind], "owner": [key.owner]}), cursor).get(key)
        drawn = letter_versions(cursor, key)
        last = Letter.model_validate_json(drawn["content"][-1]) if drawn.height else None
        allowed = may_draw_up(ws, asker, key, (now, last))
        if now is None or not allowed.allowed:
            raise Refused(allowed.reason)
        name = (who or "").strip() or asker.name if asker.machine else asker.name
        said = Entry(moment, name, DRAWN_UP, f"{key.owner} {key.cycle}", (reason or "").strip() or None)
        versions = write_versions(cursor, {key: now}, said)
    return DrawnUp(versions[key], now.fingerprint)


def write_versions(cursor: Cursor, letters: Mapping[LetterKey, Letter], said: Entry) -> dict[LetterKey, int]:
    """Write the next version of each letter and a line of the journal for each; return the numbers."""
    drawn = [
        Drawn(key, str(one.signer.person), None if one.manager is None else one.manager.person, one.canonical(), one.fingerprint)
        for key, one in letters.items()
    ]  # fmt: skip
    written = add_versions(cursor, drawn, who=said.who, at=said.at, reason=said.reason)
    numbers = {LetterKey(kind, owner, cycle): version for kind, owner, cycle, version in written.iter_rows()}
    prints = {one.key: one.fingerprint for one in drawn}
    lines = [
        Entry(said.at, said.who, DRAWN_UP, f"{key.owner} {key.cycle}", said.reason,
              {"owner_kind": key.owner_kind, "version": version, "fingerprint": prints[key]})
        for key, version in sorted(numbers.items(), key=lambda one: (one[0].owner_kind, one[0].owner))
    ]  # fmt: skip
    record_all(cursor, lines)
    return numbers
