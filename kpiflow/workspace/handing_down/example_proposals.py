"""Proposals of the example company, so that each desk has something to do; nothing of them changes a target."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.answering import answer
from kpiflow.workspace.handing_down.desk_answers import Draft
from kpiflow.workspace.handing_down.proposals import proposals
from kpiflow.workspace.handing_down.proposing import ask, propose

_PERIOD = "2013"

_EXECUTIVE, _HEAD_OF_NEWARK, _HEAD_OF_JFK = Asker("p0001"), Asker("p0002"), Asker("p0003")
_UNITED, _AMERICAN = Asker("p0209"), Asker("p0202")


def write_proposals(ws: Books) -> None:
    """Write two proposals late in the year: one line agreed as it is, two countered, the others waiting."""
    flights = Draft("fixed").holding(**{"ewr-ua-flights": 45_550.0, "ewr-ev-flights": 43_126.0})
    flights = flights.saying(**{"ewr-ua-flights": "Both aircraft stay overnight at Newark."})
    asked = ask(ws, _HEAD_OF_NEWARK, "ewr-flights", _PERIOD, flights, also=["ewr-aa-flights"])
    words = "From December United flies two of ExpressJet's rotations itself."
    propose(ws, _HEAD_OF_NEWARK, asked, words=words, at=_at(18, 9))
    answer(ws, _AMERICAN, _line(ws, _AMERICAN, "ewr-aa-flights"), "agree", at=_at(18, 15))
    said = "One of the two aircraft is in the hangar until 20 December."
    line = _line(ws, _UNITED, "ewr-ua-flights")
    answer(ws, _UNITED, line, "counter", value=45_480, words=said, at=_at(19, 10))
    happier = Draft("fixed").holding(**{"ewr-satisfaction": 83.0, "jfk-satisfaction": 84.0})
    asked = ask(ws, _EXECUTIVE, "nyc-satisfaction", _PERIOD, happier)
    propose(ws, _EXECUTIVE, asked, words="For the holiday weeks we ask a little more.", at=_at(25, 8))
    said = "Terminal 4 is being rebuilt until spring; 83 % is what we can promise."
    line = _line(ws, _HEAD_OF_JFK, "jfk-satisfaction")
    answer(ws, _HEAD_OF_JFK, line, "counter", value=83, words=said, at=_at(26, 16))


def _line(ws: Books, owner: Asker, goal: str) -> int:
    """Return the number of the line about a goal that waits for its owner."""
    lines = proposals(ws, owner, _PERIOD, only_open=True).lines
    return int(lines.filter(lines["goal"] == goal)["line"][0])


def _at(day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2013, 11, day, hour, tzinfo=datetime.UTC)
