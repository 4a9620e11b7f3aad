"""A person's goals as cards: name, value, bullet, months as a sparkline, pace, and what the rest of the year must bring."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.drawings import bullet_line, sparkline
from dashboards.blocks.markup import Markup, el
from dashboards.charts import bullet
from dashboards.charts.paper import Ink
from kpiflow.workspace import Message, msg


def goal_cards(goals: pl.DataFrame, ink: Ink, language: str, href: Callable[[str], str]) -> Markup:
    """Return the cards in the order of the frame."""
    return el("div", *(_card(row, ink, language, href) for row in goals.iter_rows(named=True)), class_="k k-cards")


def _card(row: Mapping[str, Any], ink: Ink, language: str, href: Callable[[str], str]) -> Markup:
    name = words.name(row, language, "metric_label") if row.get("metric") else words.name(row, language)
    mark = text.example_mark(language) if row.get("example") else None
    spark = sparkline(row.get("spark") or [], ink, words.say(msg("Months of {name}", name=name), language))
    value = words.quantity(row["actual"], row, language) if row["metric"] else words.points(row["points"], language)
    return el(
        "article",
        el(
            "div",
            el("span", el("a", name, href=href(row["goal"])), " ", mark),
            text.status(row["status"], language),
            class_="top",
        ),
        el("div", el("span", value, class_="big"), spark, class_="mid"),
        bullet_line(row, ink, words.say(bullet.alt(row, language), language)),
        el("div", el("span", _target(row, language)), el("span", _weighs(row, language)), class_="k-ends"),
        _needed(row, language),
        class_="k-card",
    )


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
    """What the rest of the cycle must bring or hold."""
    needed = row.get("needed")
    if needed is None:
        return None
    if row["needed_unit"] == "out_of_reach":
        return el(
            "p", words.say(msg("The target of the cycle can no longer be reached."), language), class_="needed quiet"
        )
    # Rounded to the safe side: who reaches what is said here reaches the target.
    lower, digits = row.get("direction") == "lower", 0 if row.get("measure") == "count" else 2
    safe = (math.floor if lower else math.ceil)(round(needed * 10**digits, 6)) / 10**digits
    said = _asked(row["needed_unit"], words.quantity(safe, row, language), lower=lower)
    return el("p", words.say(said, language), class_="needed")


def _asked(how: str, amount: str, *, lower: bool) -> Message:
    """What is needed, by the way it is reckoned and by whether less is better."""
    if how == "per_week":
        return msg("Needed: {amount} a week to the end of the cycle.", amount=amount)
    if how == "remaining":
        return msg("To stay within the target: at most {amount} more to the end of the cycle.", amount=amount)
    if lower:
        return msg("Needed: at most {amount} from now to the end of the cycle.", amount=amount)
    return msg("Needed: at least {amount} from now to the end of the cycle.", amount=amount)
