"""Components that share out among everybody, as formulas over named cells for what the others come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.incentives.components.adjustment_factor import AdjustmentFactor
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.pool import Pool, Share, Unknown
from kpiflow.incentives.kinds import decimal_of
from kpiflow.incentives.resolved import Typed
from kpiflow.language import Message, msg
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula, named, rounding

#: How the names of the cells end that hold what only everybody's run knows.
OTHERS, KNOWN, CENTS = "others", "known", "left_over"


@dataclass(frozen=True)
class SharedCell:
    """One figure of everybody's run: the name of its cell, what it is in words, and what it was then."""

    name: str
    said: Message
    value: Decimal | None


def shared_cells(step: Component, made: Typed, money: RoundTo, row: Mapping[str, object]) -> Iterator[SharedCell]:
    """Yield what a step that needs everybody rests on beside one person's own figures."""
    if not isinstance(step, Pool | AdjustmentFactor):
        return
    everything, mine = _number(f"{step.id}_all", made, row), _number(step.of, made, row)
    own = max(mine or Decimal(0), Decimal(0))
    others = (everything or Decimal(0)) - own
    yield SharedCell(
        f"{step.id}_{OTHERS}", msg("What everybody else comes to together (less than 0 counts as 0)"), others
    )
    if isinstance(step, AdjustmentFactor) or step.unknown is Unknown.WAITS:
        there = None if row.get(step.id) is None else Decimal(1)
        yield SharedCell(
            f"{step.id}_{KNOWN}", msg("1 when everybody else's is known; while it is empty, all wait"), there
        )
    if isinstance(step, Pool):
        words = msg(
            "Cents left over that came here, by the largest remainder of all (or whatever the line is rounded to)"
        )
        yield SharedCell(f"{step.id}_{CENTS}", words, _left_over(step, made, _places(step, money), row, others))


def pool(step: Pool, cells: Cells) -> Formula:
    """The pool × mine ÷ everybody's, cut off, and what was left over and came here."""
    mine, amount = cells.of(step.id, step.of), cells.of(step.id, step.amount, "amount")
    own, everything = f"MAX(N({mine}),0)", _everything(step, mine)
    money = f"MAX({amount},0)"
    if step.share is Share.AT_MOST:
        money = f"MIN({money},{everything})"
    down = RoundTo(places=_places(step, cells.money), mode=Rounding.DOWN)
    part = rounding(f"({rounding(f'({money})', down)}*{own}/{everything})", down)
    over = f"{step.id}_{CENTS}*{_unit(down.places)!r}"
    raw = f"IF({everything}=0,0,{part}+{over})"
    row = f"IF({everything}=0,3,{f'IF({everything}<=MAX({amount},0),2,1)' if step.share is Share.AT_MOST else '1'})"
    known = (f"{step.id}_{KNOWN}",) if step.unknown is Unknown.WAITS else ()
    return Formula(raw, row, (mine, *named((step.amount, amount)), *known), beside=everything, beside_needs=())


def adjustment_factor(step: AdjustmentFactor, cells: Cells) -> Formula:
    """The budget ÷ everybody's awards, within its bounds."""
    mine, budget = cells.of(step.id, step.of), cells.of(step.id, step.budget, "budget")
    lowest, highest = cells.of(step.id, step.lowest, "at least"), cells.of(step.id, step.highest, "at most")
    everything, known = _everything(step, mine), f"{step.id}_{KNOWN}"
    ratio = f"ROUND({budget}/{everything},10)"
    value = f"IF({everything}=0,{highest},MAX(MIN({ratio},{highest}),{lowest}))"
    row = f"IF({everything}=0,3,IF({ratio}>={highest},3,IF({ratio}<={lowest},2,1)))"
    numbers = (mine, *named((step.budget, budget)), known)
    return Formula(value, row, numbers, beside=everything, beside_needs=(mine, known))


def _everything(step: Pool | AdjustmentFactor, mine: str) -> str:
    """Return the sum over everybody: the others', and one's own as far as it is above 0."""
    return f"({step.id}_{OTHERS}+MAX(N({mine}),0))"


def _left_over(step: Pool, made: Typed, places: int, row: Mapping[str, object], others: Decimal) -> Decimal:
    """Return how many cents came here beside the part that is cut off."""
    got, mine, amount = (_number(one, made, row) for one in (step.id, step.of, step.amount))
    if got is None or mine is None or amount is None:
        return Decimal(0)
    own = max(mine, Decimal(0))
    everything, unit = others + own, Fraction(10) ** -places
    if everything == 0:
        return Decimal(0)
    money = max(amount, Decimal(0))
    money = min(money, everything) if step.share is Share.AT_MOST else money
    part = Fraction(money) // unit * Fraction(own) / Fraction(everything)
    return Decimal(int(Fraction(got) / unit) - int(part // 1))


def _places(step: Pool, money: RoundTo) -> int:
    return (step.rounding or money).places


def _unit(places: int) -> float:
    return float(Decimal(1).scaleb(-places))


def _number(operand: Decimal | str, made: Typed, row: Mapping[str, object]) -> Decimal | None:
    """Return a number of the plan or of the row, as the run read it; what is absent is what it counts as."""
    value = row.get(operand) if isinstance(operand, str) else operand
    value = made.absent.get(str(operand)) if value is None else value
    return decimal_of(value) if isinstance(value, int | float | Decimal) else None
