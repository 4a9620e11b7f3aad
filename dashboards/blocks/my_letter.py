"""One line about a person's responsibility letter: how far it has come, and the way to it."""

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el
from dashboards.letter_looks import state_words
from dashboards.pages import LETTERS, path
from kpiflow.workspace import Refused, msg


def my_letter(asked: Question, person: str, cycle: str) -> None:
    """Show the letter's state with a link to it; nothing to whoever may not read it."""
    language = asked.language
    try:
        shown = asked.latest(
            f"letter {person} {cycle}",
            lambda: asked.ws.letter(asked.asker, "person", person, cycle, asked.as_of),
        )
    except Refused:
        return
    showing.block(text.heading(msg("Responsibility letter"), language))
    link = el(
        "a", words.say(msg("Open the letter"), language), href=address.link(path(LETTERS), asked.view, person=person)
    )
    showing.block(el("p", state_words(shown.state, language), " · ", link, class_="k"))
