"""The commands about letters: list them, show one, draw one up and print it; signing is for people, signed in as themselves."""

from enum import StrEnum
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
    PeriodOption,
    ReasonOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write, write_one
from kpiflow.language import msg
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.letters.answers import LetterPage, LetterState
from kpiflow.workspace.letters.listing import Wanted
from kpiflow.workspace.letters.telling import told
from kpiflow.workspace.rights import owner_named

letter = typer.Typer(
    name="letter", help="Responsibility letters: list, show, draw up and print them.", no_args_is_help=True
)


class Edition(StrEnum):
    """The languages a letter is printed in."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


OwnerArgument = Annotated[str, typer.Argument(help="The owner: a unit or a person, by id.")]
VersionOption = Annotated[int | None, typer.Option("--version", help="A version; absent: the newest.")]

#: The columns of the list.
COLUMNS = (
    "owner_kind",
    "owner",
    "label",
    "state",
    "version",
    "in_force",
    "signer",
    "manager",
    "owner_at",
    "manager_at",
)


@letter.command("list")
def list_letters(
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    state: Annotated[LetterState | None, typer.Option("--state", help="Only letters in this state.")] = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most letters that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List the letters of a cycle with who has signed, those that need a hand first."""
    with opened(store) as ws:
        wanted = Wanted(state, limit=limit)
        found = ws.letters(ADMINISTRATOR, period, day(as_of), wanted)
        write(found.rows.select(COLUMNS).to_dicts(), form, COLUMNS)
        facts = {"found": found.found, "shown": found.rows.height}
        say(msg("{shown} of {found} letters.", **facts), lang)


@letter.command()
def show(
    owner: OwnerArgument,
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    version: VersionOption = None,
    as_of: AsOfOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The content itself, as it was fingerprinted.")] = False,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show a letter: how far it has come, its parties, goals and rewards, and what changed since the version before."""
    with opened(store) as ws:
        page = _page(ws, owner, period, as_of=as_of, version=version)
        if as_json and page.letter is not None:
            write_one({**page.letter.model_dump(mode="json"), "fingerprint": page.letter.fingerprint})
        else:
            tell(told(page), lang)


@letter.command("draw-up")
def draw_up(
    owner: OwnerArgument,
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Draw a letter up from the goals agreed now, for both sides to sign."""
    with opened(store) as ws:
        kind, name = owner_named(ws, owner)
        done = ws.draw_up_letter(ADMINISTRATOR, kind, name, period, who=who(), reason=reason)
        facts = {"version": done.version, "owner": name, "fingerprint": done.fingerprint}
        say(
            msg("Version {version} of the letter of {owner} is drawn up, with the fingerprint {fingerprint}.", **facts),
            lang,
        )


@letter.command()
def pdf(
    owner: OwnerArgument,
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file; absent: a name of its own in this folder.")
    ] = None,
    version: VersionOption = None,
    as_of: AsOfOption = None,
    edition: Annotated[
        Edition, typer.Option("--edition", help="English, 中文, or both one after the other.")
    ] = Edition.EN,
    lang: LanguageOption = Language.EN,
) -> None:
    """Print a letter as a PDF, in English, in 中文, or in both languages."""
    with opened(store) as ws:
        kind, name = owner_named(ws, owner)
        made = ws.letter_pdf(ADMINISTRATOR, kind, name, period, day(as_of), language=edition.value, version=version)
        path = out or Path(made.name)
        path.write_bytes(made.content)
        say(msg("Written: {path}", path=str(path)), lang)


def _page(ws: Workspace, owner: str, period: str, *, as_of: str | None, version: int | None) -> LetterPage:
    kind, name = owner_named(ws, owner)
    return ws.letter(ADMINISTRATOR, kind, name, period, day(as_of), version=version)
