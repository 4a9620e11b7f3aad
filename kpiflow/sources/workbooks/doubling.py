"""A unit whose numbers are the sum of the units below it in the same sheet: a total under a name, which would count twice.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice, takewhile

from kpiflow.core.metric import MetricKind
from kpiflow.language import msg
from kpiflow.sources.workbooks.candidates import Candidate, Refusal
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.known import CalledMetric, Known
from kpiflow.sources.workbooks.spans import Span

#: Metric, unit, person and what the numbers are of a day: what adds up over units and what does not.
_Sums = dict[tuple[str | None, str | None], dict[object, tuple[Decimal, ...]]]


def once(candidates: list[Candidate], known: Known, spans: Mapping[int, Span]) -> tuple[list[Candidate], list[Refusal]]:
    """Return what counts once, and what would count a second time: sums under a unit's name, and quarters below their months.

    `spans` are the periods that rows say of themselves.
    """
    longer = _longer(candidates, spans)
    kept = [one for one in candidates if one not in longer] if longer else candidates
    twice = longer | _doubled(kept, known)
    if not twice:
        return candidates, []
    refused = [
        Refusal(one.row, one.column, wrong, {"unit": one.unit or "", "metric": one.metric or ""})
        for one, wrong in twice.items()
    ]
    return [one for one in candidates if one not in twice], refused


def _longer(candidates: Sequence[Candidate], spans: Mapping[int, Span]) -> dict[Candidate, Wrong]:
    """Return the numbers of periods of which the same metric and unit have shorter ones in other rows."""
    if len({(last - first).days // 10 for first, last in spans.values()}) < 2:
        return {}
    alike: dict[tuple[str | None, ...], list[tuple[Span, Candidate]]] = {}
    for one in candidates:
        if one.row in spans:
            alike.setdefault((one.metric, one.unit, one.person, one.entry), []).append((spans[one.row], one))
    said = Wrong("sum_of_periods", msg("It adds up the shorter periods beside it."))
    out: dict[Candidate, Wrong] = {}
    for rows in alike.values():
        there = sorted({period for period, _ in rows})
        out |= {one: said for period, one in rows if _holds_another(period, there)}
    return out


def _holds_another(period: Span, there: list[Span]) -> bool:
    """Return whether a period holds another one of those that are there, in the order of their first days."""
    first, last = period
    inside = takewhile(lambda other: other[0] <= last, islice(there, bisect_left(there, (first, first)), None))
    return any(other[1] <= last and other != period for other in inside)


def _doubled(candidates: Sequence[Candidate], known: Known) -> dict[Candidate, Wrong]:
    """Return the numbers of units that are, on every day of their metric, the sum of those below them in the sheet."""
    above = {unit.id: unit.above for unit in known.units if unit.above}
    there = {one.unit for one in candidates}
    parents = {unit for unit in set(above.values()) if unit in there}
    if not parents:
        return {}
    metrics = {metric.id: metric for metric in known.metrics}
    sums: _Sums = {}
    for one in candidates:
        if one.person is None and one.entry is None and _adds(metrics, one):
            sums.setdefault((one.metric, one.unit), {})[one.day] = _numbers(one)
    out: dict[tuple[str | None, str | None], Wrong] = {}
    for (metric, unit), own in sums.items():
        if unit not in parents:
            continue
        below = [child for child in there if child is not None and above.get(child) == unit and (metric, child) in sums]
        if len(below) > 1 and _same(own, [sums[metric, child] for child in below]):
            names = [_label(known, child) for child in sorted(below)]
            said = msg("It is the sum of the units below it, which stand in the sheet as well and would count twice: {units}.",
                       units=", ".join(names[:6]))  # fmt: skip
            out[metric, unit] = Wrong("sum_of_units_below", said)
    return {
        one: out[one.metric, one.unit] for one in candidates if one.person is None and (one.metric, one.unit) in out
    }


def _label(known: Known, unit: str) -> str:
    """Return what a unit is called."""
    return next((one.label or one.id for one in known.units if one.id == unit), unit)


def _adds(metrics: Mapping[str, CalledMetric], one: Candidate) -> bool:
    """Return whether numbers of a metric add up over units as they stand there."""
    metric = metrics.get(one.metric or "")
    return metric is not None and metric.kind is not MetricKind.DERIVED


def _numbers(one: Candidate) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in (one.value, one.numerator, one.denominator) if number is not None)


def _same(own: Mapping[object, tuple[Decimal, ...]], below: list[dict[object, tuple[Decimal, ...]]]) -> bool:
    """Return whether on each day the numbers of one are the sum of several others; days of nothing but 0 say nothing."""
    told = False
    for day, numbers in own.items():
        parts = [one[day] for one in below if day in one]
        if len(parts) < 2 or any(len(one) != len(numbers) for one in parts):
            return False
        if tuple(map(sum, zip(*parts, strict=True))) != numbers:
            return False
        told = told or any(numbers)
    return told
