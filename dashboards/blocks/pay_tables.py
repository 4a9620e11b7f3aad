"""Tables about pay runs: which there are, what is missing, totals by unit, people, what differs, and what was done."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, Missing, PayDifference, PayRuns, RunPage, RunState

#: The shape and colour beside each state's word.
MARKS: Mapping[str, tuple[str, str]] = {
    RunState.DRY: ("○", "no_data"), RunState.PROPOSED: ("◌", "at_risk"), RunState.APPROVED: ("◐", "on_pace"),
    RunState.FINAL: ("✓", "done"), RunState.REFUSED: ("✕", "behind"),
}  # fmt: skip

#: What each kind of difference is called.
KINDS: Mapping[str, Message] = {"new": msg("new"), "gone": msg("gone"), "changed": msg("changed")}

#: What each step of a run was.
DONE: Mapping[str, Message] = {
    RunState.DRY: msg("worked out"), RunState.PROPOSED: msg("proposed"), RunState.APPROVED: msg("approved"),
    RunState.FINAL: msg("made final"), RunState.REFUSED: msg("refused"),
}  # fmt: skip

Column = tuple[Message, str | None]


def state_mark(state: RunState, language: str) -> Markup:
    """Return a state as shape and word in its colour."""
    shape, colour = MARKS[state]
    said = f"{shape} {words.say(STATE_WORDS[state], language)}"
    return el("span", said, class_="k-status", style=f"color:var(--k-ink-{colour})")


def run_list(shown: PayRuns, language: str, href: Callable[[int], str]) -> Markup:
    """Return the table of runs; each leads to its page."""
    heads: list[Column] = [
        (msg("Run"), None), (msg("State"), None), (msg("Pays"), "num"), (msg("Budget"), "num wide-only"),
        (msg("Data"), "wide-only"), (msg("Last step"), "wide-only"),
    ]  # fmt: skip
    rows = []
    for one in shown.runs:
        name = words.say(msg("Run {run}", run=one.run), language)
        under = f"{words.say(one.label, language)} · {one.period}"
        data = (
            msg("closing {number}", number=one.closing)
            if one.closing
            else msg("known on {day}", day=one.known_by.date())
        )
        last = msg("{who}, {day}", who=shown.names.get(one.by, Name(one.by)), day=one.at.date())
        rows.append([
            el("td", el("a", name, href=href(one.run)), el("span", under, class_="owner")),
            el("td", state_mark(one.state, language)),
            el("td", words.money(shown.totals[one.run], one.currency, language), class_="num"),
            el("td", words.money(one.budget, one.currency, language), class_="num wide-only"),
            el("td", words.say(data, language), class_="wide-only"),
            el("td", words.say(last, language), class_="wide-only"),
        ])  # fmt: skip
    return _table(heads, rows, language, msg("Pay runs"))


def run_figures(shown: RunPage, language: str) -> Markup:
    """Return what a run comes to: its total, its people, the budget, and what puts earlier runs right."""
    now = shown.stored
    parts = [
        figure(msg("Pays in all"), words.money(shown.total, now.currency, language), language),
        figure(msg("People"), str(shown.people), language),
    ]
    if now.budget is not None:
        share = float(now.total / now.budget) if now.budget else None
        beside = words.say(msg("{share} used", share=words.share(share, language)), language) if share else None
        parts.append(figure(msg("Budget"), words.money(now.budget, now.currency, language), language, beside=beside))
    if shown.adjustments != Decimal(0):
        parts.append(
            figure(msg("Of this adjustments"), words.money(shown.adjustments, now.currency, language), language)
        )
    return el("div", *parts, class_="k k-figures")


def missing_list(found: Sequence[Missing], language: str) -> Markup:
    """Return what there has to be before a run can be final, with a mark and a word for each."""
    heads: list[Column] = [(msg("Needed"), None), (msg("How it stands"), None)]
    rows = []
    for one in found:
        colour, shape, word = (
            ("done", "✓", msg("there")) if one.met else ("at_risk", "▲", msg("a reason is needed"))
            if one.reason_enough else ("behind", "✕", msg("missing"))
        )  # fmt: skip
        mark = el(
            "span", f"{shape} {words.say(word, language)}", class_="k-status", style=f"color:var(--k-ink-{colour})"
        )
        rows.append([el("td", words.say(one.what, language), el("span", mark, class_="owner")),
                     el("td", words.say(one.said, language))])  # fmt: skip
    return _table(heads, rows, language, msg("Before it can be final"))


def unit_table(shown: RunPage, language: str, most: int = 12) -> Markup:
    """Return the totals by unit, the largest first."""
    heads: list[Column] = [
        (msg("Unit"), None), (msg("People"), "num wide-only"), (msg("Mean score"), "num"), (msg("Pays"), "num"),
        (msg("Share"), "num wide-only"),
    ]  # fmt: skip
    rows = [
        [el("td", _unit(row, language)), el("td", str(row["people"]), class_="num wide-only"),
         el("td", words.points(row["score"], language), class_="num"),
         el("td", words.money(row["payable"], shown.stored.currency, language), class_="num"),
         el("td", words.share(row["share"], language), class_="num wide-only")]
        for row in shown.units.head(most).iter_rows(named=True)
    ]  # fmt: skip
    return _table(heads, rows, language, msg("Totals by unit"))


def grade_table(shown: RunPage, language: str) -> Markup:
    """Return what people of each grade are paid, in all and on average: cost against results."""
    heads: list[Column] = [
        (msg("Grade"), None), (msg("People"), "num"), (msg("Pays"), "num wide-only"), (msg("To each, on average"), "num"),
    ]  # fmt: skip
    rows = [
        [el("td", row["grade"] or "–"), el("td", str(row["people"]), class_="num"),
         el("td", words.money(row["payable"], shown.stored.currency, language), class_="num wide-only"),
         el("td", words.money(round(row["mean"], 2), shown.stored.currency, language), class_="num")]
        for row in shown.grades.iter_rows(named=True)
    ]  # fmt: skip
    return _table(heads, rows, language, msg("Pay by grade"))


def people_table(shown: RunPage, language: str, href: Callable[[str], str]) -> Markup:
    """Return a page of people with what the run pays each; a name leads to the statement."""
    heads: list[Column] = [
        (msg("Person"), None), (msg("By the plan"), "num wide-only"), (msg("Adjustments"), "num wide-only"), (msg("Paid"), "num"),
    ]  # fmt: skip
    currency, rows = shown.stored.currency, []
    for row in shown.rows.iter_rows(named=True):
        unknown = (
            None if row["amount"] is not None else el("span", words.say(msg("not known yet"), language), class_="owner")
        )
        rows.append([
            el("td", el("a", _person(row, language), href=href(row["person"])), el("span", _beside(row, language), class_="owner")),
            el("td", words.money(row["amount"], currency, language), class_="num wide-only"),
            el("td", words.money(row["adjustment"], currency, language) if row["adjustment"] else "–", class_="num wide-only"),
            el("td", el("b", words.money(row["payable"], currency, language)), unknown, class_="num"),
        ])  # fmt: skip
    return _table(heads, rows, language, msg("People"))


def difference_table(
    shown: PayDifference, names: Mapping[str, Name], language: str, href: Callable[[str], str]
) -> Markup:
    """Return a page of what differs, each with the component whose line changed most."""
    heads: list[Column] = [
        (msg("Person"), None), (msg("Before"), "num wide-only"), (msg("Now"), "num wide-only"), (msg("Change"), "num"),
        (msg("Why"), None),
    ]  # fmt: skip
    currency = shown.run.currency
    rows = [
        [
            el("td", el("a", _person(row, language), href=href(row["person"])), el("span", _beside(row, language), class_="owner")),
            el("td", words.money(row["before"], currency, language), class_="num wide-only"),
            el("td", words.money(row["after"], currency, language), class_="num wide-only"),
            el("td", _signed(row["change"], currency, language), class_="num"),
            el("td", *_why(row, names, language)),
        ]
        for row in shown.rows.iter_rows(named=True)
    ]  # fmt: skip
    return _table(heads, rows, language, msg("What differs"))


def _why(row: Mapping[str, Any], names: Mapping[str, Name], language: str) -> list[str]:
    """Say which component changed most, and what before it did."""
    kind = words.say(KINDS[row["change_kind"]], language)
    if row["change_kind"] != "changed" or not row["component"]:
        return [kind]
    first = words.say(names.get(row["component"], Name(row["component"])), language)
    led = [words.say(names.get(one, Name(one)), language) for one in row["led_by"] or []]
    join = "、" if language == "zh" else ", "
    return [
        first,
        el("span", words.say(msg("because of: {names}", names=join.join(led)), language), class_="owner")
        if led
        else "",
    ]


def unit_differences(shown: PayDifference, language: str, most: int = 8) -> Markup:
    """Return what units' people are paid more or less, the greatest change first."""
    heads: list[Column] = [
        (msg("Unit"), None), (msg("Before"), "num wide-only"), (msg("Now"), "num"), (msg("Change"), "num"),
    ]  # fmt: skip
    currency = shown.run.currency
    rows = [
        [el("td", _unit(row, language)), el("td", words.money(row["before"], currency, language), class_="num wide-only"),
         el("td", words.money(row["after"], currency, language), class_="num"),
         el("td", _signed(row["change"], currency, language), class_="num")]
        for row in shown.units.filter(pl.col("change") != 0).head(most).iter_rows(named=True)
    ]  # fmt: skip
    return _table(heads, rows, language, msg("Differences by unit"))


