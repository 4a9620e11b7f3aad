"""How webhooks are delivered: how long it is tried, how long one try may take, and which networks are open to it."""

import datetime
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Terms:
    """`networks` may be reached besides the public internet: those of the company itself, which nothing else may touch.

    `tried_for` is how long a delivery is tried before it is given up, `first_wait` the seconds between its first two tries.
    """

    networks: tuple[Network, ...] = ()
    tried_for: datetime.timedelta = datetime.timedelta(days=3)
    timeout: float = 10.0
    first_wait: float = 5.0


def networks_of(text: str) -> tuple[Network, ...]:
    """Return networks written by commas, such as 10.1.0.0/16 or one address; raises InvalidInput for what is none."""
    found = []
    for part in (one.strip() for one in text.split(",")):
        if not part:
            continue
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError as problem:
            raise InvalidInput(
                msg("KPIFLOW_WEBHOOK_NETWORKS names '{part}', which is no network. Write it as 10.1.0.0/16.", part=part)
            ) from problem
    return tuple(found)


def terms_of(environment: Mapping[str, str] = os.environ) -> Terms:
    """Return the terms set in the environment; raises InvalidInput for one that cannot be read."""
    networks = networks_of(environment.get("KPIFLOW_WEBHOOK_NETWORKS", ""))
    days, seconds = (_above_zero(environment, name) for name in ("KPIFLOW_WEBHOOK_DAYS", "KPIFLOW_WEBHOOK_SECONDS"))
    return Terms(
        networks,
        Terms.tried_for if days is None else datetime.timedelta(days=days),
        Terms.timeout if seconds is None else seconds,
    )


def _above_zero(environment: Mapping[str, str], name: str) -> float | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1_000:
        raise InvalidInput(msg("{name} is '{text}'. Write a number above 0 and below 1000.", name=name, text=text))
    return number
