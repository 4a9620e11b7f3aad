"""Blocks of words: the sentence at the top, headings with a note, status words, breadcrumbs, the label of invented data."""

import re
from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el, join
from kpiflow.workspace import Message, Name, msg

#: The gap between a number and a unit of a few letters.
_UNITS = re.compile(r"(?<=\d) (?=(?:%|‰|‱|pp|min|h|d)(?!\w))")


def sentence(said: Sequence[Message], language: str) -> Markup:
    """Return the sentence a page opens with; what follows its first part is set quieter."""
    if not said:
        return Markup()
    gap = "" if language == "zh" else " "
    first, *rest = (_together(words.say(part, language)) for part in said)
    return el("h1", first, el("span", gap + gap.join(rest), class_="then") if rest else None, class_="k k-sentence")


def _together(text: str) -> str:
    """Keep a number and its short unit on one line."""
    return _UNITS.sub("\u00a0", text)


def heading(title: Message, language: str, note: Message | None = None) -> Markup:
    """Return a section's heading, with a quiet line under it that says how to read what follows."""
    under = el("p", words.say(note, language), class_="k-note") if note else None
    return el("div", el("h2", words.say(title, language), class_="k-head"), under, class_="k")


def status(value: str | None, language: str) -> Markup:
    """Return a status as shape and word in its colour."""
    return el(
        "span", words.status(value, language), class_="k-status", style=f"color:var(--k-ink-{value or 'no_data'})"
    )


def example_mark(language: str) -> Markup:
    """Return the label that stands beside every invented number."""
    return el("span", words.say(msg("example data"), language), class_="k-example")


def crumbs(path: Sequence[tuple[Name, str]], language: str) -> Markup:
    """Return the way up: each name with the address of its page."""
    parts: list[str] = []
    for name, address in path:
        if parts:
            parts.append(el("span", "›", class_="sep", aria_hidden="true"))
        parts.append(el("a", words.say(name, language), href=address))
    return el("nav", join(*parts), class_="k k-crumbs", aria_label=words.say(msg("Way up the tree"), language))


def turns(links: Sequence[tuple[Message, str]], chosen: Message, label: Message, language: str) -> Markup:
    """Return a choice between parts of a list: each with its address, the one that is shown marked."""
    parts = [
        el("a", words.say(said, language), href=address, aria_current="true" if said == chosen else None)
        for said, address in links
    ]
    return el("nav", *parts, class_="k k-turns", aria_label=words.say(label, language))


def notice(
    title: Message, lines: Sequence[Message], language: str, links: Sequence[tuple[Message, str]] = ()
) -> Markup:
    """Return a page's word when it has nothing to show: what is missing, what to do, and where to go from here."""
    said = [el("p", *_with_commands(words.say(line, language))) for line in lines]
    ways = [el("p", el("a", words.say(name, language), href=address)) for name, address in links]
    return el("div", el("h2", words.say(title, language)), *said, *ways, class_="k k-notice", role="status")


def _with_commands(text: str) -> list[str]:
    """Set what stands between backquotes as something to type."""
    return [el("code", part) if place % 2 else part for place, part in enumerate(text.split("`"))]


def foot(said: Message, language: str) -> Markup:
    """Return the line at the end of a page: what was shown, as known when."""
    return el("footer", words.say(said, language), class_="k k-foot")


def aside(said: Message, language: str) -> Markup:
    """Return a quiet sentence that stands where a picture or list would."""
    return el("p", words.say(said, language), class_="k quiet")


def paragraph(said: Sequence[Message], language: str) -> Markup:
    """Return sentences set one after the other."""
    gap = "" if language == "zh" else " "
    return el("p", gap.join(_together(words.say(one, language)) for one in said), class_="k")
