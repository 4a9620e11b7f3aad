"""A person's goal as a card: name, value, bullet, months as a sparkline, pace, and what the rest of the year must bring."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.drawings import bullet_line, sparkline
from dashboards.blocks.markup import Markup, el, join
from dashboards.charts import bullet
from dashboards.charts.paper import Ink
from kpiflow.workspace import Message, msg


def goal_card(row: Mapping[str, Any], ink: Ink, language: str, href: Callable[[str], str]) -> Markup:
    """Return the card of one goal of a desk."""
    name = words.name(row, language, "metric_label") if row.get("metric") else words.name(row, language)
    mark = text.example_mark(language) if row.get("example") else None
    spark = sparkline(row.get("spark") or [], ink, words.say(msg("Months of {name}", name=name), language))
    value = words.quantity(row["actual"], row, language) if row["metric"] else words.points(row["points"], language)
    card = el(
        "article",
        el(
            "div",
            el("span", el("a", name, href=href(row["goal"])), " ", mark),
            text.status(row["status"], language),
            class_="top",
        ),
        el("p", words.say(msg("Asks for a value"), language), class_="due") if row.get("due") else None,
        el("div", el("span", value, class_="big"), spark, class_="mid"),
        bullet_line(row, ink, words.say(bullet.alt(row, language), language)),
        el("div", el("span", _target(row, language)), el("span", _weighs(row, language)), class_="k-ends"),
        _ahead(row, language),
        _needed(row, language),
        _said(row, language),
        class_="k-card",
    )
    return el("div", card, class_="k")


def _ahead(row: Mapping[str, Any], language: str) -> Markup | None:
    """Where it is heading, with its interval and how likely the target is; nothing once the period has ended."""
    low, high = row.get("forecast_low"), row.get("forecast_high")
    if row.get("forecast") is None or low is None or high is None or low == high:
        return None
    facts: dict[str, Any] = {
        "forecast": words.quantity(row["forecast"], row, language),
        "low": words.quantity(low, row, language),
        "high": words.quantity(high, row, language),
    }
    if row.get("p_target") is None:
        return el("p", words.say(msg("Heading for {forecast} ({low} to {high})", **facts), language), class_="ahead")
    likely = words.share(round(row["p_target"], 2), language)
    said = msg("Heading for {forecast} ({low} to {high}); the target is {likely} likely", **facts, likely=likely)
    return el("p", words.say(said, language), class_="ahead")


def _said(row: Mapping[str, Any], language: str) -> Markup | None:
    """The newest check-in: when, how sure, and its words."""
    if row.get("said_on") is None:
        return None
    day, sure = row["said_on"], row.get("confidence")
    head = (
        msg("{day}", day=day)
        if sure is None
        else msg("{day} · confidence {confidence} of 10", day=day, confidence=sure)
    )
    return el("p", words.say(head, language), " — " if row.get("said") else None, row.get("said"), class_="said")


def _target(row: Mapping[str, Any], language: str) -> str:
    if row.get("target") is None and row.get("low") is not None and row.get("high") is not None:
        low, high = (words.quantity(row[key], row, language) for key in ("low", "high"))
        return words.say(msg("band {low} to {high}", low=low, high=high), language)
    pace = words.share(row["pace"], language)
    return words.say(
        msg("target {target} · pace {pace}", target=words.quantity(row["target"], row, language), pace=pace), language
    )


def _weighs(row: Mapping[str, Any], language: str) -> str:
    return words.say(
        msg("{points} points · weight {weight}", points=words.points(row["points"], language), weight=row["weight"]),
        language,
    )


def _needed(row: Mapping[str, Any], language: str) -> Markup | None:
    """What the rest of the cycle must bring or hold, for the target and for stretch."""
    lines = []
    for anchor, asked in (("target", _to_target), ("stretch", _to_stretch)):
        needed, how = row.get(f"needed_{anchor}"), row.get(f"needed_{anchor}_unit")
        if needed is None or how is None:
            continue
        # Rounded to the safe side: who reaches what is said here reaches the anchor.
        lower, digits = row.get("direction") == "lower", 0 if row.get("measure") == "count" else 2
        safe = (math.floor if lower else math.ceil)(round(needed * 10**digits, 6)) / 10**digits
        said = asked(how, words.quantity(safe, row, language), lower=lower)
        quiet = " quiet" if how == "out_of_reach" or anchor == "stretch" else ""
        lines.append(el("p", words.say(said, language), class_=f"needed{quiet}"))
    return join(*lines) if lines else None


def _to_target(how: str, amount: str, *, lower: bool) -> Message:
    """What is needed for the target, by the way it is reckoned and by whether less is better."""
    if how == "out_of_reach":
        return msg("The target of the cycle can no longer be reached.")
    if how == "per_week":
        return msg("Needed: {amount} a week to the end of the cycle.", amount=amount)
    if how == "in_all":
        return msg("Needed: {amount} more to the end of the cycle.", amount=amount)
    if how == "remaining":
        return msg("To stay within the target: at most {amount} more to the end of the cycle.", amount=amount)
    if lower:
        return msg("Needed: at most {amount} from now to the end of the cycle.", amount=amount)
    return msg("Needed: at least {amount} from now to the end of the cycle.", amount=amount)


def _to_stretch(how: str, amount: str, *, lower: bool) -> Message:
    """The same for stretch."""
    if how == "out_of_reach":
        return msg("Stretch can no longer be reached.")
    if how == "per_week":
        return msg("For stretch: {amount} a week.", amount=amount)
    if how == "in_all":
        return msg("For stretch: {amount} more.", amount=amount)
    if how == "remaining":
        return msg("For stretch: at most {amount} more.", amount=amount)
    if lower:
        return msg("For stretch: at most {amount} from now.", amount=amount)
    return msg("For stretch: at least {amount} from now.", amount=amount)
