"""Check-ins that programs send for a person: the same as on screen, and written once however often they are sent."""

from kpiflow.language import render
from kpiflow.workspace.api_tokens.once import Answer, Repeat, once
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reporting.checking_in import check_in
from kpiflow.workspace.reporting.spoken import Said


def check_in_once(
    ws: Books, asker: Asker, goal: str, said: Said, repeat: Repeat | None, *, locale: str = "en"
) -> Answer:
    """Write a check-in and return its number, the load its value became, its files, and what is said of it."""

    def make() -> Answer:
        done = check_in(ws, asker, goal, said)
        content = {
            "check_in": done.check_in,
            "goal": goal,
            "load": done.load,
            "evidence": list(done.files),
            "said": " ".join(render(one, locale) for one in done.sentence),
        }
        return Answer(201, content)

    return once(ws, asker, repeat, make)
