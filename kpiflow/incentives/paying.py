"""Pays everybody at once: one column per component, worked out in the written order, money exact.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.incentives.exact import as_decimal
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan, Who
from kpiflow.incentives.sheet import open_sheet
from kpiflow.incentives.typed import Typed, sound

#: Columns of the payees that go with the result, where they are there.
KEPT: tuple[str, ...] = ("person", "unit", "role")


def pay(plan: Plan, payees: pl.DataFrame) -> pl.DataFrame:
    """Return one row per payee the plan is for: `plan`, `version`, the inputs read, every component, and `amount`.

    `payees` has a column for each of `typed.inputs_needed(plan)`. Money is Decimal(38, its places), ratios and points
    Decimal(38, 10); a component with rows or parts also has `<id>_row` (see the component for what they number).
    Where an input is absent, and `absent` does not say what it counts as, the amount is absent too.
    """
    made = sound(plan)
    payees = payees.filter(reached(plan.who))
    sheet = open_sheet(payees, {name: asked.kind for name, asked in made.inputs.items()}, plan.absent, plan.rounding)
    for step in made.steps:
        sheet.emit(step.id, made.kinds[step.id], step.works(sheet), step.rounding)
    kept = [name for name in dict.fromkeys((*KEPT, *made.inputs)) if name in payees.columns]
    values = [_written(plan, made, step.id, step.rounding) for step in made.steps]
    rows = [pl.col(f"{step.id}_row") for step in made.steps if f"{step.id}_row" in sheet.columns.columns]
    components = sheet.columns.select(*values, *rows)
    named = [pl.lit(plan.plan).alias("plan"), pl.lit(f"{plan.version}+{plan.fingerprint}").alias("version")]
    wide = payees.select(*kept).hstack(components)
    return wide.with_columns(*named, pl.col(made.last.id).alias("amount"))


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


def _written(plan: Plan, made: Typed, name: str, rounding: RoundTo | None) -> pl.Expr:
    """Return a component's column as decimals."""
    return as_decimal(name, made.kinds[name], places_of(plan, made, name, rounding)).alias(name)
