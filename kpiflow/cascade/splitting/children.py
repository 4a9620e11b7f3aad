"""The children of a split as a table: who they are, what is locked, and what the methods may weigh them by.

Floor 5, part of cascade. Reads no clock, file or database.
"""

import datetime

import dataframely as dy
import polars as pl

from kpiflow.cascade.splitting.method import Method
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.scoring.gathering import ancestors


class Children(dy.Schema):
    """One row per child goal, in the order that decides ties. Columns a method does not need may be null.

    `last_volume` is last year's amount or, for a rate, last year's denominator; `last_rate` last year's rate.
    `fixed` is the amount written down for it. A locked child keeps `target_before`.
    """

    child = dy.String(primary_key=True, min_length=1)
    locked = dy.Bool()
    target_before = dy.Float64(nullable=True)
    weight = dy.Float64(nullable=True)
    headcount = dy.Float64(nullable=True)
    last_volume = dy.Float64(nullable=True)
    last_rate = dy.Float64(nullable=True)
    fixed = dy.Float64(nullable=True)


#: What people call the columns a method may need.
CALLED: dict[str, Message] = {
    "weight": msg("weight"),
    "headcount": msg("number of people"),
    "last_volume": msg("volume of last year"),
    "last_rate": msg("rate of last year"),
}


def complete(children: pl.DataFrame) -> pl.DataFrame:
    """Return the table with every column of Children; absent columns are null, and nobody is locked unless said.

    Raises InvalidInput when there are no children, one stands in it twice, or a locked one has no target to keep.
    """
    if children.is_empty():
        raise InvalidInput(msg("There is nobody to split the target over. Add children first."))
    given = children.with_columns(
        pl.lit(False if name == "locked" else None).alias(name)
        for name in Children.columns()
        if name not in children.columns
    )
    whole = Children.cast(given.with_columns(pl.col("locked").fill_null(False)))
    twice = whole.filter(pl.col("child").is_duplicated())["child"].unique(maintain_order=True)
    if len(twice):
        raise InvalidInput(msg("These stand in the split twice: {children}.", children=twice.to_list()))
    bare = whole.filter("locked", pl.col("target_before").is_null())["child"]
    if len(bare):
        raise InvalidInput(
            msg(
                "These are locked but have no target to keep: {children}. Unlock them or give them one.",
                children=bare.to_list(),
            )
        )
    return whole


def refuse_gaps(children: pl.DataFrame, method: type[Method]) -> None:
    """Raise InvalidInput that names the open children a method knows too little about, or whose weights are negative."""
    for name in method.needs:
        # The mean of a rate is taken over everyone, so that locked children need their volume too.
        asked = children if name == "last_volume" and not method.shares else children.filter(~pl.col("locked"))
        without = asked.filter(pl.col(name).is_null())["child"]
        if len(without):
            raise InvalidInput(
                msg(
                    "This split ({method}) needs the {what} of: {children}. Fill it in, lock them, or choose another method.",
                    method=method.summary,
                    what=CALLED[name],
                    children=without.to_list(),
                )
            )
        below = asked.filter(pl.col(name) < 0)["child"]
        if len(below) and name != "last_rate":
            raise InvalidInput(
                msg("The {what} of these is below 0: {children}.", what=CALLED[name], children=below.to_list())
            )
    opened = children.filter(~pl.col("locked"))
    if method.needs and opened.height and not opened[method.needs[0]].sum():
        raise InvalidInput(
            msg(
                "This split ({method}) needs a {what} above 0 for at least one open child.",
                method=method.summary,
                what=CALLED[method.needs[0]],
            )
        )


def children_of(goals: pl.DataFrame, parent: str, *knowledge: pl.DataFrame) -> pl.DataFrame:
    """Return Children for the child goals of a goal on its metric, in order of their ids, with what is known of them.

    `knowledge` are tables keyed by owner_kind and owner (such as `headcounts`) or by metric, scope_kind and scope
    (such as `last_known`); their other columns are taken where they are columns of Children. `weight` starts as null.
    """
    above = goals.filter(pl.col("goal") == parent)
    found = goals.filter(pl.col("parent") == parent).join(
        above.select("metric", "cycle"), on=["metric", "cycle"], how="semi"
    )
    found = found.sort("goal").with_columns(
        pl.col("owner_kind", "scope_kind").cast(pl.String),
        child="goal",
        target_before="target",
        weight=pl.lit(None, pl.Float64),
    )
    for table in knowledge:
        keys = [key for key in ("metric", "owner_kind", "owner", "scope_kind", "scope") if key in table.columns]
        news = table.select(*keys, *(set(Children.columns()) & set(table.columns) - {"child"}))
        found = found.join(news, on=keys, how="left", maintain_order="left")
    return found.select([name for name in Children.columns() if name in found.columns])


def headcounts(assignments: pl.DataFrame, units: pl.DataFrame, day: datetime.date) -> pl.DataFrame:
    """Return owner_kind, owner and headcount on a day: the people of every unit's subtree, each counted once; 1 per person."""
    here = assignments.filter(pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day))
    in_units = (
        here.select("unit", "person")
        .join(ancestors(units), on="unit")
        .group_by(owner="ancestor")
        .agg(headcount=pl.col("person").n_unique().cast(pl.Float64))
    )
    people = here.select(owner="person").unique().with_columns(headcount=1.0)
    kinds = (OwnerKind.UNIT.value, in_units), (OwnerKind.PERSON.value, people)
    return pl.concat(table.select(pl.lit(kind).alias("owner_kind"), "owner", "headcount") for kind, table in kinds)


def last_known(actuals: pl.DataFrame) -> pl.DataFrame:
    """Return metric, scope_kind, scope, last_volume and last_rate from the actuals of one earlier window.

    The volume of a rate is its denominator; an amount is its own volume and has no rate. Shape of the input: what
    `kpiflow.scoring.gathering.gather` returns, for a single window.
    """
    return actuals.select(
        "metric",
        "scope_kind",
        "scope",
        last_volume=pl.coalesce("denominator", "actual"),
        last_rate=pl.when(pl.col("denominator").is_not_null()).then("actual"),
    )
