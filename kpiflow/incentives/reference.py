"""The slow, independent interpreter: pays people in fractions, straight from what the words of a plan mean.

It shares the definitions with the fast path and nothing of its arithmetic; the tests hold the two together to the cent.
Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from kpiflow.core.company import RoundTo
from kpiflow.incentives.components.adjustment_factor import AdjustmentFactor
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.components.pool import Pool, Share, Unknown
from kpiflow.incentives.components.proration import Proration
from kpiflow.incentives.inputs import Wanted
from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reference_steps import Absent, Value, number, round_to, value_of
from kpiflow.incentives.reference_terms import TERMS, besides, folded_value
from kpiflow.incentives.typed import Typed, sound

#: What came out for a person: every component by id, what is beside them, and the payout under `amount`.
Paid = dict[str, Fraction | str | None]


@dataclass
class _Person:
    """A payee while the plan is worked out: what is known, each segment's own, and what was emitted."""

    known: dict[str, Value]
    segments: list["_Person"] = field(default_factory=list)
    emitted: Paid = field(default_factory=dict)
    name: str = ""


def pay_one(plan: Plan, given: Mapping[str, object]) -> dict[str, Fraction | None]:
    """Return every component's value for one person, by id, and the payout under `amount`.

    In a plan paid by segments, `given` may have `segments`: a list of what is given for each beside the rest.
    """
    [paid] = pay_everybody(plan, [given])
    return {name: value for name, value in paid.items() if not isinstance(value, str)}


def pay_everybody(plan: Plan, people: Sequence[Mapping[str, object]]) -> list[Paid]:
    """Return the same for each of several payees, who may share pools; `person` in what is given settles ties."""
    made = sound(plan)
    payees = [_person(plan, made, given, str(given.get("person", n))) for n, given in enumerate(people)]
    for step in made.steps:
        if step.id in made.per_segment:
            for payee in payees:
                for segment in payee.segments:
                    _emit(plan, made, step, segment, _value(step, segment, made.kinds))
        elif step.needs_everybody:
            for payee, shared in zip(payees, _shared(plan, step, payees), strict=True):
                _emit(plan, made, step, payee, shared[0])
                all_name = f"{step.id}_all"
                payee.known[all_name] = payee.emitted[all_name] = shared[1]
        else:
            for payee in payees:
                _emit(plan, made, step, payee, _value(step, payee, made.kinds))
    return [{**payee.emitted, "amount": payee.emitted[made.last.id]} for payee in payees]


def _person(plan: Plan, made: Typed, given: Mapping[str, object], name: str) -> _Person:
    """Return a payee with the inputs laid out, and one for each segment."""
    if not plan.segments:
        return _Person(_inputs(made, given), name=name)
    rows = given.get("segments")
    segments: list[dict[str, object]] = [{**given, **one} for one in rows] if isinstance(rows, Sequence) else []
    segments = segments or [dict(given)]
    last = dict(segments[-1])
    if "days_employed" in made.inputs:
        days = [one.get("days_employed") for one in segments]
        known = [Fraction(decimal_of(day)) for day in days if isinstance(day, (int, float, Decimal))]
        last["days_employed"] = sum(known, Fraction(0)) if len(known) == len(days) else None
    last["segment_from"] = segments[0].get("segment_from")
    return _Person(_inputs(made, last), [_Person(_inputs(made, one)) for one in segments], name=name)


def _inputs(made: Typed, given: Mapping[str, object]) -> dict[str, Value]:
    """Take inputs as they are written down."""
    return {name: _input(given.get(name), made.absent.get(name), asked) for name, asked in made.inputs.items()}


def _input(value: object, absent: Decimal | str | None, asked: Wanted) -> Value:
    """Take one input as it is written down."""
    value = absent if value is None else value
    if value is None or isinstance(value, (str, datetime.date, Fraction)):
        return value
    if asked.kind is Kind.TEXT:
        return str(value)
    assert isinstance(value, (int, float, Decimal))
    return Fraction(decimal_of(value))


def _value(step: Component, person: _Person, kinds: Mapping[str, Kind]) -> Value:
    """Return the unrounded value of a step for one person; None where something it reads is not known."""
    try:
        if isinstance(step, Fold):
            return folded_value(step, [segment.known for segment in person.segments], kinds)
        if type(step) in TERMS:
            return TERMS[type(step)](step, person.known, kinds)
        return value_of(step, person.known, kinds)
    except Absent:
        return None


