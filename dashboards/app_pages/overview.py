"""Overview: where the enterprise stands, where it does not, what moved, and what needs someone's attention first."""

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.goal_list import goal_list
from dashboards.blocks.headline import headline
from dashboards.blocks.heat import heat
from dashboards.charts import icicle, waterfall
from dashboards.masthead import example_line
from kpiflow.workspace import Overview, msg

#: Goals off track that are shown before the reader asks for all of them.
FIRST = 12


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    shown, language = asked.overview(), asked.language
    showing.block(text.sentence(shown.sentence, language))
    showing.block(headline(shown.headline, language))
    left, right = st.columns([3, 2], gap="large")
    with left:
        showing.block(
            text.heading(msg("The goals"), language, msg("Width to the right is depth, height is weight. Press a block for its page."))
        )
        told = msg("Tree of goals by weight and status; every goal in it is also in the lists of this page.")
        showing.plot_links(icicle.draw(shown.tree, asked.ink, language), told, asked, key="tree", field="id")
    with right:
        moved(shown, asked)
    units_by_metrics(shown, asked)
    left, right = st.columns(2, gap="large")
    with left:
        showing.block(text.heading(msg("Furthest behind"), language))
        listed(shown.worst, asked, change=False)
    with right:
        changed = asked.latest_change(shown)
        note = since(changed)
        showing.block(text.heading(msg("Most improved"), language, note))
        listed(changed.improved, asked, change=True)
    off_track(shown, asked)
    foot = msg("Period {period}, as known on {day}.", period=shown.period, day=asked.as_of or asked.ws.today())
    showing.block(text.foot(foot, language))
