"""Where a webhook may point: what is asked of a URL when it is given, and of the address behind its name at every try.

A server that fetches what it is told to can be used to reach what only it can reach: the machine itself, the company's
network, a cloud's own addresses. So a name is resolved here, every address it has must be allowed, and the connection goes
to the very address that was looked at.
"""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace.webhooks.terms import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: The most characters of a URL.
LONGEST = 2000

#: IPv6 addresses that stand for an IPv4 one, which is where the packets go.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked_url(url: str, networks: tuple[Network, ...]) -> str:
    """Return a URL that events may be sent to; raises InvalidInput with what is wrong about it."""
    text = url.strip()
    try:
        found = urlsplit(text)
        port = found.port
    except ValueError as problem:
        raise InvalidInput(msg("This is no URL. Write it as https://hr.example.com/hooks/kpiflow.")) from problem
    if len(text) > LONGEST or any(sign.isspace() or not sign.isprintable() for sign in text) or port == 0:
        raise InvalidInput(msg("This is no URL. Write it as https://hr.example.com/hooks/kpiflow."))
    if found.scheme not in ("http", "https") or not found.hostname:
        raise InvalidInput(msg("This is no URL. Write it as https://hr.example.com/hooks/kpiflow."))
    if found.username or found.password or found.fragment:
        raise InvalidInput(msg("Write the URL without a name, a password and a # part: requests are signed instead."))
    addresses = allowed_addresses(text, networks)
    if found.scheme == "http" and not all(one.is_loopback for one in addresses):
        raise InvalidInput(msg("Events go by HTTPS, and by HTTP only to this machine itself. Write https://…"))
    return text


def allowed_addresses(url: str, networks: tuple[Network, ...]) -> tuple[Address, ...]:
    """Return the addresses behind a URL's name; raises InvalidInput when there are none, or one that may not be reached."""
    host = urlsplit(url).hostname or ""
    addresses = resolved(host, port_of(urlsplit(url)))
    for one in addresses:
        if not is_allowed(one, networks):
            raise InvalidInput(
                msg(
                    "{host} is at {address}, which is not on the public internet. If events are meant to go there, add its"
                    " network to KPIFLOW_WEBHOOK_NETWORKS.",
                    host=host,
                    address=str(one),
                )
            )
    return addresses


def resolved(host: str, port: int) -> tuple[Address, ...]:
    """Return every address of a host, in the order the system prefers; raises InvalidInput when there is none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = dict.fromkeys(ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows)
    except (OSError, UnicodeError, ValueError) as problem:
        raise InvalidInput(msg("There is no address for {host}. Check how it is written.", host=host)) from problem
    return tuple(found)


def is_allowed(address: Address, networks: tuple[Network, ...]) -> bool:
    """Return whether an address is on the public internet, or in a network that was opened.

    >>> [is_allowed(ipaddress.ip_address(one), ()) for one in ("8.8.8.8", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    meant = stands_for(address)
    if any(meant.version == one.version and meant in one for one in networks):
        return True
    return meant.is_global and not meant.is_multicast and not meant.is_reserved


def stands_for(address: Address) -> Address:
    """Return the address that packets go to: the IPv4 one inside an IPv6 one, if there is one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return inner or address


def port_of(url: SplitResult) -> int:
    """Return the port of a URL, its scheme's when it names none."""
    return url.port or (443 if url.scheme == "https" else 80)


def shown(url: str) -> str:
    """Return a URL as logs and the journal show it: without path and query, which are often a secret.

    >>> shown("https://hooks.example.com/T0/B0/x9?key=1")
    'https://hooks.example.com/…'
    """
    found = urlsplit(url)
    return f"{found.scheme}://{found.netloc}/…"
