"""The command that shows where a cycle stands, station by station."""

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
from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR

_ROWS = ("station", "progress", "done", "of", "missing", "next")


def cycle(
    period: Annotated[str, typer.Argument(help="The period, such as 2013.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show where a cycle stands from goals agreed to people paid, and what comes next."""
    with opened(store) as ws:
        shown = ws.cycle(ADMINISTRATOR, period, day(as_of))
    for said in shown.sentence:
        say(said, lang)  # beside the rows, which a program may read
    rows = [
        {
            "station": render(one.name, lang),
            "progress": one.progress.value,
            "done": one.done,
            "of": one.of,
            "missing": render(one.said, lang),
            "next": render(one.next, lang) if one.next else "",
        }
        for one in shown.stations
    ]
    write(rows, form, _ROWS)
