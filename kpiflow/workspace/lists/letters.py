"""Letters as a list: how each that may be read stands."""

import datetime

from kpiflow.storage.letters import letters_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.letters.listing import standings
from kpiflow.workspace.letters.reading import cycle_of
from kpiflow.workspace.letters.sight import sight
from kpiflow.workspace.lists.part import FIRST, Listed, Part, picked


def letters(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None, *, part: Part = FIRST) -> Listed:
    """Return a part of the letters of the cycle a period lies in, of those that may be read, by owner.

    The columns of `LetterList.rows`. Raises NotFound for an unknown period.
    """
    ws.may(asker, "read_goals").require()
    cycle, seeing = cycle_of(ws, period, as_of).period, sight(ws, asker)
    rows = standings(ws, cycle, as_of)
    with ws.store.read() as cursor:
        known = letters_version(cursor, ws.believed(as_of))
    key = ("letters", cycle, known, ws.versions(as_of), seeing)
    columns = ("at", "owner_kind", "owner", "signer", "manager")
    found = picked(
        ws,
        key,
        rows,
        lambda one: one.select(columns).filter(seeing.rows()).sort("owner_kind", "owner", descending=[True, False]),
        part,
    )
    return Listed(found.rows.drop("order"), found.after, found.total)
