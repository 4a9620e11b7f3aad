"""A target split over children: each one's part in whole steps, what is left over or too much, and every line's reason.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from kpiflow.cascade.splitting.children import complete, refuse_gaps
from kpiflow.cascade.splitting.method import Method, Task
from kpiflow.cascade.splitting.telling import messages_of
from kpiflow.cascade.ways import Way, residual, shown, step_of, way_of, why_not_split
from kpiflow.core.metric import Measure, Metric
from kpiflow.core.remainder import Number, apportion, fraction, in_steps
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, Name, msg

#: The basis of a line that kept its amount.
LOCKED = "locked"


@dataclass(frozen=True, eq=False)
class Split:
    """A proposal: nothing is written by making one.

    lines: child, target_before, target, locked, weight, exact (before rounding), basis (the method, or `locked`),
      last_rate; one row per child in the order given.
    Sums: `assigned`, `unassigned` and `over` are in the metric's unit; for rates they are None, and `weighted_mean`
    with its `difference` to the parent's target (buffer included) take their place where volumes are known.
    """

    metric: Metric
    method: type[Method]
    way: Way
    parent: Decimal
    buffer: Decimal
    step: Decimal
    asked: Decimal
    rest: Decimal
    lines: pl.DataFrame
    assigned: Decimal | None
    unassigned: Decimal | None
    over: Decimal | None
    weighted_mean: Decimal | None
    difference: Decimal | None
    messages: tuple[Message, ...] = ()
    children: pl.DataFrame = field(default_factory=pl.DataFrame)  # what was known of them, for splitting again


def split(children: pl.DataFrame, parent: Number, metric: Metric, method: type[Method], *, buffer: Number = 0) -> Split:
    """Split a parent's target over its children.

    children: rows of Children (columns that are not needed may be missing), in the order that decides ties.
    Locked children keep `target_before`; the others share what is left of parent × (1 + buffer). A negative buffer is
    the stretch of a metric where lower is better. Parts are whole steps of the metric, by largest remainder.
    Raises InvalidInput when the metric cannot be split this way, or the method knows too little about some children.
    """
    way, step = way_of(metric), fraction(step_of(metric))
    if way not in method.ways:
        refused = why_not_split(metric)
        name = Name(metric.label, metric.label_zh)
        amount = msg("{metric} is an amount, not a rate: choose a method whose parts add up.", metric=name)
        raise InvalidInput(refused or amount)
    if fraction(buffer) <= -1:
        raise InvalidInput(msg("A buffer must be above −100 %."))
    known = complete(children)
    refuse_gaps(known, method)
    kept, opened = known.filter("locked"), known.filter(~pl.col("locked"))
    asked = step * in_steps(fraction(parent) * (1 + fraction(buffer)), step)
    rest = _rest(asked, [fraction(amount) for amount in kept["target_before"]])
    task = Task(way, asked, rest, opened, kept)
    exact = method.exact(task) if opened.height else []
    parts = _parts(task, method, exact, step)
    lines = _lines(known, method, exact, parts)
    return _summed(lines, known, task, metric, method=method, amounts=(fraction(parent), fraction(buffer)))


def split_again(made: Split, parent: Number, locked: frozenset[str] = frozenset()) -> Split:
    """Return the same split, by the same method, buffer and weights, for another target of the parent.

    Children in `locked` are locked as well, at the target that the split gave them.
    """
    targets = made.lines["target"]
    children = made.children.with_columns(
        locked=pl.col("locked") | pl.col("child").is_in(list(locked)), target_before=targets
    )
    return split(children, parent, made.metric, made.method, buffer=made.buffer)


def why(split: Split, child: str) -> Message:
    """Return why a child has its target in a split; raises InvalidInput for a child that is not in it."""
    found = split.lines.filter(pl.col("child") == child)
    if found.is_empty():
        raise InvalidInput(msg("'{child}' is not in this split.", child=child))
    line = found.row(0, named=True)
    target = shown(line["target"], split.metric)
    if line["locked"]:
        return msg("Locked: it keeps its {target}.", target=target)
    distance = None if line["exact"] is None or line["last_rate"] is None else line["exact"] - line["last_rate"]
    exact = shown(line["exact"], split.metric)
    facts: dict[str, Any] = {
        "target": target,
        "exact": replace(exact, measure="uncut") if exact.measure == Measure.COUNT else exact,
        "rest": shown(float(split.rest), split.metric),
        "weight": line["weight"],
        "total_weight": split.lines.filter(~pl.col("locked"))["weight"].sum(),
        "last_rate": shown(line["last_rate"], split.metric),
        "distance": shown(distance, split.metric, difference=True),
    }
    return split.method.reason(facts)


def _rest(asked: Fraction, kept: list[Fraction]) -> Fraction:
    """Return what locked amounts leave for the others: nothing when they already hold as much as is asked, or more."""
    rest = asked - sum(kept, Fraction(0))
    return rest if rest * asked > 0 or not kept else Fraction(0)


def _parts(task: Task, method: type[Method], exact: list[Fraction | None], step: Fraction) -> list[Fraction | None]:
    """Return the open children's targets in whole steps."""
    if method.shares and exact:
        # Cut, not rounded: a locked amount between two steps may leave something unassigned, but never too much.
        whole = step * int(task.rest / step)
        return (
            list(apportion(whole, [abs(part or Fraction(0)) for part in exact], step))
            if whole
            else [Fraction(0)] * len(exact)
        )
    return [None if part is None else step * in_steps(part, step) for part in exact]


