"""Closing a period in rows: the checklist, what one check found, what differs since, and the closings with fingerprints."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el, join
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.closing.answers import Around, Check, Finding

#: How a closing looks: shape and word, and the status whose colour it borrows.
STATES: dict[str, tuple[Message, str]] = {
    "closed": (msg("✓ Closed"), "on_pace"),
    "asked": (msg("◐ Closed, opening asked for"), "at_risk"),
    "reopened": (msg("— Opened again"), "no_data"),
}


def mark(said: Message, colour: str, language: str) -> Markup:
    """Return a word with its shape in the colour of a status."""
    return el("span", words.say(said, language), class_="k-status", style=f"color:var(--k-ink-{colour})")


def around_line(around: tuple[Around, ...], here: str, language: str, href: Callable[[str], str]) -> Markup:
    """Return the periods of the cycle in turn, each with whether it is closed; each leads to its page."""
    parts = []
    for one in around:
        said, colour = (msg("✓ closed"), "on_pace") if one.at else (msg("○ open"), "no_data")
        if not one.at and not one.over:
            said = msg("… running")
        name = el("b", one.period) if one.period == here else el("a", one.period, href=href(one.period))
        current = "page" if one.period == here else None
        parts.append(el("li", name, " ", mark(said, colour, language), aria_current=current))
    label = words.say(msg("The periods of this cycle"), language)
    return el("ul", *parts, class_="k k-keys", style="list-style:none;padding:0", aria_label=label)


def checklist(checks: tuple[Check, ...], language: str, href: Callable[[str], str]) -> Markup:
    """Return the checks with their counts; what found something leads to its list."""
    heads = (
        (msg("Check"), None),
        (msg("Number found"), "num"),
        (msg("Weight"), "num wide-only"),
        (msg("Result"), None),
    )
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = [_check(check, language, href(check.check.value)) for check in checks]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _check(check: Check, language: str, href: str) -> Markup:
    label = words.say(check.label, language)
    count = words.say(msg("{value}", value=check.count), language)
    if check.of is not None:
        count = words.say(msg("{found} of {of}", found=check.count, of=check.of), language)
    if check.stops:
        result = mark(msg("■ stops the closing"), "behind", language)
    elif check.count:
        result = mark(msg("▲ to be known"), "at_risk", language)
    else:
        result = mark(msg("✓ nothing"), "on_pace", language)
    return el(
        "tr",
        el("td", el("a", label, href=href) if check.count else label),
        el("td", count, class_="num"),
        el("td", "–" if check.weight is None else words.share(check.weight, language), class_="num wide-only"),
        el("td", result),
    )


def finding_rows(rows: tuple[Finding, ...], language: str, href: Callable[[Finding], str]) -> Markup:
    """Return a page of what one check found; each name leads to where it is put right."""
    body = [
        el(
            "tr",
            el("td", el("a", words.say(one.name, language), href=href(one)),
               el("span", words.say(one.owner, language), class_="owner") if one.owner else None),
            el("td", words.say(one.reason, language)),
        )
        for one in rows
    ]  # fmt: skip
    heads = (msg("What"), msg("Why it is listed"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in heads))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def moved_rows(
    rows: pl.DataFrame,
    columns: tuple[str, str],
    titles: tuple[Message, Message],
    language: str,
    href: Callable[[str], str],
) -> Markup:
    """Return people whose score is another now: before, after and the difference, with both grades where they differ."""
    heads = ((msg("Person"), None), (titles[0], "num"), (titles[1], "num"), (msg("Difference"), "num"))
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = [_moved(row, columns, language, href(row["person"])) for row in rows.iter_rows(named=True)]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _moved(row: Mapping[str, Any], columns: tuple[str, str], language: str, href: str) -> Markup:
    before, after = (row[name] for name in columns)
    apart = None if before is None or after is None else after - before
    grades = None
    if row.get("grade_signed") != row.get("grade_now"):
        grades = el("span", f"{row['grade_signed'] or '–'} → {row['grade_now'] or '–'}", class_="owner")
    return el(
        "tr",
        el("td", el("a", words.name(row, language), href=href)),
        el("td", words.points(before, language), class_="num"),
        el("td", words.points(after, language), grades, class_="num"),
        el("td", words.points(apart, language, signed=True), class_="num"),
    )


def load_rows(
    loads: pl.DataFrame, changes: pl.DataFrame, metrics: Mapping[str, Name], language: str, most: int = 12
) -> Markup:
    """Return what came in, as sentences: each load with its metrics, each change of definitions with its reason."""
    said = []
    for (number,), rows in loads.partition_by("load", as_dict=True, maintain_order=True).items():
        first = rows.row(0, named=True)
        names = [words.say(metrics.get(one, Name(one)), language) for one in rows["metric"].head(3)]
        facts = {
            "number": number, "source": first["source"], "day": first["recorded_at"].date(), "rows": int(rows["rows"].sum()),
            "corrected": int(rows["corrected"].sum()), "metrics": ("、" if language == "zh" else ", ").join(names),
        }  # fmt: skip
        line = msg(
            "Load {number}, “{source}”, on {day}: {rows} {rows:measurement|measurements}, corrections among them: {corrected}"
            " ({metrics}).",
            **facts,
        )
        said.append((line, first["reason"]))
    for row in changes.iter_rows(named=True):
        facts = {"number": row["change"], "day": row["recorded_at"].date(), "who": row["who"]}
        said.append((msg("Change {number} of the definitions on {day} by {who}.", **facts), row["reason"]))
    items = [
        el("li", words.say(line, language), el("span", f" {reason}", class_="quiet") if reason else None)
        for line, reason in said[:most]
    ]
    if len(said) > most:
        items.append(el("li", words.say(msg("… and {more} more.", more=len(said) - most), language)))
    return el("ul", join(*items), class_="k") if items else Markup()


def record(rows: tuple[tuple[Message, object], ...], language: str) -> Markup:
    """Return the record of a closing: what was written down, line by line."""
    body = [
        el(
            "tr",
            el("th", words.say(name, language), scope="row", style="vertical-align:top"),
            el("td", _said(value, language)),
        )
        for name, value in rows
    ]
    return el("div", el("table", el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _said(value: object, language: str) -> Markup | str:
    if isinstance(value, str) and len(value) == 64:  # a fingerprint
        return el("code", value, class_="print", style="overflow-wrap:anywhere")
    return words.say(value if isinstance(value, Message) else msg("{value}", value=value), language)


def closing_rows(
    rows: pl.DataFrame, language: str, href: Callable[[str], str], called: Callable[[str], Name]
) -> Markup:
    """Return every closing there was: period, state, when and by whom, and the fingerprint."""
    heads = (
        (msg("Closed period"), None),
        (msg("State"), None),
        (msg("Closed by"), "wide-only"),
        (msg("Fingerprint"), None),
    )
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = []
    for row in rows.iter_rows(named=True):
        said, colour = STATES[row["state"]]
        number = words.say(
            msg("no. {number}, as known on {day}", number=row["closing"], day=row["known_by"].date()), language
        )
        body.append(
            el(
                "tr",
                el("td", el("a", row["period"], href=href(row["period"])), el("span", number, class_="owner")),
                el("td", mark(said, colour, language)),
                el("td", words.say(called(row["who"]), language), class_="wide-only"),
                el("td", el("code", row["fingerprint"][:12], title=row["fingerprint"], class_="print")),
            )
        )
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")
