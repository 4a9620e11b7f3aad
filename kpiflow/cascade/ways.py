"""How the targets of children make the target of the goal above: as a sum, as a volume-weighted mean, or not at all.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kpiflow.core.metric import Measure, Metric, MetricKind
from kpiflow.core.remainder import Number, fraction, in_steps
from kpiflow.language import Message, Name, Quantity, msg


class Way(StrEnum):
    """The three ways; a metric has one of them and never another."""

    SUM = "sum"  # targets of parts add up to the target of the whole
    VOLUME_WEIGHTED = "volume_weighted"  # a rate: a busy part weighs more, by its denominator
    NOT_SPLITTABLE = "not_splittable"


#: The smallest amount a target is set in where the metric states no `step`.
STEPS: dict[Measure, Decimal] = {
    Measure.COUNT: Decimal(1),
    Measure.DAYS: Decimal(1),
    Measure.MINUTES: Decimal("0.1"),
    Measure.HOURS: Decimal("0.1"),
}

#: As above, for every other measure: money in cents, rates in hundredths.
STEP = Decimal("0.01")


def way_of(metric: Metric) -> Way:
    """Return how targets of a metric go together."""
    if metric.splits:
        return Way.SUM
    return Way.VOLUME_WEIGHTED if metric.kind is MetricKind.RATIO else Way.NOT_SPLITTABLE


def step_of(metric: Metric) -> Decimal:
    """Return the smallest amount its targets are set in: its own `step`, or the usual one of its measure."""
    return metric.step if metric.step is not None else STEPS.get(metric.measure, STEP)


def why_not_split(metric: Metric) -> Message | None:
    """Return why parts of its target do not add up and what to do instead; None for a metric that can be split."""
    name = Name(metric.label, metric.label_zh)
    match way_of(metric):
        case Way.SUM:
            return None
        case Way.VOLUME_WEIGHTED:
            return msg(
                "{metric} is a rate: targets of parts do not add up, their mean by volume is what counts. "
                "Give everyone the same target, shift last year's rates, or write each target down.",
                metric=name,
            )
    if metric.kind is MetricKind.DERIVED:
        return msg(
            "{metric} is worked out from other metrics ({formula}), so its target has no parts. "
            "Split the targets of those metrics, or give everyone the same target.",
            metric=name,
            formula=metric.formula,
        )
    return msg(
        "{metric} of the whole is the {how} of its parts, so its target has no parts. Give everyone the same target.",
        metric=name,
        how=_how(metric),
    )


def _how(metric: Metric) -> Message:
    """Return the word for how places go together."""
    return {"mean": msg("mean"), "min": msg("lowest"), "max": msg("highest")}[metric.tree_agg.value]


def residual(assigned: Number, target: Number, buffer: Number, step: Number) -> tuple[Fraction, Fraction]:
    """Return what is unassigned and what is over-assigned, with the sign of the target.

    Whatever lies between the target and the target with its declared buffer, both in whole steps, is neither.
    """
    size = fraction(step)
    edges = [size * in_steps(fraction(target) * (1 + fraction(part)), size) for part in (0, buffer)]
    sign = -1 if fraction(target) < 0 else 1
    amount, low, high = sign * fraction(assigned), *sorted(sign * edge for edge in edges)
    return sign * max(low - amount, Fraction(0)), sign * max(amount - high, Fraction(0))


def shown(value: float | None, metric: Metric | None = None, *, difference: bool = False) -> Quantity:
    """Return a value in the metric's unit, ready to be said; without a metric it is a ratio shown as a percentage."""
    if metric is None:
        return Quantity(value, "attainment")
    return Quantity(value, metric.measure.value, metric.currency, signed=difference, difference=difference)
