"""Sources: which of them answer, how far behind each is, what it set aside, what looks strange, and what to do."""

from dashboards import address, asking, showing, source_forms, telling
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.live_list import in_order, live_list, one_live
from dashboards.charts import volume
from kpiflow.workspace import msg
from kpiflow.workspace.live.answers import Live


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    shown = asked.ws.live_sources(asked.asker)
    showing.block(text.sentence(shown.sentence, language))
    telling.told(language)
    if not shown.sources:
        return
    showing.block(live_list(shown.sources, language))
    for one in in_order(shown.sources):
        source(one, asked)


def source(one: Live, asked: Question) -> None:
    """One source: what is to be done, its volume per day, and its buttons."""
    language = asked.language
    showing.block(one_live(one, language))
    if one.volume:
        showing.block(text.aside(msg("Rows per day"), language))
        figure = volume.draw(one.volume, asked.ink, language)
        showing.plot(figure, volume.alt(one.volume), language, key=f"volume {one.source}")
    source_forms.buttons(one, asked)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
