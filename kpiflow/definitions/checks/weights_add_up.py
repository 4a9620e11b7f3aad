"""Weights written as percents or fractions add up to 100 or 1.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import LISTED, Places
from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg

#: Weights whose sum is this near to 100 or 1 were meant to add up to it.
NEAR = 0.2


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for each owner's sheet, family of children and scorecard whose weights miss 100 or 1 by a little."""
    goals = places.table(company, "goals")
    parents = goals.select(parent="goal", above="owner", above_kind="owner_kind", above_rollup="rollup")
    known = goals.join(parents, on="parent", how="left", maintain_order="left")
    same_owner = (pl.col("above") == pl.col("owner")) & (pl.col("above_kind") == pl.col("owner_kind"))
    sheets = known.filter(~same_owner.fill_null(False)).with_columns(counted="weight")
    yield from _groups(sheets, ["cycle", "owner_kind", "owner", "commitment"], "weight", places)
    families = known.filter(pl.col("above_rollup") == Rollup.CHILDREN.value)
    families = families.with_columns(counted=pl.coalesce("rollup_weight", "weight"))
    yield from _groups(families, ["parent", "commitment"], "rollup_weight", places)
    for name, card in company.scorecards.items():
        weights = [float(section.weight) for section in card.sections]
        found = repair(weights, [section.section for section in card.sections])
        if found is not None:
            number, said = found
            yield places.problem("scorecard", name, ("sections", number, "weight"), Level.WARNING, said)


def _groups(rows: pl.DataFrame, by: list[str], column: str, places: Places) -> Iterator[Problem]:
    total, least, most = pl.col("counted").sum(), pl.col("counted").min(), pl.col("counted").max()
    sums = rows.group_by(by).agg(total.round(9).alias("total"), least.alias("least"), most.alias("most"), n=pl.len())
    percents = (
        (pl.col("least") > 1)
        & pl.col("total").is_between(100 * (1 - NEAR), 100 * (1 + NEAR))
        & (pl.col("total") != 100)
    )
    fractions = (pl.col("most") < 1) & pl.col("total").is_between(1 - NEAR, 1 + NEAR) & (pl.col("total") != 1)
    bad = sums.filter((pl.col("n") > 1) & (percents | fractions)).sort(by).head(LISTED)
    for _, group in rows.join(bad.select(by), on=by, how="semi").sort("path", "line").group_by(by, maintain_order=True):
        found = repair(group["counted"].to_list(), group["goal"].to_list())
        if found is not None:
            yield places.at(
                group.row(found[0], named=True),
                column if column == "weight" else "rollup_weight",
                Level.WARNING,
                found[1],
            )


def repair(weights: Sequence[float], names: Sequence[str]) -> tuple[int, Message] | None:
    """Return which weight to change and the words for it, or None when the weights add up or were never meant to.

    The weight chosen is the one that the missing rest makes roundest: 0.20 → 0.25 rather than 0.31 → 0.36.
    """
    total = round(sum(weights), 9)
    fractions = len(weights) > 1 and max(weights) < 1 and abs(total - 1) <= NEAR
    percents = len(weights) > 1 and min(weights) > 1 and abs(total - 100) <= 100 * NEAR
    whole = 1 if fractions else 100
    if not (fractions or percents) or total == whole:
        return None
    rest = whole - total

    def roundness(number: int) -> tuple[bool, bool, float]:
        repaired = round((weights[number] + rest) * 100 / whole, 6)
        return (repaired <= 0, repaired % 5 != 0, -weights[number])

    number = min(range(len(weights)), key=roundness)
    return number, msg(
        "These weights add up to {total}, not {whole}. Did you mean {repaired} for '{name}' (now {now})?",
        total=total,
        whole=whole,
        repaired=round(weights[number] + rest, 9),
        name=names[number],
        now=weights[number],
    )
