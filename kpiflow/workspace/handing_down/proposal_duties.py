"""What proposals leave to be done: agree, review a counter-proposal, split a changed target again, hand down what is left."""

import datetime

import polars as pl

from kpiflow.core.proposal import LineState
from kpiflow.language import Quantity, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.handing_down.drafting import assigned_goals
from kpiflow.workspace.handing_down.leading import led_by_others
from kpiflow.workspace.handing_down.proposals import HEAD, OWNER, proposals
from kpiflow.workspace.handing_down.resplits import resplit_offers
from kpiflow.workspace.handing_down.splits import SPLIT
from kpiflow.workspace.labels import amount, name_of

#: The page on which targets are split.
WORKBENCH = "workbench"

#: A part of the target smaller than this is left by rounding, not forgotten.
WORTH_SAYING = 0.0005


def targets_to_agree(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the proposed targets that wait for the person asking, each with both numbers."""
    lines = proposals(ws, asker, ws.default_period(as_of), as_of, only_open=True).lines
    mine = lines.filter(pl.col("side") == OWNER, pl.col("waits") == OWNER).sort("line")
    found = []
    for row in mine.iter_rows(named=True):
        facts = {"goal": name_of(row), "before": amount(row, "before"), "target": amount(row, "target")}
        facts["who"] = name_of(row, "proposed_by_label")
        said = (
            msg("{who} keeps to {target} for {goal}. Agree, or answer with another target.", **facts)
            if row["state"] == LineState.DECLINED
            else msg("{who} proposes {target} for {goal}, now {before}.", **facts)
        )
        since = (row["answered_at"] or row["proposed_at"]).date()
        found.append(Duty(DutyKind.AGREE, said, "todo", since, 1, {"line": str(row["line"])}))
    return found


def counters_to_review(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the counter-proposals that wait for the person asking."""
    if not ws.may(asker, SPLIT).allowed:
        return []
    lines = proposals(ws, asker, ws.default_period(as_of), as_of, only_open=True).lines
    mine = lines.filter(pl.col("side") == HEAD, pl.col("waits") == HEAD).sort("line")
    return [
        Duty(
            DutyKind.REVIEW,
            msg(
                "{owner} asks for {counter} instead of {target} for {goal}: “{words}”",
                owner=name_of(row, "owner_label"),
                counter=amount(row, "counter"),
                target=amount(row, "target"),
                goal=name_of(row),
                words=row["counter_words"],
            ),
            WORKBENCH,
            row["counter_at"].date(),
            1,
            {"goal": row["parent"], "line": str(row["line"])},
        )
        for row in mine.iter_rows(named=True)
    ]


def targets_to_split_again(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the goals whose target has changed since it was split, but for those of units that somebody else leads."""
    offers = resplit_offers(ws, asker, ws.default_period(as_of), as_of)
    theirs = led_by_others(ws, asker, as_of) if offers else frozenset()
    return [
        Duty(DutyKind.RESPLIT, offer.why, WORKBENCH, choices={"goal": offer.goal})
        for offer in offers
        if offer.goal not in theirs
    ]


def targets_left_over(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the goals of the asker's units of which a part is assigned to nobody, or more than all of it is."""
    if not ws.may(asker, SPLIT).allowed:
        return []
    period = ws.default_period(as_of)
    offered = [offer.goal for offer in resplit_offers(ws, asker, period, as_of)]
    goals = assigned_goals(ws, asker, period, as_of).filter(
        pl.col("state").is_in(["unassigned", "over_assigned"]), pl.col("waiting") == 0, pl.col("countered") == 0,
        ~pl.col("goal").is_in(offered),
    )  # fmt: skip
    found = []
    for row in goals.iter_rows(named=True):
        left = row["unassigned"] if row["state"] == "unassigned" else row["over_assigned"]
        if not left or not row["target"] or abs(left / row["target"]) < WORTH_SAYING:
            continue
        facts = {"goal": name_of(row), "part": Quantity(left, row["measure"], row["currency"])}
        said = (
            msg("{part} of {goal} is assigned to nobody.", **facts)
            if row["state"] == "unassigned"
            else msg("{part} more than {goal} asks for is assigned.", **facts)
        )
        found.append(Duty(DutyKind.RESPLIT, said, WORKBENCH, choices={"goal": row["goal"]}))
    return found
