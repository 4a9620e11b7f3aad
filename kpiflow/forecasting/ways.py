"""How a metric can be forecast: by counts, as an amount that piles up, as a level that stays, or not at all."""

from enum import StrEnum

from kpiflow.core.metric import Aggregation, Metric, MetricKind


class Way(StrEnum):
    """What a history is made of, and how the rest of a period is added to what is there."""

    COUNTS = "counts"  # amount over base: a rate, or a mean of measurements; forecast both and divide
    AMOUNT = "amount"  # amounts that add up, held against the share of the year's target that belongs to the time
    LEVEL = "level"  # the latest value; it stays until somebody measures another


def way(metric: Metric) -> Way | None:
    """Return how a metric is forecast; None for formulas and for firsts and extremes, which no level predicts.

    >>> from kpiflow.core.metric import Direction, Measure
    >>> way(Metric(metric="m", label="M", definition="D", measure=Measure.COUNT, direction=Direction.HIGHER)).value
    'amount'
    """
    if metric.kind is MetricKind.RATIO or (metric.time_agg is Aggregation.MEAN and metric.formula is None):
        return Way.COUNTS
    if metric.accrues and metric.tree_agg in (Aggregation.SUM, Aggregation.MEAN):
        return Way.AMOUNT
    if metric.formula is None and metric.time_agg is Aggregation.LAST:
        return Way.LEVEL
    return None
