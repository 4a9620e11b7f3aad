"""What the kinds of step mean that keep balances, ask for conditions, obey law or change currency, in fractions.

It shares the definitions with the fast path and nothing of its arithmetic.
Floor 4: knows core and frames. Reads no clock, file or database.
"""

# ruff: noqa: ARG001  (every kind is asked the same way)

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.bonus_bank import BonusBank
from kpiflow.incentives.components.clawback import Clawback
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.draw import Draw
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.fold import Fold, How
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.rates import Rates, Spread
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.reference_steps import Absent, Value, as_emitted, edges_of, fulfilled, number, rate_reached

#: What is known of somebody, by name.
Known = Mapping[str, Value]
Kinds = Mapping[str, Kind]

ZERO = Fraction(0)


def besides(step: Component, known: Known, emitted: Fraction) -> dict[str, Fraction]:
    """Return what a step gives beside its emitted value, by the end of its name."""
    match step:
        case BonusBank():
            return {"left": number(step.changed, known) + _in_bank(step, known) - emitted}
        case RefundableCap():
            return {"left": number(step.changed, known) + number(step.carried, known) - emitted}
        case Draw() if step.recoverable:
            return {"left": number(step.carried, known) + emitted - number(step.changed, known)}
        case Clawback():
            return {"left": _owed(step, known) + emitted - number(step.changed, known)}
        case WageRecovery():
            return {"left": _loss(step, known) - emitted}
        case Funding():
            return {"reserve": _fund(step, known) - emitted}
        case Rates() if step.spread is not Spread.MARGINAL:
            before = number(step.before, known) if step.before else ZERO
            return {"rate": rate_reached(step, edges_of(step, known), before + number(step.of, known))}
    return {}


def _accelerated(step: Accelerator, known: Known, kinds: Kinds) -> Fraction:
    value = as_emitted(step.changed, known, kinds)
    held = step.when is None or fulfilled(step.when, known)
    if step.times is not None:
        return value * as_emitted(step.times, known, kinds) if held else value
    assert step.beyond is not None
    assert step.slope is not None
    edge = as_emitted(step.beyond, known, kinds) * (as_emitted(step.base, known, kinds) if step.base else 1)
    beyond = value > edge if step.side == "above" else value < edge
    return edge + (value - edge) * Fraction(step.slope) if held and beyond else value


def folded_value(step: Fold, segments: Sequence[Known], kinds: Kinds) -> Fraction:
    """Return what the segments of a person come to."""
    values = [as_emitted(step.of, one, kinds) for one in segments]
    if step.how is How.LAST:
        return values[-1]
    if step.how is How.SUM:
        return sum(values, ZERO)
    days = [number("days_employed", one) for one in segments]
    if sum(days) <= 0:
        raise Absent("days_employed")
    return sum((value * day for value, day in zip(values, days, strict=True)), ZERO) / sum(days)


def _fund(step: Funding, known: Known) -> Fraction:
    share = number(step.share, known)
    if step.needs is not None and not fulfilled(step.needs, known):
        share = Fraction(step.otherwise)
    fund = number(step.of, known) * share
    return max(fund if step.most is None else min(fund, number(step.most, known)), ZERO)


def _on_grade(step: GradeCurve, known: Known, kinds: Kinds) -> Fraction:
    grade, score = known[step.grade], number(step.score, known)
    if grade is None:
        raise Absent(step.grade)
    for row in step.rows:
        if row.grade == grade:
            low, high = Fraction(row.low), Fraction(row.high)
            part = (min(max(score, low), high) - low) / (high - low)
            return Fraction(row.gives_low) + part * Fraction(row.gives_high - row.gives_low)
    if step.otherwise is None:
        raise Absent(step.grade)
    return Fraction(step.otherwise)


def _eligible(step: Eligibility, known: Known, kinds: Kinds) -> Fraction:
    answers: list[bool | None] = []
    hired, left = known.get("hired"), known.get("left")
    if step.hired_before:
        answers.append(hired < step.hired_before if isinstance(hired, datetime.date) else None)
    if step.employed_on:
        gone = isinstance(left, datetime.date) and left < step.employed_on
        there = hired <= step.employed_on if isinstance(hired, datetime.date) else None
        answers.append(False if gone else there)
    answers += [None if known[one.of] is None else fulfilled(one, known) for one in step.asked]
    if False in answers:
        return ZERO
    if None in answers:
        raise Absent(step.changed)
    return as_emitted(step.changed, known, kinds)


def _penalised(step: Penalties, known: Known, kinds: Kinds) -> Fraction:
    value = as_emitted(step.changed, known, kinds)
    base = as_emitted(step.base, known, kinds) if step.base else Fraction(1)
    taken = ZERO
    for one in step.of_kinds:
        off = number(one.incidents, known) * Fraction(one.each) * base
        taken += off if one.most is None else min(off, Fraction(one.most) * base)
    taken = taken if step.most is None else min(taken, Fraction(step.most) * base)
    return max(value - taken, min(value, ZERO))


