"""How a cycle stands as a whole: its stations, and the first thing that whoever asks can do about it."""

import datetime

from kpiflow.language import Message, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.cycle.answers import CycleDesk, Progress, Station
from kpiflow.workspace.cycle.stations import STATIONS, Asked
from kpiflow.workspace.scores.cycle import cycle_stands
from kpiflow.workspace.scores.table import table, within


def cycle(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> CycleDesk:
    """Answer how the cycle of a period stands from goals to pay; raises Refused, or NotFound for the period."""
    ws.may(asker, "read_scores").require()
    moment = ws.moment(period, as_of)
    people = cycle_stands(ws, within(ws, asker, table(ws, period, as_of)), moment, as_of)
    asked = Asked(ws, asker, period, as_of, people)
    stations = tuple(one for one in (find(asked) for find in STATIONS) if one is not None)
    return CycleDesk(_sentence(stations, period), period, stations, people)


def _sentence(stations: tuple[Station, ...], period: str) -> tuple[Message, ...]:
    counted = [one for one in stations if one.progress is not Progress.NONE]
    done = sum(one.progress is Progress.DONE for one in counted)
    if counted and done == len(counted):
        return (msg("{period} is done: every station is finished.", period=period),)
    said = [msg("{done} of {of} stations of {period} are finished.", done=done, of=len(counted), period=period)]
    first = next((one for one in stations if one.next is not None and one.progress is not Progress.DONE), None)
    if first is not None and first.next is not None:
        said.append(msg("Next for you: {what}.", what=first.next))
    return tuple(said)
