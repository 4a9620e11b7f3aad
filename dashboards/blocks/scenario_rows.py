"""What a scenario does, as blocks: figures, grades before and after, who gains and loses, a person's why, and a comparison."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, Quantity, msg
from kpiflow.workspace.scenarios.answers import Compared, Effect, Scenario, Side, Why, Writes

#: The most rows of a table of changes.
SHOWN = 20


def edits(said: Sequence[Message], language: str, without: Callable[[int], str] | None) -> Markup:
    """Return the edits in words, each with the link that takes it away."""
    label = words.say(msg("take away"), language)
    rows = [
        el(
            "li",
            words.say(one, language),
            " " if without else None,
            el("a", "✕", href=without(place), aria_label=f"{label}: {words.say(one, language)}", title=label)
            if without
            else None,
        )
        for place, one in enumerate(said)
    ]
    return el("ol", *rows, class_="k k-edits")


def plain_list(said: Sequence[Message], language: str) -> Markup:
    """Return sentences one below the other."""
    return el("ul", *(el("li", words.say(one, language)) for one in said), class_="k k-edits")


def figures(shown: Effect, language: str) -> Markup:
    """Return cost, who gains and loses, new grades and the company's score, each beside how it is now."""
    parts = []
    if shown.cost is not None and shown.cost_now is not None:
        now = words.say(msg("now {value}", value=Quantity(float(shown.cost_now), "currency", shown.currency)), language)
        parts.append(
            figure(msg("Cost of pay"), words.money(shown.cost, shown.currency, language), language, beside=now)
        )
    parts += [
        figure(
            name, words.say(msg("{value}", value=side.people), language), language, beside=_side(side, shown, language)
        )
        for name, side in ((msg("Gain"), shown.gain), (msg("Lose"), shown.lose))
    ]
    people = words.say(msg("of {people}", people=shown.people), language)
    count = words.say(msg("{value}", value=shown.regraded), language)
    parts.append(figure(msg("Another grade"), count, language, beside=people))
    if shown.score is not None and shown.score_now is not None:
        now = words.say(msg("now {value}", value=Quantity(round(shown.score_now, 1), "points")), language)
        parts.append(figure(msg("The company's score"), words.points(shown.score, language), language, beside=now))
    return el("div", *parts, class_="k k-figures")


def _side(side: Side, shown: Effect, language: str) -> str | None:
    if not side.people:
        return None
    if shown.by == "pay":
        total: Quantity = Quantity(float(side.total), "currency", shown.currency)
    else:
        total = Quantity(round(float(side.total), 1), "points")
    return words.say(msg("{total} in all", total=total), language)


def grades(rows: pl.DataFrame, language: str) -> Markup:
    """Return each grade with two bars: how many people have it now, and how many would."""
    most = max([1, *rows["before"].to_list(), *rows["after"].to_list()])
    lines = [
        el(
            "div",
            el("b", row["grade"] or "–", title=words.name(row, language)),
            el(
                "span",
                el("span", el("i", style=f"width:{row['before'] / most * 100:.1f}%"), class_="k-bar now"),
                el("span", el("i", style=f"width:{row['after'] / most * 100:.1f}%"), class_="k-bar"),
                aria_hidden="true",
            ),
            el("span", _moved(row, language), class_="num"),
            class_="k-grade",
        )
        for row in rows.iter_rows(named=True)
    ]
    said = ", ".join(f"{row['grade'] or '–'} {row['before']} → {row['after']}" for row in rows.iter_rows(named=True))
    return el("div", *lines, class_="k k-grades k-both", role="img",
              aria_label=words.say(msg("Grades now and then: {said}", said=said), language))  # fmt: skip


def _moved(row: Mapping[str, Any], language: str) -> str:
    return words.say(msg("{before} → {after}", before=row["before"], after=row["after"]), language)


def people(shown: Effect, language: str, why: Callable[[str], str]) -> Markup:
    """Return one page of the people who move: grade, score and pay, now and then."""
    paid = shown.by == "pay"
    columns: list[tuple[Message, str | None]] = [
        (msg("Person"), None), (msg("Score"), "num wide-only"), (msg("Grade"), None),
        *([(msg("Pay"), "num wide-only")] if paid else []), (msg("Change"), "num"), (msg("Why"), None),
    ]  # fmt: skip
    body = [_person(row, shown, language, why(row["person"])) for row in shown.rows.iter_rows(named=True)]
    return _table(columns, body, language, msg("People"))