def _divided(step: Quotient, known: Known, kinds: Kinds) -> Fraction:
    of, by = as_emitted(step.of, known, kinds), as_emitted(step.by, known, kinds)
    if by > 0:
        return of / by
    if step.otherwise is None:
        raise Absent(str(step.by))
    return Fraction(step.otherwise)


def _vetoed(step: Veto, known: Known, kinds: Kinds) -> str:
    had = known[step.of]
    if had is None or known[step.when.of] is None:
        raise Absent(step.of)
    assert isinstance(had, str)
    if not fulfilled(step.when, known):
        return had
    if step.becomes is not None:
        return step.becomes
    assert step.at_best is not None
    too_good = had in step.order and step.order.index(had) < step.order.index(step.at_best)
    return step.at_best if too_good else had


def _loss(step: WageRecovery, known: Known) -> Fraction:
    return max(number(step.loss, known), ZERO) + (number(f"carried:{step.id}", known) if step.carries else 0)


def _recovered(step: WageRecovery, known: Known, kinds: Kinds) -> Fraction:
    loss = _loss(step, known)
    if not known[step.evidence]:
        return ZERO
    wage = number(step.wage, known)
    limits = [wage * Fraction(step.cap.share)]
    if step.cap.keeps_minimum and step.minimum_wage is not None:
        limits.append(wage - number(step.minimum_wage, known))
    if step.cap.all_deductions is not None:
        limits.append(wage * Fraction(step.cap.all_deductions) - number(step.other_deductions, known))
    return min(loss, *(max(limit, ZERO) for limit in limits))


def _banked(step: BonusBank, known: Known, kinds: Kinds) -> Fraction:
    bonus, balance = number(step.changed, known), _in_bank(step, known)
    point = max(number(step.above, known) * (number(step.base, known) if step.base else 1), ZERO)
    put = max(bonus - point, ZERO) * Fraction(step.share)
    if step.only_repays:
        put = min(put, max(-balance, ZERO))
    balance += put + min(bonus, ZERO)
    return max(bonus, ZERO) - put + max(balance, ZERO) / step.parts


def _in_bank(step: BonusBank, known: Known) -> Fraction:
    balance = number(step.carried, known)
    share = ZERO if step.forfeits is None else min(max(number(step.forfeits, known), ZERO), Fraction(1))
    return balance if balance < 0 else balance * (1 - share)


def _owed(step: Clawback, known: Known) -> Fraction:
    excess = number(step.paid_before, known) - number(step.recomputed, known)
    return max(excess, ZERO) + number(step.carried, known)


def _drawn(step: Draw, known: Known, kinds: Kinds) -> Fraction:
    earned, draw = number(step.changed, known), number(step.amount, known)
    owed = number(step.carried, known) if step.recoverable else ZERO
    least = draw if step.least is None else number(step.least, known)
    if earned < draw:
        return draw
    return earned - min(owed, max(earned - least, ZERO) * Fraction(step.share))


def _adjusted(step: Adjustment, known: Known, kinds: Kinds) -> Fraction:
    difference = number(step.recomputed, known) - number(step.paid_before, known)
    return number(step.changed, known) + difference


def _exchanged(step: Exchanged, known: Known, kinds: Kinds) -> Fraction:
    return number(step.of, known) * Fraction(step.rate or 1)


def _funded(step: Funding, known: Known, kinds: Kinds) -> Fraction:
    return _fund(step, known) * (1 - Fraction(step.reserve))


def _within_cap(step: RefundableCap, known: Known, kinds: Kinds) -> Fraction:
    base = number(step.base, known) if step.base else 1
    return min(number(step.changed, known) + number(step.carried, known), number(step.at, known) * base)


def _clawed_back(step: Clawback, known: Known, kinds: Kinds) -> Fraction:
    value = number(step.changed, known)
    return value - min(_owed(step, known), max(value, ZERO))


#: What each of these kinds means: its unrounded value, from what is known and the kinds of all names.
TERMS: dict[type[Component], Callable[[Any, Known, Kinds], Value]] = {
    Accelerator: _accelerated,
    Adjustment: _adjusted,
    BonusBank: _banked,
    Clawback: _clawed_back,
    Draw: _drawn,
    Eligibility: _eligible,
    Exchanged: _exchanged,
    Funding: _funded,
    GradeCurve: _on_grade,
    Penalties: _penalised,
    Quotient: _divided,
    RefundableCap: _within_cap,
    Veto: _vetoed,
    WageRecovery: _recovered,
}
