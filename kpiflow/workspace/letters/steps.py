"""The steps of a plan as rules anybody can read: one sentence per kind of component, with the plan's own numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpiflow.definitions.company import Company
from kpiflow.incentives.components import Component
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.gate import LEVELS, Gate
from kpiflow.incentives.components.limit import Limit
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import BY_FTE, BY_MONTHS, By, Proration
from kpiflow.incentives.components.rates import Earlier, Rates, Spread
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table, TableRow
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.incentives.condition import needed
from kpiflow.incentives.curve import Interpolation
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reading import CALLED, LOOKED_UP
from kpiflow.incentives.typed import Typed
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.workspace.letters.terms import TERMS
from kpiflow.workspace.plans.called import label_of

Words = str | Message | Name


@dataclass(frozen=True, eq=False)
class Naming:
    """What the names and numbers of a plan are called: steps by their label, goals, units and metrics by theirs."""

    plan: Plan
    made: Typed
    company: Company

    def name(self, operand: Decimal | str) -> object:
        """Return what people call an input or step; a number stays one."""
        if isinstance(operand, Decimal):
            return self.number(operand, Kind.NUMBER)
        steps = {step.id: step.named for step in self.made.steps}
        if operand in steps:
            return steps[operand]
        if operand in self.plan.called:
            own = self.plan.called[operand]
            return Name(own.label, own.label_zh)
        word, _, of = operand.partition(":")
        return LOOKED_UP[word](self._looked_up(word, of)) if of else CALLED.get(operand, Name(operand))

    def number(self, value: Decimal, kind: Kind) -> object:
        """Return a number of the plan in its unit: money with its currency, ratios in percent."""
        if kind is Kind.MONEY:
            return Quantity(float(value), "currency", self.plan.currency)
        if kind is not Kind.RATIO:
            return value
        whole = (value * 100).to_integral_value() == value * 100
        return Quantity(float(value), "part" if whole else "attainment")

    def kind(self, operand: Decimal | str) -> Kind:
        """Return the kind of an input or step; a bare number is a ratio."""
        return Kind.RATIO if isinstance(operand, Decimal) else self.made.kinds[operand]

    def said(self, operand: Decimal | str, kind: Kind | None = None) -> object:
        """Return an operand as it is read: a name, or a number in the unit given."""
        return self.number(operand, kind or Kind.RATIO) if isinstance(operand, Decimal) else self.name(operand)

    def _looked_up(self, word: str, of: str) -> object:
        """Return what a goal, unit, person or metric is called; `@department` is the owner's own."""
        if of.startswith("@"):
            return msg("the own unit") if of == "@unit" else msg("the own {kind}", kind=KINDS.get(of[1:], Name(of[1:])))
        return label_of(self.company, word, of) or Name(of)


#: The kinds of unit that have a usual word; a company's own kinds stand as they are written.
KINDS: dict[str, Message] = {"department": msg("department"), "station": msg("station"), "team": msg("team")}


def rule_of(step: Component, naming: Naming) -> Message:
    """Return what a step does, for anybody."""
    return RULES[type(step)](step, naming)


def _basis(step: Basis, naming: Naming) -> Message:
    return msg(
        "{amount} × {months} × {share}",
        amount=naming.said(step.of, Kind.MONEY),
        months=step.months,
        share=naming.said(step.share),
    )


def _factor(step: Factor, naming: Naming) -> Message:
    kind = naming.kind(step.of)
    points = [
        msg("{result} → {ratio}", result=naming.number(x, kind), ratio=naming.number(y, Kind.RATIO))
        for x, y in step.curve.points
    ]
    between = (
        msg("on a straight line between them") if step.curve.interpolation is Interpolation.LINEAR else msg("in steps")
    )
    facts = {"name": naming.name(step.of), "points": points, "between": between,
             "lowest": naming.number(step.curve.lowest, Kind.RATIO)}  # fmt: skip
    highest = step.curve.highest
    if highest is None:
        return msg("By {name}: {points}, {between}; below that {lowest}, above it the line goes on.", **facts)
    return msg("By {name}: {points}, {between}; below that {lowest}, above it {highest}.",
               highest=naming.number(highest, Kind.RATIO), **facts)  # fmt: skip


