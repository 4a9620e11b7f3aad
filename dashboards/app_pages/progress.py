"""My progress: where I stand, what each goal needs, a check-in beside each, what it would pay, and what was said so far."""

import polars as pl
import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import check_in_dialog, text, ways_on
from dashboards.blocks.goal_cards import goal_card
from dashboards.blocks.markup import el
from dashboards.blocks.my_letter import my_letter
from dashboards.blocks.my_review import my_review
from dashboards.blocks.outcomes import alone, ways
from dashboards.blocks.person import appraisal, person_line
from dashboards.blocks.said import check_ins
from dashboards.blocks.statement import statement
from dashboards.pages import PAY, PLANS, path
from kpiflow.workspace import Message, Progress, StaffDesk, Takes, msg


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language, person = asked.language, asked.subject
    if person is None:
        lines = (
            msg("This page shows the goals of the person who is signed in, and this account belongs to no person."),
            msg("Open a name on the team page or in the scores to see somebody's progress."),
        )
        showing.block(text.notice(msg("Whose progress?"), lines, language))
        return
    check_in_dialog.said(language)
    desk = asked.latest(f"desk {person}", lambda: asked.ws.staff_desk(asked.asker, person, asked.period, asked.as_of))
    showing.block(person_line(desk.progress, language))
    showing.block(text.sentence(desk.sentence, language))
    showing.block(appraisal(desk.progress, language))
    ways_on.from_progress(asked, person, desk.progress.name)
    goals(desk, asked)
    if not desk.goals.is_empty():
        what_if(desk, asked)
        history(desk, asked)
        my_letter(asked, person, desk.progress.cycle)
    my_review(asked, person)
    pay(desk.progress, asked)


def goals(desk: StaffDesk, asked: Question) -> None:
    """The goals as bullets with a check-in beside each; those that ask for a value come first."""
    language = asked.language
    if desk.goals.is_empty():
        lines = (
            msg("Goals come from the plan: whoever leads the unit proposes them, and they appear here once agreed."),
            msg("Another period may have some: choose it above."),
        )
        showing.block(text.notice(msg("No goals in this period"), lines, language))
        return
    showing.block(text.heading(msg("Goals"), language, _how_to_read(desk, asked)))
    link = showing.goal_link(asked)
    with st.container(key="goal_cards"):
        for row in desk.goals.iter_rows(named=True):
            with st.container(key=f"card_{row['goal']}"):
                showing.block(goal_card(row, asked.ink, language, link))
                if desk.check_in:
                    check_in_dialog.button(asked, row["goal"], due=row["due"])
    up = desk.progress.path_up
    if up:
        showing.block(text.heading(msg("What they lead up to"), language))
        showing.block(text.crumbs(tuple((name, link(goal)) for goal, name in reversed(up)), language))


def _how_to_read(desk: StaffDesk, asked: Question) -> Message:
    """Say what the marks mean, or why nothing can be written here."""
    if desk.check_in:
        return msg(
            "The thick line is the target, the triangle is where it should be by now, the bracket where it is heading."
        )
    if desk.own and asked.as_of is not None:
        return msg("You look from {day}. Check-ins are made today: empty the day above.", day=asked.as_of)
    return msg("Only {name} checks in here; you can ask on the page of each goal.", name=desk.progress.name)


@st.fragment(parallel=True)
def what_if(desk: StaffDesk, asked: Question) -> None:
    """What ending as forecast, at target or at stretch would mean for score and pay."""
    language = asked.language
    found = asked.ws.outcomes(asked.asker, desk.progress.person, asked.period, asked.as_of)
    if not found.ways:
        return
    note = msg("All else stays as it is now. Pay is that of the plans that pay for just this period.")
    showing.block(text.heading(msg("What if the period ended so?"), language, note))
    left, right = st.columns([2, 3], gap="large")
    with left:
        showing.block(ways(found, language))
    with right:
        showing.block(alone(found, language))


@st.fragment
def history(desk: StaffDesk, asked: Question) -> None:
    """The check-ins of one goal, by default the one spoken of last."""
    language = asked.language
    said = desk.goals.filter(pl.col("said_on").is_not_null()).sort("said_on", descending=True, maintain_order=True)
    reporting = pl.col("takes") != Takes.WORDS.value
    offered = pl.concat([said.filter(reporting), said.filter(~reporting)])
    showing.block(text.heading(msg("Check-ins so far"), language))
    if offered.is_empty():
        showing.block(text.aside(msg("No check-in yet. The button beside each goal takes ten seconds."), language))
        return
    names = {
        row["goal"]: words.literal(words.name(row, language, "metric_label"), language)
        for row in offered.iter_rows(named=True)
    }
    goal = next(iter(names))
    if len(names) > 1:
        label = words.say(msg("Goal"), language)
        goal = st.segmented_control(
            label, list(names), default=goal, format_func=names.__getitem__, required=True, key="said_goal",
            label_visibility="collapsed", wrap=True,
        )  # fmt: skip
    with showing.politely(asked.view):
        check_ins(asked.check_ins(goal), asked, beside=f" {goal}")


def pay(shown: Progress, asked: Question) -> None:
    """The statement of each plan, line by line."""
    language = asked.language
    for one in shown.pays:
        told = msg("By {plan}, as it stands today; nothing here is paid yet.", plan=one.label)
        showing.block(text.heading(msg("What it would pay for {period}", period=one.period), language, told))
        showing.block(statement(one, language))
        to_pay = address.here(path(PAY), asked.view, period=one.period, of=shown.person)
        link = el("a", words.say(msg("What was paid, and files to keep"), language), href=to_pay)
        in_words = el("a", words.say(msg("Plans in words"), language), href=address.link(path(PLANS), asked.view))
        showing.block(el("p", link, " · ", in_words, class_="k"))


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
