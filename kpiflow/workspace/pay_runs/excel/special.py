"""Components that speed up, keep a balance, fund a pool, judge eligibility or put a grade in another's place, as formulas."""

from collections.abc import Iterable

from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.bonus_bank import BonusBank
from kpiflow.incentives.components.clawback import Clawback
from kpiflow.incentives.components.draw import Draw
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.condition import Condition
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula, edge, named, quoted
from kpiflow.workspace.pay_runs.excel.limits import holds


def accelerator(step: Accelerator, cells: Cells) -> Formula:
    """The value times a ratio, or what lies beyond a point counted so many times, where the condition holds."""
    of, row = cells.of(step.id, step.changed), cells.rows[step.id]
    numbers, texts = _needs(step.id, [step.when] if step.when else [], cells)
    tests = [holds(step.id, step.when, cells)] if step.when else []
    if step.times is not None:
        times = cells.of(step.id, step.times, "times")
        faster, numbers = f"{of}*{times}", (*numbers, *named((step.times, times)))
    else:
        assert step.beyond is not None and step.slope is not None  # noqa: PT018  (the model refuses anything else)
        point, more = edge(step.id, step.beyond, step.base, cells)
        slope = cells.of(step.id, step.slope, "slope")
        faster, numbers = f"({point}+({of}-{point})*{slope})", (*numbers, *more)
        tests.append(f"{of}{'>' if step.side == 'above' else '<'}{point}")
    return Formula(f"IF({row}=1,{faster},{of})", f"IF(AND({','.join(tests)}),1,2)", (of, *numbers), texts)


def adjustment(step: Adjustment, cells: Cells) -> Formula:
    """The value and the difference of what an earlier period comes to and what was paid."""
    of = cells.of(step.id, step.changed)
    now, then = cells.of(step.id, step.recomputed, "comes to"), cells.of(step.id, step.paid_before, "paid before")
    row = f"IF({now}>{then},1,IF({now}<{then},2,3))"
    return Formula(f"{of}+{now}-{then}", row, (of, *named((step.recomputed, now), (step.paid_before, then))))


def bonus_bank(step: BonusBank, cells: Cells) -> Formula:
    """What is paid at once, and one part of what is in the bank."""
    of, before = cells.of(step.id, step.changed), cells.inputs[step.carried]
    point, needs = edge(step.id, step.above, step.base, cells)
    if step.forfeits is not None:
        share = cells.of(step.id, step.forfeits, "forfeited")
        held, needs = before, (*needs, before, *named((step.forfeits, share)))
        before = f"({held}-MAX({held},0)*MIN(MAX({share},0),1))"
    put = f"(MAX({of}-MAX({point},0),0)*{cells.of(step.id, step.share, 'share')})"
    if step.only_repays:
        put = f"MIN({put},MAX(-{before},0))"
    bank = f"({before}+{put}+MIN({of},0))"
    raw = f"MAX({of},0)-{put}+MAX({bank},0)/{step.parts}"
    return Formula(
        raw, f"IF(ROUND({bank},8)>0,1,2)", (of, before, *needs), beside=f"{of}+{before}-{cells.values[step.id]}"
    )


def clawback(step: Clawback, cells: Cells) -> Formula:
    """The value less what is owed, as far as there is something to take it from."""
    of, before = cells.of(step.id, step.changed), cells.inputs[step.carried]
    paid, now = cells.of(step.id, step.paid_before, "paid before"), cells.of(step.id, step.recomputed, "comes to")
    owed = f"(MAX({paid}-{now},0)+{before})"
    taken = f"MIN({owed},MAX({of},0))"
    row = f"IF(ROUND({owed},8)=0,1,IF(ROUND({owed}-{taken},8)>0,3,2))"
    numbers = (of, before, *named((step.paid_before, paid), (step.recomputed, now)))
    return Formula(f"{of}-{taken}", row, numbers, beside=f"{owed}+{cells.values[step.id]}-{of}")


def draw(step: Draw, cells: Cells) -> Formula:
    """The value made up to the draw, or less what is recovered of earlier ones."""
    of, amount = cells.of(step.id, step.changed), cells.of(step.id, step.amount, "draw")
    numbers = (of, *named((step.amount, amount)))
    if not step.recoverable:
        return Formula(f"MAX({of},{amount})", f"IF({of}<{amount},2,1)", numbers)
    before = cells.inputs[step.carried]
    least = amount if step.least is None else cells.of(step.id, step.least, "left at least")
    back = f"MIN({before},MAX({of}-{least},0)*{cells.of(step.id, step.share, 'share')})"
    row = f"IF({of}<{amount},2,IF(ROUND({back},8)>0,3,1))"
    more = () if step.least is None else named((step.least, least))
    beside = f"{before}+{cells.values[step.id]}-{of}"
    return Formula(f"IF({of}<{amount},{amount},{of}-{back})", row, (*numbers, before, *more), beside=beside)


def refundable_cap(step: RefundableCap, cells: Cells) -> Formula:
    """The lesser of the limit and of the value with what was withheld before."""
    of, before = cells.of(step.id, step.changed), cells.inputs[step.carried]
    limit, needs = edge(step.id, step.at, step.base, cells)
    beside = f"{of}+{before}-{cells.values[step.id]}"
    row = f"IF(ROUND({of}+{before}-{limit},8)>0,2,1)"
    return Formula(f"MIN({of}+{before},{limit})", row, (of, before, *needs), beside=beside)


