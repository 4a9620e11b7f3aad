"""Who is signed in right now, in memory: what pages ask at every run must not cost a question to the store each time."""

import datetime
import hashlib
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.accounts import Account
from kpiflow.workspace.sign_in.throttle import Throttle


@dataclass(frozen=True)
class Terms:
    """How long a session lasts: at most, and without being used; and how long a link for a first password counts."""

    lasting: datetime.timedelta = datetime.timedelta(hours=12)
    idle: datetime.timedelta = datetime.timedelta(hours=2)
    welcome: datetime.timedelta = datetime.timedelta(hours=72)


#: The cookie that holds the token of a session.
SESSION_COOKIE = "kpiflow_session"

#: Where each term is set in the environment, and in which unit.
SETTINGS: Mapping[str, tuple[str, str]] = {
    "lasting": ("KPIFLOW_SESSION_HOURS", "hours"),
    "idle": ("KPIFLOW_SESSION_IDLE_MINUTES", "minutes"),
    "welcome": ("KPIFLOW_WELCOME_HOURS", "hours"),
}


@dataclass
class Session:
    """A session by the hash of its token: whose it is, when it ends, and when it was last used.

    One of the demo has no account, only the person looked as.
    """

    hash: str
    account: str | None
    person: str | None
    expires: datetime.datetime
    used: datetime.datetime


@dataclass
class SignedIn:
    """What one process knows about sessions. The store has the same but for those of the demo and when each was used."""

    terms: Terms = field(default_factory=Terms)
    sessions: dict[str, Session] = field(default_factory=dict)
    accounts: dict[str, Account | None] = field(default_factory=dict)
    throttle: Throttle = field(default_factory=Throttle)
    lock: threading.RLock = field(default_factory=threading.RLock)
    #: Whether the wrong tries of an earlier run of the program were read from the store.
    recalled: bool = False

    def now(self) -> datetime.datetime:
        """Return the moment it is; the only clock that sessions see."""
        return datetime.datetime.now(datetime.UTC)

    def lasts(self, session: Session) -> bool:
        """Return whether a session still counts by its times."""
        now = self.now()
        return now < session.expires and now - session.used < self.terms.idle

    def forget(self, account: str) -> None:
        """Forget what is known of an account that has just changed; the store is asked again."""
        with self.lock:
            self.accounts.pop(account, None)

    def drop(self, account: str, kept: str | None = None) -> None:
        """Forget the sessions of an account, which were ended in the store, but one."""
        with self.lock:
            for known in [one.hash for one in self.sessions.values() if one.account == account and one.hash != kept]:
                del self.sessions[known]

    def sweep(self) -> None:
        """Forget sessions whose last hour is over. One that only went unused is kept until it is ended in the store."""
        now = self.now()
        for known in [known for known, one in self.sessions.items() if one.expires <= now]:
            del self.sessions[known]


def terms_of(environment: Mapping[str, str] = os.environ) -> Terms:
    """Return the terms set in the environment; raises InvalidInput for one that is no number above 0."""
    given = {}
    for name, (variable, unit) in SETTINGS.items():
        if text := environment.get(variable, "").strip():
            try:
                given[name] = datetime.timedelta(**{unit: float(text)})
            except (ValueError, OverflowError):
                given[name] = datetime.timedelta(0)
            if given[name] <= datetime.timedelta(0):
                raise InvalidInput(
                    msg("{variable} is '{text}', which is no number above 0.", variable=variable, text=text)
                )
    return Terms(**given)


def hash_of(token: str) -> str:
    """Return how a token is known here and in the store: nobody can sign in with its hash."""
    return hashlib.sha256(token.encode()).hexdigest()
