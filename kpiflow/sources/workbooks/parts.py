"""The two counts of a rate where they stand under names of their own: `On time flights` beside or above `All flights`.

A person says of such a name that it is `ontime_rate/numerator`; the counts of one rate, unit, person and day then meet here.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kpiflow.core.metric import MetricKind
from kpiflow.language import msg
from kpiflow.sources.rules import SAME_AGAIN, SCHEMA_RULES
from kpiflow.sources.workbooks.asking import Choice
from kpiflow.sources.workbooks.candidates import Candidate, Group, Refusal
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.known import CalledMetric
from kpiflow.sources.workbooks.mapping import Role
from kpiflow.sources.workbooks.placing import Placed

#: The counts of a rate.
COUNTS: tuple[Role, ...] = (Role.NUMERATOR, Role.DENOMINATOR)

#: For how many rates a question offers their counts.
_OFFERED = 6

#: What counts of one rate have in common: metric, unit, person, day and entry.
Whose = tuple[str | None, str | None, str | None, datetime.date | None, str | None]


def count_of(named: str | None, metrics: Mapping[str, CalledMetric]) -> tuple[str, Role] | None:
    """Return the rate and which of its counts a name stands for; None for anything else.

    >>> rate = CalledMetric("ontime", kind=MetricKind.RATIO)
    >>> count_of("ontime/numerator", {"ontime": rate}), count_of("ontime", {"ontime": rate}), count_of("x/numerator", {})
    (('ontime', <Role.NUMERATOR: 'numerator'>), None, None)
    """
    metric, mark, part = (named or "").rpartition("/")
    if not mark or metric not in metrics or metrics[metric].kind is not MetricKind.RATIO:
        return None
    return next(((metric, role) for role in COUNTS if role.value == part), None)


def counts_offered(metrics: Iterable[CalledMetric]) -> list[Choice]:
    """Return the answers that a name is a count of one of these rates."""
    rates = [metric for metric in metrics if metric.kind is MetricKind.RATIO][:_OFFERED]
    return [
        choice
        for rate in rates
        for choice in (
            Choice(f"{rate.id}/numerator", msg("Numerator of {metric}", metric=rate.label or rate.id)),
            Choice(f"{rate.id}/denominator", msg("Denominator of {metric}", metric=rate.label or rate.id)),
        )
    ]


@dataclass
class Counts:
    """Counts that wait for each other, and the rates beside them that say the same again."""

    there: dict[Whose, dict[Role, tuple[str, Refusal]]] = field(default_factory=dict)
    rates: list[tuple[Whose, Refusal]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unclear: set[Whose] = field(default_factory=set)

    def take(self, whose: Whose, role: Role, value: str, alone: Refusal) -> None:
        """Take in a count; `alone` is what is said of it when the other does not come."""
        kept = self.there.setdefault(whose, {})
        if role not in kept:
            kept[role] = (value, alone)
            return
        first = kept[role][1]
        if Decimal(kept[role][0]) == Decimal(value):
            said = Wrong(SAME_AGAIN, msg("The same count stands in row {row} already.", row=first.row))
            self.refused.append(replace(alone, wrong=said))
            return
        said = Wrong("once_in_the_file", SCHEMA_RULES["once_in_the_file"])
        self.refused += [replace(one, wrong=said) for one in ((alone,) if whose in self.unclear else (first, alone))]
        self.unclear.add(whose)

    def met(self) -> tuple[list[Candidate], list[Refusal]]:
        """Return the facts of which both counts are there once, and what is refused: a count or a rate without them."""
        whole = {
            whose: kept for whose, kept in self.there.items() if len(kept) == len(COUNTS) and whose not in self.unclear
        }
        made = [
            Candidate(*whose, None, kept[Role.NUMERATOR][0], kept[Role.DENOMINATOR][0],
                      kept[Role.NUMERATOR][1].row, kept[Role.NUMERATOR][1].column)
            for whose, kept in whole.items()
        ]  # fmt: skip
        refused = {(one.row, one.column) for one in self.refused}
        left = [one for whose, kept in self.there.items() if whose not in whole for _, one in kept.values()]
        alone = [one for one in left if (one.row, one.column) not in refused]
        return made, [*self.refused, *alone, *(one for whose, one in self.rates if whose not in whole)]


def unclear_counts(groups: Iterable[Group], metrics: Mapping[str, CalledMetric]) -> Iterator[Placed]:
    """Yield the columns under one rate whose own words nothing explains, where several stand there: its counts, most likely."""
    alike: dict[tuple[object, ...], list[Placed]] = {}
    for group in groups:
        metric = metrics.get(group.named["metric"] or "")
        if metric is not None and metric.kind is MetricKind.RATIO and set(group.columns) == {Role.VALUE}:
            alike.setdefault((*group.named.values(), group.day), []).append(group.first)
    for columns in alike.values():
        if len(columns) > 1:
            yield from (one for one in columns if one.heading.left)
