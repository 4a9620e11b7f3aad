"""Tokens made, listed and revoked: everybody their own, whoever looks after accounts also sees and revokes all others'."""

import datetime
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.access.scopes import BY_NAME, scopes_named
from kpiflow.errors import InvalidInput, NotFound, Refused, not_found
from kpiflow.language import Message, msg
from kpiflow.storage.accounts import read_accounts
from kpiflow.storage.api_tokens import ApiToken, add_api_token, end_api_token, read_api_tokens
from kpiflow.storage.journal import Entry
from kpiflow.workspace.api_tokens import demo
from kpiflow.workspace.api_tokens.knowing import FIRST_OF_DEMO, Knowing
from kpiflow.workspace.api_tokens.secret import new_secret
from kpiflow.workspace.books import Asker
from kpiflow.workspace.sign_in.signed_in import hash_of
from kpiflow.workspace.sign_in.signing_in import account_of, closed, plain_name

#: The most characters of a token's name and of a reason, and the most tokens of one account that count at once.
LONGEST_NAME, LONGEST_REASON, MOST = 60, 500, 50

#: Where the days a token counts are set: unless said otherwise, and at most.
DAYS_SETTING, MOST_DAYS_SETTING = "KPIFLOW_TOKEN_DAYS", "KPIFLOW_TOKEN_MOST_DAYS"


@dataclass(frozen=True)
class Lasting:
    """For how many days a token counts: unless somebody says otherwise, and at most."""

    usual: int = 90
    most: int = 366


@dataclass(frozen=True)
class MadeToken:
    """A token that was just made. `secret` is shown this once and kept nowhere.

    `remarks` say which of its scopes open nothing, because no role of the account may do that.
    """

    token: int
    name: str
    account: str
    scopes: tuple[str, ...]
    expires: datetime.datetime
    secret: str = field(repr=False)
    remarks: tuple[Message, ...] = ()


def lasting_of(environment: Mapping[str, str] = os.environ) -> Lasting:
    """Return the days set in the environment; raises InvalidInput for one that is no whole number from 1 to 3660.

    >>> lasting_of({"KPIFLOW_TOKEN_MOST_DAYS": "30"})
    Lasting(usual=30, most=30)
    """
    found = Lasting()
    most = _days(environment, MOST_DAYS_SETTING, found.most)
    return Lasting(min(_days(environment, DAYS_SETTING, found.usual), most), most)


def make_api_token(
    ws: Knowing,
    asker: Asker,
    name: str,
    scopes: Collection[str],
    *,
    days: int | None = None,
    account: str | None = None,
) -> MadeToken:
    """Make a token for the account of whoever asks; the machine's administrator names the account.

    Raises Refused, NotFound for an unknown scope or account, and InvalidInput for a name that is taken or missing, no
    scope, too many days or tokens.
    """
    ws.may(asker, "read_goals").require()
    owner = _owner(ws, asker, account)
    named, granted = _named(name), scopes_named(scopes)
    if not granted:
        raise InvalidInput(msg("Choose at least one scope: a token without any is good for nothing."))
    now = ws.signed_in.now()
    expires = now + datetime.timedelta(days=_within(days))
    secret = new_secret()
    made = ApiToken(0, owner, named, granted, now, expires, secret=hash_of(secret))
    detail = {"account": owner, "scopes": list(granted), "expires": expires.isoformat(timespec="seconds")}
    if _of_demo(ws, asker):
        return MadeToken(demo.add(ws, made), named, owner, granted, expires, secret, beyond(ws, owner, granted))
    with ws.store.write() as cursor:
        _room(read_api_tokens(ws.store, owner), named, now)
        number = add_api_token(cursor, made, Entry(now, asker.name, "api_token_made", named, detail=detail))
    return MadeToken(number, named, owner, granted, expires, secret, beyond(ws, owner, granted))


def beyond(ws: Knowing, owner: str, scopes: Collection[str]) -> tuple[Message, ...]:
    """Return which scopes open nothing for an account, as sentences: a token never may more than its account."""
    account = account_of(ws, owner)
    asker = Asker(account.person, account.name, account.roles) if account else Asker(owner)
    return tuple(
        msg("{account} may not {what} now, so the scope {scope} opens nothing.", account=owner, what=one.label,
            scope=one.name)
        for one in (BY_NAME[name] for name in scopes)
        if not any(ws.may(asker, action).allowed for action in one.actions)
    )  # fmt: skip


def api_tokens(ws: Knowing, asker: Asker, *, everybody: bool = False) -> pl.DataFrame:
    """Return the tokens of whoever asks, the newest first, or everybody's; raises Refused without the right to that.

    The columns of `read_api_tokens` and `state`: `counts`, `expired`, `revoked`, or `closed` when its account is.
    """
    ws.may(asker, "manage_accounts" if everybody else "read_goals").require()
    return _stated(ws, _rows(ws, asker, everybody=everybody or asker.machine))


