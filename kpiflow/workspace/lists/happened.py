"""The journal as a list, for whoever a role lets read all of it: who did what, when and why, the newest first."""

import datetime

from kpiflow.storage.journal import read_journal
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.part import FIRST, Listed, Part, after_keys


def journal(
    ws: Books,
    asker: Asker,
    as_of: datetime.date | None = None,
    *,
    action: str | None = None,
    who: str | None = None,
    part: Part = FIRST,
) -> Listed:
    """Return a part of the journal known at a moment, the newest line first; raises Refused.

    entry, at, who, action, subject, reason, detail (JSON as text).
    """
    ws.may(asker, "read_journal").require()
    before = int(part.after[0]) if part.after else None
    rows = read_journal(ws.store, who=who, action=action, limit=part.most + 1, before=before, as_of=ws.believed(as_of))
    return after_keys(rows, part, ["entry"])
