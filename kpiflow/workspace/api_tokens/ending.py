"""All tokens of an account ended at once, for whoever fears that one of them, or the password, has come into other hands."""

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.accounts import read_account
from kpiflow.storage.api_tokens import end_api_token, read_api_tokens
from kpiflow.storage.journal import Entry
from kpiflow.workspace.api_tokens import demo
from kpiflow.workspace.api_tokens.knowing import FIRST_OF_DEMO, Knowing
from kpiflow.workspace.api_tokens.making import LONGEST_REASON
from kpiflow.workspace.books import Asker
from kpiflow.workspace.sign_in.accounts import no_account
from kpiflow.workspace.sign_in.signing_in import plain_name


def revoke_api_tokens(ws: Knowing, asker: Asker, *, account: str | None = None, reason: str) -> int:
    """End every token of an account that still counts, by default one's own; return how many these were.

    Raises Refused for another's without the right to manage accounts, NotFound for an account that there is not, and
    InvalidInput without a reason.
    """
    ws.may(asker, "read_goals").require()
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise InvalidInput(msg("Say why, in at most {limit} characters.", limit=LONGEST_REASON))
    name = _whose(ws, asker, account)
    with ws.store.write() as cursor:
        rows = _counting(ws, name)
        for token, named in rows.select("token", "name").rows():
            said = Entry(ws.signed_in.now(), asker.name, "api_token_revoked", named, why, {"account": name})
            if token >= FIRST_OF_DEMO:
                demo.end(ws, token, said)
            else:
                end_api_token(cursor, token, said)
    return rows.height


def tokens_counting(ws: Knowing, account: str) -> int:
    """Return how many tokens of an account count now: neither revoked nor expired."""
    return _counting(ws, account).height


def _counting(ws: Knowing, account: str) -> pl.DataFrame:
    rows = read_api_tokens(ws.store, account)
    if ws.demo:
        rows = pl.concat([demo.rows(ws, account, rows.schema), rows])
    return rows.filter(pl.col("revoked").is_null(), pl.col("expires") > ws.signed_in.now().replace(tzinfo=None))


def _whose(ws: Knowing, asker: Asker, account: str | None) -> str:
    """Return whose tokens are meant, by the name of the account; in the demo a person's, who has none."""
    own = asker.account or asker.person or ""
    if account is None or (plain_name(account) == own and not asker.machine):
        return own
    ws.may(asker, "manage_accounts").require()
    name = plain_name(account)
    if read_account(ws.store, name) is None:
        raise no_account(ws, name)
    return name