def revoke_api_token(ws: Knowing, asker: Asker, token: int, *, reason: str) -> None:
    """End a token at once; raises NotFound unless it is one's own or one may look after accounts, InvalidInput without a reason."""
    ws.may(asker, "read_goals").require()
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise InvalidInput(msg("Say why, in at most {limit} characters.", limit=LONGEST_REASON))
    everybody = ws.may(asker, "manage_accounts").allowed
    with ws.store.write() as cursor:
        rows = _rows(ws, asker, everybody=everybody)
        found = rows.filter(pl.col("token") == token)
        if found.is_empty():
            raise NotFound(msg("You have no token {number}.", number=str(token)))
        row = found.row(0, named=True)
        if row["revoked"] is not None:
            raise InvalidInput(msg("The token {name} was revoked already.", name=row["name"]))
        said = Entry(ws.signed_in.now(), asker.name, "api_token_revoked", row["name"], why, {"account": row["account"]})
        if token >= FIRST_OF_DEMO:
            demo.end(ws, token, said)
        else:
            end_api_token(cursor, token, said)


def _rows(ws: Knowing, asker: Asker, *, everybody: bool) -> pl.DataFrame:
    """Return the tokens of whoever asks or everybody's, the newest first; in the demo those kept in memory as well."""
    stored = read_api_tokens(ws.store, None if everybody else asker.account or "")
    if not ws.demo:
        return stored
    return pl.concat([demo.rows(ws, None if everybody else asker.person or "", stored.schema), stored])


def _of_demo(ws: Knowing, asker: Asker) -> bool:
    """Return whether somebody looks as a person of the demo, who has no account."""
    return ws.demo and not asker.machine and asker.account is None and asker.person is not None


def _owner(ws: Knowing, asker: Asker, account: str | None) -> str:
    """Return whose the token will be; raises InvalidInput for another's, Refused for an account that is closed."""
    if _of_demo(ws, asker) and account is None and asker.person is not None:
        return asker.person
    name = plain_name(account) if account is not None else asker.account
    if asker.machine and account is None:
        raise InvalidInput(msg("Say whose token it is: --account NAME. `kpiflow user list` shows the accounts."))
    if name is None:
        raise InvalidInput(msg("A token belongs to an account, and you have none."))
    if not asker.machine and name != asker.account:
        raise InvalidInput(msg("Nobody makes tokens for another's account: whoever has one may do what its owner may."))
    found = account_of(ws, name)
    if found is None:
        raise not_found(msg("account"), name, read_accounts(ws.store)["account"])
    if (reason := closed(ws, found)) is not None:
        raise Refused(reason)
    return found.name


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise InvalidInput(
            msg(
                "Name the token after what will use it, such as 'payroll', in at most {limit} characters.",
                limit=LONGEST_NAME,
            )
        )
    return plain


def _within(days: int | None) -> int:
    lasting = lasting_of()
    wanted = lasting.usual if days is None else days
    if not 1 <= wanted <= lasting.most:
        raise InvalidInput(
            msg(
                "A token counts for 1 to {most} days, not {days}. Make a new one in time.",
                most=lasting.most,
                days=wanted,
            )
        )
    return wanted


def _room(rows: pl.DataFrame, name: str, now: datetime.datetime) -> None:
    """Raise InvalidInput when an account has a token of this name that counts, or has too many."""
    counts = rows.filter(pl.col("revoked").is_null(), pl.col("expires") > now.replace(tzinfo=None))
    if name in counts["name"]:
        raise InvalidInput(msg("There is a token {name} already. Choose another name, or revoke it first.", name=name))
    if counts.height >= MOST:
        raise InvalidInput(msg("This account has {count} tokens. Revoke one that is not needed first.", count=MOST))


def _stated(ws: Knowing, rows: pl.DataFrame) -> pl.DataFrame:
    shut = [
        name for name in rows.filter(pl.col("token") < FIRST_OF_DEMO)["account"].unique()
        if (found := account_of(ws, name)) is None or closed(ws, found) is not None
    ]  # fmt: skip
    now = ws.signed_in.now().replace(tzinfo=None)
    state = (
        pl.when(pl.col("revoked").is_not_null()).then(pl.lit("revoked"))
        .when(pl.col("expires") <= now).then(pl.lit("expired"))
        .when(pl.col("account").is_in(shut)).then(pl.lit("closed"))
        .otherwise(pl.lit("counts"))
    )  # fmt: skip
    return rows.with_columns(state.alias("state"))


def _days(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    if not text.isdecimal() or not 1 <= int(text) <= 3660:
        raise InvalidInput(
            msg("{variable} is '{text}', which is no whole number of days from 1 to 3660.", variable=name, text=text)
        )
    return int(text)