def _table(step: Table, naming: Naming) -> Message:
    gives = Kind(step.unit)
    rows = [
        msg("{had} → {gives}", had=_row(row, step, naming), gives=naming.number(row.gives, gives)) for row in step.rows
    ]
    if step.otherwise is None:
        return msg("By {name}: {rows}.", name=naming.name(step.of), rows=rows)
    other = naming.number(step.otherwise, gives)
    return msg("By {name}: {rows}; otherwise {other}.", name=naming.name(step.of), rows=rows, other=other)


def _row(row: TableRow, step: Table, naming: Naming) -> object:
    if row.one_of:
        return ", ".join(row.one_of)
    kind = naming.kind(step.of)
    low = None if row.low is None else naming.number(row.low, kind)
    high = None if row.high is None else naming.number(row.high, kind)
    if low is None:
        return msg("up to {high}", high=high)
    return msg("from {low}", low=low) if high is None else msg("{low} to {high}", low=low, high=high)


def _proration(step: Proration, naming: Naming) -> Message:  # noqa: ARG001  (as all kinds)
    parts = []
    if step.by in (By.DAYS, By.DAYS_AND_FTE):
        parts.append(msg("by the days employed in the period"))
    if step.by in BY_MONTHS:
        parts.append(msg("by whole months (begun by day {start}, worked to day {end} or the end of the month), of {months}",
                         start=step.start_by_day, end=step.end_from_day, months=step.months))  # fmt: skip
    if step.by in BY_FTE:
        parts.append(msg("by the share of full time"))
    said = msg("In proportion: {parts}.", parts=parts)
    if step.full_before:
        said = msg("{said} Hired before {day}: in full.", said=said, day=step.full_before)
    return msg("{said} Hired on or after {day}: nothing.", said=said, day=step.none_from) if step.none_from else said


def _product(step: Product, naming: Naming) -> Message:
    said: Words | None = None
    for one in step.of:
        value = naming.said(one)
        said = msg("{value}", value=value) if said is None else msg("{product} × {value}", product=said, value=value)
    return msg("{value}", value=said)


def _gate(step: Gate, naming: Naming) -> Message:
    said = _gate_said(step, naming)
    if step.level is None:
        return said
    return msg("{level} ({name}): {said}", level=LEVELS[step.level], name=naming.name(step.changed), said=said)


def _gate_said(step: Gate, naming: Naming) -> Message:
    kind = naming.kind(step.needs.of)
    edge = None if step.needs.edge is None else naming.number(step.needs.edge, kind)
    facts = {"name": naming.name(step.needs.of), "needed": needed(step.needs, edge)}
    if step.limit == 0:
        return msg("Needs {name} {needed}; otherwise nothing is paid.", **facts)
    if step.base is None:
        limit = naming.number(step.limit, naming.kind(step.changed))
        return msg("Needs {name} {needed}; otherwise at most {limit}.", limit=limit, **facts)
    return msg("Needs {name} {needed}; otherwise at most {limit} of {base}.",
               limit=naming.number(step.limit, Kind.RATIO), base=naming.name(step.base), **facts)  # fmt: skip


def _limit(step: Limit, naming: Naming) -> object:
    if step.base is None:
        return naming.said(step.at, naming.kind(step.changed))
    return msg("{times} × {base}", times=step.at if isinstance(step.at, Decimal) else naming.name(step.at),
               base=naming.name(step.base))  # fmt: skip


def _cap(step: Cap, naming: Naming) -> Message:
    return msg("At most {limit}.", limit=_limit(step, naming))


def _floor(step: Floor, naming: Naming) -> Message:
    return msg("At least {limit}.", limit=_limit(step, naming))


def _penalty(step: Penalty, naming: Naming) -> Message:
    facts = {"incidents": naming.name(step.incidents), "each": _apiece(step, step.each, naming)}
    if step.most is None:
        return msg("{each} off for each: {incidents}.", **facts)
    return msg(
        "{each} off for each: {incidents}; at most {most} in all.", most=_apiece(step, step.most, naming), **facts
    )


