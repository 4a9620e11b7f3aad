"""How the server is reached: its public address, the names it answers to, and the identity provider."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kpiflow.errors import InvalidInput
from kpiflow.language import msg


@dataclass(frozen=True)
class Provider:
    """An identity provider that speaks OpenID Connect: who it is, who we are to it, and the claim that names an account."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str = "email"
    label: str | None = None


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(given: tuple[str, ...], environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the further host names that were allowed, by option and in the environment (by commas)."""
    return (*given, *(name.strip() for name in environment.get("KPIFLOW_HOSTS", "").split(",") if name.strip()))


def address_of(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the public address, without a path; raises InvalidInput for one that is none."""
    text = environment.get("KPIFLOW_ADDRESS", "").strip().rstrip("/")
    if not text:
        return None
    found = urlsplit(text)
    if found.scheme not in ("http", "https") or not found.hostname or found.path or found.query:
        raise InvalidInput(
            msg("KPIFLOW_ADDRESS is '{text}'. Write it as https://goals.example.com, without a path.", text=text)
        )
    return text


def provider_of(environment: Mapping[str, str] = os.environ) -> Provider | None:
    """Return the identity provider set in the environment; raises InvalidInput when only a part of it is set."""
    named = {
        part: environment.get(f"KPIFLOW_OIDC_{part}", "").strip() for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    }
    if not any(named.values()):
        return None
    missing = [f"KPIFLOW_OIDC_{part}" for part, value in named.items() if not value]
    if missing:
        raise InvalidInput(
            msg("For signing in at an identity provider, these must be set as well: {missing}.", missing=missing)
        )
    issuer = named["ISSUER"].rstrip("/")
    if urlsplit(issuer).scheme != "https" and not is_loopback(urlsplit(issuer).hostname or ""):
        raise InvalidInput(msg("KPIFLOW_OIDC_ISSUER is '{issuer}', which is not reached by HTTPS.", issuer=issuer))
    claim = environment.get("KPIFLOW_OIDC_CLAIM", "").strip() or "email"
    label = environment.get("KPIFLOW_OIDC_LABEL", "").strip() or None
    return Provider(issuer, named["CLIENT_ID"], named["CLIENT_SECRET"], claim, label)
