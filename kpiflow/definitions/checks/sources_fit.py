"""Live sources name metrics, units and people that there are, and add values up in a way that their metric allows.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.core.live_source import Combine, Per
from kpiflow.core.metric import Aggregation, MetricKind
from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg
from kpiflow.sources.live import AnySource

#: How a metric adds up over days that is the same whether values are combined at the source or here.
_SAME: dict[Aggregation, Combine] = {
    Aggregation.SUM: Combine.SUM,
    Aggregation.MIN: Combine.MIN,
    Aggregation.MAX: Combine.MAX,
}


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for what is not there, and a warning for values that cannot be combined as written."""
    for name, source in company.sources.items():
        yield from _names(name, source, company, places)
        yield from _combining(name, source, company, places)


def _names(name: str, source: AnySource, company: Company, places: Places) -> Iterator[Problem]:
    metrics = places.known("metric", company.metrics)
    there = (
        ("metric", msg("metric"), metrics, "metric"),
        ("unit", msg("unit"), company.units["unit"].to_list(), "units"),
        ("person", msg("person"), company.people["person"].to_list(), "people"),
    )
    for field, what, known, kind in there:
        word = getattr(source.fixed, field)
        if word is not None and word not in known and kind not in places.unread:
            yield places.problem("source", name, ("fixed", field), Level.ERROR, unknown(what, word, known))
    if places.unread & {"metric", "units", "people"}:
        return
    every = {*metrics, *there[1][2], *there[2][2]}
    for theirs, ours in source.names.items():
        if ours not in every:
            said = unknown(msg("metric, unit or person"), ours, every)
            yield places.problem("source", name, ("names", theirs), Level.ERROR, said)
    metric = company.metrics.get(source.fixed.metric or "")
    if metric is not None and metric.kind is MetricKind.DERIVED:
        said = msg("{metric} is worked out from other metrics: load those.", metric=metric.metric)
        yield places.problem("source", name, ("fixed", "metric"), Level.ERROR, said)


def _combining(name: str, source: AnySource, company: Company, places: Places) -> Iterator[Problem]:
    per, combine = getattr(source, "per", Per.NONE), getattr(source, "combine", None)
    metric = company.metrics.get(source.fixed.metric or "")
    if per is Per.NONE or metric is None or metric.kind in (MetricKind.RATIO, MetricKind.DERIVED):
        return
    if _SAME.get(metric.time_agg) is not combine:
        said = msg(
            "{metric} adds up over days by '{how}', but its values are combined by '{combine}' before they come here."
            " Set combine, or per: none to bring every row.",
            metric=metric.metric,
            how=metric.time_agg.value,
            combine=str(combine),
        )
        yield places.problem("source", name, ("fixed", "metric"), Level.WARNING, said)
