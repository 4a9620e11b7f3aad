"""Commands about API tokens: made for an account, listed without their secrets, revoked with a reason."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.access.scopes import SCOPES
from kpiflow.cli.options import (
    DEFAULT_STORE,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    StoreOption,
    opened,
    who,
)
from kpiflow.cli.showing import say, write
from kpiflow.language import msg
from kpiflow.workspace import Asker, Workspace

token = typer.Typer(
    name="token", help="Manage API tokens: with which other programs ask and write.", no_args_is_help=True
)


@token.command()
def make(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What will use it, such as payroll.")],
    account: Annotated[
        str, typer.Option("--account", metavar="ACCOUNT", help="Whose it is: it never may more than they.")
    ],
    scopes: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help=f"What it may be used for; may be repeated: {', '.join(scope.name for scope in SCOPES)}.",
        ),
    ],
    days: Annotated[
        int | None,
        typer.Option("--days", help="After how many days it counts no more; absent: KPIFLOW_TOKEN_DAYS, or 90."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make a token and write its secret to stdout, this once: it is kept nowhere."""
    with _keeping(store) as (ws, asker):
        made = ws.make_api_token(asker, name, scopes, days=days, account=account)
    sys.stdout.write(f"{made.secret}\n")
    say(
        msg(
            "Token {number}, {name}, of the account {account}: {scopes}; until {day}. It is shown this once.",
            number=str(made.token),
            name=made.name,
            account=made.account,
            scopes=", ".join(made.scopes),
            day=made.expires.date(),
        ),
        lang,
    )
    for said in made.remarks:
        say(said, lang, "yellow")


@token.command("list")
def list_(*, store: StoreOption = DEFAULT_STORE, form: FormatOption = Format.TABLE) -> None:
    """Show every token: whose it is, what it may be used for, until when it counts and when it was last used (UTC)."""
    with _keeping(store) as (ws, asker):
        rows = ws.api_tokens(asker, everybody=True).to_dicts()
    columns = ["token", "name", "account", "scopes", "state", "issued", "expires", "used", "reason"]
    if form is Format.TABLE:
        rows = [row | {"scopes": ", ".join(row["scopes"])} for row in rows]
    write(rows, form, columns)


@token.command()
def revoke(
    *,
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="The token's number, as `kpiflow token list` shows it.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why: kept in the journal.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """End a token at once."""
    with _keeping(store) as (ws, asker):
        ws.revoke_api_token(asker, number, reason=reason)
    say(msg("Token {number} is revoked: from now on it opens nothing.", number=str(number)), lang)


@token.command("revoke-all")
def revoke_all(
    *,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose tokens.")],
    reason: Annotated[str, typer.Option("--reason", help="Why: kept in the journal.")],
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """End every token of an account at once."""
    with _keeping(store) as (ws, asker):
        count = ws.revoke_api_tokens(asker, account=account, reason=reason)
    say(msg("Tokens of {account} revoked: {count}. From now on they open nothing.", count=count, account=account), lang)


@contextmanager
def _keeping(store: Path) -> Iterator[tuple[Workspace, Asker]]:
    """Open a store for whoever sits at the machine; the journal writes their name."""
    with opened(store) as ws:
        yield ws, Asker(account=who(), machine=True)
