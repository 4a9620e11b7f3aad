"""One line about a person's review of the period: how far it has come, and the way to it."""

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el
from dashboards.pages import REVIEWS, path
from dashboards.review_looks import state_words
from kpiflow.workspace import NotFound, Refused, msg


def my_review(asked: Question, person: str) -> None:
    """Show the review's state with a link to it; nothing to whoever may not read it, or where there is none."""
    language = asked.language
    try:
        shown = asked.answer(
            f"my review {person}", lambda: asked.ws.review(asked.asker, person, asked.period, asked.as_of)
        )
    except (Refused, NotFound):
        return
    if shown.due is None and not shown.history:
        return  # nobody has to be reviewed for such a period, and nobody began to
    showing.block(text.heading(msg("Appraisal review"), language))
    href = address.link(path(REVIEWS), asked.view, person=person)
    link = el("a", words.say(msg("Open the review"), language), href=href)
    late = words.say(msg("{days} {days:day|days} late", days=shown.late), language) if shown.late else None
    showing.block(el("p", state_words(shown.state, language), f" · {late}" if late else None, " · ", link, class_="k"))


def reviews_link(asked: Question) -> None:
    """Show the way to the list of reviews."""
    language = asked.language
    href = address.link(path(REVIEWS), asked.view, person=None)
    link = el("a", words.say(msg("Reviews: who is done, and who is late"), language), href=href)
    showing.block(el("p", link, class_="k"))
