"""Questions of fairness: what the results of a period raise, why it is asked, and where to look closer."""

from dashboards import address, asking, showing
from dashboards.asking import Question
from dashboards.blocks import fairness_rows, text
from dashboards.pages import PAGES, SCORES, path
from kpiflow.workspace.fairness.answers import Raised


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    shown = asked.ws.fairness(asked.asker, asked.period, asked.as_of)
    showing.block(text.sentence(shown.sentence, language))
    for one in shown.questions:
        showing.block(text.heading(one.title, language, one.asks))
        showing.block(fairness_rows.question(one, language, lambda raised: closer(asked, raised)))


def closer(asked: Question, raised: Raised) -> str:
    """Return the address where a question is looked into."""
    known = {entry.id for entry in PAGES}
    return address.there(raised.page if raised.page in known else path(SCORES), asked.view, **raised.choices)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
