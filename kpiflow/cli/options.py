"""The options that commands share."""

import datetime
import getpass
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace import Workspace

#: Where the store is when nothing says otherwise.
DEFAULT_STORE = Path("data/kpiflow.duckdb")


class Format(StrEnum):
    """How results are written to stdout; json and csv are stable and documented in docs/reference/results.md."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Language(StrEnum):
    """The language of words on the terminal."""

    EN = "en"
    ZH = "zh"


StoreOption = Annotated[Path, typer.Option("--store", envvar="KPIFLOW_STORE", help="The store, a DuckDB file.")]
PeriodOption = Annotated[str, typer.Option("--period", "-p", help="A period id, such as 2013, 2013-Q2 or 2013-06.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="The day it is taken to be (YYYY-MM-DD): only what was known then counts.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="table to read, json or csv to process.")]
LanguageOption = Annotated[Language, typer.Option("--lang", envvar="KPIFLOW_LANG", help="Language of the words.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; absent: whoever sits at this machine.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Why: kept in the journal beside the change.")]


def day(text: str | None) -> datetime.date | None:
    """Return the as-of day; raises InvalidInput for something that is no day."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(msg("'{text}' is not a day. Write it as 2013-06-30.", text=text)) from error


def opened(path: Path) -> closing[Workspace]:
    """Open the workspace of a store for a `with` statement, which closes it again."""
    return closing(Workspace.open(path))


def who() -> str:
    """Return the name of whoever sits at this machine, for the journal."""
    return getpass.getuser()
