"""The part of the door that keeps API tokens and takes what programs write with them."""

from collections.abc import Collection

import polars as pl

from kpiflow.access.scopes import SCOPES
from kpiflow.language import Message
from kpiflow.workspace.api_tokens import ending, making, measuring, reporting
from kpiflow.workspace.api_tokens.knowing import Knowing
from kpiflow.workspace.api_tokens.making import Lasting, MadeToken
from kpiflow.workspace.api_tokens.measuring import Sent, Wish
from kpiflow.workspace.api_tokens.once import Answer, Repeat
from kpiflow.workspace.books import Asker
from kpiflow.workspace.reporting.spoken import Said


class TokenDesk(Knowing):
    """A store opened for people who keep tokens, and for programs that come with one."""

    def api_tokens(self, asker: Asker, *, everybody: bool = False) -> pl.DataFrame:
        """Return the tokens of whoever asks, or everybody's, never their secrets; see `making.api_tokens`. Raises Refused."""
        return making.api_tokens(self, asker, everybody=everybody)

    def make_api_token(
        self,
        asker: Asker,
        name: str,
        scopes: Collection[str],
        *,
        days: int | None = None,
        account: str | None = None,
    ) -> MadeToken:
        """Make a token whose secret is shown this once; raises Refused, NotFound, or InvalidInput."""
        return making.make_api_token(self, asker, name, scopes, days=days, account=account)

    def revoke_api_token(self, asker: Asker, token: int, *, reason: str) -> None:
        """End a token at once; raises NotFound for one that is not the asker's to end, InvalidInput without a reason."""
        making.revoke_api_token(self, asker, token, reason=reason)

    def revoke_api_tokens(self, asker: Asker, *, account: str | None = None, reason: str) -> int:
        """End every token of one's own, or of an account one looks after, at once; see `ending.revoke_api_tokens`."""
        return ending.revoke_api_tokens(self, asker, account=account, reason=reason)

    def write_measurements(self, asker: Asker, sent: Sent, wish: Wish, repeat: Repeat | None = None) -> Answer:
        """Load the good rows that a program sent and report all; raises as `measuring.write_measurements` says."""
        return measuring.write_measurements(self, asker, sent, wish, repeat)

    def check_in_once(
        self, asker: Asker, goal: str, said: Said, repeat: Repeat | None = None, *, locale: str = "en"
    ) -> Answer:
        """Write a check-in, once however often it is sent; raises as `check_in` does, and KeyUsed."""
        return reporting.check_in_once(self, asker, goal, said, repeat, locale=locale)

    def token_scopes(self) -> dict[str, Message]:
        """Return what tokens can be used for: each scope and what it is called, in the order they are shown."""
        return {scope.name: scope.label for scope in SCOPES}

    def token_days(self) -> Lasting:
        """Return for how many days a token counts unless somebody says otherwise, and at most."""
        return making.lasting_of()
