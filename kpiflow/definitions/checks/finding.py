"""What several checks need to look things up: the nearest word among very many, and the units above each unit.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterable

import polars as pl

from kpiflow.core.goal import OwnerKind
from kpiflow.definitions.company import Company
from kpiflow.errors import suggest
from kpiflow.language import Message, msg

#: Above this many candidates only those that begin and end up alike are compared.
MANY = 3000


def unknown(what: Message, word: str, known: Iterable[str]) -> Message:
    """Return the message for a reference to something that is not there, with the nearest word that is."""
    candidates = list(known)
    if len(candidates) > MANY:
        alike = [one for one in candidates if one[:2] == word[:2] and abs(len(one) - len(word)) <= 2]
        candidates = alike[:MANY]
    near = suggest(word, candidates)
    if near:
        return msg("There is no {what} '{word}'. Did you mean '{near}'?", what=what, word=word, near=near)
    some = ", ".join(sorted(candidates)[:8]) or "–"
    return msg("There is no {what} '{word}'. Known ones: {some}.", what=what, word=word, some=some)


def inside(company: Company) -> pl.DataFrame:
    """Return every (scope_kind, scope, within_kind, within): a unit lies in itself and all above, a person in their units."""
    above = company.units.select(unit="unit", within="unit")
    whole, parents = [above], company.units.select(within="unit", parent="parent").drop_nulls()
    for _ in range(company.units.height):  # one pass per level; a loop in the tree is another check's matter
        above = above.join(parents, on="within").select("unit", within="parent")
        if above.is_empty() or len(whole) > 40:
            break
        whole.append(above)
    units = pl.concat(whole).unique()
    unit, person = OwnerKind.UNIT.value, OwnerKind.PERSON.value
    people = (
        company.assignments.select("person", "unit").unique().join(units, on="unit").select("person", "within").unique()
    )
    kinds = pl.Enum([unit, person])
    return pl.concat(
        [
            units.select(
                pl.lit(unit, kinds).alias("scope_kind"),
                pl.col("unit").alias("scope"),
                pl.lit(unit, kinds).alias("within_kind"),
                "within",
            ),
            people.select(
                pl.lit(person, kinds).alias("scope_kind"),
                pl.col("person").alias("scope"),
                pl.lit(unit, kinds).alias("within_kind"),
                "within",
            ),
            company.people.select(
                pl.lit(person, kinds).alias("scope_kind"),
                pl.col("person").alias("scope"),
                pl.lit(person, kinds).alias("within_kind"),
                pl.col("person").alias("within"),
            ),
        ]
    )
