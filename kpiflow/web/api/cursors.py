"""Cursors of lists: where a page ends and which moment the walk stays on, signed so that only what we wrote is read."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from kpiflow.language import msg
from kpiflow.web.api.refusal import ApiRefusal

#: How long a cursor may be; ours are some two hundred letters.
LONGEST = 1000

#: How many bytes of the proof a cursor carries.
_PROOF = 16


@dataclass(frozen=True)
class Cursor:
    """A place in a list. `of` says which list of whom it is, `at` what came last, `moment` (ISO) which moment the walk is on.

    `seen` is the fingerprint of the versions that the first page was made of.
    """

    of: str
    at: tuple[Any, ...]
    moment: str
    seen: str


def sealed(cursor: Cursor, secret: bytes) -> str:
    """Return a cursor as text that carries a proof of who wrote it."""
    said = json.dumps(
        [cursor.of, list(cursor.at), cursor.moment, cursor.seen], ensure_ascii=False, default=str
    ).encode()
    return base64.urlsafe_b64encode(_proof(said, secret) + said).decode().rstrip("=")


def unsealed(text: str, of: str, secret: bytes) -> Cursor:
    """Return the cursor that a text is; raises ApiRefusal 410 for one of another list, another reader or another server."""
    try:
        whole = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4))
        proof, said = whole[:_PROOF], whole[_PROOF:]
        if not hmac.compare_digest(proof, _proof(said, secret)):
            raise gone()
        found, at, moment, seen = json.loads(said)
    except (binascii.Error, ValueError) as error:
        raise gone() from error
    if found != of:
        raise gone()
    return Cursor(found, tuple(at), moment, seen)


def gone() -> ApiRefusal:
    """Return the refusal of a cursor that cannot be gone on from."""
    return ApiRefusal(
        410,
        "cursor_gone",
        msg("This cursor cannot be gone on from: begin again without it, with the same filters throughout."),
    )


def digest(said: object) -> str:
    """Return a short fingerprint of something that JSON can write."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()[:24]


def _proof(said: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"cursor:" + said, "sha256")[:_PROOF]
