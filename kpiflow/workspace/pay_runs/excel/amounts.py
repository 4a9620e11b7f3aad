"""Components that multiply, add and prorate, as formulas."""

from decimal import Decimal

from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.fold import Fold, How
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import BY_FTE, BY_MONTHS, By, DayCount, Proration
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula, named


def basis(step: Basis, cells: Cells) -> Formula:
    """Amount × months × share."""
    of, share = cells.of(step.id, step.of, "amount"), cells.of(step.id, step.share, "share")
    months = cells.of(step.id, step.months, "months")
    return Formula(f"{of}*{months}*{share}", numbers=named((step.of, of), (step.share, share)))


def product(step: Product, cells: Cells) -> Formula:
    """Everything multiplied; proration goes in as days ÷ days, not as the ten places of its line."""
    factors = [(one, cells.exact.get(one, "") or cells.of(step.id, one, "factor") if isinstance(one, str)
                else cells.of(step.id, one, "factor")) for one in step.of]  # fmt: skip
    return Formula("*".join(cell for _, cell in factors), numbers=named(*factors))


def quotient(step: Quotient, cells: Cells) -> Formula:
    """One by the other; where there is nothing to divide by, what the plan says, or nothing."""
    of, by = cells.of(step.id, step.of, "divided"), cells.of(step.id, step.by, "divided by")
    numbers = named((step.of, of), (step.by, by))
    if step.otherwise is None:
        return Formula(f'IF({by}>0,{of}/{by},"")', f'IF({by}>0,1,"")', numbers)
    other = cells.parameters.number(step.id, "otherwise", step.otherwise)
    return Formula(f"IF({by}>0,{of}/{by},{other})", f"IF({by}>0,1,2)", numbers)


def weighted(step: Weighted, cells: Cells) -> Formula:
    """The sum of weight × value."""
    parts = [
        (part.of, cells.of(step.id, part.of, "part"), cells.of(step.id, part.weight, "weight")) for part in step.parts
    ]
    return Formula(
        "+".join(f"{of}*{weight}" for _, of, weight in parts), numbers=named(*((one, of) for one, of, _ in parts))
    )


def total(step: Total, cells: Cells) -> Formula:
    """What is added, less what is taken away."""
    plus = [(one, cells.of(step.id, one, "added")) for one in step.plus]
    minus = [(one, cells.of(step.id, one, "taken away")) for one in step.minus]
    raw = "+".join(cell for _, cell in plus) + "".join(f"-{cell}" for _, cell in minus)
    return Formula(raw, numbers=named(*plus, *minus))


def proration(step: Proration, cells: Cells) -> Formula:
    """Days ÷ days or months ÷ months, in full or not at all by the day of hiring, times the full-time share."""
    raw, row, numbers = "1", "1", []
    if step.by in BY_MONTHS:
        numbers = [cells.inputs["segment_from"], cells.inputs["segment_to"]]
        raw = f"{_months(step, *numbers)}/{cells.of(step.id, step.months, 'months of the period')}"
    elif step.by is not By.FTE:
        days = cells.inputs[step.days] if step.days in cells.inputs else cells.values[step.days]
        name = {DayCount.PERIOD: "days_in_period", DayCount.ACTUAL_ACTUAL: "days_in_year"}.get(step.day_count)
        over = cells.inputs[name] if name else cells.of(step.id, Decimal(365), "days of a year")
        raw, numbers = f"{days}/{over}", [days, *([over] if name else [])]
    if step.full_before or step.none_from:
        hired = cells.inputs["hired"]
        numbers.append(hired)
        if step.full_before:
            early = f"{hired}<DATE({step.full_before.year},{step.full_before.month},{step.full_before.day})"
            raw, row = f"IF({early},1,{raw})", f"IF({early},2,{row})"
        if step.none_from:
            late = f"{hired}>=DATE({step.none_from.year},{step.none_from.month},{step.none_from.day})"
            raw, row = f"IF({late},0,{raw})", f"IF({late},3,{row})"
    if step.by in BY_FTE:
        raw, numbers = f"{raw}*{cells.inputs['fte']}", [*numbers, cells.inputs["fte"]]
    return Formula(raw, row=row, numbers=tuple(numbers))


def _months(step: Proration, first: str, last: str) -> str:
    """Return how many months count between two days."""
    whole = f"YEAR({last})*12+MONTH({last})-YEAR({first})*12-MONTH({first})+1"
    late = f"IF(DAY({first})>{step.start_by_day},1,0)"
    early = f"IF(AND(DAY({last})<{step.end_from_day},DAY({last}+1)<>1),1,0)"
    return f"MAX(0,{whole}-{late}-{early})"


def exchange(step: Exchanged, cells: Cells) -> Formula:
    """Amount × rate."""
    of, rate = cells.of(step.id, step.of), cells.of(step.id, step.rate or Decimal(1), "rate")
    return Formula(f"{of}*{rate}", numbers=named((step.of, of)))


def rounded(step: RoundOff, cells: Cells) -> Formula:
    """The value itself: its line rounds it."""
    of = cells.of(step.id, step.changed)
    return Formula(of, numbers=(of,))


def fold(step: Fold, cells: Cells) -> Formula:
    """The values of all segments added up, their mean by days, or the last one."""
    values = [one.values[step.of] for one in cells.segments]
    if step.how is How.LAST:
        return Formula(values[-1], numbers=(values[-1],))
    if step.how is How.SUM:
        return Formula("+".join(values), numbers=tuple(values))
    days = [one.inputs["days_employed"] for one in cells.segments]
    total = "+".join(days)
    weighed = "+".join(f"{value}*{day}" for value, day in zip(values, days, strict=True))
    return Formula(f'IF({total}>0,({weighed})/({total}),"")', numbers=(*values, *days))
