"""Check-ins as a list: every one made by a day about a goal that may be read, oldest first."""

import datetime

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.storage.check_ins import check_ins_after
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.part import FIRST, Listed, Part, after_keys
from kpiflow.workspace.unseen import unseen


def check_ins(
    ws: Books, asker: Asker, as_of: datetime.date | None = None, *, goal: str | None = None, part: Part = FIRST
) -> Listed:
    """Return a part of the check-ins made by a day of the goals that may be read, or of one goal; by number.

    check_in, goal, person, who, at, day, value, numerator, denominator, step, confidence, words, load, corrects,
    corrected_by, reason. Raises NotFound for a goal that there is not or that may not be read.
    """
    ws.may(asker, "read_goals").require()
    reach = ws.reach(asker)
    looked_at = ws.company(as_of).goals.select("goal", "owner", "owner_kind", "scope", "scope_kind")
    readable = visible(looked_at, reach)["goal"]
    if goal is not None:
        if goal not in readable:
            raise unseen(goal, readable)
        readable = pl.Series("goal", [goal])
    everything = goal is None and reach.people is None
    after = int(part.after[0]) if part.after else 0
    rows = check_ins_after(
        ws.store, after, part.most + 1, as_of=ws.believed(as_of), goals=None if everything else readable
    )
    return after_keys(rows, part, ["check_in"])
