"""Whose letters somebody may read: the owner, both who sign it, those above them, HR and the auditors; nobody else."""

from dataclasses import dataclass

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.access.reach import Topic
from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books


@dataclass(frozen=True)
class Sight:
    """The people and units whose letters a person may read; None: everybody's. A letter is part of the appraisal."""

    person: str | None
    people: frozenset[str] | None
    units: frozenset[str] | None

    def of(self, kind: str, owner: str, signing: tuple[str | None, ...] = ()) -> Decision:
        """Decide about one letter; `signing` are those who sign it."""
        if self.person is not None and self.person in (*signing, owner if kind == OwnerKind.PERSON.value else None):
            return Decision(True, msg("You are one of the two sides of this letter."))
        within = self.people if kind == OwnerKind.PERSON.value else self.units
        if within is None or owner in within:
            return Decision(True, msg("The letter of {owner} is within what your role reads.", owner=owner))
        return Decision(False, msg("A letter is read by its two sides and those above them, HR and auditors. "
                                   "{owner} is outside what your role reads.", owner=owner))  # fmt: skip

    def rows(self) -> pl.Expr:
        """Return the same as a condition on rows with owner_kind, owner, signer and manager."""
        person = pl.col("owner_kind") == OwnerKind.PERSON.value
        allowed = pl.lit(False)
        if self.person is not None:
            allowed = (pl.col("signer") == self.person) | (pl.col("manager") == self.person)
            allowed |= person & (pl.col("owner") == self.person)
        people = pl.lit(True) if self.people is None else pl.col("owner").is_in(list(self.people))
        units = pl.lit(True) if self.units is None else pl.col("owner").is_in(list(self.units))
        return allowed.fill_null(False) | (person & people) | (~person & units)


def sight(ws: Books, asker: Asker) -> Sight:
    """Return whose letters the person asking may read, by the roles held today."""
    if asker.machine:
        return Sight(None, None, None)
    reach, standing = ws.reach(asker, Topic.APPRAISALS), ws.standing(asker)
    wide = [held for held in standing.held if held.role.appraisals in (Scope.SUBTREE, Scope.ENTERPRISE)]
    if reach.people is None:
        return Sight(asker.person, None, None)
    units = frozenset(held.unit for held in wide if held.unit is not None)
    return Sight(asker.person, reach.people, units | standing.below(units))
