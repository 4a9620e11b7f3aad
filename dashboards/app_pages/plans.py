"""Plans: how each stands; one in words with its curves and tables, its examples, what was published, and what a change pays."""

import streamlit as st

from dashboards import address, asking, plan_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import plan_history, plan_impact, plan_steps, plan_tests, text
from dashboards.blocks.markup import el
from dashboards.blocks.plan_list import plan_list
from dashboards.charts import pay_curve
from dashboards.pages import PLANS, path
from dashboards.plan_looks import state_mark
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.plans.answers import PlanPage, PlanStands
from kpiflow.workspace.plans.pictures import Line
from kpiflow.workspace.plans.published import PlanState


def page(asked: Question) -> None:
    """Show one plan when the address names one, else the list."""
    chosen = asked.view.choice("plan")
    if chosen:
        one(asked, chosen)
        return
    listed = asked.ws.plans(asked.asker, asked.as_of)
    if not listed:
        lines = (msg("Plans are written in the configuration, one file each in the folder plans."),)
        showing.block(text.notice(msg("No plan pays anybody you may read"), lines, asked.language))
        return
    showing.block(text.sentence(opening(listed), asked.language))
    showing.block(plan_list(listed, asked.language, lambda plan: address.here(path(PLANS), asked.view, plan=plan)))


def opening(listed: tuple[PlanStands, ...]) -> tuple[Message, ...]:
    """Say how many plans are published, and how many wait."""
    out = sum(one.state is PlanState.PUBLISHED for one in listed)
    said = [msg("{count} of {total} {total:plan is|plans are} published.", count=out, total=len(listed))]
    waiting = sum(one.state is PlanState.WAITING for one in listed)
    if waiting:
        said.append(msg("{count} {count:waits|wait} for a second person.", count=waiting))
    failing = sum(one.state is PlanState.FAILING for one in listed)
    if failing:
        said.append(msg("{count} cannot be published as {count:it is|they are}.", count=failing))
    return tuple(said)


def one(asked: Question, plan: str) -> None:
    """One plan from top to bottom."""
    language, view = asked.language, asked.view
    shown = asked.ws.plan(asked.asker, plan, asked.as_of)
    back = el("a", words.say(msg("All plans"), language), href=address.here(path(PLANS), view, plan=None))
    showing.block(el("p", back, " · ", state_mark(shown.state, language), class_="k k-crumbs"))
    showing.block(text.sentence(standing(shown), language))
    telling.told(language)
    plan_forms.actions(shown, asked)
    showing.block(plan_steps.about(shown.about, language))
    changed(shown, asked)
    steps(shown, asked)
    tests(shown, asked)
    if shown.history:
        note = msg("Whoever puts a plan forward never approves it.")
        showing.block(text.heading(msg("Published by two people"), language, note))
        showing.block(plan_history.publications(shown.history, shown.people, language))


def standing(shown: PlanPage) -> tuple[Message, ...]:
    """Say how the plan stands, and what it waits for."""
    facts = {"plan": shown.name, "version": shown.plan.version}
    match shown.state:
        case PlanState.PUBLISHED:
            return (msg("{plan}, version {version}, is published.", **facts),)
        case PlanState.WAITING:
            return (msg("{plan}, version {version}, waits for a second person.", **facts),)
        case PlanState.CHANGED:
            return (
                msg("{plan} has changed since version {since} was published.", since=shown.since, **facts),
                msg("Final pay runs need it published again."),
            )
        case PlanState.FAILING:
            return (msg("{plan}, version {version}, cannot be published yet.", **facts), *shown.tested.obstacles()[:2])
    return (msg("{plan}, version {version}, is a draft.", **facts),)


def changed(shown: PlanPage, asked: Question) -> None:
    """What reads differently since the published version, and what it would pay in the period looked at."""
    if not shown.changes or shown.since is None:
        return
    language = asked.language
    showing.block(text.heading(msg("Changes since version {version}", version=shown.since), language))
    showing.block(plan_history.changes(shown.changes, language))
    note = msg("By what is known today of {period}; only people whose pay you may read.", period=asked.period)
    showing.block(text.heading(msg("What that pays"), language, note))
    try:
        found = asked.ws.plan_impact(asked.asker, shown.plan.plan, asked.period, asked.as_of)
    except KPIFlowError as problem:
        showing.block(text.aside(problem.message, language))
        return
    showing.block(plan_impact.impact(found, language))


def steps(shown: PlanPage, asked: Question) -> None:
    """The steps in order, with the pictures of curves beside their words."""
    language = asked.language
    note = msg("They are worked out in this order; the last one is what is paid.")
    showing.block(text.heading(msg("The steps"), language, note))
    for step in shown.steps:
        if not isinstance(step.picture, Line):
            showing.block(plan_steps.step(step, language))
            continue
        words_, picture = st.columns([1, 1], gap="large")
        with words_:
            showing.block(plan_steps.step(step, language))
        with picture:
            figure = pay_curve.draw(step.picture, asked.ink, language)
            showing.plot(figure, pay_curve.alt(step.picture, language), language, key=f"step {step.component}")


def tests(shown: PlanPage, asked: Question) -> None:
    """The examples and what they hit."""
    language = asked.language
    note = msg(
        "Each is worked out twice, by the fast path and by an exact reference, and both must give what it expects."
    )
    showing.block(text.heading(msg("Examples"), language, note))
    for said in shown.tested.obstacles():
        showing.block(text.aside(said, language))
    showing.block(plan_tests.examples(shown.tested, language))
    showing.block(plan_tests.coverage(shown.tested, language))


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
