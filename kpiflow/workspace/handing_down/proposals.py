"""Proposals read by both sides: what was, what is proposed, what is asked for instead, and what that makes of the whole."""

import datetime
from collections.abc import Collection

import polars as pl

from kpiflow.core.proposal import OPEN, WAITS_FOR_OWNER, LineState
from kpiflow.storage.proposals import Wanted, proposals_version, read_lines
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Proposals, Sums
from kpiflow.workspace.handing_down.leading import desk_units, in_hand, owned_by
from kpiflow.workspace.handing_down.planning import planned
from kpiflow.workspace.handing_down.reconciliation import compared_goals
from kpiflow.workspace.handing_down.splits import SPLIT
from kpiflow.workspace.labels import with_metric_names, with_owner_names

#: The two sides of a line.
OWNER, HEAD = "owner", "head"


def proposals(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    *,
    parents: Collection[str] | None = None,
    only_open: bool = False,
) -> Proposals:
    """Return the lines of the period's cycle in which the person asking has a say, on either side, with what they come to.

    `parents`: only proposals below these goals. `only_open`: only lines that still wait for an answer.
    """
    ws.may(asker, "read_goals").require()
    cycle = ws.moment(period, as_of).cycle.period
    periods = [one.period for one in ws.company(as_of).calendar.periods.values() if one.cycle == cycle]
    wanted = None if parents is None else tuple(sorted(parents))
    key = ("proposals", asker, period, wanted, ws.versions(as_of), proposals_version(ws.store))
    found = ws.kept(key, lambda: _read(ws, asker, period, as_of, parents=wanted))
    lines = found.lines.filter(pl.col("period").is_in(periods))
    if only_open:
        lines = lines.filter(pl.col("state").is_in(OPEN))
    return Proposals(lines, found.sums)


def _read(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None, *, parents: tuple[str, ...] | None
) -> Proposals:
    """Read both sides and put names and sums beside them."""
    day, company = ws.believed(as_of), ws.company(as_of)
    own = read_lines(ws.store, Wanted(owners=owned_by(asker, ws), parents=parents), day)
    split = read_lines(ws.store, Wanted(parents=_handed_down(ws, asker, period, as_of, parents)), day)
    split = in_hand(ws, asker, split) if split.height else split
    lines = pl.concat([own.with_columns(side=pl.lit(OWNER)), split.with_columns(side=pl.lit(HEAD))])
    # Whoever splits and agrees at once, such as for a unit they lead twice over, answers as the owner.
    lines = lines.unique("line", keep="first", maintain_order=True).sort("line", descending=True)
    waits = (
        pl.when(pl.col("state").is_in(WAITS_FOR_OWNER))
        .then(pl.lit(OWNER))
        .when(pl.col("state") == LineState.COUNTERED.value)
        .then(pl.lit(HEAD))
    )
    goals = company.goals.select("goal", "label", "label_zh", "metric")
    above = company.goals.select(parent="goal", parent_label="label", parent_label_zh="label_zh", parent_now="target")
    people = company.people.select(proposed_by="person", proposed_by_label="label", proposed_by_label_zh="label_zh")
    named = (
        lines.with_columns(waits=waits)
        .join(goals, on="goal", how="left", maintain_order="left")
        .join(above, on="parent", how="left", maintain_order="left")
        .join(people, on="proposed_by", how="left", maintain_order="left")
        .with_columns(pl.coalesce("label", "goal"), pl.coalesce("proposed_by_label", "proposed_by"))
    )
    named = with_metric_names(with_owner_names(named, company), company)
    return Proposals(named, _sums(ws, named, period, as_of))


def _handed_down(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None, parents: tuple[str, ...] | None
) -> list[str]:
    """Return the goals whose proposals are the asker's to review: those of the units they lead, or those asked about."""
    if not ws.may(asker, SPLIT).allowed:
        return []
    goals = planned(ws.company(as_of), ws.moment(period, as_of)).with_columns(pl.col("owner_kind").cast(pl.String))
    mine = in_hand(ws, asker, goals)
    if parents is not None:
        return mine.filter(pl.col("goal").is_in(list(parents)))["goal"].to_list()
    units = list(desk_units(ws, asker))
    return mine.filter(pl.col("owner_kind") == "unit", pl.col("owner").is_in(units))["goal"].to_list()


def _sums(ws: Books, lines: pl.DataFrame, period: str, as_of: datetime.date | None) -> dict[str, Sums]:
    """Return what the parts of each parent with open lines come to: now, as proposed, and with counter-proposals taken."""
    waiting = lines.filter(pl.col("state").is_in(OPEN))
    parents = waiting["parent"].unique(maintain_order=True).to_list()
    if not parents:
        return {}
    moment = ws.moment(period, as_of)
    family = pl.col("goal").is_in(parents) | pl.col("parent").is_in(parents)
    goals = planned(ws.company(as_of), moment).filter(family)
    # Everybody's lines count in the sum, not only those the asker may see one by one.
    every = read_lines(ws.store, Wanted(parents=parents), ws.believed(as_of))
    every = every.filter(pl.col("state").is_in(OPEN))
    asked = every.select(
        "goal", instead=pl.when(pl.col("state") == LineState.COUNTERED.value).then("counter"), to="target"
    )
    news = goals.join(asked, on="goal", how="left", maintain_order="left")
    proposed = news.with_columns(target=pl.coalesce("to", "target")).select(goals.columns)
    countered = news.with_columns(target=pl.coalesce("instead", "to", "target")).select(goals.columns)
    now, then, bargained = (
        {row["goal"]: row for row in compared_goals(ws, one, moment, as_of).iter_rows(named=True)}
        for one in (goals, proposed, countered)
    )
    return {parent: Sums(now[parent], then[parent], bargained[parent]) for parent in parents if parent in now}
