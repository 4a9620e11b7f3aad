"""Where one goal will end, in sentences: forecast, interval, chances, what each would earn, and what is still needed."""

import datetime
import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.forecasting.ends import INSIDE
from kpiflow.language import Message, Quantity, msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.goal_page import find
from kpiflow.workspace.labels import amount, with_metric_names
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.outlooks.months_ahead import months_ahead
from kpiflow.workspace.outlooks.needed import IN_ALL, OUT_OF_REACH
from kpiflow.workspace.results import results

#: Chances are said in whole percents; what is nearer to certain than this is not said to be certain.
NEARLY = 0.01


@dataclass(frozen=True, eq=False)
class Outlook:
    """Where a goal will end, or why nothing is said.

    row: the columns of a result and of a forecast, with forecast_low and forecast_high for its interval (`low` and
      `high` are the edges of a band), metric_label, metric_label_zh, measure, currency, direction and ends (the day).
    months: the months to come, as `months_ahead.AHEAD`.
    sentence: what is forecast and how likely the target is; needs: what the rest of the cycle must bring or hold for
      target and stretch; basis: what the forecast rests on. With `absent`, sentence and basis are empty.
    """

    row: dict[str, Any]
    months: pl.DataFrame
    sentence: tuple[Message, ...]
    needs: tuple[Message, ...]
    basis: tuple[Message, ...]
    absent: Message | None


