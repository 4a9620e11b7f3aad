"""The number of a check-in taken or refused: in which form, within what can be, and far from what was reported before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from statistics import quantiles
from typing import Any

from kpiflow.core.metric import Measure
from kpiflow.errors import InvalidInput
from kpiflow.frames.measurements import LARGEST
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.reporting.spoken import Form, Said, Takes, Unusual

#: So many earlier values say what is usual; with fewer, the target's order of magnitude does.
ENOUGH = 4

#: How many times the middle half's width a value may lie outside the middle half before it is asked about.
FAR = 3.0

#: Measures of things that cannot be below nothing. A delay can: early is below zero.
_NEVER_NEGATIVE = {
    Measure.PERCENT, Measure.PERMILLE, Measure.PER_10K, Measure.PER_100K, Measure.PPM, Measure.RATIO, Measure.COUNT,
    Measure.POINTS, Measure.SCORE,
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number that was taken: a value, or numerator and denominator; `shown` is it in the goal's measure."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    shown: float


def number(given: Form, said: Said, usual: Sequence[float] = ()) -> Number | None:
    """Return the number of a check-in, None when none was given; raises InvalidInput, or Unusual unless `said.sure`.

    `usual` are the values reported before, in the goal's measure.
    """
    parts = {"value": said.value, "numerator": said.numerator, "denominator": said.denominator, "step": said.step}
    there = {name for name, one in parts.items() if one is not None and one != ""}
    if not there:
        return None
    if given.takes is Takes.WORDS:
        raise InvalidInput(given.why or msg("This goal takes no value."))
    wanted = {Takes.VALUE: {"value"}, Takes.PARTS: {"numerator", "denominator"}, Takes.STEP: {"step"}}[given.takes]
    if there != wanted:
        raise InvalidInput(_asked(given.takes))
    exact = {name: _decimal(parts[name]) for name in wanted}
    taken = _TAKING[given.takes](given, exact)
    if not said.sure:
        _ask_if_far(given, taken, usual)
    return taken


def _asked(takes: Takes) -> Message:
    """Return what a goal asks for, for somebody who gave something else."""
    if takes is Takes.PARTS:
        return msg("This is a rate: give its numerator and its denominator, both.")
    if takes is Takes.STEP:
        return msg("Give the step or level that is reached.")
    return msg("Give one value.")


def _decimal(given: object) -> Decimal:
    """Return a number exactly as it was typed; thousands may be set apart, as people write them."""
    try:
        found = Decimal(str(given).strip().replace(",", "").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation as error:
        raise InvalidInput(msg("'{given}' is not a number.", given=str(given))) from error
    if not found.is_finite() or abs(found) > Decimal(LARGEST):
        raise InvalidInput(msg("'{given}' is not a number that can be kept.", given=str(given)))
    if round(found, 6) != found:
        raise InvalidInput(msg("{given} has more than six digits after the point.", given=str(given)))
    return round(found, 6)


def _value(given: Form, exact: dict[str, Decimal]) -> Number:
    value = exact["value"]
    measure = given.row["measure"]
    if value < 0 and measure in _NEVER_NEGATIVE:
        raise InvalidInput(msg("{value} is below zero, which cannot be.", value=_shown(given, float(value))))
    anchors = [given.row.get(name) for name in ("target", "stretch", "high")]
    if measure == Measure.PERCENT and value > 100 and not any(one and one > 100 for one in anchors):
        raise InvalidInput(msg("{value} is more than all there is.", value=_shown(given, float(value))))
    return Number(value, None, None, float(value))


def _parts(given: Form, exact: dict[str, Decimal]) -> Number:
    numerator, denominator = exact["numerator"], exact["denominator"]
    measure = given.row["measure"]
    if denominator <= 0:
        raise InvalidInput(msg("The denominator counts all cases, so it is more than 0."))
    if numerator < 0 and measure in _NEVER_NEGATIVE:
        raise InvalidInput(msg("{value} is below zero, which cannot be.", value=float(numerator)))
    if numerator > denominator and measure == Measure.PERCENT:
        raise InvalidInput(
            msg(
                "{numerator} of {denominator} is more than all there is. Are the two the other way round?",
                numerator=float(numerator),
                denominator=float(denominator),
            )
        )
    return Number(None, numerator, denominator, float(numerator / denominator) * Measure(measure).scale)


def _step(given: Form, exact: dict[str, Decimal]) -> Number:
    step = exact["step"]
    if not any(Decimal(str(one.value)) == step for one in given.steps):
        known = [float(one.value) for one in given.steps]
        raise InvalidInput(msg("There is no step or level {step}. Known ones: {known}.", step=float(step), known=known))
    return Number(step, None, None, float(step))


_TAKING = {Takes.VALUE: _value, Takes.PARTS: _parts, Takes.STEP: _step}


def _ask_if_far(given: Form, taken: Number, usual: Sequence[float]) -> None:
    """Raise Unusual for a number that is probably a slip: far off, or a step back."""
    if given.takes is Takes.STEP:
        before = given.before.get("amount")
        if before is not None and taken.shown < float(before):
            raise Unusual(msg("A later step was reported before. Say that it is meant, or choose another one."))
        return
    low, high = usual_range(usual, given.row)
    if low is not None and high is not None and not low <= taken.shown <= high:
        raise Unusual(
            msg(
                "{value} is far from what is usual, {low} to {high}. Say that it is meant, or correct it.",
                value=_shown(given, taken.shown),
                low=_shown(given, told_from(low, usual)),
                high=_shown(given, high),
            )
        )


def usual_range(values: Sequence[float], row: Any) -> tuple[float | None, float | None]:
    """Return what values are usual: the middle half of the earlier ones and three times its width on either side.

    The width is taken to be at least a tenth of the median, and of a count one: two after many ones is no slip. With fewer
    than four earlier values it is a tenth of the target to ten times the target for a level or rate; nothing is said of
    amounts, whose parts may be of any size.
    """
    if len(values) >= ENOUGH:
        first, median, third = quantiles(values, n=4, method="inclusive")
        width = max(third - first, 0.1 * abs(median), 1.0 if row.get("measure") == Measure.COUNT else 0.0)
        return first - FAR * width, third + FAR * width
    target = row.get("target")
    if target is None or target <= 0 or row.get("accrues"):
        return None, None
    least = 0.0 if row.get("direction") == "lower" else target / 10
    return least, target * 10


def told_from(low: float, values: Sequence[float]) -> float:
    """Return where the usual range is said to begin: not below nothing where no value ever was.

    >>> told_from(-1.0, [1.5, 3.5]), told_from(-1.0, [-0.5, 3.5])
    (0.0, -1.0)
    """
    return low if not values or min(values) < 0 else max(low, 0.0)


def _shown(given: Form, value: float) -> Quantity:
    return Quantity(value, str(given.row["measure"] or "points"), given.row.get("currency"))
