"""The ways each kind of step can go: rows of tables, cells, tiers, parts of curves, both sides of every condition.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kpiflow.incentives.components import Component
from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.adjustment_factor import AdjustmentFactor
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.bonus_bank import BonusBank
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.clawback import Clawback
from kpiflow.incentives.components.draw import Draw
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.limit import Limit
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.pool import Pool, Share
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import Proration
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.language import Message, msg


@dataclass(frozen=True)
class Branch:
    """One way a step can go: `rows` are the numbers its `<id>_row` has then, `loc` where it is written in the step."""

    rows: frozenset[int]
    loc: tuple[object, ...]
    said: Message


def branches(step: Component) -> Iterator[Branch]:
    """Yield every way a step can go; none for a step that always does the same."""
    of = BRANCHES.get(type(step))
    if of is not None:
        yield from of(step)


def matched(step: Component, row: int | None) -> Message | None:
    """Return in words which way a step went for somebody, from the number of its row; None where there is only one."""
    if row is None:
        return None
    if row > 0 and isinstance(step, Factor | GradeCurve | Rates | Table):
        return msg("row {row}", row=row)
    fitting = [branch for branch in branches(step) if row in branch.rows]
    return min(fitting, key=lambda branch: len(branch.rows)).said if fitting else None


def _one(row: int, loc: tuple[object, ...], said: Message) -> Branch:
    return Branch(frozenset({row}), loc, said)


def _factor(step: Factor) -> Iterator[Branch]:
    points = step.curve.points
    if points[0][0] > 0:  # below 0 no result of any use lies
        yield _one(0, ("curve", "points", 0), msg("below {point}", point=points[0][0]))
    for number, (point, _) in enumerate(points[:-1], start=1):
        said = msg("from {low} to {high}", low=point, high=points[number][0])
        yield _one(number, ("curve", "points", number - 1), said)
    yield _one(len(points), ("curve", "points", len(points) - 1), msg("from {low}", low=points[-1][0]))


def _table(step: Table) -> Iterator[Branch]:
    for number, row in enumerate(step.rows, start=1):
        said = msg("row {row}", row=number)
        if row.one_of:
            said = msg("row {row}, for {words}", row=number, words=", ".join(row.one_of))
        yield _one(number, ("rows", number - 1), said)
    if step.otherwise is not None:
        yield _one(0, ("otherwise",), msg("no row fits: otherwise"))


def _matrix(step: Matrix) -> Iterator[Branch]:
    wide = len(step.across_from)
    for line, cells in enumerate(step.cells):
        for column in range(len(cells)):
            said = msg("line {line}, column {column}", line=line + 1, column=column + 1)
            yield _one(line * wide + column + 1, ("cells", line, column), said)
    if step.down_from[0] > 0 or step.across_from[0] > 0:
        yield _one(0, ("cells",), msg("before the first line or column"))


def _rates(step: Rates) -> Iterator[Branch]:
    for number, tier in enumerate(step.tiers, start=1):
        edge = msg("{times} × {base}", times=tier.above, base=step.base) if step.base and tier.above else tier.above
        yield _one(number, ("tiers", number - 1), msg("above {edge}", edge=edge))


def _gate(step: Gate) -> Iterator[Branch]:  # noqa: ARG001  (as all kinds)
    yield _one(1, ("needs",), msg("the condition is met"))
    yield _one(2, ("needs",), msg("the condition is not met"))


def _limit(step: Limit) -> Iterator[Branch]:  # noqa: ARG001  (as all kinds)
    yield _one(1, ("at",), msg("within the limit"))
    yield _one(2, ("at",), msg("the limit holds"))


def _deducting(step: Penalty | Penalties) -> Iterator[Branch]:
    where = "each" if isinstance(step, Penalty) else "of_kinds"
    yield _one(1, (where,), msg("no incident"))
    yield Branch(frozenset({2, 3, 4}), (where,), msg("some incidents"))
    if step.most is not None:
        yield _one(3, ("most",), msg("more than the most that is taken off"))


def _proration(step: Proration) -> Iterator[Branch]:
    yield _one(1, (), msg("in proportion"))
    if step.full_before:
        yield _one(2, ("full_before",), msg("hired before {day}: in full", day=step.full_before))
    if step.none_from:
        yield _one(3, ("none_from",), msg("hired on or after {day}: nothing", day=step.none_from))


def _quotient(step: Quotient) -> Iterator[Branch]:
    yield _one(1, ("by",), msg("there is something to divide by"))
    if step.otherwise is not None:
        yield _one(2, ("otherwise",), msg("there is nothing to divide by: otherwise"))


def _accelerator(step: Accelerator) -> Iterator[Branch]:
    where = "when" if step.when is not None else "beyond"
    yield _one(1, (where,), msg("it works"))
    yield _one(2, (where,), msg("it does not work"))


def _adjustment_factor(step: AdjustmentFactor) -> Iterator[Branch]:
    yield _one(1, ("budget",), msg("between the lowest and the highest"))
    if step.lowest > 0:
        yield _one(2, ("lowest",), msg("the lowest"))
    yield _one(3, ("budget",), msg("the highest"))


def _bonus_bank(step: BonusBank) -> Iterator[Branch]:  # noqa: ARG001  (as all kinds)
    yield _one(1, (), msg("there is something in the bank"))
    yield _one(2, (), msg("there is nothing in the bank"))


def _clawback(step: Clawback) -> Iterator[Branch]:  # noqa: ARG001  (as all kinds)
    yield _one(1, ("paid_before",), msg("nothing is owed"))
    yield Branch(frozenset({2, 3}), ("paid_before",), msg("something is taken back"))


def _draw(step: Draw) -> Iterator[Branch]:
    # What is earned and owes nothing is the plain case; where a draw is recovered, the third row is the one beyond it.
    yield Branch(frozenset({1, 3}), ("amount",), msg("more is earned than the draw"))
    yield _one(2, ("amount",), msg("it is made up to the draw"))
    if step.recoverable:
        yield _one(3, ("recoverable",), msg("an advance is recovered"))


def _eligibility(step: Eligibility) -> Iterator[Branch]:
    yield _one(1, (), msg("everything is met"))
    fields = [name for name in ("hired_before", "employed_on", "least_days", "grades") if getattr(step, name)]
    asked: list[tuple[object, ...]] = [*((name,) for name in fields), *(("needs", n) for n in range(len(step.needs)))]
    for row, loc in enumerate(asked, start=2):
        yield _one(row, loc, msg("not met: {what}", what=" ".join(str(part) for part in loc)))


def _funding(step: Funding) -> Iterator[Branch]:
    yield _one(1, ("share",), msg("the share is funded"))
    if step.needs is not None:
        yield _one(2, ("needs",), msg("the condition is not met"))
    if step.most is not None:
        yield _one(3, ("most",), msg("the limit holds"))


def _grade_curve(step: GradeCurve) -> Iterator[Branch]:
    for number, row in enumerate(step.rows, start=1):
        yield _one(number, ("rows", number - 1), msg("row {row}, for {words}", row=number, words=row.grade))
    if step.otherwise is not None:
        yield _one(0, ("otherwise",), msg("no row fits: otherwise"))


def _pool(step: Pool) -> Iterator[Branch]:
    yield _one(1, ("amount",), msg("the pool is shared"))
    if step.share is Share.AT_MOST:
        yield _one(2, ("share",), msg("all of it is in the pool"))


def _veto(step: Veto) -> Iterator[Branch]:  # noqa: ARG001  (as all kinds)
    yield _one(1, ("when",), msg("the grade stays"))
    yield _one(2, ("when",), msg("the grade is changed"))


def _wage_recovery(step: WageRecovery) -> Iterator[Branch]:
    yield _one(1, ("evidence",), msg("there is no evidence"))
    yield _one(2, ("loss",), msg("the whole loss"))
    yield _one(3, ("legal_cap",), msg("the share of the wage that the law allows"))
    if step.cap.keeps_minimum:
        yield _one(4, ("minimum_wage",), msg("the minimum wage stays"))
    if step.cap.all_deductions is not None:
        yield _one(5, ("legal_cap",), msg("all deductions together"))


#: The kinds of step that can go more than one way; a test holds it, with `ONE_WAY`, to the register of kinds.
BRANCHES: dict[type[Component], Callable[[Any], Iterator[Branch]]] = {
    Accelerator: _accelerator,
    AdjustmentFactor: _adjustment_factor,
    BonusBank: _bonus_bank,
    Cap: _limit,
    Clawback: _clawback,
    Draw: _draw,
    Eligibility: _eligibility,
    Factor: _factor,
    Floor: _limit,
    Funding: _funding,
    Gate: _gate,
    GradeCurve: _grade_curve,
    Matrix: _matrix,
    Penalties: _deducting,
    Penalty: _deducting,
    Pool: _pool,
    Proration: _proration,
    Quotient: _quotient,
    Rates: _rates,
    RefundableCap: _limit,
    Table: _table,
    Veto: _veto,
    WageRecovery: _wage_recovery,
}

#: The kinds that do the same for everybody.
ONE_WAY: tuple[type[Component], ...] = (Adjustment, Basis, Exchanged, Fold, Product, RoundOff, Total, Weighted)
