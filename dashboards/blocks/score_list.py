"""The list of scores as a table: each name leads to the person's progress, each score to why it is what it is."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg

#: What a letter's state is called.
LETTERS: dict[str, Message] = {
    "drawn_up": msg("◌ to be signed"),
    "signed_by_owner": msg("▲ manager's signature missing"),
    "signed_by_manager": msg("▲ owner's signature missing"),
    "in_force": msg("✓ in force"),
}

#: Why there is no score or no grade, in a word.
REASONS: dict[str, Message] = {
    "no_goals": msg("no goals that count"),
    "waits": msg("waits for data"),
    "no_data": msg("no data yet"),
    "no_scorecard": msg("no scorecard for the role"),
}

#: What a missing-data policy gave, in a word.
POLICIES: dict[str, Message] = {
    "exclude": msg("left out"),
    "zero": msg("counts as 0"),
    "neutral": msg("counts as target met"),
    "last_value": msg("last value stands in"),
    "error": msg("waits for data"),
}


def score_list(
    rows: pl.DataFrame, parts: pl.DataFrame, language: str, progress: Callable[[str], str], why: Callable[[str], str]
) -> Markup:
    """Return the table of one page of scores."""
    columns = (
        (msg("Person"), None), (msg("Score"), "num"), (msg("Grade"), None), (msg("Change"), "num wide-only"),
        (msg("Covered by data"), "num wide-only"), (msg("Without data"), "wide-only"), (msg("Letter"), "wide-only"),
        (msg("Why"), None),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in columns))
    bare = parts.partition_by("person", as_dict=True)
    body = [
        _row(row, bare.get((row["person"],)), language, (progress(row["person"]), why(row["person"])))
        for row in rows.iter_rows(named=True)
    ]
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table k-scores")
    return el(
        "div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=words.say(msg("Scores"), language)
    )


def _row(row: Mapping[str, Any], parts: pl.DataFrame | None, language: str, links: tuple[str, str]) -> Markup:
    beside = f"{words.name(row, language, 'role_label')} · {words.name(row, language, 'unit_label')} · {row['person']}"
    person = el("td", el("a", words.name(row, language), href=links[0]), el("span", beside, class_="owner"))
    reason = REASONS.get(row["reason"] or "")
    score = words.points(row["score"], language)
    why = words.say(msg("why"), language)
    named = words.say(msg("Why the score of {person}", person=words.name(row, language)), language)
    letter = LETTERS.get(row["letter"] or "")
    return el(
        "tr",
        person,
        el(
            "td",
            el("b", score),
            el("span", words.say(reason, language), class_="owner") if reason else None,
            _now(row, language),
            class_="num",
        ),
        el("td", row["grade"] or "–"),
        el("td", words.points(row["change"], language, signed=True), class_="num wide-only"),
        el("td", words.share(row["coverage"], language), class_="num wide-only"),
        el("td", missing(parts, language), class_="wide-only"),
        el("td", words.say(letter, language) if letter else "–", class_="wide-only"),
        el("td", el("a", why, href=links[1], aria_label=named)),
    )


def _now(row: Mapping[str, Any], language: str) -> Markup | None:
    """Return what a closed score would be as now known, where that is another one."""
    if row["score_now"] is None and row["grade_now"] is None:
        return None
    facts = {"score": words.points(row["score_now"], language), "grade": row["grade_now"] or "–"}
    return el("span", words.say(msg("as now known {score}, {grade}", **facts), language), class_="owner")


def missing(parts: pl.DataFrame | None, language: str, most: int = 2) -> str:
    """Return the goals without data of their own in words, each with what its policy gave."""
    if parts is None or parts.is_empty():
        return "–"
    said = [gave(row, language) for row in parts.head(most).iter_rows(named=True)]
    if parts.height > most:
        said.append(words.say(msg("{more} more", more=parts.height - most), language))
    return ("；" if language == "zh" else "; ").join(said)


def gave(row: Mapping[str, Any], language: str) -> str:
    """Return one goal without data and what its policy gave."""
    policy = POLICIES.get(row["policy"] or "")
    given = words.say(policy or msg("in part"), language)
    return f"{words.name(row, language)}（{given}）" if language == "zh" else f"{words.name(row, language)} ({given})"
