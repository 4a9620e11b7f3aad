"""The splits made so far, as the journal tells them: their buffers, and how to split the same way again."""

import datetime
import json
from typing import Any

import polars as pl

from kpiflow.cascade.reconciling import counted_children
from kpiflow.cascade.splitting import BY_NAME, Fixed
from kpiflow.cascade.splitting.children import Children
from kpiflow.cascade.splitting.split import Split, split
from kpiflow.definitions.company import Company
from kpiflow.errors import InvalidInput
from kpiflow.storage.journal import read_journal
from kpiflow.storage.known import known_then
from kpiflow.workspace.books import Books

#: The action of a split, in roles and in the journal.
SPLIT = "split_target"

#: Splits are rare beside measurements: all of them are read at once.
ALL = 1_000_000


def splits_made(ws: Books, as_of: datetime.date | None) -> dict[str, dict[str, Any]]:
    """Return the newest split of every goal known on a day: goal → goal, metric, method, buffer and children; cached.

    A split is told in the journal and not in a table of its own: targets are the plan, how they came about is history.
    """

    def make() -> dict[str, dict[str, Any]]:
        lines = read_journal(ws.store, action=SPLIT, limit=ALL).sort("entry")
        lines = lines.filter(known_then("at", ws.believed(as_of)))
        return {
            subject: json.loads(detail)["split"] for subject, detail in lines.select("subject", "detail").iter_rows()
        }

    # A split and its line are written with one change, so that its number says whether there is a new one.
    return ws.kept(("splits", ws.versions(as_of)), make)


def buffers(ws: Books, as_of: datetime.date | None) -> pl.DataFrame:
    """Return goal and buffer of the goals that were split with one."""
    made = [(goal, float(one["buffer"])) for goal, one in splits_made(ws, as_of).items()]
    return pl.DataFrame(made, schema={"goal": pl.String, "buffer": pl.Float64}, orient="row").filter(
        pl.col("buffer") != 0
    )


def splits_to_repeat(ws: Books, company: Company, goals: pl.DataFrame, as_of: datetime.date | None) -> dict[str, Split]:
    """Return the splits of these goals that can be made again for another target, with the present children and targets.

    A split into written amounts says nothing about another target, and one whose children have changed nothing about
    the new ones: both are left out, and present proportions take their place.
    """
    told = splits_made(ws, as_of)
    rows = goals.filter(pl.col("goal").is_in(list(told)), pl.col("target").is_not_null())
    if rows.is_empty():
        return {}
    below = counted_children(goals).select("parent", child="goal", target_before="target")
    found = {}
    for row in rows.iter_rows(named=True):
        one = told[row["goal"]]
        children = below.filter(pl.col("parent") == row["goal"])
        known = pl.DataFrame(one["children"], infer_schema_length=None).drop("target_before", strict=False)
        fits = one["metric"] == row["metric"] and set(known["child"]) == set(children["child"])
        if not fits or one["method"] == Fixed.name or one["method"] not in BY_NAME:
            continue
        present = known.join(children.drop("parent"), on="child", how="left", maintain_order="left")
        try:
            found[row["goal"]] = split(
                present.select(name for name in Children.columns() if name in present.columns),
                row["target"],
                company.metrics[row["metric"]],
                BY_NAME[one["method"]],
                buffer=one["buffer"],
            )
        except InvalidInput:  # what it rested on is gone, such as the target of a locked child
            continue
    return found
