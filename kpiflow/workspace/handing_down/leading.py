"""Who answers for what: the units somebody leads, the people who may agree for an owner, and whose goals may be split."""

import datetime
from collections.abc import Iterable

import polars as pl

from kpiflow.access.acting import Hand
from kpiflow.access.reach import visible
from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.planning import hand
from kpiflow.workspace.handing_down.splits import SPLIT

#: The action of whoever agrees to a goal.
AGREE = "agree_goal"


def desk_units(ws: Books, asker: Asker) -> frozenset[str]:
    """Return the units whose goals the person asking hands down; the enterprise for those who stand above all units."""
    led = frozenset() if asker.machine else ws.standing(asker).leads(SPLIT)
    if led or not ws.may(asker, SPLIT).allowed:
        return led
    return frozenset({ws.company().profile.enterprise}) if hand(ws, asker, SPLIT).led is None else led


def owned_by(asker: Asker, ws: Books) -> list[tuple[str, str]]:
    """Return kind and id of the owners for whom the person asking may agree: themselves, and units they lead."""
    if asker.person is None:
        return []
    if not ws.may(asker, AGREE).allowed:
        return []
    units = sorted(ws.standing(asker).leads(AGREE))
    return [(OwnerKind.PERSON.value, asker.person), *((OwnerKind.UNIT.value, unit) for unit in units)]


def require_split(ws: Books, asker: Asker, owners: Iterable[tuple[str, str]], *, parent: tuple[str, str]) -> None:
    """Raise Refused unless the person asking may split the goals of a parent's owner over these owners."""
    may = hand(ws, asker, SPLIT)
    may.on(*parent, own_unit=True).require()
    for kind, owner in owners:
        may.on(kind, owner, own_unit=True).require()


def in_hand(ws: Books, asker: Asker, goals: pl.DataFrame) -> pl.DataFrame:
    """Return the goals that the person asking may hand down: those of units they lead and of everybody below."""
    may: Hand = hand(ws, asker, SPLIT)
    if not ws.may(asker, SPLIT).allowed:
        return goals.clear()
    if may.led is None or may.below is None or may.people is None:
        return goals
    unit = pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value
    units, people = list(may.led | may.below), list(may.people)
    mine = (unit & pl.col("owner").is_in(units)) | (~unit & pl.col("owner").is_in(people))
    return visible(goals.filter(mine), ws.reach(asker))


def led_by_others(ws: Books, asker: Asker, as_of: datetime.date | None) -> frozenset[str]:
    """Return the goals of units that the person asking does not lead and somebody else answers for."""
    led = answerable(ws).filter(pl.col("owner_kind") == OwnerKind.UNIT.value)["owner"]
    theirs = sorted(set(led) - desk_units(ws, asker))
    unit = pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value
    return frozenset(ws.company(as_of).goals.filter(unit, pl.col("owner").is_in(theirs))["goal"])


def answerable(ws: Books) -> pl.DataFrame:
    """Return owner_kind, owner, person, label and label_zh: who may agree for each unit today, and every person themselves."""
    company, day = ws.company(), ws.today()

    def make() -> pl.DataFrame:
        may = {name: role for name, role in company.roles.items() if AGREE in role.actions}
        wide = [name for name, role in may.items() if role.reads in (Scope.SUBTREE, Scope.ENTERPRISE)]
        here = company.assignments.filter(
            pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day), pl.col("role").is_in(list(may))
        )
        unit, person = pl.lit(OwnerKind.UNIT.value), pl.lit(OwnerKind.PERSON.value)
        leaders = here.filter(pl.col("role").is_in(wide)).select("person", owner_kind=unit, owner="unit")
        themselves = here.select("person", owner_kind=person, owner="person")
        names = company.people.select("person", "label", "label_zh")
        both = pl.concat([leaders, themselves]).unique(maintain_order=True)
        return both.join(names, on="person", how="left", maintain_order="left").select(
            "owner_kind", "owner", "person", "label", pl.coalesce("label_zh", "label")
        )

    return ws.kept(("answerable", ws.versions(None)), make)


def with_people(rows: pl.DataFrame, ws: Books) -> pl.DataFrame:
    """Add people and people_zh: the names of those who may agree for each row's owner; null where nobody may."""
    named = (
        answerable(ws)
        .join(rows.select("owner_kind", "owner"), on=["owner_kind", "owner"], how="semi", maintain_order="left")
        .group_by("owner_kind", "owner", maintain_order=True)
        .agg(people=pl.col("label").str.join(", "), people_zh=pl.col("label_zh").str.join("、"))
    )
    return rows.join(named, on=["owner_kind", "owner"], how="left", maintain_order="left")
