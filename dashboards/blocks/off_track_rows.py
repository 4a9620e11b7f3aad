"""What is off track, one line each: goal and owner, how far, since when, why, and what was said last."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Portfolio, msg


def off_track_rows(shown: Portfolio, language: str, href: Callable[[str], str]) -> Markup:
    """Return the table; on a narrow screen it keeps the goal, the gap and why."""
    names = (msg("Goal"), msg("Status"), msg("Gap"), msg("Off track since"), msg("Cause"), msg("Last word"))
    kinds = (None, None, "num", "wide-only", None, "wide-only")
    head = el(
        "tr", *(el("th", words.say(name, language), class_=kind) for name, kind in zip(names, kinds, strict=True))
    )
    body = [
        _row(row, cause, language, href)
        for row, cause in zip(shown.rows.iter_rows(named=True), shown.causes, strict=True)
    ]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], cause: Message | None, language: str, href: Callable[[str], str]) -> Markup:
    mark = text.example_mark(language) if row.get("example") else None
    gap = words.quantity(row["gap"], row, language, difference=True, signed=True)
    return el(
        "tr",
        el(
            "td", el("a", words.name(row, language), href=href(row["goal"])), " ", mark,
            el("span", words.name(row, language, "owner_label"), class_="owner"),
        ),
        el("td", text.status(row["status"], language)),
        el("td", gap, el("span", words.quantity(row["actual"], row, language), class_="owner"), class_="num"),
        el("td", words.say(_since(row), language), class_="wide-only"),
        el("td", words.say(cause, language) if cause else "–"),
        el("td", _last_word(row, language), class_="wide-only quiet"),
    )  # fmt: skip


def _since(row: Mapping[str, Any]) -> Message:
    if row["since"] is None:
        return msg("not told by any month")
    return (
        msg("{month}, from the start", month=row["since"])
        if row["since_before"]
        else msg("{month}", month=row["since"])
    )


def _last_word(row: Mapping[str, Any], language: str) -> Markup | str:
    if row["words"] is None:
        return "–"
    who = words.name(row, language, "said_by")
    when = words.say(msg("{day}", day=row["said_at"].date()), language)
    return el("span", f"“{row['words']}”", el("span", f"{who} · {when}", class_="owner"))
