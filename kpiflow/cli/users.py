"""Commands about accounts: who may sign in, as whom, with which roles; whoever has this machine looks after them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

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
from kpiflow.errors import InvalidInput
from kpiflow.language import msg, render
from kpiflow.web.settings import address_of
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.api_tokens.ending import tokens_counting
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import plain_name

user = typer.Typer(name="user", help="Manage accounts: who may sign in.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account: a short name or an e-mail address.")]
PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help="The person of the company that the account is.")
]
RolesOption = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE", help="A role held for the whole company; may be repeated."),
]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin instead of asking.")
]
AddressOption = Annotated[
    str | None, typer.Option("--address", help="Where people reach the pages, such as https://goals.example.com.")
]


@user.command()
def add(
    *,
    name: NameArgument,
    person: PersonOption = None,
    roles: RolesOption = None,
    admin: Annotated[bool, typer.Option("--admin", help="Give the role administrator.")] = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Set none: for the identity provider, or before an invitation.")
    ] = False,
    password_stdin: StdinOption = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Add an account; asks for its password twice."""
    given = [*(roles or ()), *([accounts.ADMINISTRATOR_ROLE] if admin else [])]
    if not person and not given:
        raise InvalidInput(msg("Say who the account is with --person, or what it may do with --role or --admin."))
    password = None if no_password else _password(stdin=password_stdin, lang=lang)
    with _managing(store) as (ws, asker):
        added = accounts.add(ws, asker, name, person=person, roles=given, password=password)
    say(msg("Added the account {name}.", name=added), lang)


@user.command("list")
def list_(*, store: StoreOption = DEFAULT_STORE, form: FormatOption = Format.TABLE) -> None:
    """Show every account: the person it is, its roles, whether it has a password and whether it is disabled."""
    with _managing(store) as (ws, asker):
        rows = accounts.accounts(ws, asker).to_dicts()
    columns = ["account", "person", "roles", "has_password", "disabled", "recorded_at", "who"]
    if form is Format.TABLE:
        rows = [row | {"roles": ", ".join(row["roles"]) or None} for row in rows]
    write(rows, form, columns)


@user.command()
def disable(*, name: NameArgument, store: StoreOption = DEFAULT_STORE, lang: LanguageOption = Language.EN) -> None:
    """Close an account; its sessions end at once."""
    with _managing(store) as (ws, asker):
        accounts.disable(ws, asker, name)
    say(msg("Disabled {name}; its sessions have ended.", name=name), lang)


@user.command()
def enable(*, name: NameArgument, store: StoreOption = DEFAULT_STORE, lang: LanguageOption = Language.EN) -> None:
    """Open a disabled account again."""
    with _managing(store) as (ws, asker):
        accounts.enable(ws, asker, name)
    say(msg("Enabled {name}.", name=name), lang)


@user.command()
def password(
    *,
    name: NameArgument,
    password_stdin: StdinOption = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Set an account's password, asking for it twice; its sessions end."""
    given = _password(stdin=password_stdin, lang=lang)
    with _managing(store) as (ws, asker):
        accounts.set_password(ws, asker, name, given)
        tokens = tokens_counting(ws, plain_name(name))
    say(msg("The password of {name} is set; its sessions have ended.", name=name), lang)
    _tokens_go_on(name, tokens, lang)


@user.command()
def roles(
    *,
    name: NameArgument,
    held: Annotated[list[str] | None, typer.Argument(metavar="ROLE", help="The roles; none takes all away.")] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make these the roles that an account holds for the whole company, beside those of its person."""
    with _managing(store) as (ws, asker):
        accounts.set_roles(ws, asker, name, held or ())
    say(msg("The roles of {name} are now: {roles}.", name=name, roles=held or ()), lang)


@user.command()
def link(
    *,
    name: NameArgument,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", help="The person; none: nobody.")] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say which person of the company an account is; its sessions end."""
    with _managing(store) as (ws, asker):
        accounts.link(ws, asker, name, person)
    say(msg("{name} is now {person}; its sessions have ended.", name=name, person=person or msg("nobody")), lang)


@user.command("sign-out")
def sign_out(*, name: NameArgument, store: StoreOption = DEFAULT_STORE, lang: LanguageOption = Language.EN) -> None:
    """End every session of an account, and its open invitations."""
    with _managing(store) as (ws, asker):
        ended = accounts.sign_out(ws, asker, name)
        tokens = tokens_counting(ws, plain_name(name))
    say(msg("Ended {count} sessions and invitations of {name}.", count=ended, name=name), lang)
    _tokens_go_on(name, tokens, lang)


@user.command()
def invite(
    *,
    name: NameArgument,
    person: PersonOption = None,
    roles: RolesOption = None,
    address: AddressOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a link with which somebody sets the password, which nobody else learns; adds the account if it is new."""
    base = (address or address_of() or "http://127.0.0.1:8501").rstrip("/")
    with _managing(store) as (ws, asker):
        if person or roles:
            accounts.add(ws, asker, name, person=person, roles=roles or ())
        made = accounts.invite(ws, asker, name)
        hours = ws.signed_in.terms.welcome.total_seconds() / 3600
    sys.stdout.write(f"{base}{made.path}\n")
    say(msg("The link works once and for {hours} hours. Whoever has it becomes {name}.", hours=hours, name=name), lang)


def _tokens_go_on(name: str, count: int, lang: str) -> None:
    """Say that tokens outlive sessions and passwords, where there are any."""
    if count:
        say(
            msg(
                "API tokens of {name} that go on counting: {count}. To end them: kpiflow token revoke-all {name}",
                name=name,
                count=count,
            ),
            lang,
            "yellow",
        )


@contextmanager
def _managing(store: Any) -> Iterator[tuple[Workspace, Asker]]:
    """Open a store for whoever sits at the machine; the journal writes their name."""
    with opened(store) as ws:
        yield ws, Asker(account=who(), machine=True)


def _password(*, stdin: bool, lang: str) -> str:
    """Return a password that was typed twice, or the first line of stdin; what is typed is not shown."""
    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise InvalidInput(msg("There is no password on stdin."))
        return given
    again = render(msg("The same once more"), lang)
    typed: str = typer.prompt(render(msg("Password"), lang), hide_input=True, confirmation_prompt=again, err=True)
    return typed
