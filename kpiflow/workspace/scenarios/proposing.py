"""Targets of a scenario proposed to their owners, who agree before any of them changes."""

import datetime

import polars as pl

from kpiflow.cascade.splitting.fixed import Fixed
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Draft
from kpiflow.workspace.handing_down.proposing import ask, named, propose
from kpiflow.workspace.scenarios.answers import ProposedSo, Writes
from kpiflow.workspace.scenarios.making import preview_writes
from kpiflow.workspace.scenarios.next_steps import handed_down
from kpiflow.workspace.scenarios.shelf import MAKE

#: The word in the journal of a scenario whose targets were proposed to their owners.
PROPOSE = "propose_scenario"


def propose_scenario(
    ws: Books, asker: Asker, shown: Writes, *, words: str | None = None, by: str | None = None
) -> ProposedSo:
    """Propose the targets of a scenario to their owners, one proposal per goal above; no target changes yet.

    Only targets that came down from a goal with the same metric are proposed. Raises Refused where the person asking may
    not split one of the goals above, and InvalidInput as any proposal does, or where there is no such target.
    """
    ws.may(asker, MAKE).require()
    now = preview_writes(ws, asker, shown.scenario.number)
    if (now.scenario.version, now.version) != (shown.scenario.version, shown.version):
        raise InvalidInput(msg("This scenario or the plan has changed since it was shown. Look at it again."))
    down = handed_down(ws.company(), now.changes)
    cycle = ws.moment(now.scenario.period, None).cycle.period
    asked = [
        ask(ws, asker, parent, cycle, Draft(Fixed.name, held=tuple(children.select("goal", "after").iter_rows())))
        for (parent,), children in down.group_by("parent", maintain_order=True)
    ]
    waiting = [one for one in asked if one.lines.height]
    if not waiting:
        raise InvalidInput(
            msg(
                "There is nothing to propose: no target of this scenario came down from a goal above, or all were proposed."
            )
        )
    at, who = datetime.datetime.now(datetime.UTC), named(asker, by)
    given = (words or "").strip() or None
    reason = f"{given or ''} (scenario {now.scenario.number}: {now.scenario.name})".strip()
    with ws.store.write() as cursor:
        made = [
            # Which scenario it was is said to every owner, but is no reason for an easier target.
            propose(ws, asker, one, words=None if one.needs_words and given is None else reason, by=by, at=at)
            for one in waiting
        ]
        numbers = tuple(one.proposal for one in made)
        detail = {"scenario": now.scenario.number, "version": now.scenario.version, "proposals": numbers}
        entry = record(cursor, Entry(at, who, PROPOSE, f"scenario {now.scenario.number}", given, detail))
    lines = pl.concat([one.lines.select("goal", "owner_kind", "owner") for one in waiting])
    left = now.changes.filter(~((pl.col("field") == "target") & pl.col("goal").is_in(lines["goal"].to_list())))
    return ProposedSo(numbers, lines.select("owner_kind", "owner").n_unique(), left.height + now.hidden, entry)
