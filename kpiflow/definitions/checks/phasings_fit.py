"""Only what adds up over time is spread over the year: an amount is, a rate or a level is not.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import Accrual
from kpiflow.core.metric import MetricKind
from kpiflow.core.phasing import PhasingKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import InvalidInput, Level, Problem
from kpiflow.language import msg
from kpiflow.scoring.formulas import names_in

#: The kinds that give a month its part of the year's target.
SPREADING = (PhasingKind.EVEN, PhasingKind.SEASONAL)


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for rates that are spread, ramps asked of each period alone, and sums of amounts not spread at all."""
    goals = places.table(company, "goals").drop_nulls(["metric", "phasing"])
    # What a formula gives may be an amount, such as a profit, so derived metrics are left to whoever wrote them.
    levels = [n for n, m in company.metrics.items() if not m.accrues and m.kind is not MetricKind.DERIVED]
    spreading = [name for name, phasing in company.phasings.items() if phasing.kind in SPREADING]
    yield from places.listed(
        goals.filter(pl.col("metric").is_in(levels), pl.col("phasing").is_in(spreading)),
        "phasing",
        Level.WARNING,
        lambda row: msg(
            "'{phasing}' gives each month a part of the target of '{goal}', but '{metric}' does not add up over time. "
            "Leave phasing out, or choose flat, ramp or explicit.",
            phasing=row["phasing"],
            goal=row["goal"],
            metric=row["metric"],
        ),
    )
    accruing = [name for name, metric in company.metrics.items() if metric.kind is MetricKind.SIMPLE and metric.accrues]
    ramps = [name for name, phasing in company.phasings.items() if phasing.kind is PhasingKind.RAMP]
    alone = pl.col("accrual") == Accrual.PER_PERIOD.value
    yield from places.listed(
        goals.filter(pl.col("metric").is_in(accruing), pl.col("phasing").is_in(ramps), alone.fill_null(False)),
        "accrual",
        Level.WARNING,
        lambda row: msg(
            "A ramp is a height reached since the cycle began, but '{goal}' counts each period alone. "
            "Leave accrual out, or choose another phasing.",
            goal=row["goal"],
        ),
    )
    yield from places.listed(
        places.table(company, "goals").filter(
            pl.col("metric").is_in(_sums_of_amounts(company)), pl.col("phasing").is_null(), pl.col("accrual").is_null()
        ),
        "metric",
        Level.WARNING,
        lambda row: msg(
            "'{metric}' is made of amounts that add up over time, but '{goal}' does not say how its target is spread, so "
            "every period is asked for all of it. Set phasing to even, or to flat if that is meant.",
            goal=row["goal"],
            metric=row["metric"],
        ),
    )


def _sums_of_amounts(company: Company) -> list[str]:
    """Return the derived metrics that only add and subtract amounts, such as a profit."""
    found = []
    for name, metric in company.metrics.items():
        formula = metric.formula or ""
        if not formula or any(sign in formula for sign in "*/") or not _readable(formula):
            continue
        parts = [company.metrics.get(part) for part in names_in(formula)]
        if parts and all(part is not None and part.accrues for part in parts):
            found.append(name)
    return found


def _readable(formula: str) -> bool:
    """Return whether a formula can be read; where it cannot, another check says so."""
    try:
        return bool(names_in(formula))
    except InvalidInput:
        return False
