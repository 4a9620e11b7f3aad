"""How a person stands in the company on a day: the roles held and where, who reports to them, who is below."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from kpiflow.core.company import Role, Scope

#: The role that is there before any company is: whoever sets a store up, and reads nobody's rows.
BUILT_IN: Mapping[str, Role] = MappingProxyType(
    {
        "administrator": Role(
            role="administrator",
            label="Administrator",
            label_zh="系统管理员",
            actions=("apply_config", "load_measurements", "manage_accounts", "manage_webhooks"),
        )
    }
)


@dataclass(frozen=True)
class Held:
    """A role and the unit it is held in; None: the whole company, by an account that is outside the organisation."""

    role: Role
    unit: str | None


@dataclass(frozen=True, eq=False)
class Standing:
    """What decides about a person's rights on a day.

    `present` has person, unit and manager of the assignments of that day; `units` has unit, ancestor and up (every unit
    above each unit, itself included). An account without a person stands for nobody in the company.
    """

    person: str | None
    held: tuple[Held, ...]
    present: pl.DataFrame
    units: pl.DataFrame

    def everywhere(self, held: Held, scope: Scope) -> bool:
        """Return whether a scope of a held role leaves nobody out."""
        return scope is Scope.ENTERPRISE or (held.unit is None and scope is Scope.SUBTREE)

    def people(self, scopes: Iterable[tuple[Scope, Held]]) -> frozenset[str] | None:
        """Return the people that some scopes of held roles reach, without the person; None when nobody is left out."""
        found: set[str] = set()
        units = []
        for scope, held in scopes:
            if self.everywhere(held, scope):
                return None
            if scope is Scope.REPORTS and self.person is not None:
                found |= set(self.present.filter(pl.col("manager") == self.person)["person"])
            if scope is Scope.SUBTREE:
                units.append(held.unit)
        if units:
            below = self.units.filter(pl.col("ancestor").is_in(units))
            found |= set(self.present.join(below, on="unit", how="semi")["person"])
        return frozenset(found - {self.person})

    def leads(self, action: str) -> frozenset[str]:
        """Return the units in which the person holds a role that has an action and reads what is below."""
        wide = (Scope.SUBTREE, Scope.ENTERPRISE)
        return frozenset(
            held.unit
            for held in self.held
            if held.unit is not None and action in held.role.actions and held.role.reads in wide
        )

    def below(self, units: Iterable[str]) -> frozenset[str]:
        """Return all units under some units, without these."""
        under = self.units.filter(pl.col("ancestor").is_in(list(units)), pl.col("up") > 0)
        return frozenset(under["unit"])


def standing_of(
    person: str | None,
    day: datetime.date,
    company: tuple[pl.DataFrame, pl.DataFrame, Mapping[str, Role]],
    beside: Iterable[str] = (),
) -> Standing:
    """Return how a person stands on a day; `company` is frames.Assignments, the unit tree and the roles.

    `beside` names roles that an account holds for the whole company, beside those of the person's assignments.
    """
    assignments, units, roles = company
    present = assignments.filter(pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day))
    mine = present.filter(pl.col("person") == person) if person is not None else present.clear()
    held = [Held(roles[role], unit) for role, unit in mine.select("role", "unit").iter_rows() if role in roles]
    held += [Held(roles[role], None) for role in beside if role in roles]
    return Standing(person, tuple(held), present.select("person", "unit", "manager"), units)


def nobody(person: str | None, beside: Iterable[str] = ()) -> Standing:
    """Return how an account stands before there is a company: only built-in roles are known."""
    present = pl.DataFrame(schema={"person": pl.String, "unit": pl.String, "manager": pl.String})
    units = pl.DataFrame(schema={"unit": pl.String, "ancestor": pl.String, "up": pl.Int64})
    held = tuple(Held(BUILT_IN[role], None) for role in beside if role in BUILT_IN)
    return Standing(person, held, present, units)
