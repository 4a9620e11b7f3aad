"""How a person's period could end: as forecast, at every target, at every stretch, and what each goal alone would change."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.language import Message, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_metric_names
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.outlooks.what_if import PayIf, WhatIf, in_all, what_ifs
from kpiflow.workspace.results import results


@dataclass(frozen=True)
class Supposed:
    """One way the period could end for a person: its name, score and grade then, and what each plan pays then."""

    name: Message
    score: float | None
    grade: str | None
    pays: tuple[PayIf, ...]

    @property
    def pay(self) -> Decimal | None:
        """What all plans pay together then; None where that cannot be said in one currency."""
        return in_all(self.pays)[1]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What may come of a person's period: `ways` for the whole of it, and `goals` for each goal alone.

    ways: as things stand, as forecast, all goals at their targets, all at their stretch.
    goals: goal, label, label_zh, metric_label, metric_label_zh, weight, measure, currency, target, stretch, and
      score_target, score_stretch, pay_target and pay_stretch: how score and pay change if it alone ends there. Only
      goals with weight; null where the asker may not read it, or the goal has no such anchor. Pay is that of all plans
      together, and null where they pay in several currencies.
    """

    ways: tuple[Supposed, ...]
    goals: pl.DataFrame
    currency: str | None


def outcomes(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Outcomes:
    """Answer how a person's period could end; raises Refused outside the asker's reach. Empty when no goal is measured."""
    ws.reach(asker).sees(person).require()
    key = ("outcomes", asker, person, period, ws.versions(as_of))
    return ws.kept(key, lambda: _outcomes(ws, asker, person, period, as_of))


def _outcomes(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None) -> Outcomes:
    mine = visible(results(ws, period, as_of), ws.reach(asker)).filter(
        pl.col("owner") == person,
        pl.col("owner_kind") == OwnerKind.PERSON.value,
        pl.col("rollup") == Rollup.OWN.value,
        pl.col("metric").is_not_null(),
        pl.col("weight") > 0,
    )
    ahead = forecasts(ws, asker, period, mine["goal"].to_list(), as_of).select("goal", "forecast")
    counted = with_metric_names(mine.join(ahead, on="goal", how="left", maintain_order="left"), ws.company(as_of))

    schema: dict[str, Any] = {"goal": pl.String, **dict.fromkeys(_ALONE, pl.Float64)}
    if counted.is_empty():
        return Outcomes((), counted.join(pl.DataFrame(schema=schema), on="goal"), None)
    whole = [(name, ends) for name, column in _WAYS if (ends := _ends(counted, column))]
    alone = [
        (row["goal"], anchor, {row["goal"]: row[anchor]})
        for row in counted.iter_rows(named=True)
        for anchor in ("target", "stretch")
        if row[anchor] is not None
    ]
    endings = [{}, *(ends for _, ends in whole), *(ends for _, _, ends in alone)]
    now, *then = what_ifs(ws, asker, person, period, endings, as_of=as_of)
    ways = [Supposed(msg("As things stand"), now.score_now, now.grade_now, _as_it_is(now.pays))]
    ways += [Supposed(name, one.score, one.grade, one.pays) for (name, _), one in zip(whole, then, strict=False)]
    changes: dict[str, dict[str, Any]] = {goal: {"goal": goal} for goal in counted["goal"]}
    for (goal, anchor, _), one in zip(alone, then[len(whole) :], strict=True):
        changes[goal] |= _change(anchor, now, one)
    kept = counted.select(
        "goal",
        "label",
        "label_zh",
        "metric_label",
        "metric_label_zh",
        "weight",
        "measure",
        "currency",
        "target",
        "stretch",
    )
    nothing = all(one.score is None and all(paid.then is None for paid in one.pays) for one in ways)
    alone_rows = pl.DataFrame(list(changes.values()), schema=schema)
    return Outcomes(
        () if nothing else tuple(ways), kept.join(alone_rows, on="goal", maintain_order="left"), now.currency
    )


#: How the whole could end, beside as it is: the name, and the column of where goals end then.
_WAYS = ((msg("As forecast"), "forecast"), (msg("All at target"), "target"), (msg("All at stretch"), "stretch"))

_ALONE = ("score_target", "score_stretch", "pay_target", "pay_stretch")


def _ends(goals: pl.DataFrame, column: str) -> dict[str, float]:
    """Return where goals end; one without a stretch ends at its target then, one without a forecast where it is."""
    instead = {"forecast": "actual", "target": "actual", "stretch": "target"}[column]
    ends = goals.select("goal", end=pl.coalesce(column, instead)).drop_nulls()
    return dict(ends.iter_rows()) if goals[column].count() else {}


def _as_it_is(pays: tuple[PayIf, ...]) -> tuple[PayIf, ...]:
    """Return what plans pay as things stand, as the way that changes nothing."""
    return tuple(replace(one, then=one.now) for one in pays)


def _change(anchor: str, now: WhatIf, then: WhatIf) -> dict[str, Any]:
    """Return how score and pay change if one goal alone ends at an anchor of its own."""
    found: dict[str, Any] = {}
    if then.score is not None and now.score_now is not None:
        found[f"score_{anchor}"] = then.score - now.score_now
    if then.pay is not None and now.pay_now is not None:
        found[f"pay_{anchor}"] = float(then.pay - now.pay_now)
    return found
