"""Commands about check-ins: making one on behalf of a person, and reading what was said about a goal."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    AsOfOption,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    ReasonOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import tell, write
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace import ADMINISTRATOR, Said

_SHORT = ["check_in", "day", "shown", "confidence", "words", "who", "at", "load", "corrects", "outcome", "files"]

GoalArgument = Annotated[str, typer.Argument(help="The goal.")]


def check_in(
    goal: GoalArgument,
    *,
    person: Annotated[str, typer.Option("--person", help="The person it is for, who answers for the goal.")],
    value: Annotated[
        str | None,
        typer.Option("--value", help="A value, a step or level, or numerator/denominator such as 412/9800."),
    ] = None,
    confidence: Annotated[int | None, typer.Option("--confidence", help="How sure of the target, 1 to 10.")] = None,
    words: Annotated[str | None, typer.Option("--words", help="What is to be said.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option("--evidence", help="A file; may be given again.")] = None,
    on: Annotated[str | None, typer.Option("--day", help="The day it is about; today, or the cycle's last.")] = None,
    reason: ReasonOption = None,
    sure: Annotated[bool, typer.Option("--sure", help="An unusual value is meant as it stands.")] = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Check in on a goal for a person; the journal says who sat at the machine."""
    files = tuple((path.name, path.read_bytes()) for path in evidence or ())
    with opened(store) as ws:
        steps = ws.check_in_form(ADMINISTRATOR, goal).steps
        said = Said(
            **_number(value, steps=bool(steps)),
            confidence=confidence,
            words=words,
            day=day(on),
            files=files,
            reason=reason,
            sure=sure,
        )
        done = ws.check_in(ADMINISTRATOR, goal, said, person=person, who=who())
    tell(done.sentence, lang)


def _number(value: str | None, *, steps: bool) -> dict[str, str]:
    """Return a value as the kind of number that it is."""
    if value is None:
        return {}
    if "/" in value:
        numerator, _, denominator = value.partition("/")
        if not numerator.strip() or not denominator.strip():
            raise InvalidInput(msg("'{value}' is not a rate. Write it as 412/9800.", value=value))
        return {"numerator": numerator, "denominator": denominator}
    return {"step" if steps else "value": value}


def check_ins(
    goal: GoalArgument,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show every check-in of a goal, the newest first, and what became of each."""
    with opened(store) as ws:
        rows = ws.check_ins(ADMINISTRATOR, goal, day(as_of)).rows
    write(rows.drop("who_label", "who_label_zh").to_dicts(), form, _SHORT)
