"""A goal states every anchor that its convention and its curve need: a target, a baseline, a band.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import Rollup, Stage
from kpiflow.core.phasing import PhasingKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.frames.goals import ANCHORS
from kpiflow.language import msg
from kpiflow.scoring.attainment import CONVENTIONS, DEFAULTS
from kpiflow.scoring.curves import STANDARD
from kpiflow.scoring.curves.base import On
from kpiflow.scoring.curves.milestones import Milestones


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each anchor that is needed and not written, and one for goals that need a metric and have none."""
    goals = places.table(company, "goals").filter(pl.col("rollup") == Rollup.OWN.value)
    yield from places.listed(
        goals.filter(pl.col("metric").is_null() & pl.col("kind").cast(pl.String).is_in(["kpi", "key_result"])),
        "goal",
        Level.ERROR,
        lambda row: msg(
            "'{goal}' has no metric. Name one, or let it roll up its children (rollup: children).", goal=row["goal"]
        ),
    )
    milestone = pl.when(pl.col("kind").cast(pl.String) == "milestone").then(pl.lit("reached"))
    goals = goals.with_columns(attainment=pl.coalesce("attainment", milestone))
    ways = goals.select("metric", "attainment", "curve").unique().drop_nulls("metric")
    needs = pl.DataFrame(
        [(*way, _needed(company, *way)) for way in ways.iter_rows()],
        schema={"metric": pl.String, "attainment": pl.String, "curve": pl.String, "needs": pl.List(pl.String)},
        orient="row",
    )
    # What is still being talked about is not scored, and its target is what the talk is about.
    settled = goals.filter(~pl.col("stage").cast(pl.String).is_in([Stage.DRAFT.value, Stage.PROPOSED.value]))
    needing = settled.join(needs, on=["metric", "attainment", "curve"], nulls_equal=True, maintain_order="left")
    written = company.targets["goal"].unique().implode()
    # A goal whose targets are written per period need not state one for the whole cycle.
    explicit = (pl.col("phasing") == PhasingKind.EXPLICIT.value).fill_null(False) & pl.col("goal").is_in(written)
    for anchor in ANCHORS:
        bad = needing.filter(pl.col("needs").list.contains(anchor) & pl.col(anchor).is_null())
        if anchor == "target":
            bad = bad.filter(~explicit)
        yield from places.listed(
            bad,
            "goal",
            Level.ERROR,
            lambda row, anchor=anchor: msg(
                "'{goal}' measures '{metric}' but has no {anchor}. Write '{anchor}:' in the metric's own unit.",
                goal=row["goal"],
                metric=row["metric"],
                anchor=anchor,
            ),
        )


def _needed(company: Company, metric: str, attainment: str | None, curve: str | None) -> list[str]:
    """Return the anchors a goal with these three must state; none where one of them is not known."""
    direction = company.metrics[metric].direction if metric in company.metrics else None
    convention = CONVENTIONS.get(attainment or (DEFAULTS[direction] if direction else ""))
    chosen = STANDARD if curve is None else company.curves.get(curve)
    if convention is None or chosen is None:
        return []
    needed = [*chosen.anchors_needed(), *(convention.needs if chosen.on is On.ATTAINMENT else ())]
    # Without a target, one step would count as all of them reached.
    stepped = isinstance(chosen, Milestones) and len(chosen.steps) > 1 and convention.name == "reached"
    return [*needed, "target"] if stepped else needed