def _emit(plan: Plan, made: Typed, step: Component, person: _Person, value: Value) -> None:
    """Round a value as its line is, and keep it with what is beside it."""
    ends = step.beside(made.kinds)
    if not isinstance(value, Fraction):
        assert value is None or isinstance(value, str)
        person.known[step.id] = person.emitted[step.id] = value
        for end in ends:
            person.known[f"{step.id}_{end}"] = person.emitted[f"{step.id}_{end}"] = None
        return
    emitted = round_to(value, _rounding(plan, step, made.kinds[step.id]))
    person.emitted[step.id] = emitted
    # Proration stays days ÷ days for the steps that follow, unless it says how it is rounded.
    person.known[step.id] = value if isinstance(step, Proration) and step.rounding is None else emitted
    for end, beside in besides(step, person.known, emitted).items():
        cut = round_to(beside, _rounding(plan, step, ends[end]))
        person.known[f"{step.id}_{end}"] = person.emitted[f"{step.id}_{end}"] = cut


def _rounding(plan: Plan, step: Component, kind: Kind) -> RoundTo:
    """Return how a line is rounded."""
    return step.rounding or (plan.rounding if kind is Kind.MONEY else RoundTo(places=10))


def _shared(plan: Plan, step: Component, payees: list[_Person]) -> list[tuple[Value, Fraction | None]]:
    """Return each payee's value of a step that needs everybody, and the sum of all."""
    if isinstance(step, AdjustmentFactor):
        return _factor_for_all(step, payees)
    assert isinstance(step, Pool)
    places = _rounding(plan, step, Kind.MONEY).places
    groups: dict[Value, list[_Person]] = {}
    for payee in payees:
        groups.setdefault(payee.known[step.per] if step.per else None, []).append(payee)
    found: dict[int, tuple[Value, Fraction | None]] = {}
    for group in groups.values():
        found |= {id(payee): got for payee, got in zip(group, _pool(step, group, places), strict=True)}
    return [found[id(payee)] for payee in payees]


def _pool(step: Pool, group: list[_Person], places: int) -> list[tuple[Value, Fraction | None]]:
    """Share a pool out: whole steps to each, then one more to the largest parts that were cut off."""
    unit = Fraction(10) ** -places
    weights = [_known(step.of, payee) for payee in group]
    sizes = [None if weight is None else max(weight, Fraction(0)) for weight in weights]
    everything = sum((size for size in sizes if size is not None), Fraction(0))
    pool = _known(step.amount, group[0])
    if pool is None or (step.unknown is Unknown.WAITS and None in sizes):
        return [(None, everything)] * len(group)
    pool = max(pool, Fraction(0))
    pool = min(pool, everything) if step.share is Share.AT_MOST else pool
    steps = floor(pool / unit)
    parts = [None if size is None else (steps * size / everything if everything else Fraction(0)) for size in sizes]
    cut = [None if part is None else floor(part) for part in parts]
    there = [n for n, part in enumerate(parts) if part is not None]
    order = sorted(there, key=lambda n: (-(parts[n] - cut[n]), -sizes[n], group[n].name))  # type: ignore[operator]
    spare = steps - sum(one for one in cut if one is not None) if everything else 0
    lucky = set(order[:spare])
    return [(None if one is None else (one + (n in lucky)) * unit, everything) for n, one in enumerate(cut)]


def _factor_for_all(step: AdjustmentFactor, payees: list[_Person]) -> list[tuple[Value, Fraction | None]]:
    """Return the one ratio of all awards."""
    awards, budget = [_known(step.of, payee) for payee in payees], _known(step.budget, payees[0])
    if None in awards or budget is None:
        total = None if None in awards else sum((max(a, Fraction(0)) for a in awards if a is not None), Fraction(0))
        return [(None, total)] * len(payees)
    total = sum((max(award, Fraction(0)) for award in awards if award is not None), Fraction(0))
    ratio = budget / total if total else Fraction(step.highest)
    ratio = max(min(ratio, Fraction(step.highest)), Fraction(step.lowest))
    return [(ratio, total)] * len(payees)


def _known(operand: Decimal | str, person: _Person) -> Fraction | None:
    """Return a number, or None where it is not known."""
    try:
        return number(operand, person.known)
    except Absent:
        return None
