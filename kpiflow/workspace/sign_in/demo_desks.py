"""The people whom the demo offers first: one for each desk, then one for each of those who look on."""

from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Books
from kpiflow.workspace.progress import people
from kpiflow.workspace.sign_in.signing_in import has_left

#: The roles in the order they are offered; of each, the first person who holds it.
DESKS = ("executive", "department_head", "hr", "duty_manager", "inspector", "auditor", "administrator")

#: How many people a search shows.
FOUND = 24


def desks(ws: Books) -> list[Choice]:
    """Return one person for each role of the demo's desks, in their order; a role that nobody holds is left out."""
    held = ws.company().assignments.sort("person").unique("role", keep="first", maintain_order=True)
    holder = dict(held.select("role", "person").iter_rows())
    listed = {one.id: one for one in people(ws)}
    return [listed[holder[role]] for role in DESKS if role in holder]


def people_like(ws: Books, words: str, language: str) -> list[Choice]:
    """Return the people whose name, role or unit has these words in it, in either language; at most as many as are read."""
    wanted = words.casefold()
    texts = ((one, " ".join(_texts(one)).casefold()) for one in people(ws))
    found = [one for one, text in texts if wanted in text and not has_left(ws, one.id)]
    return sorted(found, key=lambda one: (one.name.label_zh or one.name.label) if language == "zh" else one.name.label)[
        :FOUND
    ]


def _texts(one: Choice) -> list[str]:
    names = [one.name, *([one.note] if one.note else [])]
    return [one.id, *(text for name in names for text in (name.label, name.label_zh) if text)]