def eligibility(step: Eligibility, cells: Cells) -> Formula:
    """The value where everything that is asked is met, else 0; a test that cannot be made is no reason to pay nothing."""
    of, row = cells.of(step.id, step.changed), cells.rows[step.id]
    tests = []
    if step.hired_before:
        day = step.hired_before
        hired = cells.inputs["hired"]
        tests.append((f"COUNT({hired})=0", f"{hired}<DATE({day.year},{day.month},{day.day})"))
    if step.employed_on:
        on = f"DATE({step.employed_on.year},{step.employed_on.month},{step.employed_on.day})"
        hired, left = cells.inputs["hired"], cells.inputs["left"]
        tests.append((f"COUNT({hired})=0", f"AND({hired}<={on},IF(COUNT({left})=0,TRUE,{left}>={on}))"))
    for one in step.asked:
        had = cells.of(step.id, one.of)
        unknown = f'{had}=""' if one.edge is None else f"COUNT({had})=0"
        tests.append((unknown, holds(step.id, one, cells)))
    known = ",".join(f"NOT({unknown})" for unknown, _ in tests)
    found = f'IF(AND({known}),1,"")'
    for n, (unknown, test) in reversed(list(enumerate(tests, start=2))):
        found = f"IF(IF({unknown},FALSE,NOT({test})),{n},{found})"
    return Formula(f'IF(COUNT({row})=0,"",IF({row}>1,0,{of}))', found)


def funding(step: Funding, cells: Cells) -> Formula:
    """The share of the result, at most the most, less the reserve."""
    of, share = cells.of(step.id, step.of, "result"), cells.of(step.id, step.share, "share")
    numbers, texts = _needs(step.id, [step.needs] if step.needs else [], cells)
    fund, row = f"{of}*{share}", "1"
    if step.needs:
        held = holds(step.id, step.needs, cells)
        fund = f"IF({held},{fund},{of}*{cells.of(step.id, step.otherwise, 'otherwise')})"
        row = f"IF({held},1,2)"
    if step.most is not None:
        most = cells.of(step.id, step.most, "most")
        row, fund = f"IF({fund}>{most},3,{row})", f"MIN({fund},{most})"
        numbers = (*numbers, *named((step.most, most)))
    raw = f"MAX({fund},0)*(1-{cells.of(step.id, step.reserve, 'reserve')})"
    numbers = (*numbers, *named((step.of, of), (step.share, share)))
    return Formula(raw, row, numbers, texts, beside=f"MAX({fund},0)-{cells.values[step.id]}")


def veto(step: Veto, cells: Cells) -> Formula:
    """The grade, or the one it becomes."""
    of, row = cells.of(step.id, step.of), cells.rows[step.id]
    numbers, texts = _needs(step.id, [step.when], cells)
    happened = holds(step.id, step.when, cells)
    if step.becomes is not None:
        word, other = step.becomes, f"NOT(EXACT({of},{quoted(step.becomes)}))"
    else:
        word, other = str(step.at_best), "FALSE"
        if step.better:
            (better,) = cells.parameters.table(step.id, ["too good"], [list(step.better)])
            other = f"SUMPRODUCT(EXACT({better},{of})*1)>0"
    return Formula(f"IF({row}=2,{quoted(word)},{of})", f"IF(AND({happened},{other}),2,1)", numbers, (*texts, of))


def wage_recovery(step: WageRecovery, cells: Cells) -> Formula:
    """The least of the loss and what the law lets be taken; nothing without evidence."""
    loss, wage = cells.of(step.id, step.loss, "loss"), cells.of(step.id, step.wage)
    numbers = [*named((step.loss, loss)), wage]
    owed = f"MAX({loss},0)"
    if step.carries:
        numbers.append(cells.inputs[f"carried:{step.id}"])
        owed = f"({owed}+{numbers[-1]})"
    limits = [(3, f"{wage}*{cells.of(step.id, step.cap.share, 'share of the wage')}")]
    if step.cap.keeps_minimum and step.minimum_wage is not None:
        least = cells.of(step.id, step.minimum_wage, "minimum wage")
        limits.append((4, f"{wage}-{least}"))
        numbers += named((step.minimum_wage, least))
    if step.cap.all_deductions is not None:
        other = cells.of(step.id, step.other_deductions, "other deductions")
        limits.append((5, f"{wage}*{cells.of(step.id, step.cap.all_deductions, 'all deductions')}-{other}"))
        numbers += named((step.other_deductions, other))
    least_of, row = owed, "2"
    for n, limit in limits:
        row, least_of = f"IF(MAX({limit},0)<{least_of},{n},{row})", f"MIN({least_of},MAX({limit},0))"
    proven = f'{cells.inputs[step.evidence]}<>""'
    beside = f"{owed}-{cells.values[step.id]}"
    return Formula(f"IF({proven},{least_of},0)", f"IF({proven},{row},1)", tuple(numbers), beside=beside)


def _needs(step: str, conditions: Iterable[Condition], cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cells of numbers and of texts that conditions compare."""
    had = [(one, cells.of(step, one.of)) for one in conditions]
    numbers = tuple(cell for one, cell in had if one.edge is not None)
    return numbers, tuple(cell for one, cell in had if one.edge is None)
