"""Scores: everybody's appraisal score with filters, coverage and how they are spread; why each is what it is; and files."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import cycle, text
from dashboards.blocks.grades import grade_bars
from dashboards.blocks.markup import el
from dashboards.blocks.pager import pager
from dashboards.blocks.score_list import score_list
from dashboards.blocks.score_parts import score_parts
from dashboards.charts import score_spread, score_steps
from dashboards.pages import APPEALS, CALIBRATION, CLOSING, PAY, PLANS, PROGRESS, REVIEWS, SCORES, path
from dashboards.scenario_link import scenario_link
from kpiflow.workspace import Asker, Choice, Message, Name, msg
from kpiflow.workspace.scores.answers import Scores
from kpiflow.workspace.scores.wanted import ORDERS, Page, Wanted

#: What each order is called.
ORDER_WORDS: dict[str, Message] = {
    "score": msg("Best score first"), "score-up": msg("Lowest score first"), "change": msg("Greatest rise first"),
    "change-up": msg("Greatest fall first"), "coverage": msg("Least covered first"), "missing": msg("Most without data first"),
    "name": msg("By name"), "unit": msg("By unit"), "grade": msg("By grade"),
}  # fmt: skip

#: The coverages one may ask for less than.
COVERAGES = ("1", "0.9", "0.8", "0.5")


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language, wanted = asked.language, filter_of(asked)
    shown = asked.scores(wanted, page_of(asked))
    showing.block(text.sentence(shown.sentence, language))
    if not shown.everybody:
        lines = (msg("Scores are those of people with an assignment in the period; another period may have some."),)
        showing.block(text.notice(msg("No scores to show"), lines, language))
        return
    signed(shown, asked)
    scenario_link(asked)
    why(asked)
    showing.block(cycle.numbers(shown, language))
    showing.block(cycle.steps(shown.cycle, language))
    showing.block(cycle.late(shown.cycle, language, progress_link(asked)))
    filters(shown, asked)
    pictures(shown, asked)
    listed(shown, asked)
    exports(shown, asked)
    further(asked)


def further(asked: Question) -> None:
    """Where the cycle goes on from the scores."""
    ways = ((PAY, msg("Pay runs and statements")), (PLANS, msg("Plans in words")),
            (REVIEWS, msg("Reviews")), (CALIBRATION, msg("Calibration")), (APPEALS, msg("Appeals")))  # fmt: skip
    links = [el("a", words.say(said, asked.language), href=address.link(path(page), asked.view)) for page, said in ways]
    parts = (part for place, link in enumerate(links) for part in (" · " if place else None, link))
    showing.block(el("p", *parts, class_="k"))


def signed(shown: Scores, asked: Question) -> None:
    """Whether these scores are closed, how many would be others as now known, and the way to the closing."""
    language, shut = asked.language, shown.closed
    said = msg("{period} is open: its scores follow the data.", period=shown.period)
    if shut is not None:
        facts = {"period": shown.period, "day": shut.known_by.date(), "count": shown.differ}
        said = msg("{period} is closed: scores as signed, known on {day}. As now known, {count} would differ.", **facts)
    showing.block(text.paragraph((said,), language))
    way = Name(words.say(msg("To the closing of {period}", period=shown.period), language))
    showing.block(text.crumbs(((way, address.link(path(CLOSING), asked.view)),), language))


def filter_of(asked: Question) -> Wanted:
    """Return the filter in the address; what cannot be understood there is left out."""
    view = asked.view
    below = view.choice("below")
    return Wanted(
        unit=view.unit, role=view.choice("role"), grade=view.choice("grade"), scorecard=view.choice("card"),
        below=float(below) if below in COVERAGES else None, missing=view.choice("missing") == "yes", text=view.find,
    )  # fmt: skip


def page_of(asked: Question) -> Page:
    """Return the order and page in the address."""
    order, _, up = (asked.view.choice("order") or "score").partition("-")
    number = asked.view.choice("page") or "1"
    known = order if order in ORDERS else "score"
    return Page(known, down=False if up else None, number=int(number) if number.isdecimal() else 1)


def progress_link(asked: Question) -> Callable[[str], str]:
    """Return how to write the address of somebody's progress."""
    return lambda person: address.link(path(PROGRESS), asked.view, person=person)


def why(asked: Question) -> None:
    """One score taken apart, when the address asks for somebody's."""
    person, language = asked.view.choice("why"), asked.language
    if person is None:
        return
    with showing.politely(asked.view):
        found = asked.score_why(person)
        showing.block(text.heading(msg("Why the score of {person}", person=found.name), language))
        showing.block(text.paragraph(found.sentence, language))
        showing.block(score_parts(found, language, showing.goal_link(asked)))
        ways = ((Name(words.say(msg("Close"), language)), address.here(path(SCORES), asked.view, why=None)),)
        showing.block(text.crumbs(ways, language))


