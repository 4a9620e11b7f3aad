"""The list of letters: whose, how far it has come, who has signed and when; each name opens its letter."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from dashboards.letter_looks import state_mark, state_words
from kpiflow.workspace import msg
from kpiflow.workspace.letters.answers import LetterList, LetterState


def letter_figures(shown: LetterList, language: str) -> Markup:
    """Return how much is agreed and signed, and how many letters are in which state."""
    keys = [
        el("span", el("b", str(count)), f" {state_words(state, language)}") for state, count in shown.counts.items()
    ]
    letters = el(
        "div",
        el("div", words.say(msg("{count} {count:letter|letters}", count=shown.total), language), class_="name"),
        el("div", *keys, class_="k-keys"),
        class_="k-figure wide",
    )
    return el(
        "div",
        figure(msg("Goals agreed"), words.share(shown.agreed, language), language),
        figure(msg("Letters in force"), words.share(shown.signed, language), language),
        letters,
        class_="k k-figures",
    )


def letter_list(shown: LetterList, language: str, href: Callable[[str, str], str]) -> Markup:
    """Return the table of a page of letters; `href` writes the address of a letter by kind and id."""
    heads = (
        (msg("Letter of"), None),
        (msg("State"), None),
        (msg("Responsible"), "wide-only"),
        (msg("Manager"), "wide-only"),
    )
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    body = (_row(row, language, href) for row in shown.rows.iter_rows(named=True))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], language: str, href: Callable[[str, str], str]) -> Markup:
    under = [words.say(msg("{count} {count:goal|goals}", count=row["goals"]), language)]
    if row["version"] is not None:
        under.append(words.say(msg("version {version}", version=row["version"]), language))
    if row["in_force"] is not None and row["in_force"] != row["version"]:
        under.append(words.say(msg("version {version} holds until then", version=row["in_force"]), language))
    return el(
        "tr",
        el("td", el("a", words.name(row, language), href=href(row["owner_kind"], row["owner"])),
           el("span", " · ".join(under), class_="owner")),
        el("td", state_mark(LetterState(row["state"]), language)),
        el("td", *_side(row, "signer", "owner_at", language), class_="wide-only"),
        el("td", *_side(row, "manager", "manager_at", language), class_="wide-only"),
    )  # fmt: skip


def _side(row: Mapping[str, Any], side: str, at: str, language: str) -> list[Markup]:
    """Return who signs for a side, and when they did."""
    if row[side] is None:
        return [el("span", "–", class_="quiet")]
    name = words.name(row, language, f"{side}_label") if row[f"{side}_label"] else row[side]
    when = row[at]
    said = msg("signed {day}", day=when.date()) if when else msg("not signed")
    return [el("span", name), el("span", words.say(said, language), class_="owner")]
