"""Every time a promised goal was made easier to reach, with the original, who did it, and the reason they gave."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import polars as pl

from kpiflow.core.letter import Easing, Wording
from kpiflow.core.metric import Direction
from kpiflow.definitions.company import Company

#: The anchors that say how hard a goal is, as in the difference of two companies.
HARDNESS = ("threshold", "target", "stretch", "low", "high")


def easings(versions: pl.DataFrame, company: Company, names: Callable[[str], Wording]) -> dict[str, tuple[Easing, ...]]:
    """Return goal → the times one of its anchors was eased, oldest first; `versions` are those of `goal_versions`.

    `names` says what somebody the journal names is called.
    """
    found: defaultdict[str, list[Easing]] = defaultdict(list)
    before: dict[str, Any] | None = None
    for row in versions.iter_rows(named=True):
        if before is not None and before["goal"] == row["goal"]:
            metric = company.metrics.get(row["metric"] or "")
            direction = None if metric is None else metric.direction
            found[row["goal"]] += [
                Easing(day=row["day"], who=names(row["who"]), field=field, before=before[field], after=row[field],
                       reason=row["reason"])
                for field in HARDNESS
                if _easier(field, before[field], row[field], direction)
            ]  # fmt: skip
        before = row
    return {goal: tuple(times) for goal, times in found.items()}


def _easier(field: str, was: float | None, now: float | None, direction: Direction | None) -> bool:
    """Return whether an anchor moved to where it is easier to reach; one that was dropped did."""
    if was is None or now is None:
        return was is not None and now is None
    if field in ("low", "high"):
        return now < was if field == "low" else now > was
    if direction is Direction.WITHIN:
        return False
    return now > was if direction is Direction.LOWER else now < was
