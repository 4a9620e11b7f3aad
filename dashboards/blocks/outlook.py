"""Where a goal will end, in words: the forecast and its chances, what is still needed, and what it all rests on."""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Outlook, Quantity, msg


def outlook(shown: Outlook, language: str) -> Markup:
    """Return the sentences; without a forecast the reason, and what is needed all the same."""
    lines = shown.sentence if shown.absent is None else (shown.absent,)
    parts = [text.paragraph(lines, language)]
    if shown.needs:
        parts.append(el("p", _joined(shown.needs, language), class_="k needed"))
    if shown.basis:
        parts.append(el("p", _joined(shown.basis, language), class_="k quiet"))
    return el("div", *parts)


def forecast_line(row: Mapping[str, Any], language: str) -> str:
    """Return a forecast in one line for a card or a table; an empty string where there is none.

    The row has forecast, forecast_low, forecast_high, p_target, target, method and the metric's measure.
    """
    if row.get("forecast") is None or row.get("method") == "ended":
        return ""
    # What is counted one by one is forecast without digits nobody could count.
    digits = 0 if row.get("measure") == "count" else 10
    keys = ("forecast", "forecast_low", "forecast_high")
    value, low, high = (words.quantity(round(row[key], digits), row, language) for key in keys)
    chance = row.get("p_target")
    if chance is None:
        return words.say(msg("forecast {value} ({low} to {high})", value=value, low=low, high=high), language)
    likely = Quantity(round(float(chance), 2), "part")
    facts = {"value": value, "low": low, "high": high, "chance": likely}
    if row.get("target") is None:
        return words.say(msg("forecast {value} ({low} to {high}), {chance} likely within the band", **facts), language)
    target = words.quantity(row["target"], row, language)
    return words.say(
        msg("forecast {value} ({low} to {high}), {chance} likely to reach {target}", **facts, target=target), language
    )


def _joined(said: tuple[Message, ...], language: str) -> str:
    return ("" if language == "zh" else " ").join(words.say(one, language) for one in said)
