"""Who somebody who asks is, in words: the name of the person or account, and the roles held today."""

from kpiflow.language import Name
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books


def myself(ws: Books, asker: Asker) -> Choice:
    """Return the name of whoever asks and, beside it, their roles; an account without a person goes by its own name."""
    key = ("myself", asker, ws.known(None).definitions, ws.today())
    return ws.kept(key, lambda: _myself(ws, asker))


def _myself(ws: Books, asker: Asker) -> Choice:
    roles = list({held.role.role: held.role for held in ws.standing(asker).held}.values())
    english = ", ".join(role.label for role in roles)
    chinese = "、".join(role.label_zh or role.label for role in roles)
    note = Name(english, chinese) if roles else None
    name = Name(asker.account or asker.name)
    if asker.person is not None and not ws.is_empty():
        people = ws.company().people
        rows = people.filter(people["person"] == asker.person).select("label", "label_zh").rows()
        name = Name(rows[0][0] or asker.person, rows[0][1]) if rows else Name(asker.person)
    return Choice(asker.name, name, note)
