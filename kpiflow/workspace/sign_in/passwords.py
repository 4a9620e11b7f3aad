"""Passwords: which are good enough, their Argon2 hashes, and a comparison that costs the same for names that are not there."""

import threading
from functools import cache
from importlib.resources import files
from itertools import pairwise

from pwdlib import PasswordHash

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: Length is what a guesser pays for; signs of every kind are not asked for, because they make people write it down.
SHORTEST, LONGEST = 12, 1024

#: How many different characters a password has at least: `aaaaaaaaaaaa` is long and no secret.
DIFFERENT = 5

#: Argon2 takes 64 MiB a time on purpose; more at once would let a stranger fill the memory by trying names.
_HASHING = threading.BoundedSemaphore(2)

_ARGON2 = PasswordHash.recommended()


def required(password: str, account: str) -> None:
    """Raise InvalidInput, saying what to change, unless a password is good enough for an account."""
    if len(password) < SHORTEST:
        raise InvalidInput(
            msg("A password has at least {count} characters. A few words in a row are easy to keep.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        raise InvalidInput(msg("A password has at most {count} characters.", count=LONGEST))
    plain = _letters(password)
    name = _letters(account.partition("@")[0])
    if len(name) >= 3 and name in plain and len(plain) < len(name) + 8:
        raise InvalidInput(msg("The password is little more than the account name. Choose another one."))
    if len(set(password)) < DIFFERENT or _runs(plain) or plain in _commonest():
        raise InvalidInput(msg("This password is one of the first that anybody would guess. Choose another one."))


def hashed(password: str) -> str:
    """Return the Argon2 hash of a password, with its own salt and parameters."""
    with _HASHING:
        return _ARGON2.hash(password)


def same(password: str, hash_: str | None) -> bool:
    """Return whether a password belongs to a hash; without one the work is done all the same and the answer is no."""
    compared = hash_ if hash_ is not None else _nobodys()
    with _HASHING:
        matches = _ARGON2.verify(password[: LONGEST + 1], compared)
    return matches and hash_ is not None


@cache
def _nobodys() -> str:
    return hashed("the password of nobody at all")


@cache
def _commonest() -> frozenset[str]:
    text = files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(_letters(line) for line in text.splitlines() if line and not line.startswith("#"))


def _letters(text: str) -> str:
    """Return a text as a guesser sees it.

    >>> _letters("P@ssw0rd2024!"), _letters("passwordPASSWORD"), _letters("1234")
    ('password', 'password', '1234')
    """
    folded = text.casefold()
    ends = "".join({sign for sign in folded if not sign.isalpha()})
    core = folded.strip(ends).translate(str.maketrans("@0$13!5", "aosieis"))
    plain = "".join(sign for sign in core if sign.isalpha())
    return plain[: (plain + plain).find(plain, 1)] if plain else folded


def _runs(text: str) -> bool:
    """Return whether a text is one run such as 123456789012 or abcdefghijkl, up or down."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    if text.isdigit():
        steps = {step % 10 for step in steps}
    return len(text) > 3 and steps in ({1}, {-1}, {9}, {0})
