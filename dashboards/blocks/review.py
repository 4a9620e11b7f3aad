"""One review on the page: how far it has come, its score with the way to it, ratings by rater, history and adjustments."""

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from dashboards.review_looks import SHAPES, state_mark
from kpiflow.workspace import msg
from kpiflow.workspace.reviewing.answers import (
    RATER_WORDS,
    STATE_WORDS,
    STEP_WORDS,
    AdjustmentKind,
    Change,
    RatedItem,
    RatedSection,
    Rater,
    Review,
    ReviewStep,
    Taken,
)


def way(shown: Review, language: str) -> Markup:
    """Return the four steps from self to signed, those taken marked, with who and when."""
    rows = []
    for step in ReviewStep:
        done = next((one for one in reversed(shown.history) if one.step is step), None)
        passed = list(STEP_WORDS).index(step) < list(STATE_WORDS).index(shown.state)
        if done is not None and passed:
            note = words.say(msg("{person}, {day}", person=done.by, day=done.at.date()), language)
        elif shown.waits_for is step:
            note = _waits(shown, language)
        else:
            note = "–"
        mark = "✓" if passed else "▸" if shown.waits_for is step else "○"
        colour = "on_pace" if passed else "behind" if shown.waits_for is step and shown.late else "no_data"
        name = el("span", f"{mark} {words.say(STEP_WORDS[step], language)}", class_="k-status",
                  style=f"color:var(--k-ink-{colour})")  # fmt: skip
        rows.append(el("tr", el("td", name), el("td", note)))
    return el("table", el("tbody", *rows), class_="k-table k-parts")


def _waits(shown: Review, language: str) -> str:
    if shown.due is None:
        return words.say(msg("waits"), language)
    if shown.late:
        return words.say(msg("due {day}, {days} {days:day|days} late", day=shown.due, days=shown.late), language)
    return words.say(msg("due {day}", day=shown.due), language)


def result(shown: Review, language: str) -> Markup:
    """Return score, grade and state, with the sentences that lead to them."""
    numbers = el(
        "div",
        figure(msg("Score"), words.points(shown.score, language), language),
        figure(msg("Grade"), shown.grade or "–", language),
        el("div", el("div", words.say(msg("State"), language), class_="name"), state_mark(shown.state, language),
           class_="k-figure wide"),
        class_="k k-figures",
    )  # fmt: skip
    lines = (el("p", words.say(line, language)) for line in shown.lines)
    why = el("details", el("summary", words.say(msg("How it came about"), language)), *lines, class_="k k-details")
    return el("div", numbers, why)


def ratings(part: RatedSection, language: str) -> Markup:
    """Return a table of one section: each item with what each kind of rater gave."""
    raters = list(part.raters)
    weights = sum(part.raters.values())
    heads = [el("th", words.say(msg("Item"), language), scope="col")]
    heads += [
        el("th", f"{words.say(RATER_WORDS[one], language)} {words.share(part.raters[one] / weights, language)}",
           class_="num", scope="col")
        for one in raters
    ]  # fmt: skip
    body = [_item(item, raters, language) for item in part.items]
    table = el("table", el("thead", el("tr", *heads)), el("tbody", *body), class_="k-table k-parts")
    return el("div", table, class_="k k-scroll", tabindex="0")


def _item(item: RatedItem, raters: list[Rater], language: str) -> Markup:
    under = el("span", words.say(item.about, language), class_="owner") if item.about else None
    cells = (el("td", _value(item, one, language), class_="num") for one in raters)
    return el("tr", el("td", words.say(item.name, language), under), *cells)


def _value(item: RatedItem, rater: Rater, language: str) -> str:
    if rater not in item.values:
        return "–"
    value = item.values[rater]
    return words.say(msg("n/a"), language) if value is None else f"{value:.3g}"


def history(shown: Review, language: str) -> Markup:
    """Return every step that was taken, the newest first, with what was said."""
    rows = [el("tr", el("td", el("span", _did(one, language)),
                        el("span", f"{words.say(one.by, language)} · {one.at.date()}", class_="owner")),
               el("td", one.words or "–")) for one in reversed(shown.history)]  # fmt: skip
    return el("div", el("table", el("tbody", *rows), class_="k-table"), class_="k k-scroll")


def _did(one: Taken, language: str) -> str:
    if one.step is None:
        return "↩ " + words.say(msg("Sent back to: {state}", state=STATE_WORDS[one.state]), language)
    said = words.say(STEP_WORDS[one.step], language)
    if one.agrees is False:
        said = words.say(msg("{step}, without agreeing", step=STEP_WORDS[one.step]), language)
    return f"{SHAPES[one.state][0]} {said}"


def change(one: Change, language: str) -> Markup:
    """Return one adjustment: what, why, by whom, and whether it counts."""
    amount = f"× {one.amount:g}" if one.kind is AdjustmentKind.COEFFICIENT else f"{one.amount:+g}"
    if one.waits:
        state = "◌ " + words.say(msg("waits for a second person"), language)
    elif one.counts:
        state = "✓ " + words.say(msg("counts"), language)
    else:
        state = "✗ " + words.say(msg("turned down"), language)
    who = words.say(msg("{person}, {day}", person=one.by, day=one.at.date()), language)
    answered = (
        words.say(msg("Answered by {person}: {reason}", person=one.answered_by, reason=one.answer or "–"), language)
        if one.answered_by
        else None
    )
    return el(
        "p", el("b", f"{one.adjustment} · {amount}"), " ", el("span", state, class_="k-status"), " ", one.reason,
        el("span", f" · {who}", class_="quiet"), el("span", f" · {answered}", class_="quiet") if answered else None, class_="k",
    )  # fmt: skip
