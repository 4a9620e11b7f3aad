"""The command that lists the questions of fairness which the results of a period raise."""

from typing import Annotated

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    AsOfOption,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    StoreOption,
    day,
    opened,
)
from kpiflow.cli.showing import say, write
from kpiflow.language import msg, render
from kpiflow.workspace import ADMINISTRATOR

_ROWS = ("check", "name", "question", "found")


def fairness(
    period: Annotated[str, typer.Argument(help="The period, such as 2013.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List what HR would ask about before anybody is paid by these results. Questions, not verdicts."""
    with opened(store) as ws:
        found = ws.fairness(ADMINISTRATOR, period, day(as_of))
    for said in found.sentence:
        say(said, lang)  # beside the rows, which a program may read
    rows = [
        {
            "check": one.check.value,
            "name": render(msg("{name}", name=raised.name), lang),
            "question": render(one.asks, lang),
            "found": render(raised.said, lang),
        }
        for one in found.questions
        for raised in one.rows
    ]
    write(rows, form, _ROWS)