def step_table(shown: RunPage, language: str) -> Markup:
    """Return who did what with a run, and why."""
    heads: list[Column] = [(msg("When"), None), (msg("What"), None), (msg("Reason"), None)]
    rows = []
    for row in shown.steps.iter_rows(named=True):
        when = words.say(words.moment(row["recorded_at"]), language)
        said = words.say(
            msg("{done} by {who}", done=DONE[row["state"]], who=Name(row["label"], row["label_zh"])), language
        )
        rows.append([el("td", when), el("td", said), el("td", row["reason"] or "–")])
    return _table(heads, rows, language, msg("Steps"))


def _table(heads: Sequence[Column], rows: Sequence[Sequence[Markup]], language: str, name: Message) -> Markup:
    head = el("tr", *(el("th", words.say(said, language), class_=kind, scope="col") for said, kind in heads))
    table = el("table", el("thead", head), el("tbody", *(el("tr", *cells) for cells in rows)), class_="k-table")
    return el("div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=words.say(name, language))


def _person(row: Mapping[str, Any], language: str) -> str:
    return words.name(row, language) if row["label"] else str(row["person"])


def _beside(row: Mapping[str, Any], language: str) -> str:
    return f"{words.name(row, language, 'unit_label')} · {row['person']}"


def _unit(row: Mapping[str, Any], language: str) -> str:
    return words.name(row, language) if row["label"] else str(row["unit"] or "–")


def _signed(value: Decimal, currency: str, language: str) -> str:
    said = words.money(value, currency, language)
    return f"+{said}" if value > 0 else said