def _apiece(step: Penalty, value: Decimal, naming: Naming) -> object:
    if step.base is None:
        return naming.number(value, naming.kind(step.changed))
    return msg("{share} of {base}", share=naming.number(value, Kind.RATIO), base=naming.name(step.base))


def _rates(step: Rates, naming: Naming) -> Message:
    of = naming.kind(step.of)
    apiece = Kind.RATIO if of is Kind.MONEY else Kind.MONEY
    tiers = [
        msg("above {edge}: {rate}", edge=_tier_edge(step, tier.above, naming), rate=naming.number(tier.rate, apiece))
        for tier in step.tiers
    ]
    facts = {"name": naming.name(step.of), "tiers": tiers}
    if step.spread is Spread.MARGINAL:
        said = msg("{name} at {tiers}; each slice at its own rate.", **facts)
    elif step.spread is Spread.FLAT:
        said = msg("{name} at {tiers}; all of it at the rate reached.", **facts)
    else:
        said = msg("{name} at {tiers}; all of it at the rate on the line between them.", **facts)
    if step.before is None:
        return said
    if step.earlier is Earlier.RECALCULATE:
        return msg("{said} What came before counts too: {before}, at the rate reached now.", said=said,
                   before=naming.name(step.before))  # fmt: skip
    return msg("{said} What came before fills the first tiers: {before}.", said=said, before=naming.name(step.before))


def _tier_edge(step: Rates, above: Decimal, naming: Naming) -> object:
    if step.base is None or above == 0:
        return naming.number(above, naming.kind(step.of))
    return msg("{share} of {base}", share=naming.number(above, Kind.RATIO), base=naming.name(step.base))


def _matrix(step: Matrix, naming: Naming) -> Message:
    down, across = naming.kind(step.down), naming.kind(step.across)
    cells = [
        msg("from {down} and from {across}: {ratio}", down=naming.number(low, down), across=naming.number(left, across),
            ratio=naming.number(ratio, Kind.RATIO))
        for low, line in zip(step.down_from, step.cells, strict=True)
        for left, ratio in zip(step.across_from, line, strict=True)
    ]  # fmt: skip
    facts = {"down": naming.name(step.down), "across": naming.name(step.across), "cells": cells}
    if step.interpolation is Interpolation.LINEAR:
        return msg(
            "By {down} and {across}: {cells}; on straight lines between them; before the first: nothing.", **facts
        )
    return msg("By {down} and {across}: {cells}; before the first: nothing.", **facts)


def _round(step: RoundOff, naming: Naming) -> Message:  # noqa: ARG001  (as all kinds)
    return msg("Rounded to {places} places.", places=step.rounding.places if step.rounding else 0)


def _total(step: Total, naming: Naming) -> Message:
    kind = naming.kind(step.id)
    said: Words = msg("{value}", value=naming.said(step.plus[0], kind))
    for one in step.plus[1:]:
        said = msg("{sum} + {value}", sum=said, value=naming.said(one, kind))
    for one in step.minus:
        said = msg("{sum} − {value}", sum=said, value=naming.said(one, kind))
    return msg("{value}", value=said)


def _weighted(step: Weighted, naming: Naming) -> Message:
    said: Words | None = None
    for part in step.parts:
        one = msg("{weight} × {value}", weight=naming.number(part.weight, Kind.RATIO), value=naming.said(part.of))
        said = one if said is None else msg("{sum} + {value}", sum=said, value=one)
    return msg("{value}", value=said)


#: How each kind of component says its rule; a test holds it to the register of kinds.
RULES: dict[type[Component], Callable[[Any, Naming], Message]] = {
    Basis: _basis,
    Cap: _cap,
    Factor: _factor,
    Floor: _floor,
    Gate: _gate,
    Matrix: _matrix,
    Penalty: _penalty,
    Product: _product,
    Proration: _proration,
    Rates: _rates,
    RoundOff: _round,
    Table: _table,
    Total: _total,
    Weighted: _weighted,
    **TERMS,
}
