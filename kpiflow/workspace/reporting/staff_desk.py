"""A person's desk: where they stand in one sentence, goals with forecast and what is needed, and what ends would pay."""

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.core.status import Status
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.storage.check_ins import last_check_ins
from kpiflow.workspace.answers import Progress
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import amount, name_of
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.outlooks.what_if import WhatIf, what_if
from kpiflow.workspace.progress import progress
from kpiflow.workspace.reporting.check_in_form import taken_by
from kpiflow.workspace.reporting.spoken import Takes

#: What the goals of a desk get from their forecast, and what the columns are called there.
_AHEAD = {
    "forecast": "forecast", "low": "forecast_low", "high": "forecast_high", "p_target": "p_target",
    "p_stretch": "p_stretch", "absent": "absent", "needed_target": "needed_target",
    "needed_target_unit": "needed_target_unit", "needed_stretch": "needed_stretch",
    "needed_stretch_unit": "needed_stretch_unit",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class StaffDesk:
    """One person's desk. `own` says that the person asking looks at their own.

    goals: the columns of Progress.goals; forecast, forecast_low, forecast_high, p_target, p_stretch, absent,
      needed_target(_unit), needed_stretch(_unit) of the forecast; takes (what a check-in brings), due (whether it asks
      for a value now), said_on, confidence and said of the newest check-in. Those that ask for a value come first.
    `check_in` says whether the person asking may check in on them now.
    """

    progress: Progress
    sentence: tuple[Message, ...]
    goals: pl.DataFrame
    own: bool
    check_in: bool


def staff_desk(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> StaffDesk:
    """Answer a person's desk; raises NotFound, or Refused outside the asker's reach."""
    shown = progress(ws, asker, person, period, as_of)
    goals = _goals(ws, asker, shown, period, as_of)
    heaviest = _heaviest(goals)
    then = _reached(ws, asker, shown, heaviest, as_of) if heaviest else None
    own = asker.person == person
    return StaffDesk(
        progress=shown,
        sentence=_sentence(shown, goals, heaviest, then, own=own),
        goals=goals,
        own=own,
        check_in=ws.believed(as_of) is None and ws.may(asker, "check_in", "person", person).allowed,
    )


def _goals(ws: Books, asker: Asker, shown: Progress, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the person's goals with their forecast and newest check-in; those that ask for a value come first."""
    goals = shown.goals
    ahead = forecasts(ws, asker, period, goals["goal"].to_list(), as_of).select(
        "goal", *(pl.col(name).alias(to) for name, to in _AHEAD.items())
    )
    newest = last_check_ins(ws.store, ws.believed(as_of)).select(
        "goal", said_on=pl.col("at").dt.date(), confidence="confidence", said="words"
    )
    takes = {row["goal"]: taken_by(ws, row)[0].value for row in goals.iter_rows(named=True)}
    silent = pl.col("status").cast(pl.String).is_in([Status.OUTDATED.value, Status.NO_DATA.value])
    return (
        goals.join(ahead, on="goal", how="left", maintain_order="left")
        .join(newest, on="goal", how="left", maintain_order="left")
        .with_columns(takes=pl.col("goal").replace_strict(takes, default=None, return_dtype=pl.String))
        .with_columns(due=silent & (pl.col("takes") != Takes.WORDS.value))
        .sort(~pl.col("due"), maintain_order=True)
    )


def _heaviest(goals: pl.DataFrame) -> dict[str, Any] | None:
    """Return the measured goal that weighs most, the one the first sentence is about."""
    known = goals.filter(
        pl.col("actual").is_not_null(), pl.col("expected").is_not_null(), pl.col("metric").is_not_null()
    ).sort("weight", descending=True, maintain_order=True)
    return known.row(0, named=True) if known.height else None


def _reached(
    ws: Books, asker: Asker, shown: Progress, row: Mapping[str, Any], as_of: datetime.date | None
) -> WhatIf | None:
    """Return what would be if one goal ended at its target and all else as it is; None where no plan's pay hangs on it."""
    if row["target"] is None or not any(one.period == row["period"] for one in shown.pays):
        return None
    period = row["period"]
    key = ("reached", asker, row["goal"], period, ws.versions(as_of))
    ends = {row["goal"]: row["target"]}
    return ws.kept(key, lambda: what_if(ws, asker, shown.person, period, ends, as_of=as_of))


def _sentence(
    shown: Progress, goals: pl.DataFrame, row: Mapping[str, Any] | None, then: WhatIf | None, *, own: bool
) -> tuple[Message, ...]:
    """Say where the person stands on what weighs most, what reaching the target takes, and what that would pay."""
    due = goals.filter("due").height
    waiting = (_waiting(due),) if due else ()
    if row is None:
        return (*shown.sentence, *waiting)
    said = (_stands(row, shown.name, own=own), _takes(row), None if then is None else _pays(row, then))
    return (*(one for one in said if one is not None), *waiting)


def _waiting(due: int) -> Message:
    return msg("One goal asks for a value.") if due == 1 else msg("{count} goals ask for a value.", count=due)


def _stands(row: Mapping[str, Any], name: Name, *, own: bool) -> Message:
    """Return where the goal is and where it should be by now."""
    facts: dict[str, Any] = {
        "metric": name_of(dict(row), "metric_label"), "actual": amount(dict(row), "actual"),
        "expected": amount(dict(row), "expected"), "name": name,
    }  # fmt: skip
    if row["direction"] == "lower":
        if own:
            return msg("{metric}: you are at {actual}, pace allows {expected}.", **facts)
        return msg("{metric}: {name} is at {actual}, pace allows {expected}.", **facts)
    if own:
        return msg("{metric}: you are at {actual}, pace asks for {expected}.", **facts)
    return msg("{metric}: {name} is at {actual}, pace asks for {expected}.", **facts)


def _takes(row: Mapping[str, Any]) -> Message | None:
    """Return what the rest of the cycle must bring for the target; None when it is over or reached."""
    needed, how = row["needed_target"], row["needed_target_unit"]
    target = amount(dict(row, cycle=row["cycle_target"]), "cycle")
    if how is None:
        return None
    if how == "out_of_reach":
        return msg("The target of {target} can no longer be reached.", target=target)
    lower = row["direction"] == "lower"
    asked = Quantity(safe(needed, str(row["measure"]), lower=lower), str(row["measure"]), row["currency"])
    if how == "per_week":
        return msg("{asked} a week to the end of the cycle reach the target of {target}.", asked=asked, target=target)
    if how == "in_all":
        return msg("{asked} more to the end of the cycle reach the target of {target}.", asked=asked, target=target)
    if how == "remaining":
        return msg("At most {asked} more keep within the target of {target}.", asked=asked, target=target)
    if lower:
        return msg(
            "Keep at most {asked} to the end of the cycle to reach the target of {target}.", asked=asked, target=target
        )
    return msg(
        "Keep at least {asked} to the end of the cycle to reach the target of {target}.", asked=asked, target=target
    )


def safe(value: float, measure: str, *, lower: bool) -> float:
    """Return what is needed rounded to the safe side: who reaches what is said reaches the target.

    >>> safe(79.591, "percent", lower=False), safe(1.807, "percent", lower=True), safe(12.2, "count", lower=False)
    (79.6, 1.8, 13)
    """
    digits = 0 if measure == "count" else 2
    rounded = (math.floor if lower else math.ceil)(round(value * 10**digits, 6)) / 10**digits
    return int(rounded) if digits == 0 else rounded


def _pays(row: Mapping[str, Any], then: WhatIf) -> Message | None:
    """Return what reaching the target of that goal would pay by all plans for the period, where that can be said in one sum."""
    if then.pay_now is None or then.pay is None:
        return None
    pay = Quantity(float(then.pay), "currency", then.currency)
    now = Quantity(float(then.pay_now), "currency", then.currency)
    if then.pay_now == 0 and then.pay == 0:
        return msg("Nothing is paid for {period} as things stand; the statement says why.", period=row["period"])
    if (row["attainment"] is not None and row["attainment"] >= 1) or then.pay == then.pay_now:
        return msg("As things stand, the pay for {period} is {pay}.", pay=now, period=row["period"])
    if row["needed_target_unit"] is None or row["needed_target_unit"] == "out_of_reach":
        return msg("As things stand, the pay is {now}; at the target it would be {pay}.", now=now, pay=pay)
    return msg("That pays {pay}; as things stand it is {now}.", pay=pay, now=now)
