"""Commands about ratings as a workbook: the form of whoever rates, and taking it back."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import DEFAULT_STORE, Language, LanguageOption, PeriodOption, StoreOption, opened, who
from kpiflow.cli.showing import say
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace import Asker

RaterOption = Annotated[str, typer.Option("--by", help="Who rates: the id of a person, whose rights decide.")]


def form(
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    period: PeriodOption,
    by: RaterOption,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a workbook with a line for each item that waits for somebody's rating."""
    if out.exists():
        raise InvalidInput(
            msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(out))
        )
    with opened(store) as ws:
        out.write_bytes(ws.ratings_template(_asker(by), period, language=lang))
    say(msg("Written to {path}.", path=str(out)), lang)


def load(
    file: Annotated[Path, typer.Argument(help="The workbook that was filled in.")],
    *,
    period: PeriodOption,
    by: RaterOption,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Take the ratings of a workbook, all or none; they count once each step is sent, those of a peer at once."""
    if not file.is_file():
        raise InvalidInput(msg("There is no file {path}.", path=str(file)))
    with opened(store) as ws:
        done = ws.load_ratings(_asker(by), period, file.read_bytes(), file.name)
    for person, count in done.items():
        say(msg("{count} items of {person} rated.", count=count, person=person), lang)


def _asker(by: str) -> Asker:
    """Return a person as whoever sits at this machine: their rights decide, and the journal says how it came in."""
    return Asker(person=by, account=f"{who()} at a terminal")
