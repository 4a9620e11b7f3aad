"""Pays everybody at once: one column per component, worked out in the written order, money exact.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Sequence

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan, Who
from kpiflow.incentives.segments import SPAN, as_people, in_order, nested, person_sheet
from kpiflow.incentives.sheet import Sheet, open_sheet
from kpiflow.incentives.typed import Typed, sound

#: Columns of the payees that go with the result, where they are there.
KEPT: tuple[str, ...] = ("person", "unit", "role")


def pay(plan: Plan, payees: pl.DataFrame) -> pl.DataFrame:
    """Return one row per payee the plan is for: `plan`, `version`, the inputs read, every component, and `amount`.

    `payees` has a column for each of `typed.inputs_needed(plan)`. Money is Decimal(38, its places), ratios and points
    Decimal(38, 10); a component with rows or parts also has `<id>_row` (see the component for what they number).
    Where an input is absent, and `absent` does not say what it counts as, the amount is absent too.

    A component that keeps a balance reads `carried:<id>` (absent: 0) and gives the column `<id>_left`: the balance after
    this run, to be carried into the next one. Others may have columns beside their value too (`Component.beside`).

    A plan with `segments: true` takes one row per person and dated segment (see `inputs`) and still returns one row per
    person: steps before the first `fold` are worked for each segment and kept in the column `segments`, a list of structs
    (segment, segment_from, segment_to, the inputs, the components and their rows); from the `fold` on they are worked for
    the person. A person's own inputs are then those of the last segment, days the sum over the segments.

    A pool is shared among all payees, so everybody whom the plan reaches must be among them (see `needs_everybody`).
    """
    made = sound(plan)
    payees = payees.filter(reached(plan.who))
    kept = [name for name in dict.fromkeys((*KEPT, *made.inputs)) if name in payees.columns]
    wide = _by_segments(plan, made, in_order(payees), kept) if plan.segments else _by_people(plan, made, payees, kept)
    named = [pl.lit(plan.plan).alias("plan"), pl.lit(f"{plan.version}+{plan.fingerprint}").alias("version")]
    return wide.with_columns(*named, pl.col(made.last.id).alias("amount"))


def _by_people(plan: Plan, made: Typed, payees: pl.DataFrame, kept: list[str]) -> pl.DataFrame:
    """Return one row per person."""
    sheet = open_sheet(payees, _inputs(made), made.absent, plan.rounding)
    _work(made, sheet, made.steps)
    return payees.select(*kept).hstack(_values(plan, made, sheet, made.steps))


def _inputs(made: Typed) -> dict[str, Kind]:
    """Return the inputs with their kinds."""
    return {name: asked.kind for name, asked in made.inputs.items()}


def _work(made: Typed, sheet: Sheet, steps: Sequence[Component]) -> None:
    """Work steps out one after the other."""
    for step in steps:
        sheet.emit(step.id, made.kinds[step.id], step.works(sheet), step.rounding)


def _by_segments(plan: Plan, made: Typed, payees: pl.DataFrame, kept: list[str]) -> pl.DataFrame:
    """Return one row per person, from one row per segment."""
    below = open_sheet(payees, _inputs(made), made.absent, plan.rounding)
    apart = [step for step in made.steps if step.id in made.per_segment]
    _work(made, below, apart)
    people = as_people(payees, made, ["person", *(name for name in kept if name != "person")])
    sheet = person_sheet(below, people, made, plan.rounding, payees["person"])
    whole = [step for step in made.steps if step.id not in made.per_segment]
    _work(made, sheet, whole)
    spans = [name for name in dict.fromkeys((*SPAN, *made.inputs)) if name in payees.columns]
    segments = nested(payees.select(spans).hstack(_values(plan, made, below, apart)), payees["person"])
    return people.hstack(_values(plan, made, sheet, whole)).with_columns(segments)


def _values(plan: Plan, made: Typed, sheet: Sheet, steps: Sequence[Component]) -> pl.DataFrame:
    """Return the columns of steps as people read them: decimals, with what is beside them, and the rows hit."""
    found = []
    for step in steps:
        names = [step.id, *(f"{step.id}_{end}" for end in step.beside(made.kinds))]
        found += [_written(plan, made, sheet, name, step.rounding) for name in names]
    found += [pl.col(f"{step.id}_row") for step in steps if step.id in sheet.with_rows]
    return sheet.asked.select(found).collect()


def reached(who: Who) -> pl.Expr:
    """Return whether a plan is for a payee. `units` is the payee's unit and all above it, when the plan names units."""
    fits = pl.lit(True)
    if who.roles:
        fits = fits & pl.col("role").is_in(list(who.roles))
    if who.units:
        fits = fits & pl.any_horizontal(pl.col("units").list.contains(unit) for unit in who.units)
    if who.grades:
        fits = fits & pl.col("grade").is_in(list(who.grades))
    return fits


def places_of(plan: Plan, made: Typed, name: str, rounding: RoundTo | None) -> int:
    """Return how many digits after the point a component's column has."""
    if made.kinds[name] is not Kind.MONEY:
        return 10
    return max(2, (rounding or plan.rounding).places)


def _written(plan: Plan, made: Typed, sheet: Sheet, name: str, rounding: RoundTo | None) -> pl.Expr:
    """Return a component's column as decimals, or as the words it is."""
    if not made.kinds[name].numeric:
        return pl.col(name)
    return sheet.written(name, places_of(plan, made, name, rounding)).alias(name)
