"""The last known value stands in for a level or a rate, never for an amount that piles up: what was once sold is not sold again.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.core.metric import Metric
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import InvalidInput, Level, Problem
from kpiflow.language import msg
from kpiflow.scoring.formulas import measured_in


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each goal whose missing-data policy would count an earlier amount once more."""
    amounts = [name for name in company.metrics if _piles_up(name, company.metrics)]
    goals = places.table(company, "goals")
    yield from places.listed(
        goals.filter(
            pl.col("missing") == "last_value",
            pl.col("rollup") == Rollup.OWN.value,
            pl.col("metric").is_in(amounts),
        ),
        "goal",
        Level.ERROR,
        lambda row: msg(
            "'{goal}' measures '{metric}', an amount that piles up, so an earlier month's amount cannot stand in for one "
            "that is missing: it would count twice. Write 'missing: zero' if no data is to earn no points, or "
            "'missing: exclude' to leave the goal out.",
            goal=row["goal"],
            metric=row["metric"],
        ),
    )


def _piles_up(name: str, metrics: Mapping[str, Metric]) -> bool:
    """Return whether a metric is an amount that piles up: itself, or as a formula of such amounts that divides by nothing."""
    metric = metrics[name]
    if metric.formula is None:
        return metric.accrues
    try:
        parts = measured_in(name, metrics)
    except (InvalidInput, KeyError, RecursionError):
        return False  # another check says what is wrong with the formula
    return "/" not in metric.formula and any(metrics[part].accrues for part in parts)
