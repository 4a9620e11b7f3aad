"""How long somebody who typed the wrong password has to wait: nothing at first, then twice as long each time."""

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

#: Wrong tries that cost nothing: of one account, and from one address, behind which a whole office may sit.
FREE_ACCOUNT, FREE_ADDRESS = 5, 30

#: The first wait and the longest one, in seconds. The longest is short enough that nobody can lock another out for a day.
FIRST, LONGEST = 5, 900

#: Seconds after which wrong tries are forgotten, and how many names and addresses are remembered at once.
FORGOTTEN, REMEMBERED = 24 * 3600, 20_000


@dataclass
class _Tries:
    count: int
    last: float


class Throttle:
    """Wrong tries per account name and per address. Names that are no account wait like those that are."""

    def __init__(self) -> None:
        self._tries: OrderedDict[Hashable, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, account: str | None, address: str, now: float) -> float:
        """Count a try before it is made and return 0, or return the seconds still to wait; then nothing is counted."""
        with self._lock:
            wait = max(self._wait(key, free, now) for key, free in _keys(account, address))
            if wait <= 0:
                self._count(account, address, now)
            return max(wait, 0)

    def went_well(self, account: str, address: str) -> None:
        """Forget the wrong tries of an account, and take the one that went well off its address."""
        with self._lock:
            self._tries.pop(("account", account), None)
            if tries := self._tries.get(("address", network(address))):
                tries.count -= 1

    def count(self, account: str | None, address: str, at: float) -> None:
        """Count a wrong try of an earlier run of the program."""
        with self._lock:
            self._count(account, address, at)

    def _wait(self, key: Hashable, free: int, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None or now - tries.last > FORGOTTEN:
            self._tries.pop(key, None)
            return 0
        return tries.last + _after(tries.count, free) - now

    def _count(self, account: str | None, address: str, at: float) -> None:
        for key, _ in _keys(account, address):
            tries = self._tries.setdefault(key, _Tries(0, at))
            tries.count, tries.last = tries.count + 1, at
            self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)


def _keys(account: str | None, address: str) -> list[tuple[tuple[str, str], int]]:
    of_account = [] if account is None else [(("account", account), FREE_ACCOUNT)]
    return [*of_account, (("address", network(address)), FREE_ADDRESS)]


def network(address: str) -> str:
    """Return what counts as one address: whoever has an IPv6 line has 2^64 of them.

    >>> network("2001:db8:1:2:3::4"), network("::ffff:10.6.6.6"), network("10.6.6.6"), network("unknown")
    ('2001:db8:1:2::/64', '10.6.6.6', '10.6.6.6', 'unknown')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _after(count: int, free: int) -> float:
    """Return the seconds to wait after so many wrong tries.

    >>> [_after(count, 5) for count in (0, 4, 5, 6, 7, 12, 100)]
    [0, 0, 5, 10, 20, 640, 900]
    """
    return 0 if count < free else min(FIRST * 2 ** min(count - free, 20), LONGEST)