def _person(row: Mapping[str, Any], shown: Effect, language: str, href: str) -> Markup:
    paid = shown.by == "pay"
    beside = f"{words.name(row, language, 'unit_label')} · {row['person']}"
    named = words.say(msg("Why this moves {person}", person=words.name(row, language)), language)
    money = [
        el("td", _arrow(*(words.money(row[f"amount_{when}"], shown.currency, language) for when in ("before", "after"))),
           class_="num wide-only")
    ] if paid else []  # fmt: skip
    return el(
        "tr",
        el("td", words.name(row, language), el("span", beside, class_="owner")),
        el("td", _arrow(*(words.points(row[f"score_{when}"], language) for when in ("before", "after"))),
           class_="num wide-only"),
        el("td", _arrow(row["grade_before"] or "–", row["grade_after"] or "–"), class_="nowrap"),
        *money,
        el("td", el("b", _change(row["change"], shown, language)), class_="num"),
        el("td", el("a", words.say(msg("why"), language), href=href, aria_label=named)),
    )  # fmt: skip


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _change(value: float | None, shown: Effect, language: str) -> str:
    if value is None:
        return "–"
    measure = Quantity(value, "currency", shown.currency, signed=True) if shown.by == "pay" else None
    return words.say(msg("{value}", value=measure or Quantity(round(value, 1), "points", signed=True)), language)


def _table(
    columns: Sequence[tuple[Message, str | None]], body: Sequence[Markup], language: str, name: Message
) -> Markup:
    head = el("tr", *(el("th", words.say(one, language), class_=kind, scope="col") for one, kind in columns))
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=words.say(name, language))


def goals(shown: Effect, language: str, href: Callable[[str], str]) -> Markup:
    """Return the goals whose points move most."""
    columns = ((msg("Goal"), None), (msg("Points"), "num"))
    body = [
        el(
            "tr",
            el("td", el("a", words.name(row, language), href=href(row["goal"])),
               el("span", words.name(row, language, "owner_label"), class_="owner")),
            el("td", _arrow(words.points(row["points_before"], language), words.points(row["points_after"], language)),
               class_="num nowrap"),
        )
        for row in shown.goals.iter_rows(named=True)
    ]  # fmt: skip
    return _table(columns, body, language, msg("Goals"))


def why(shown: Why, language: str) -> Markup:
    """Return what each edit moves of somebody, and the lines of the statement that differ."""
    columns: list[tuple[Message, str | None]] = [(msg("Edit"), None), (msg("Score"), "num")]
    paid = shown.amount is not None or shown.amount_now is not None
    if paid:
        columns.append((msg("Pay"), "num"))
    rows = [
        (move.said, move.score, move.amount) for move in shown.moves
    ] + [(msg("In all"), None if shown.score is None or shown.score_now is None else shown.score - shown.score_now,
          (shown.amount or 0) - (shown.amount_now or 0) if paid else None)]  # fmt: skip
    body = [
        el(
            "tr",
            el("td", words.say(said, language)),
            el("td", words.points(score, language, signed=True), class_="num"),
            el("td", words.say(msg("{value}", value=Quantity(None if amount is None else float(amount), "currency",
                                                             shown.currency, signed=True)), language), class_="num")
            if paid else None,
        )
        for said, score, amount in rows
    ]  # fmt: skip
    return _table(columns, body, language, msg("What each edit does"))


def lines(shown: Why, language: str) -> Markup:
    """Return the statement's lines side by side; those that differ are set in bold."""
    columns = ((msg("Line"), None), (msg("Now"), "num"), (msg("Then"), "num"), (msg("How"), "wide-only"))
    several = len({line["plan"] for line in shown.lines}) > 1
    body = [
        el(
            "tr",
            el("td", words.say(line["label"], language), el("span", line["plan"], class_="owner") if several else None),
            el("td", _value(line["before"], line["unit"], shown.currency, language), class_="num"),
            el("td", el("b" if line["before"] != line["after"] else "span",
                        _value(line["after"], line["unit"], shown.currency, language)), class_="num"),
            el("td", words.say(line["formula"], language), class_="quiet wide-only"),
        )
        for line in shown.lines
    ]  # fmt: skip
    return _table(columns, body, language, msg("The statement, line by line"))


def _value(value: Any, unit: str, currency: str | None, language: str) -> str:
    if value is None:
        return "–"
    if unit == "money":
        return words.money(value, currency, language)
    return format(round(value, 6).normalize(), "f")


