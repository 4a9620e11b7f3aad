"""The example company's two scenarios: one of the plan's factor, one of targets and grades; both shared."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scenarios.answers import Supposition
from kpiflow.workspace.scenarios.edits import read_edits
from kpiflow.workspace.scenarios.shelf import mark, save

#: When they were made: as the next year was being talked about.
MADE = datetime.datetime(2013, 12, 10, 14, 0, tzinfo=datetime.UTC)

#: Who made each, its name, why, and what it supposes.
EXAMPLES = (
    (
        "p0005", "A gentler department factor", "The step below 60 points costs whole departments their bonus.",
        [
            {"edit": "plan", "plan": "service_bonus_2013", "path": "department.curve.points",
             "value": [[50, "50%"], [90, "100%"], [120, "125%"]]},
            {"edit": "plan", "plan": "service_bonus_2013", "path": "complaints.each", "value": 40},
        ],
    ),
    (
        "p0001", "Punctuality asks for more", "What the network would look like with targets two per cent higher.",
        [
            {"edit": "goals", "metric": "ontime_rate", "times": 1.02},
            {"edit": "grade", "scale": "a_to_e", "grade": "B", "at_least": 88},
        ],
    ),
)  # fmt: skip


def example_scenarios(ws: Books) -> None:
    """Save the scenarios of the example company."""
    for person, name, words, edits in EXAMPLES:
        asker = Asker(person)
        saved = save(ws, asker, name, Supposition("2013", read_edits(edits)), words=words, at=MADE)
        mark(ws, asker, saved.number, shared=True, at=MADE)
