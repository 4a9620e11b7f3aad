"""The dated segments of people: worked apart, then one row per person, with the segments kept beside it.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.incentives.components.fold import Fold, How, folded, folded_days
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.resolved import Typed
from kpiflow.incentives.sheet import Sheet, open_sheet

#: What a segment is: kept in the list of segments whether or not the plan reads it.
SPAN: tuple[str, ...] = ("segment", "segment_from", "segment_to")


def in_order(payees: pl.DataFrame) -> pl.DataFrame:
    """Return the rows segment by segment; without numbers they stay as they are."""
    return payees.sort("segment", maintain_order=True) if "segment" in payees.columns else payees


def as_people(payees: pl.DataFrame, made: Typed, kept: list[str]) -> pl.DataFrame:
    """Return one row per person: days added up, the first day of the first segment, all else as in the last one."""
    found = []
    for name in kept:
        column = pl.col(name)
        if made.kinds.get(name) is Kind.DAYS and name == "days_employed":
            found.append(pl.when(column.is_not_null().all()).then(column.sum()).alias(name))
        elif name == "segment_from":
            found.append(column.first())
        elif name != "person":
            found.append(column.last())
    return payees.group_by("person", maintain_order=True).agg(found)


def person_sheet(below: Sheet, people: pl.DataFrame, made: Typed, money: RoundTo, person: pl.Series) -> Sheet:
    """Return the sheet of whole people: their inputs, and for each fold what the segments below come to."""
    sheet = open_sheet(people, {name: asked.kind for name, asked in made.inputs.items()}, made.absent, money)
    values = []
    for step in made.steps:
        if isinstance(step, Fold):
            values += _folded(step, below)
            sheet.kinds[folded(step.id)], sheet.kinds[folded_days(step.id)] = made.kinds[step.of], Kind.DAYS
            if step.how is not How.MEAN_BY_DAYS:
                sheet.grains[folded(step.id)] = below.number(step.of).grain
    together = below.columns.with_columns(person.alias("the person")).group_by("the person", maintain_order=True)
    sheet.put(together.agg(values).drop("the person"))
    return sheet


def nested(rows: pl.DataFrame, person: pl.Series) -> pl.Series:
    """Return the rows of segments as one list of structs per person, in the order of `as_people`."""
    structs = rows.to_struct("segments").to_frame().with_columns(person.alias("the person"))
    return structs.group_by("the person", maintain_order=True).agg("segments")["segments"]


def _folded(step: Fold, below: Sheet) -> list[pl.Expr]:
    """Return what a fold takes from the segments; nothing where one of them is not known."""
    value = below.number(step.of).expr
    days = below.number("days_employed").expr if step.how is How.MEAN_BY_DAYS else pl.lit(0)
    known = value.is_not_null().all()
    if step.how is How.LAST:
        return [value.last().alias(folded(step.id))]
    if step.how is How.SUM:
        return [pl.when(known).then(value.sum()).alias(folded(step.id))]
    # Nobody's mean is taken over no days: left out, they do not make the bounds of every quotient as wide as can be.
    total = days.sum()
    return [
        pl.when(known & days.is_not_null().all()).then((value * days).sum()).alias(folded(step.id)),
        pl.when(total > 0).then(total).alias(folded_days(step.id)),
    ]
