"""The command that answers who may do what, and why."""

import sys
from typing import Annotated

import typer

from kpiflow.cli.options import DEFAULT_STORE, Language, LanguageOption, StoreOption, opened
from kpiflow.cli.showing import tell
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace import Asker
from kpiflow.workspace.rights import may


def who(
    person: Annotated[str, typer.Argument(metavar="WHO", help="A person of the company.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="An action, such as set_target or read_pay.")],
    on: Annotated[
        str | None, typer.Argument(metavar="[ON]", help="On whom: a unit, a person or a goal; without it, on anybody.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say whether somebody may do something, and why. Ends with 1 when not."""
    with opened(store) as ws:
        people = ws.company().people["person"]
        if person not in people:
            raise not_found(msg("person"), person, people)
        decision = may(ws, Asker(person), what, on)
    verdict = (
        msg("Yes. {reason}", reason=decision.reason)
        if decision.allowed
        else msg("No. {reason}", reason=decision.reason)
    )
    tell([verdict], lang)
    if not decision.allowed:
        sys.exit(1)