def _lines(
    known: pl.DataFrame, method: type[Method], exact: list[Fraction | None], parts: list[Fraction | None]
) -> pl.DataFrame:
    """Return the lines of the split, in the order of the children."""
    locked = pl.col("locked")
    found = known.filter(~locked).select(
        "child",
        target=pl.Series([None if part is None else float(part) for part in parts], dtype=pl.Float64),
        exact=pl.Series([None if part is None else float(part) for part in exact], dtype=pl.Float64).round(10),
        weight=method.weights(known.filter(~locked)),
    )
    return (
        known.drop("weight")
        .join(found, on="child", how="left", maintain_order="left")
        .select(
            "child",
            "target_before",
            target=pl.when(locked).then("target_before").otherwise("target"),
            locked="locked",
            weight="weight",
            exact="exact",
            basis=pl.when(locked).then(pl.lit(LOCKED)).otherwise(pl.lit(method.name)),
            last_rate="last_rate",
        )
    )


def _summed(
    lines: pl.DataFrame,
    known: pl.DataFrame,
    task: Task,
    metric: Metric,
    *,
    method: type[Method],
    amounts: tuple[Fraction, Fraction],
) -> Split:
    """Return the split with what its lines come to, and the sentences that say so."""
    parent, buffer = amounts
    assigned = unassigned = over = mean = difference = None
    if task.way is Way.SUM:
        assigned = sum((fraction(target) for target in lines["target"].drop_nulls()), Fraction(0))
        unassigned, over = residual(assigned, parent, buffer, step_of(metric))
    elif task.way is Way.VOLUME_WEIGHTED:
        mean = _mean(lines["target"].to_list(), known["last_volume"].to_list())
        difference = None if mean is None else mean - task.asked
    made = Split(
        metric=metric,
        method=method,
        way=task.way,
        parent=_decimal(parent),
        buffer=_decimal(buffer),
        step=step_of(metric),
        asked=_decimal(task.asked),
        rest=_decimal(task.rest),
        lines=lines,
        assigned=_maybe(assigned),
        unassigned=_maybe(unassigned),
        over=_maybe(over),
        weighted_mean=_maybe(mean),
        difference=_maybe(difference),
        children=known,
    )
    return replace(made, messages=messages_of(made))


def _mean(targets: list[float | None], volumes: list[float | None]) -> Fraction | None:
    """Return the mean of the targets by volume; None where one is unknown, unless all targets are the same anyway."""
    if any(target is None for target in targets):
        return None
    if len(set(targets)) == 1:
        return fraction(targets[0] or 0)
    if any(volume is None for volume in volumes) or not sum(volume or 0 for volume in volumes):
        return None
    pairs = [(fraction(t or 0), fraction(v or 0)) for t, v in zip(targets, volumes, strict=True)]
    return sum((t * v for t, v in pairs), Fraction(0)) / sum((v for _, v in pairs), Fraction(0))


def _decimal(number: Fraction) -> Decimal:
    """Return a fraction as a decimal of at most ten places; amounts in whole steps stay exact."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(1).scaleb(-10)).normalize() + 0


def _maybe(number: Fraction | None) -> Decimal | None:
    return None if number is None else _decimal(number)
