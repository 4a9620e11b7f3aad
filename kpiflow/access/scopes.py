"""The scopes of API tokens, as a table: what a token may be used for, never more than its account may do anyway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kpiflow.errors import not_found
from kpiflow.language import Message, msg


@dataclass(frozen=True)
class TokenScope:
    """One thing a token can be used for. `actions`: those of which its account needs one, or else it opens nothing."""

    name: str
    label: Message
    actions: tuple[str, ...]


SCOPES: tuple[TokenScope, ...] = (
    TokenScope("goals:read", msg("read goals, metrics, units and attainment"), ("read_goals",)),
    TokenScope("scores:read", msg("read appraisals and scores"), ("read_appraisal",)),
    TokenScope("pay:read", msg("read pay and statements"), ("read_pay",)),
    TokenScope("letters:read", msg("read letters"), ("read_goals",)),
    TokenScope("check-ins:read", msg("read check-ins"), ("read_goals",)),
    TokenScope("measurements:read", msg("read measurements"), ("read_goals",)),
    TokenScope("journal:read", msg("read the journal"), ("read_journal",)),
    TokenScope("measurements:write", msg("write measurements"), ("load_measurements", "record_measurement")),
    TokenScope("check-ins:write", msg("check in"), ("check_in",)),
    TokenScope("webhooks:manage", msg("manage webhooks"), ("manage_webhooks",)),
)

#: Every scope by name, in the order they are shown.
BY_NAME: Mapping[str, TokenScope] = MappingProxyType({scope.name: scope for scope in SCOPES})


def scopes_named(names: Iterable[str]) -> tuple[str, ...]:
    """Return scopes in the order of the table, each once; raises NotFound with the nearest for one that there is not.

    >>> scopes_named(["scores:read", "goals:read", "goals:read"])
    ('goals:read', 'scores:read')
    """
    wanted = set(names)
    for name in sorted(wanted):
        if name not in BY_NAME:
            raise not_found(msg("scope"), name, BY_NAME)
    return tuple(name for name in BY_NAME if name in wanted)
