"""Signatures as the Standard Webhooks specification has them: HMAC-SHA256 over id, moment and body."""

import base64
import hmac
import secrets
from collections.abc import Sequence

#: How a secret begins, so that whoever finds one knows what it is.
PREFIX = "whsec_"

#: Random bytes of a secret.
LENGTH = 32


def new_secret() -> str:
    """Return a new secret; receivers are given it as it is."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def headers(keys: Sequence[str], identity: str, moment: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a message: its id, the moment of sending in seconds since 1970, and its signatures.

    There is one signature for each secret, so that receivers that know the old or the new one both take it.
    """
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{signature(secret, identity, moment, body)}" for secret in keys),
    }


def signature(secret: str, identity: str, moment: int, body: bytes) -> str:
    """Return the signature of a message in Base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{identity}.{moment}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
