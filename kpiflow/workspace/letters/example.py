"""The letters of the example company: drawn up and signed before its year began, with a few left for each desk to do."""

import datetime

import polars as pl

from kpiflow.core.letter import Letter, Side
from kpiflow.storage.journal import Entry, record_all
from kpiflow.storage.letters import LetterKey, Signature, add_signatures
from kpiflow.workspace.books import Books
from kpiflow.workspace.letters.contents import Source, contents
from kpiflow.workspace.letters.drawing import DRAWN_UP, write_versions
from kpiflow.workspace.letters.signing import SIGNED

#: When they were drawn up, and when each side signed.
DRAWN = datetime.datetime(2012, 12, 20, 10, 0, tzinfo=datetime.UTC)
BY_OWNER = datetime.datetime(2012, 12, 21, 9, 30, tzinfo=datetime.UTC)
BY_MANAGER = datetime.datetime(2012, 12, 27, 16, 0, tzinfo=datetime.UTC)

#: Who drew them up: the example's HR.
HR = "p0005"

#: Letters with one signature missing, by owner and the side that is: something to do for the executive, a head and staff.
OPEN: dict[str, Side] = {"p0003": Side.MANAGER, "EWR": Side.OWNER, "p0209": Side.MANAGER, "p0101": Side.OWNER}

#: Not drawn up at all: somebody who takes a station over in the middle of the year, which is for HR to do.
LATER = frozenset({"p0228", "LGA-F9"})


def example_letters(ws: Books) -> int:
    """Draw up and sign the letters of the example's first cycle; return how many there are."""
    company = ws.company()
    cycle = company.calendar.period(company.calendar.cycles[0].cycle)
    source = Source(company, cycle, DRAWN.date())
    owners = source.promised.select("owner_kind", "owner").unique().filter(~pl.col("owner").is_in(list(LATER)))
    with ws.store.write() as cursor:
        letters = contents(source, owners, cursor)
        write_versions(cursor, letters, Entry(DRAWN, HR, DRAWN_UP, ""))
        for side, at in ((Side.OWNER, BY_OWNER), (Side.MANAGER, BY_MANAGER)):
            signed = _signatures(letters, side)
            add_signatures(cursor, signed, at)
            record_all(cursor, [_line(one, at) for one in signed])
    return len(letters)


def _signatures(letters: dict[LetterKey, Letter], side: Side) -> list[Signature]:
    """Return the signatures of one side, of all letters that have that side and are not left open on it."""
    return [
        Signature(key, 1, side.value, str(one.sides[side].person), one.fingerprint)
        for key, one in letters.items()
        if side in one.sides and OPEN.get(key.owner) is not side
    ]


def _line(one: Signature, at: datetime.datetime) -> Entry:
    detail = {"owner_kind": one.key.owner_kind, "version": 1, "side": one.side, "fingerprint": one.fingerprint}
    return Entry(at, one.person, SIGNED, f"{one.key.owner} {one.key.cycle}", None, detail)
