"""Putting a company together from its parts, and taking it apart again, always in one order.

Floor 5: reads no clock, file or database.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from kpiflow.core.calendar import Calendar
from kpiflow.core.company import Profile
from kpiflow.core.phasing import BUILT_IN
from kpiflow.core.status import DEFAULT_RULES
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.facts import FILES


def assembled(
    profile: Profile, calendar: Calendar, of: Callable[[str], Mapping[str, Any]], frames: Mapping[str, pl.DataFrame]
) -> Company:
    """Return a company of its parts; `of(kind)` gives the definitions of a kind by id, the status rules by number."""
    rules = of("status")
    return Company(
        profile=profile,
        calendar=calendar,
        metrics=dict(of("metric")),
        curves=dict(of("curve")),
        phasings=BUILT_IN | dict(of("phasing")),
        statuses=tuple(rules[number] for number in sorted(rules, key=int)) or DEFAULT_RULES,
        scorecards=dict(of("scorecard")),
        grades=dict(of("grades")),
        plans=dict(of("plan")),
        roles=dict(of("role")),
        distributions=dict(of("distribution")),
        sources=dict(of("source")),
        **{name: frames[name] for name in TABLES},
    )


def definitions_of(company: Company) -> Iterator[tuple[str, str, Any]]:
    """Yield (kind, id, definition) of everything but tables and built-in phasings; the id is empty where there is only one."""
    for file in FILES:
        held = getattr(company, file.attribute)
        if isinstance(held, dict):
            own = ((name, one) for name, one in held.items() if BUILT_IN.get(name) != one or file.kind != "phasing")
            yield from ((file.kind, name, one) for name, one in own)
        elif isinstance(held, tuple):
            yield from ((file.kind, str(number), one) for number, one in enumerate(held))
        else:
            yield file.kind, "", held
