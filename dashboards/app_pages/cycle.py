"""The cycle from goals agreed to people paid: where it stands, who holds it up, and what comes next."""

from dashboards import address, asking, showing
from dashboards.asking import Question
from dashboards.blocks import cycle as late_people
from dashboards.blocks import stations, text
from dashboards.pages import PAGES, PROGRESS, SCORES, path
from kpiflow.workspace import msg
from kpiflow.workspace.cycle.answers import Station


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    shown = asked.ws.cycle(asked.asker, asked.period, asked.as_of)
    showing.block(text.sentence(shown.sentence, language))
    showing.block(stations.line(shown.stations, language, lambda one: there(asked, one)))
    progress = lambda person: address.link(path(PROGRESS), asked.view, person=person)  # noqa: E731
    showing.block(late_people.late(shown.people, language, progress))
    note = msg("Each station opens where its work is done.")
    showing.block(text.heading(msg("Station by station"), language, note))
    showing.block(stations.table(shown.stations, language, lambda one: there(asked, one)))


def there(asked: Question, one: Station) -> str:
    """Return the address where the work of a station is done."""
    known = {entry.id for entry in PAGES}
    return address.there(one.page if one.page in known else path(SCORES), asked.view, **one.choices)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
