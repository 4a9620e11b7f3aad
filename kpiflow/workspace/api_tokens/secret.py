"""The secret of an API token: a prefix that scanners find, 238 random bits, and a checksum that tells a typing slip."""

import secrets
import string
import zlib

#: What every token begins with.
PREFIX = "kpf_"

#: Random characters, and those of the checksum after them.
RANDOM, CHECK = 40, 6

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase

#: What a scanner for secrets that were left in files looks for.
PATTERN = rf"\b{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECK}}}\b"


def new_secret() -> str:
    """Return a new secret; nobody else has it or can guess it."""
    body = PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(RANDOM))
    return body + _checksum(body)


def is_whole(token: str) -> bool:
    """Return whether a text has the form of a token of ours, all of it: nothing of what it opens.

    >>> is_whole("kpf_" + "0" * 40 + "1kYx1X"), is_whole(new_secret()), is_whole(new_secret()[:-1])
    (False, True, False)
    """
    if not token.startswith(PREFIX) or len(token) != len(PREFIX) + RANDOM + CHECK or not token.isascii():
        return False
    return token[-CHECK:] == _checksum(token[:-CHECK])


def _checksum(body: str) -> str:
    number, written = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        number, digit = divmod(number, len(_DIGITS))
        written = _DIGITS[digit] + written
    return written