def compared(shown: Compared, language: str, href: Callable[[int], str]) -> Markup:
    """Return scenarios side by side: cost, who gains and loses, the company's score, and each grade."""
    effects, currency = shown.effects, shown.effects[0].currency
    names = [el("th", el("a", one.name, href=href(one.number)), class_="num", scope="col") for one in shown.scenarios]
    head = el("tr", el("th", ""), el("th", words.say(msg("Now"), language), class_="num", scope="col"), *names)
    rows = []
    if any(one.cost is not None for one in effects):
        rows.append((msg("Cost of pay"), words.money(effects[0].cost_now, currency, language),
                     [words.money(one.cost, currency, language) for one in effects]))  # fmt: skip
    rows += [
        (msg("Gain"), "–", [str(one.gain.people) for one in effects]),
        (msg("Lose"), "–", [str(one.lose.people) for one in effects]),
        (msg("Another grade"), "–", [str(one.regraded) for one in effects]),
        (msg("The company's score"), words.points(effects[0].score_now, language),
         [words.points(one.score, language) for one in effects]),
    ]  # fmt: skip
    rows += [
        (msg("Grade {grade}", grade=row["grade"] or "–"), str(row["now"]),
         [str(row[str(one.number)]) for one in shown.scenarios])
        for row in shown.grades.iter_rows(named=True)
    ]  # fmt: skip
    body = [
        el("tr", el("th", words.say(name, language), scope="row"), el("td", now, class_="num"),
           *(el("td", value, class_="num") for value in values))
        for name, now, values in rows
    ]  # fmt: skip
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    said = words.say(msg("Scenarios side by side"), language)
    return el("div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=said)


def writes(shown: Writes, language: str, fields: Mapping[str, Message]) -> Markup:
    """Return the changes of goals that applying would write: the first of them, and how many more there are."""
    columns = ((msg("Goal"), None), (msg("What"), None), (msg("Now"), "num"), (msg("Then"), "num"), (msg("May"), None))
    may, not_ = words.say(msg("✓ yes"), language), words.say(msg("✕ no"), language)
    body = [
        el(
            "tr",
            el("td", words.name(row, language), el("span", words.name(row, language, "owner_label"), class_="owner")),
            el("td", words.say(fields[row["field"]], language),
               el("span", words.say(msg("easier to reach"), language), class_="owner") if row["eased"] else None),
            *(el("td", _shown(row[when], row, language), class_="num") for when in ("before", "after")),
            el("td", may if row["may"] else not_, class_="nowrap"),
        )
        for row in shown.changes.head(SHOWN).iter_rows(named=True)
    ]  # fmt: skip
    table = _table(columns, body, language, msg("What applying would write"))
    if shown.changes.height <= SHOWN:
        return table
    more = words.say(msg("… and {count} more.", count=shown.changes.height - SHOWN), language)
    return el("div", table, el("p", more, class_="k quiet"))


def _shown(value: float | None, row: Mapping[str, Any], language: str) -> str:
    """Return a value of a goal in its metric's measure; a weight has none."""
    weighs = row["field"] in ("weight", "rollup_weight") or row["measure"] is None
    return words.say(
        msg("{value}", value=Quantity(value) if weighs else Quantity(value, row["measure"], row["currency"])), language
    )


def saved(rows: Sequence[Scenario], language: str, href: Callable[[int], str]) -> Markup:
    """Return the scenarios there are, each a link, with who made it and whether it is shared."""
    columns = ((msg("Scenario"), None), (msg("Period"), None), (msg("By"), "wide-only"), (msg("State"), None))
    body = [
        el(
            "tr",
            el("td", el("a", one.name, href=href(one.number)), el("span", _first(one, language), class_="owner")),
            el("td", one.period, class_="nowrap"),
            el("td", words.say(one.made_by, language), class_="wide-only"),
            el("td", words.say(state(one), language), class_="nowrap"),
        )
        for one in rows
    ]
    return _table(columns, body, language, msg("Scenarios"))


def _first(one: Scenario, language: str) -> str:
    return words.say(one.said[0], language) if one.said else words.say(msg("nothing is otherwise yet"), language)


def state(one: Scenario) -> Message | Name:
    """Return how a scenario stands, as shape and word."""
    if one.closed:
        return msg("✕ closed")
    if one.applied is not None:
        return msg("✓ applied")
    return msg("● shared") if one.shared else msg("○ only for who made it")