def outlook(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> Outlook:
    """Answer where a goal will end; raises NotFound with the nearest goal, or Refused when it is not to be read."""
    moment = ws.moment(period, as_of)
    rows = results(ws, period, as_of)
    found = rows.filter(pl.col("goal") == find(ws, asker, rows, goal)["goal"])
    ahead = forecasts(ws, asker, period, found["goal"], as_of).rename({"low": "forecast_low", "high": "forecast_high"})
    both = found.drop("points", "actual").join(ahead, on="goal")
    row = with_metric_names(both, ws.company(as_of)).row(0, named=True) | {"ends": moment.period.ends}
    said = absence(row, moment)
    return Outlook(
        row=row,
        months=months_ahead(ws, asker, row, moment, as_of),
        sentence=() if said else sentence(row),
        needs=needs(row),
        basis=() if said else _basis(row),
        absent=said,
    )


#: Why there is no forecast, where that needs no numbers.
ABSENT: dict[str, Message] = {
    "unchanged": msg("No forecast: its value has not changed yet, so nothing says how it may."),
    "no_way": msg("No forecast: its metric is a formula or an extreme, and those are not forecast."),
    "judged": msg("No forecast: its steps or levels are decided one by one, and do not follow from those before."),
    "not_own": msg("No forecast of its own: it is not measured itself. The goals below it are forecast."),
}


def absence(row: dict[str, Any], moment: Moment) -> Message | None:
    """Return why there is no forecast; None when there is one. The period's end is such a reason too."""
    if row["method"] == "ended":
        return msg("{period} has ended: what is known is not forecast.", period=moment.period.period)
    match row["absent"]:
        case None:
            return None
        case "too_little":
            known, needed = row["history"], row["needs_history"]
            if row["bucket"] == "month":
                return msg(
                    "Not enough history for a forecast: {known} months of {needed} needed.", known=known, needed=needed
                )
            return msg(
                "Not enough history for a forecast: {known} weeks of {needed} needed.", known=known, needed=needed
            )
    return ABSENT.get(row["absent"], msg("No forecast: nothing was measured yet."))


def sentence(row: dict[str, Any]) -> tuple[Message, ...]:
    """Return what is forecast, and how likely the target and the stretch are."""
    said = [
        msg(
            "Forecast for {day}: {forecast}, and with {inside} certainty between {low} and {high}.",
            day=row["ends"],
            forecast=_whole(row, "forecast"),
            inside=Quantity(INSIDE, "part"),
            low=_whole(row, "forecast_low"),
            high=_whole(row, "forecast_high"),
        )
    ]
    if row["points"] is not None:
        said.append(msg("Ending there earns {points} points.", points=Quantity(round(row["points"], 1), "points")))
    chance, stretch = _chance(row["p_target"]), _chance(row["p_stretch"])
    if chance is not None and row["target"] is None:
        said.append(msg("To end within its band: {chance} likely.", chance=chance))
    elif chance is not None:
        facts = {"chance": chance, "target": amount(row, "target"), "points": _points(row, "points_target")}
        said.append(
            msg("To stay within the target of {target}, worth {points} points: {chance} likely.", **facts)
            if row["direction"] == "lower"
            else msg("To reach the target of {target}, worth {points} points: {chance} likely.", **facts)
        )
    if stretch is not None:
        facts = {"chance": stretch, "stretch": amount(row, "stretch"), "points": _points(row, "points_stretch")}
        said.append(msg("To reach the stretch of {stretch}, worth {points} points: {chance} likely.", **facts))
    return tuple(said)


def needs(row: dict[str, Any]) -> tuple[Message, ...]:
    """Return what the rest of the cycle must bring or hold to reach its target, and its stretch."""
    names = {"target": msg("the target"), "stretch": msg("the stretch")}
    return tuple(
        said
        for anchor, name in names.items()
        if (said := _need(row, name, row[f"needed_{anchor}"], row[f"needed_{anchor}_unit"])) is not None
    )


def _need(row: dict[str, Any], anchor: Message, value: float | None, unit: str | None) -> Message | None:
    if value is None or unit is None:
        return None
    if unit == OUT_OF_REACH:
        return msg("No rest of the cycle could still reach {anchor}.", anchor=anchor)
    # Rounded to the safe side: who reaches what is said here reaches the anchor.
    lower, digits = row["direction"] == "lower", 0 if row["measure"] == "count" else 2
    safe = (math.floor if lower else math.ceil)(round(value * 10**digits, 6)) / 10**digits
    asked = amount(dict(row, safe=safe), "safe")
    if unit == "per_week":
        return msg("For {anchor}: {amount} a week to the end of the cycle.", anchor=anchor, amount=asked)
    if unit == IN_ALL:
        return msg("For {anchor}: {amount} more to the end of the cycle.", anchor=anchor, amount=asked)
    if unit == "remaining":
        return msg("For {anchor}: at most {amount} more to the end of the cycle.", anchor=anchor, amount=asked)
    if lower:
        return msg("For {anchor}: at most {amount} from now to the end of the cycle.", anchor=anchor, amount=asked)
    return msg("For {anchor}: at least {amount} from now to the end of the cycle.", anchor=anchor, amount=asked)


def _basis(row: dict[str, Any]) -> tuple[Message, ...]:
    """Return what the forecast rests on."""
    facts = {"history": row["history"], "day": row["known"]}
    if row["method"] == "level":
        return (msg("It rests on the latest value and on how values have changed, known to {day}.", day=row["known"]),)
    if row["bucket"] == "month":
        return (
            msg("It rests on {history} months of its own and on all goals on the metric, known to {day}.", **facts),
        )
    return (msg("It rests on {history} weeks of its own and on all goals on the metric, known to {day}.", **facts),)


def _chance(value: float | None) -> Quantity | Message | None:
    """Return a chance in whole percents, the nearly impossible and the nearly certain in words of their own."""
    if value is None:
        return None
    if 0 < value < NEARLY:
        return msg("less than {part}", part=Quantity(NEARLY, "part"))
    if 1 - NEARLY < value < 1:
        return msg("more than {part}", part=Quantity(1 - NEARLY, "part"))
    return Quantity(round(value, 2), "part")


def _whole(row: dict[str, Any], column: str) -> Quantity:
    """Return a forecast in its measure; what is counted one by one without digits nobody could count."""
    value = row[column]
    return amount(row | {column: round(value) if row["measure"] == "count" and value is not None else value}, column)


def _points(row: dict[str, Any], column: str) -> Quantity:
    value = row[column]
    return Quantity(None if value is None else round(value, 1), "points")
