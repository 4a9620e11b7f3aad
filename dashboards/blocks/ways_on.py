"""What a calibration made of a person's grade, and their way to an appeal."""

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks.markup import el
from dashboards.blocks.session_rows import calibrated
from dashboards.pages import APPEALS, path
from kpiflow.workspace import Name, Refused, msg


def from_progress(asked: Question, person: str, name: Name) -> None:
    """What a final calibration decided, with its reason, and the way to appeal for whoever it is about."""
    language = asked.language
    try:
        showing.block(
            calibrated(asked.ws.calibrated_grade(asked.asker, person, asked.period, asked.as_of), language, name)
        )
    except Refused:
        return
    if person == asked.asker.person and asked.ws.may(asked.asker, "appeal").allowed:
        said = words.say(msg("Appeal against score, grade or pay"), language)
        showing.block(el("p", el("a", said, href=address.link(path(APPEALS), asked.view)), class_="k"))
