"""A goal with a target written per period has one for every month of its cycle, and only such a goal has any.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.phasing import PhasingKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg

#: Months of a cycle.
MONTHS = 12


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for goals without any target per period; a warning for gaps, mixed kinds of period and wrong sums."""
    calendar = company.calendar
    months = pl.DataFrame(
        [
            (name, month.period, period.cycle)
            for name, period in calendar.periods.items()
            for month in calendar.months(period)
        ],
        schema={"period": pl.String, "month": pl.String, "cycle": pl.String},
        orient="row",
    )
    goals = places.table(company, "goals")
    explicit = goals.filter(pl.col("phasing").is_in(_explicit(company)))
    written = company.targets.select("goal", "period")
    none = explicit.filter(~pl.col("goal").is_in(written["goal"].implode()))
    yield from places.listed(
        none,
        "phasing",
        Level.ERROR,
        lambda row: msg(
            "'{goal}' is phased as written per period, but the targets table has no row for it.", goal=row["goal"]
        ),
    )
    covered = written.join(months, on="period").select("goal", "month").unique()
    wanted = (
        explicit.select("goal", "cycle")
        .join(months.filter(pl.col("period") == pl.col("cycle")), on="cycle")
        .select("goal", "month")
    )
    gaps = wanted.join(covered, on=["goal", "month"], how="anti").group_by("goal").agg(pl.col("month").sort())
    some = explicit.join(gaps, on="goal", maintain_order="left").join(
        none.select("goal"), on="goal", how="anti", maintain_order="left"
    )
    yield from places.listed(
        some,
        "phasing",
        Level.WARNING,
        lambda row: msg("'{goal}' has no target for {months}.", goal=row["goal"], months=", ".join(row["month"])),
    )
    whole = explicit.join(gaps, on="goal", how="anti", maintain_order="left")
    yield from _amounts(company, places, whole, written.join(months, on="period"))
    yield from _strays(company, places, explicit)


def _amounts(company: Company, places: Places, explicit: pl.DataFrame, written: pl.DataFrame) -> Iterator[Problem]:
    """Yield a warning for amounts that no one kind of period fills, and for those that miss the goal's own target."""
    accruing = [name for name, metric in company.metrics.items() if metric.accrues]
    goals = explicit.filter(pl.col("metric").is_in(accruing)).select("goal", "path", "line", "target")
    calendar = company.calendar.periods
    kinds = pl.DataFrame(
        [(name, period.kind.value) for name, period in calendar.items()],
        schema={"period": pl.String, "period_kind": pl.String},
        orient="row",
    )
    sums = (
        written.unique()
        .join(kinds, on="period")
        .group_by("goal", "period_kind")
        .agg(full=pl.col("month").n_unique() == MONTHS, periods=pl.col("period").unique())
        .explode("periods")
        .join(company.targets.select("goal", pl.col("period").alias("periods"), part="target"), on=["goal", "periods"])
        .group_by("goal", "period_kind")
        .agg(pl.col("full").first(), total=pl.col("part").sum().round(9), n=pl.len())
    )
    finest = sums.filter("full").sort("n", descending=True).unique("goal", keep="first")
    yield from places.listed(
        goals.join(finest, on="goal", how="anti", maintain_order="left"),
        "phasing",
        Level.WARNING,
        lambda row: msg(
            "The targets of '{goal}' are written partly for longer, partly for shorter periods. Amounts are added up over "
            "one kind of period: write every month, or every quarter.",
            goal=row["goal"],
        ),
    )
    differing = goals.join(finest, on="goal", maintain_order="left").filter(pl.col("target") != pl.col("total"))
    yield from places.listed(
        differing,
        "target",
        Level.WARNING,
        lambda row: msg(
            "The targets written per period for '{goal}' add up to {total}, but its own target is {target}.",
            goal=row["goal"],
            total=row["total"],
            target=row["target"],
        ),
    )


def _strays(company: Company, places: Places, explicit: pl.DataFrame) -> Iterator[Problem]:
    targets = places.table(company, "targets")
    unused = targets.filter(
        pl.col("goal").is_in(company.goals["goal"].implode()) & ~pl.col("goal").is_in(explicit["goal"].implode())
    )
    yield from places.listed(
        unused,
        "goal",
        Level.WARNING,
        lambda row: msg(
            "This target is not used: '{goal}' is not phased as written per period (phasing: explicit).",
            goal=row["goal"],
        ),
    )
    cycles = pl.DataFrame(
        [(name, period.cycle) for name, period in company.calendar.periods.items()],
        schema={"period": pl.String, "of": pl.String},
        orient="row",
    )
    abroad = (
        targets.join(cycles, on="period", maintain_order="left")
        .join(company.goals.select("goal", "cycle"), on="goal", maintain_order="left")
        .filter(pl.col("of") != pl.col("cycle"))
    )
    yield from places.listed(
        abroad,
        "period",
        Level.ERROR,
        lambda row: msg(
            "{period} is not in {cycle}, the cycle of '{goal}'.",
            period=row["period"],
            cycle=row["cycle"],
            goal=row["goal"],
        ),
    )


def _explicit(company: Company) -> list[str]:
    return [name for name, phasing in company.phasings.items() if phasing.kind is PhasingKind.EXPLICIT]
