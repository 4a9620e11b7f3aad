"""Where the cycle stands: each step with how much of it is done, and whoever holds it up."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el, join
from kpiflow.workspace import Message, msg
from kpiflow.workspace.scores.answers import Cycle, Scores, Step

#: What somebody who is late is waited for.
WAITS: tuple[tuple[str, Message], ...] = (
    ("goals", msg("goals not agreed")),
    ("letter", msg("letter not signed")),
    ("data", msg("no score")),
)


def numbers(shown: Scores, language: str) -> Markup:
    """Return the row of figures: scores, coverage, and the steps of the cycle."""
    scored = words.say(msg("{scored} of {people}", scored=shown.scored, people=shown.total), language)
    return el(
        "div",
        figure(msg("Median score"), words.points(shown.median, language), language, beside=scored),
        figure(msg("Mean score"), words.points(shown.mean, language), language),
        figure(
            msg("Covered by data"),
            words.share(shown.coverage, language),
            language,
            beside=words.say(msg("on average"), language),
        ),
        figure(msg("With goals without data"), words.say(msg("{value}", value=shown.missing), language), language),
        class_="k k-figures",
    )


def steps(shown: Cycle, language: str) -> Markup:
    """Return the steps of the cycle as bars, each with its count."""
    return el("div", *(_step(step, language) for step in shown.steps), class_="k k-steps")


def _step(step: Step, language: str) -> Markup:
    share = step.share or 0.0
    count = words.say(msg("{done} of {of}", done=step.done, of=step.of), language)
    note = f" {words.say(step.note, language)}" if step.note else ""
    done = "✓ " if step.of and step.done == step.of else ""
    return el(
        "div",
        el("div", words.say(step.name, language), class_="name"),
        el(
            "div", el("b", f"{done}{words.share(step.share, language)}"), el("small", f" {count}{note}"), class_="value"
        ),
        el("div", el("i", style=f"width:{share * 100:.1f}%"), class_="k-bar", aria_hidden="true"),
        class_="k-step",
    )


def late(shown: Cycle, language: str, href: Callable[[str], str]) -> Markup:
    """Return who holds the cycle up and with what; nothing when nobody does."""
    if not shown.waiting:
        return Markup()
    title = words.say(msg("Late: {count} {count:person|people}", count=shown.waiting), language)
    rows = [el("li", el("a", words.name(row, language), href=href(row["person"])), " ", _waits(row, language))
            for row in shown.late.iter_rows(named=True)]  # fmt: skip
    more = shown.waiting - shown.late.height
    if more:
        rows.append(el("li", words.say(msg("… and {more} more.", more=more), language)))
    return el("details", el("summary", title), el("ul", join(*rows)), class_="k k-details")


def _waits(row: Mapping[str, Any], language: str) -> Markup:
    said = [words.say(word, language) for name, word in WAITS if row[name]]
    return el("span", "· " + ("、" if language == "zh" else ", ").join(said), class_="quiet")
