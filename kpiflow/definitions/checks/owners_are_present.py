"""Everybody who answers for a goal is there in its cycle: hired, not left, and assigned somewhere.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import OwnerKind, Stage
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for owners absent the whole cycle, a warning for those who leave during it or have no assignment."""
    if places.unread & {"people", "assignments"}:
        return
    owned = _owned(company, places)
    gone, late = pl.col("left") < pl.col("first"), pl.col("hired") > pl.col("last")
    leaving = pl.col("left").is_between("first", "last", closed="left") & ~gone.fill_null(False)
    yield from places.listed(
        owned.filter(gone),
        "owner",
        Level.ERROR,
        lambda row: msg(
            "'{owner}' left on {day}, before cycle {cycle}. Give '{goal}' another owner.",
            day=row["left"],
            **_named(row),
        ),
    )
    yield from places.listed(
        owned.filter(late),
        "owner",
        Level.ERROR,
        lambda row: msg(
            "'{owner}' is hired on {day}, after cycle {cycle}. Give '{goal}' another owner.",
            day=row["hired"],
            **_named(row),
        ),
    )
    yield from places.listed(
        owned.filter(leaving),
        "owner",
        Level.WARNING,
        lambda row: msg(
            "'{owner}' leaves on {day}, before cycle {cycle} ends. Who takes over '{goal}'?",
            day=row["left"],
            **_named(row),
        ),
    )
    stretches = company.assignments.select(owner="person", starts="starts", ends="ends")
    placed = owned.select("goal", "owner", "first", "last").join(stretches, on="owner")
    during = placed.filter(
        (pl.col("starts") <= pl.col("last")) & (pl.col("ends").is_null() | (pl.col("ends") >= pl.col("first")))
    )
    present = owned.filter(~gone.fill_null(False) & ~late.fill_null(False))
    yield from places.listed(
        present.join(during.select("goal"), on="goal", how="anti", maintain_order="left"),
        "owner",
        Level.WARNING,
        lambda row: msg(
            "'{owner}' has no assignment in cycle {cycle}, so nobody leads them and no plan reaches them.",
            **_named(row),
        ),
    )


def _owned(company: Company, places: Places) -> pl.DataFrame:
    """Return the open goals of people, with the days of their cycle and of the owner's employment."""
    periods = company.calendar.periods
    cycles = pl.DataFrame(
        [(cycle.cycle, periods[cycle.cycle].starts, periods[cycle.cycle].ends) for cycle in company.calendar.cycles],
        schema={"cycle": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    return (
        places.table(company, "goals")
        .filter((pl.col("owner_kind") == OwnerKind.PERSON.value) & (pl.col("stage") != Stage.CLOSED.value))
        .join(cycles, on="cycle")
        .join(company.people.select("person", "hired", "left"), left_on="owner", right_on="person")
    )


def _named(row: dict[str, object]) -> dict[str, object]:
    return {name: row[name] for name in ("owner", "cycle", "goal")}
