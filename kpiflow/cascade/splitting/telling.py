"""A split in words: what was asked, what came of it, and what a person should look at before agreeing.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from kpiflow.cascade.ways import Way, shown, why_not_split
from kpiflow.core.metric import Direction, Measure
from kpiflow.language import Message, Name, msg

if TYPE_CHECKING:
    from kpiflow.cascade.splitting.split import Split


def messages_of(split: "Split") -> tuple[Message, ...]:
    """Return the sentences of a split, the most important first."""
    name = Name(split.metric.label, split.metric.label_zh)
    target = shown(float(split.parent), split.metric)
    head = msg(
        "{metric}: {target} split over {count}, {method}.",
        metric=name,
        target=target,
        count=split.lines.height,
        method=split.method.summary,
    )
    refused = why_not_split(split.metric) if split.way is Way.NOT_SPLITTABLE else None
    return (head, *_outcome(split), *((refused,) if refused else ()), *_cautions(split))


def _outcome(split: "Split") -> Iterator[Message]:
    """Yield what the targets of the children come to."""
    asked = shown(float(split.asked), split.metric)
    if split.buffer:
        yield msg("With a buffer of {buffer}, {asked} is asked.", buffer=shown(float(split.buffer)), asked=asked)
    if split.way is Way.SUM:
        assigned = shown(float(split.assigned or 0), split.metric)
        if split.unassigned:
            yield msg("{left} is not assigned yet.", left=shown(float(split.unassigned), split.metric))
        elif split.over:
            yield msg(
                "{assigned} is assigned: {over} more than asked.",
                assigned=assigned,
                over=shown(float(split.over), split.metric),
            )
        else:
            yield msg("{assigned} is assigned: nothing is left over.", assigned=assigned)
    elif split.way is Way.VOLUME_WEIGHTED:
        yield from _mean(split)


def _mean(split: "Split") -> Iterator[Message]:
    """Yield the mean of a rate's targets against what is asked."""
    if split.weighted_mean is None or split.difference is None:
        yield msg(
            "Without volumes or targets of everyone, the mean of the targets cannot be compared with the parent's."
        )
        return
    if abs(split.difference) <= split.step:
        yield msg(
            "By volume the targets average {mean}: what is asked, to the step of {step}.",
            mean=shown(float(split.weighted_mean), split.metric),
            step=shown(float(split.step), split.metric),
        )
        return
    yield msg(
        "By volume the targets average {mean}, {difference} from the {asked} asked.",
        mean=shown(float(split.weighted_mean), split.metric),
        difference=shown(float(split.difference), split.metric, difference=True),
        asked=shown(float(split.asked), split.metric),
    )


def _cautions(split: "Split") -> Iterator[Message]:
    """Yield what looks unintended."""
    easier = {Direction.HIGHER: split.buffer < 0, Direction.LOWER: split.buffer > 0}.get(split.metric.direction, False)
    if easier and split.parent > 0:
        yield msg("This buffer asks the children for less than the parent promises: turn its sign to stretch them.")
    locked = split.lines.filter("locked")
    if split.way is Way.SUM and locked.height and split.over and split.method.shares:
        yield msg(
            "The locked amounts alone come to {locked}, so nothing is left for the others.",
            locked=shown(float(locked["target"].sum()), split.metric),
        )
    without = split.lines.filter(pl.col("target").is_null())["child"]
    if len(without):
        yield msg("No target yet: {children}.", children=without.to_list())
    target = split.lines["target"]
    if (
        split.way is Way.VOLUME_WEIGHTED
        and split.metric.measure is Measure.PERCENT
        and ((target > 100) | (target < 0)).any()
    ):
        beyond = split.lines.filter((pl.col("target") > 100) | (pl.col("target") < 0))["child"]
        yield msg("Targets outside 0 to 100 % cannot be reached: {children}.", children=beyond.to_list())
