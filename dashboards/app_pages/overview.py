"""Overview: where the enterprise stands, where it does not, what moved, and what needs someone's attention first."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import address, asking, off_track, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.ahead_rows import ahead_figures, ahead_rows
from dashboards.blocks.goal_list import goal_list
from dashboards.blocks.headline import headline
from dashboards.blocks.heat import around, heat
from dashboards.blocks.markup import el
from dashboards.blocks.tree_rows import tree_rows
from dashboards.charts import icicle, waterfall
from dashboards.pages import OVERVIEW, TEAM, path
from kpiflow.workspace import Ahead, Message, Name, Overview, msg

#: Rows a list shows before the reader asks for all of them.
FIRST = 6


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    shown, language = asked.overview(), asked.language
    showing.block(text.sentence(shown.sentence, language))
    ending = asked.answer("ahead", lambda: asked.ws.ahead(asked.asker, asked.period, asked.as_of))
    showing.block(headline(shown.headline, language, pay_ahead=ending.pay if ending else None))
    quiet(asked)
    left, right = st.columns([3, 2], gap="large")
    with left:
        tree(shown, asked)
    with right:
        moved(asked.latest_change(shown), asked)
    units_by_metrics(shown, asked)
    off_track.section(asked)
    left, right = st.columns(2, gap="large")
    with left:
        furthest_behind(shown, asked)
    with right:
        most_improved(asked.latest_change(shown), asked)
    if ending is not None:
        ahead(ending, asked)
    showing.block(text.foot(standing(asked, example=shown.example), language))


def quiet(asked: Question) -> None:
    """How many goals nothing was heard of for too long, and the way to whose they are; nothing where all speak."""
    found = asked.latest("quiet", lambda: asked.ws.quiet(asked.asker, asked.period, asked.as_of))
    if found.is_empty():
        return
    said = msg(
        "◌ {count} {count:goal has|goals have} gone quiet: no fresh value or word for up to {days} {days:day|days}.",
        count=found.height,
        days=found["silent"][0],
    )
    language = asked.language
    link = (
        el("a", words.say(msg("See whose"), language), href=address.there(path(TEAM), asked.view, show="quiet"))
        if asked.ws.may(asked.asker, TEAM.needs).allowed
        else None
    )
    showing.block(el("p", words.say(said, language), " " if link else None, link, class_="k k-said-quiet"))


def tree(shown: Overview, asked: Question) -> None:
    """The goal tree."""
    note = msg("From left to right: the whole, its goals, their goals. Height is weight. Press a block to open it.")
    showing.block(text.heading(msg("The goals"), asked.language, note))
    alt = msg("Tree of the goals: size is weight, colour and shape are status.")
    showing.plot_links(icicle.draw(shown.tree, asked.ink, asked.language), alt, asked, key="tree", field="id")
    showing.block(tree_rows(shown.tree, asked.language, showing.goal_link(asked)))


def moved(changed: Overview, asked: Question) -> None:
    """What moved the score since the period before."""
    before, now, language = changed.headline.score_before, changed.headline.score, asked.language
    showing.block(text.heading(msg("What moved the score"), language, since(changed)))
    if before is None or now is None or changed.moved.is_empty() or changed.period_before is None:
        why = msg("There is no earlier period with data to compare with. Choose a later month or quarter above.")
        showing.block(text.aside(why, language))
        return
    names = (changed.period_before, changed.period)
    figure = waterfall.draw(changed.moved, before, now, asked.ink, language, names=names)
    showing.plot_links(figure, waterfall.alt(before, now, language), asked, key="moved", field="customdata")


def units_by_metrics(shown: Overview, asked: Question) -> None:
    """The heat map of one unit and those below it; pressing a unit's name goes down to it."""
    language, view = asked.language, asked.view
    note = msg(
        "Each cell is the unit's actual with the mark of its status: press it for its goal, or a name for what is below."
    )
    showing.block(text.heading(msg("Units by metrics"), language, note))
    if shown.heat.is_empty():
        showing.block(text.aside(msg("No unit has a goal with a metric in this period."), language))
        return
    top = shown.heat["unit"][0]
    if view.unit not in (None, top):
        whole = words.name(shown.heat.row(0, named=True), language, "unit_label")
        showing.block(text.crumbs(((Name(f"↑ {whole}"), address.link(path(OVERVIEW), view, unit=None)),), language))
    cells = around(shown.heat, view.unit)
    down = partial(link_to_unit, asked)
    showing.block(heat(cells, language, showing.goal_link(asked), down))


def link_to_unit(asked: Question, unit: str) -> str:
    """Return the address of this page with a unit and what is below it in the heat map."""
    return address.link(path(OVERVIEW), asked.view, unit=unit)


def furthest_behind(shown: Overview, asked: Question) -> None:
    """The goals furthest behind their pace."""
    showing.block(
        text.heading(
            msg("Furthest behind"), asked.language, msg("By pace: the actual against what is expected by now.")
        )
    )
    listed(shown.worst, msg("Nothing is behind or at risk."), asked)


def most_improved(changed: Overview, asked: Question) -> None:
    """The goals that gained most points."""
    showing.block(text.heading(msg("Most improved"), asked.language, since(changed)))
    listed(changed.improved, msg("Nothing has gained points since then."), asked, change=True)


def ahead(found: Ahead, asked: Question) -> None:
    """How the enterprise will end the period, as long as it has not ended."""
    language = asked.language
    note = msg(
        "Each goal's forecast with the range it will most likely end in, and what pay would cost if all ended so."
    )
    showing.block(text.heading(msg("How {period} will end, as forecast", period=asked.period), language, note))
    showing.block(ahead_figures(found, language))
    showing.block(ahead_rows(found, language, showing.goal_link(asked)))


def listed(goals: pl.DataFrame, none: Message, asked: Question, *, change: bool = False) -> None:
    """A list of goals, or the words for an empty one."""
    if goals.is_empty():
        showing.block(text.aside(none, asked.language))
    else:
        showing.block(goal_list(goals.head(FIRST), asked.language, showing.goal_link(asked), change=change))


def since(changed: Overview) -> Message | None:
    """Between which periods a change is told."""
    if changed.period_before is None:
        return None
    return msg("{period} against {before}, in points", period=changed.period, before=changed.period_before)


def standing(asked: Question, *, example: bool) -> Message:
    """What is shown and as known when."""
    day = asked.as_of or asked.ws.today()
    if example:
        return msg(
            "Period {period}, as known on {day}. An example company: real flights of 2013, invented people; numbers "
            "marked as example data are invented.",
            period=asked.period,
            day=day,
        )
    return msg("Period {period}, as known on {day}.", period=asked.period, day=day)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
