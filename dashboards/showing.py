"""Showing figures and polite failures: the few Streamlit calls every page makes the same way."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import plotly.graph_objects as go
import streamlit as st

from dashboards import address, asking, words
from dashboards.address import View
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.looking_back import banner
from dashboards.blocks.markup import Markup
from dashboards.charts.paper import CONFIG
from dashboards.pages import GOAL, OVERVIEW, PageEntry, page_named, path
from kpiflow.workspace import KPIFlowError, Message, Name, current, msg

LOG = logging.getLogger("kpiflow.dashboards")


def block(markup: Markup) -> None:
    """Put a block on the page."""
    if markup:
        st.html(markup)


def plot(figure: go.Figure, alt: Message, language: str, *, key: str) -> None:
    """Put a figure on the page."""
    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=words.say(alt, language))


def plot_links(figure: go.Figure, alt: Message, asked: Question, *, key: str, field: str) -> None:
    """Put a figure on the page whose marks open goals: `field` of the pressed point is the goal."""
    goal = plot_presses(figure, alt, asked, key=key, field=field)
    if goal is not None:
        open_page(GOAL, asked, goal=goal)


def plot_presses(
    figure: go.Figure, alt: Message, asked: Question, *, key: str, field: str = "customdata"
) -> str | None:
    """Put a figure on the page whose marks can be pressed; return `field` of the pressed point."""
    # The view is part of the key: a press belongs to what was shown when it was made.
    drawn = f"{key} {asked.period} {asked.view.goal} {asked.language} {asked.as_of}"
    pressed = st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        key=drawn,
        alt=words.say(alt, asked.language),
        on_select="rerun",
        selection_mode="points",
    )
    for point in pressed.selection.points:
        found = point.get(field)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, str) and found:
            return found
    return None


def open_page(page: PageEntry, asked: Question, **changes: str) -> None:
    """Go to a page with the view kept and these changes."""
    st.switch_page(page.file, query_params=replace(asked.view, **changes).parameters())  # type: ignore[arg-type]


def goal_link(asked: Question) -> Callable[[str], str]:
    """Return how to write the address of a goal's page in this view."""
    return lambda goal: address.link(path(GOAL), asked.view, goal=goal)


def open_to_reader(page: PageEntry, view: View) -> bool:
    """Return whether the reader may open a page; if not, say so and why, with ways on."""
    try:
        ws = current()
        if ws.is_empty():
            return True
        decision = ws.may(asking.asker(ws), page.needs)
    except KPIFlowError:
        return True  # the page itself says what is wrong
    if not decision.allowed:
        block(text.notice(msg("This page is not for your role"), (decision.reason,), view.language, (_ways_on(view),)))
    return decision.allowed


def earlier_day(view: View) -> None:
    """Say on every page which earlier day it shows, with the way back to today; nothing when it shows today."""
    if view.as_of is not None:
        block(banner(view.as_of, view.language, address.here("", view, as_of=None)))


def way_back(page: PageEntry, view: View) -> None:
    """Lead back to the page above one that does not stand in the line at the top."""
    try:
        ws = current()
        if ws.is_empty():
            return
        reader = asking.asker(ws)
        above = next((one for one in map(page_named, page.under) if ws.may(reader, one.needs).allowed), None)
    except KPIFlowError:
        return  # the page itself says what is wrong
    if above is not None:
        link = (Name(words.say(above.title, view.language)), address.link(path(above), view))
        block(
            text.crumbs(
                (link, (Name(words.say(page.title, view.language)), address.link(path(page), view))), view.language
            )
        )


def _ways_on(view: View) -> tuple[Message, str]:
    """Return the link that leads away from a page that cannot be shown."""
    return msg("To the overview"), address.link(path(OVERVIEW), View(language=view.language, person=view.person))


@contextmanager
def politely(view: View) -> Iterator[None]:
    """Show a failure the workspace foresaw as a notice, in the reader's language and with ways on, instead of a page."""
    try:
        yield
    except KPIFlowError as problem:
        links = [_ways_on(view)]
        near = problem.message.facts.get("near")
        if near and view.goal and problem.message.facts.get("word") == view.goal:
            links.insert(0, (msg("Open {goal}", goal=near), address.link(path(GOAL), view, goal=str(near))))
        block(text.notice(msg("This cannot be shown"), (problem.message,), view.language, links))
    except Exception:  # whatever went wrong, the reader gets a sentence and the log gets the trace
        LOG.exception("A page failed at %s", view)
        lines = (msg("The fault is ours, and the server's log has it. Another period or page may still work."),)
        block(text.notice(msg("Something went wrong"), lines, view.language, [_ways_on(view)]))


def ready(language: str, *, without_company: bool = False) -> bool:
    """Return whether there is a company to show, or a store `without_company`; when not, say what to do."""
    try:
        if not current().is_empty() or without_company:
            return True
    except KPIFlowError as problem:
        block(text.notice(msg("No store is open"), (problem.message,), language))
        return False
    lines = (
        msg("This store holds no company yet. Someone with the configuration can add one:"),
        msg("Write your company in a folder: `kpiflow init --config my-company`"),
        msg("Then put it into this store: `kpiflow apply my-company`"),
        msg("Or look at the example first: `kpiflow demo`"),
    )
    block(text.notice(msg("Nothing here yet"), lines, language))
    return False
