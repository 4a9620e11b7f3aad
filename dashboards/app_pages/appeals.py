"""Appeals: a line disputed, with evidence; who has to answer by when; the decision and what a correction changed."""

import streamlit as st

from dashboards import address, appeal_forms, asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import appeal_rows, text
from dashboards.blocks.markup import el
from dashboards.blocks.pager import pager, place
from dashboards.pages import APPEALS, GOAL, path
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.appeals.answers import APPEAL_WORDS, Appeal, AppealList

#: How many appeals one page of the list has.
PAGE = 25


def page(asked: Question) -> None:
    """Show one appeal when the address names it; else the list, and the form."""
    number = asked.view.choice("appeal")
    if number is not None and number.isdecimal() and len(number) < 9:
        one(asked, int(number))
    else:
        every(asked)


def every(asked: Question) -> None:
    """The appeals one may read, and the form to file one."""
    language, view = asked.language, asked.view
    listed = asked.ws.appeals(asked.asker, asked.period, asked.as_of, offset=place(view.start), limit=PAGE)
    showing.block(text.sentence(opening(listed), language))
    telling.told(language)
    if listed.lines:
        href = lambda number: address.here(path(APPEALS), view, appeal=str(number), start=None)  # noqa: E731
        showing.block(appeal_rows.appeals(listed, language, href))
        turn = pager(place(view.start), len(listed.lines), listed.total, size=PAGE, language=language,
                     href=lambda start: address.here(path(APPEALS), view, start=str(start)))  # fmt: skip
        showing.block(turn)
    person = asked.asker.person
    if person is not None and asked.as_of is None and asked.ws.may(asked.asker, "appeal").allowed:
        showing.block(
            text.heading(
                msg("Appeal"), language, msg("About your own score, grade or pay in {period}.", period=asked.period)
            )
        )
        with st.container(key="appeal_form"):
            appeal_forms.filing(asked, person)


def opening(listed: AppealList) -> tuple[Message, ...]:
    """Say how many appeals there are, how many wait, and how many are late."""
    if not listed.total:
        return (msg("There is no appeal that you may read in this period."),)
    said = [msg("Appeals: {total}, of which open: {waiting}.", total=listed.total, waiting=listed.waiting)]
    if listed.late:
        said.append(msg("Later than they should be: {late}.", late=listed.late))
    return tuple(said)


def one(asked: Question, number: int) -> None:
    """One appeal: what is disputed, what happened, its evidence, what was measured, what a correction changed, what to do."""
    language, view = asked.language, asked.view
    shown = asked.ws.appeal(asked.asker, number, asked.as_of)
    back = address.here(path(APPEALS), view, appeal=None)
    showing.block(text.crumbs(((Name(words.say(msg("All appeals"), language)), back),), language))
    showing.block(text.sentence(standing(shown), language))
    telling.told(language)
    disputed(shown, asked)
    left, right = st.columns([3, 2], gap="large")
    with left:
        showing.block(text.heading(msg("What has happened so far"), language))
        showing.block(appeal_rows.timeline(shown, language))
        appeal_forms.files(shown, asked)
    with right:
        if shown.changed is not None:
            showing.block(text.heading(msg("What the correction changed"), language))
            showing.block(appeal_rows.changed(shown.changed, language))
        if shown.versions.height:
            showing.block(
                text.heading(msg("Measured values"), language, msg("Nothing is overwritten: every value stays."))
            )
            showing.block(appeal_rows.versions(shown.versions, shown.measure, language))
    appeal_forms.doing(shown, asked)


def standing(shown: Appeal) -> tuple[Message, ...]:
    """Say whose appeal it is, about what, and how it stands."""
    line = shown.line
    first = msg("{person} appeals against {about}.", person=line.name, about=line.about)
    if line.ended_at is not None:
        return first, msg("It was {state} on {day}.", state=APPEAL_WORDS[line.state], day=line.ended_at.date())
    said = msg("It is {state}; an answer is due by {due}.", state=APPEAL_WORDS[line.state], due=line.due)
    return (first, said, msg("That day has passed.")) if line.late else (first, said)


def disputed(shown: Appeal, asked: Question) -> None:
    """What the person saw when it was filed, with the way to the goal."""
    language = asked.language
    facts = {"score": words.points(shown.score_then, language), "grade": shown.grade_then}
    said = [words.say(msg("When it was filed: score {score}, grade {grade}.", **facts), language)]
    if shown.given is not None and shown.given.shown is not None:
        was = msg("The plan took: {value}.", value=shown.given.shown)
        said.append(" " + words.say(was, language))
    link = None
    if shown.disputed.goal:
        href = address.link(
            path(GOAL), asked.view, goal=shown.disputed.goal, period=shown.disputed.month or shown.line.period
        )
        link = el("a", words.say(msg("Open the goal"), language), href=href)
    showing.block(el("p", *said, " " if link else None, link, class_="k quiet"))


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
