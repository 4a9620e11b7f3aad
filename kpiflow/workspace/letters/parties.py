"""Who signs for whom: the owner, or whoever leads the unit, and the one above; for all owners at once."""

import datetime

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.definitions.company import Company

#: The right that makes somebody sign for the unit they hold it in.
SIGNS = "sign_letter"


def parties(company: Company, tree: pl.DataFrame, cycle: Period, today: datetime.date) -> pl.DataFrame:
    """Return who signs for every unit that somebody leads and every person present in a cycle.

    owner_kind, owner, signer, signer_role, signer_unit, manager, manager_role and manager_unit. Those present on the
    day count, before the cycle its first day and after it its last; somebody who comes later signs as they come.
    """
    day = min(max(today, cycle.starts), cycle.ends)
    held = _held(company.assignments, cycle, day)
    people = held.unique("person", keep="first", maintain_order=True)
    leaders = _leaders(company, held)
    of_people = people.select(
        pl.lit(OwnerKind.PERSON.value).alias("owner_kind"),
        owner="person",
        signer="person",
        signer_role="role",
        signer_unit="unit",
        manager="manager",
    )
    of_units = leaders.select(
        pl.lit(OwnerKind.UNIT.value).alias("owner_kind"),
        owner="unit",
        signer="person",
        signer_role="role",
        signer_unit="unit",
    ).join(_above(leaders, tree), on="owner", how="left")
    both = pl.concat([of_people, of_units.select(of_people.columns)])
    above = people.select(manager="person", manager_role="role", manager_unit="unit")
    own = pl.when(pl.col("manager") != pl.col("signer")).then("manager")
    return both.with_columns(manager=own).join(above, on="manager", how="left", maintain_order="left")


def _held(assignments: pl.DataFrame, cycle: Period, day: datetime.date) -> pl.DataFrame:
    """Return the assignments of a cycle, those that hold on the day before those that come later or are over."""
    inside = assignments.filter(
        pl.col("starts") <= cycle.ends, pl.col("ends").is_null() | (pl.col("ends") >= cycle.starts)
    )
    there = (pl.col("starts") <= day) & (pl.col("ends").is_null() | (pl.col("ends") >= day))
    return inside.with_columns(there=there).sort(
        pl.col("there"), pl.col("starts"), pl.col("person"), pl.col("unit"), descending=[True, False, False, False]
    )


def _leaders(company: Company, held: pl.DataFrame) -> pl.DataFrame:
    """Return for each unit who leads it: the first person there in a role that signs and reads what is below."""
    wide = (Scope.SUBTREE, Scope.ENTERPRISE)
    roles = [name for name, role in company.roles.items() if SIGNS in role.actions and role.reads in wide]
    return held.filter(pl.col("role").is_in(roles)).unique("unit", keep="first", maintain_order=True)


def _above(leaders: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    """Return for each unit the person who leads the nearest unit above it that somebody leads."""
    up = tree.filter(pl.col("up") > 0).select(owner="unit", unit="ancestor", up="up")
    near = up.join(leaders.select("unit", manager="person"), on="unit").sort("owner", "up")
    return near.unique("owner", keep="first", maintain_order=True).select("owner", "manager")
