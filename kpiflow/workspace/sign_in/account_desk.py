"""The part of the door that keeps accounts: who may sign in, as whom, with which roles."""

from collections.abc import Sequence

import polars as pl

from kpiflow.access.standing import BUILT_IN
from kpiflow.language import Name
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.sign_in import accounts as keeping
from kpiflow.workspace.sign_in.accounts import Invitation


class AccountDesk(Books):
    """A store opened for whoever looks after accounts. All of it raises Refused without the right to manage accounts."""

    def accounts(self, asker: Asker) -> pl.DataFrame:
        """Return account, person, label, label_zh, roles, has_password, disabled, recorded_at and who, by name."""
        found = keeping.accounts(self, asker).sort("account")
        if self.is_empty():
            return found.with_columns(pl.lit(None, pl.String).alias(name) for name in ("label", "label_zh"))
        return found.join(self.company().people.select("person", "label", "label_zh"), on="person", how="left")

    def roles_to_give(self, asker: Asker) -> list[Choice]:
        """Return the roles an account can hold for the whole company."""
        self.may(asker, "manage_accounts").require()
        roles = {**BUILT_IN, **({} if self.is_empty() else self.company().roles)}
        return [Choice(name, Name(role.label, role.label_zh)) for name, role in roles.items()]

    def add_account(self, asker: Asker, name: str, *, person: str | None, roles: Sequence[str]) -> Invitation:
        """Add an account without a password, and return the link with which its owner sets one; raises as `accounts.add`."""
        return keeping.add_invited(self, asker, name, person=person, roles=roles)

    def invite_account(self, asker: Asker, name: str) -> Invitation:
        """Return a new link with which the owner of an account sets a password; older ones count no more."""
        return keeping.invite(self, asker, name)

    def close_account(self, asker: Asker, name: str) -> None:
        """Disable an account: its sessions end at once."""
        keeping.disable(self, asker, name)

    def open_account(self, asker: Asker, name: str) -> None:
        """Enable a disabled account again."""
        keeping.enable(self, asker, name)

    def give_roles(self, asker: Asker, name: str, roles: Sequence[str]) -> None:
        """Make these the roles of an account; raises NotFound for one that there is not, Refused for one's own account."""
        keeping.set_roles(self, asker, name, roles)

    def link_account(self, asker: Asker, name: str, person: str | None) -> None:
        """Say which person of the company an account is; its sessions end. Raises as `accounts.link`."""
        keeping.link(self, asker, name, person)

    def end_sessions(self, asker: Asker, name: str) -> int:
        """End every session of an account, and every open link; return how many these were."""
        return keeping.sign_out(self, asker, name)