def filters(shown: Scores, asked: Question) -> None:
    """The search, the order and the filter; every choice is the address's."""
    language = asked.language
    set_ = len(shown.wanted.said()) - (shown.wanted.text is not None)
    with st.container(key="score_filter", horizontal=True, vertical_alignment="center", gap="small"):
        _text(asked)
        _pick(
            asked,
            "order",
            [Choice(name, Name(words.say(word, language))) for name, word in ORDER_WORDS.items()],
            msg("Order"),
        )
        label = msg("Filter ({count})", count=set_) if set_ else msg("Filter")
        with st.popover(words.literal(label, language), icon=":material/filter_list:"):
            choices = shown.choices
            _pick(asked, "unit", list(choices.units), msg("Unit, with those below"), now=asked.view.unit)
            _pick(asked, "role", list(choices.roles), msg("Role"))
            _pick(asked, "grade", list(choices.grades), msg("Grade"))
            _pick(asked, "card", list(choices.scorecards), msg("Scorecard"))
            under = [Choice(value, Name(words.share(float(value), language))) for value in COVERAGES]
            _pick(asked, "below", under, msg("Covered by less than"))
            with_gaps = [Choice("yes", Name(words.say(msg("only those with goals without data"), language)))]
            _pick(asked, "missing", with_gaps, msg("Missing parts"))
            st.button(words.literal(msg("Take all filters away"), language), on_click=_clear, disabled=not set_)


def _clear() -> None:
    address.change(unit=None, role=None, grade=None, card=None, below=None, missing=None, find=None, page=None)


def _text(asked: Question) -> None:
    key = "score_find"
    st.session_state[key] = asked.view.find or ""
    label = words.say(msg("Find by name or id"), asked.language)
    st.text_input(
        label,
        key=key,
        placeholder=label,
        label_visibility="collapsed",
        width=260,
        on_change=partial(_write, "find", key),
    )


def _pick(asked: Question, name: str, choices: list[Choice], label: Message, *, now: str | None = None) -> None:
    """A list whose choice is the address's; nothing chosen is no filter."""
    key = f"score_{name}"
    current = now or asked.view.choice(name)
    names = {choice.id: words.say(choice.name, asked.language) for choice in choices}
    ids = list(names) if current is None or current in names else [current, *names]
    if name == "order" and current is None:
        current = "score"
    st.session_state[key] = current
    said = words.say(label, asked.language)
    st.selectbox(
        said, ids, key=key, index=None, placeholder=said, format_func=lambda one: names.get(one, one),
        on_change=partial(_write, name, key), label_visibility="collapsed", width=230,
    )  # fmt: skip


def _write(name: str, key: str) -> None:
    """Write a choice into the address; another filter begins at the first page."""
    address.change(**{name: st.session_state[key] or None, "page": None})


def pictures(shown: Scores, asked: Question) -> None:
    """How the scores that fit are spread: over points, over grades, over units."""
    if not shown.scored:
        return
    language = asked.language
    left, right = st.columns([1, 1], gap="large")
    with left:
        showing.block(text.heading(msg("How the scores are spread"), language))
        figure = score_steps.draw(shown.histogram, asked.ink, language, median=shown.median)
        showing.plot(figure, score_steps.alt(shown.histogram), language, key="steps")
        showing.block(grade_bars(shown.grades, language))
    with right:
        note = msg("From the least to the greatest; the middle half is thick, the diamond is the median.")
        showing.block(text.heading(msg("By unit"), language, note))
        showing.plot(
            score_spread.draw(shown.units, asked.ink, language),
            score_spread.alt(shown.units, language),
            language,
            key="units",
        )


def listed(shown: Scores, asked: Question) -> None:
    """The list itself, a page at a time."""
    language = asked.language
    first = (shown.page.number - 1) * shown.page.size
    note = msg("{first} to {last} of {total}.", first=first + 1, last=first + shown.rows.height, total=shown.total)
    showing.block(text.heading(msg("People"), language, note if shown.total else None))
    if not shown.total:
        lines = (msg("Take a filter away, or search for a part of the name."),)
        showing.block(text.notice(msg("Nobody fits this filter"), lines, language))
        return
    to_why = lambda person: address.here(path(SCORES), asked.view, why=person)  # noqa: E731
    showing.block(score_list(shown.rows, shown.parts, language, progress_link(asked), to_why))
    size = shown.page.size
    href = lambda start: address.here(path(SCORES), asked.view, page=str(start // size + 1))  # noqa: E731
    showing.block(pager(first, shown.rows.height, shown.total, size=size, language=language, href=href))


def exports(shown: Scores, asked: Question) -> None:
    """The files: what they will carry, and the buttons; without the right, why there are none."""
    language = asked.language
    showing.block(text.heading(msg("Export"), language))
    decision = asked.ws.may(asked.asker, "export_scores")
    if not decision.allowed:
        showing.block(text.aside(decision.reason, language))
        return
    if not shown.total:
        return
    mark = asked.scores_fingerprint(shown.wanted)
    said = msg(
        "{people} {people:person|people}, {period} as of {day}. Fingerprint {mark}.",
        people=shown.total,
        period=shown.period,
        day=shown.day,
        mark=mark[:12],
    )
    showing.block(text.aside(said, language))
    with st.container(horizontal=True, gap="small"):
        for form, label in (("xlsx", msg("Excel workbook")), ("csv", msg("CSV file"))):
            st.download_button(
                words.literal(label, language), asking.pressed(asked.ws, partial(_content, asked, shown.wanted, form)),
                file_name=f"scores-{shown.period}-as-of-{shown.day}-{mark[:12]}.{form}", key=f"export_{form}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _content(asked: Question, wanted: Wanted, form: str, asker: Asker) -> bytes:
    """Make the file when it is asked for: this is what the journal records, in the name of whoever is signed in then."""
    return asked.ws.scores_export(asker, asked.period, asked.as_of, wanted, form=form).content


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
