"""Numbers that add up from the beginning of the year, turned into what each month adds, where a person says so.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from decimal import Decimal
from typing import TypeVar

from kpiflow.core.calendar import Calendar
from kpiflow.core.metric import Measure, MetricKind
from kpiflow.language import msg
from kpiflow.sources.workbooks.candidates import Candidate, Refusal
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.known import CalledMetric, Known

_Placed = TypeVar("_Placed", Candidate, Refusal)

#: Of a fact, what adds up.
_NUMBERS = ("value", "numerator", "denominator")


def differences(candidates: list[Candidate], known: Known) -> tuple[list[Candidate], list[Refusal]]:
    """Return what each month adds, and what cannot be told: where the month before is missing, or a number falls.

    Levels stay as they are. The first month of the company's year adds what it says.
    """
    metrics = {metric.id: metric for metric in known.metrics}
    alike: dict[tuple[object, ...], dict[int, list[Candidate]]] = {}
    kept: list[Candidate] = []
    refused: list[Refusal] = []
    for one in candidates:
        metric = metrics.get(one.metric or "")
        if metric is None or one.day is None or metric.kind is MetricKind.SNAPSHOT:
            kept.append(one)
            continue
        alike.setdefault((*one[:3], one.entry), {}).setdefault(12 * one.day.year + one.day.month, []).append(one)
    for months in alike.values():
        for nth, same in months.items():
            for one in same:
                begins = _begins(one.day or datetime.date.min, known.calendar)
                first = nth == 12 * begins.year + begins.month
                made = _added(
                    one, months.get(nth - 1, []), metrics[one.metric or ""], first=first, alone=len(same) == 1
                )
                if isinstance(made, Wrong):
                    refused.append(
                        Refusal(one.row, one.column, made, {"unit": one.unit or "", "metric": one.metric or ""})
                    )
                else:
                    kept.append(made)
    return _in_order(kept), _in_order(refused)


def _in_order(found: list[_Placed]) -> list[_Placed]:
    return sorted(found, key=lambda one: (one.row, one.column))


def _added(
    one: Candidate, before: list[Candidate], metric: CalledMetric, *, first: bool, alone: bool
) -> Candidate | Wrong:
    """Return what a month adds to the one before."""
    unknown = Wrong("month_not_told", msg("What it adds cannot be told: one number for the month before is needed."))
    if not metric.sums:
        return Wrong(
            "month_not_told",
            msg("{metric} does not add up over months; no month can be told from it.", metric=metric.id),
        )
    if not alone or (not first and len(before) != 1):
        return unknown
    numbers: dict[str, Decimal | None] = {}
    for name in _NUMBERS if before else ():
        now, then = getattr(one, name), getattr(before[0], name)
        if (now is None) != (then is None):
            return unknown
        numbers[name] = None if now is None else Decimal(now) - Decimal(then)
    more = [number for number in numbers.values() if number is not None]
    if first:
        if more and min(more) >= 0 and any(more):
            said = msg("It is of the first month of the year and does not begin again. Say since when it adds up.")
            return Wrong("month_not_told", said)
        return one
    if min(more, default=Decimal(0)) < 0 and metric.measure is not Measure.CURRENCY:
        return Wrong("month_not_told", msg("It is below that of the month before, and such numbers do not fall."))
    value, top, bottom = (None if numbers[name] is None else format(numbers[name], "f") for name in _NUMBERS)
    return one._replace(value=value, numerator=top, denominator=bottom)


def _begins(day: datetime.date, calendar: Calendar | None) -> datetime.date:
    """Return the first day of the company's year that a day lies in."""
    cycles = calendar.cycles if calendar else ()
    begun = [cycle.starts for cycle in cycles if cycle.starts <= day <= cycle.months()[-1][1]]
    return begun[0] if begun else datetime.date(day.year, 1, 1)
