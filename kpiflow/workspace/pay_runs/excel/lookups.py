"""Components that read a curve, a table, a matrix or rates, as formulas over ranges."""

from decimal import Decimal

from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.rates import Earlier, Rates, Spread
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.curve import Interpolation, Tie
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula

#: What stands for a range without an end.
ENDLESS = 1e99


def factor(step: Factor, cells: Cells) -> Formula:
    """The part of the curve a result lies in, and the ratio there."""
    curve, of, row = step.curve, cells.of(step.id, step.of), cells.rows[step.id]
    results, ratios = cells.parameters.table(
        step.id, ["result", "ratio"], [[x for x, _ in curve.points], [y for _, y in curve.points]]
    )
    below = cells.parameters.number(step.id, "below the first", curve.lowest)
    count = len(curve.points)
    if curve.interpolation is Interpolation.STEP:
        reached = f"({results}<{of})" if curve.tie is Tie.LOWER else f"({results}<={of})"
        return Formula(f"IF({row}=0,{below},INDEX({ratios},MAX(1,{row})))", f"SUMPRODUCT({reached}*1)", (of,))
    part = f"SUMPRODUCT(({results}<={of})*1)"
    if isinstance(curve.above, Decimal):  # what holds above the last point does not hold on it
        part += f"-IF({of}=INDEX({results},{count}),1,0)"
    line = f"INDEX({ratios},{count})"
    if count > 1:
        at = f"MAX(1,MIN({row},{count - 1}))"
        rise = f"(INDEX({ratios},{at}+1)-INDEX({ratios},{at}))/(INDEX({results},{at}+1)-INDEX({results},{at}))"
        line = f"INDEX({ratios},{at})+({of}-INDEX({results},{at}))*{rise}"
    if curve.highest is None:
        return Formula(f"IF({row}=0,{below},{line})", part, (of,))
    above = cells.parameters.number(step.id, "above the last", curve.highest)
    return Formula(f"IF({row}=0,{below},IF({row}={count},{above},{line}))", part, (of,))


def table(step: Table, cells: Cells) -> Formula:
    """The row that fits, by its words or its range, and what it gives."""
    of, row = cells.of(step.id, step.of), cells.rows[step.id]
    words = [(word, float(n)) for n, one in enumerate(step.rows, start=1) for word in one.one_of]
    if words:
        word, number = cells.parameters.table(
            step.id, ["word", "row"], [[one for one, _ in words], [n for _, n in words]]
        )
        found = f"SUMPRODUCT(EXACT({word},{of})*{number})"
    else:
        lows = [-ENDLESS if one.low is None else float(one.low) for one in step.rows]
        highs = [ENDLESS if one.high is None else float(one.high) for one in step.rows]
        numbers = [float(n) for n in range(1, len(step.rows) + 1)]
        low, high, number = cells.parameters.table(step.id, ["from", "to", "row"], [lows, highs, numbers])
        inside = f"({low}<={of})*({of}<{high})" if step.tie is Tie.UPPER else f"({low}<{of})*({of}<={high})"
        found = f"SUMPRODUCT({inside}*{number})"
    needs: tuple[tuple[str, ...], tuple[str, ...]] = ((), (of,)) if words else ((of,), ())
    (gives,) = cells.parameters.table(step.id, ["gives"], [[one.gives for one in step.rows]])
    other = '""' if step.otherwise is None else cells.parameters.number(step.id, "otherwise", step.otherwise)
    if step.otherwise is None:
        found = f'IF({found}=0,"",{found})'
        return Formula(f'IF(COUNT({row})=0,"",INDEX({gives},MAX(1,N({row}))))', found, *needs)
    return Formula(f"IF({row}=0,{other},INDEX({gives},MAX(1,{row})))", found, *needs)


def matrix(step: Matrix, cells: Cells) -> Formula:
    """The cell where two results meet; before the first line or column: 0."""
    down, across, row = cells.of(step.id, step.down), cells.of(step.id, step.across), cells.rows[step.id]
    (lines,) = cells.parameters.table(step.id, ["lines from"], [list(step.down_from)])
    (columns,) = cells.parameters.table(step.id, ["columns from"], [list(step.across_from)])
    ratios = cells.parameters.block(step.id, "ratios", step.cells)
    wide = len(step.across_from)
    line, column = f"SUMPRODUCT(({lines}<={down})*1)", f"SUMPRODUCT(({columns}<={across})*1)"
    found = f"IF(MIN({line},{column})=0,0,({line}-1)*{wide}+{column})"
    cell = f"INDEX({ratios},INT((MAX(1,{row})-1)/{wide})+1,MOD(MAX(1,{row})-1,{wide})+1)"
    if step.interpolation is Interpolation.STEP:
        return Formula(f"IF({row}=0,0,{cell})", found, (down, across))
    high, at = len(step.down_from), f"(MAX(1,{row})-1)"
    first, left = f"(INT({at}/{wide})+1)", f"(MOD({at},{wide})+1)"
    next_line, next_column = f"MIN({first}+1,{high})", f"MIN({left}+1,{wide})"
    on, over = _way(down, lines, first, next_line), _way(across, columns, left, next_column)
    upper = f"(INDEX({ratios},{first},{left})*(1-{over})+INDEX({ratios},{first},{next_column})*{over})"
    lower = f"(INDEX({ratios},{next_line},{left})*(1-{over})+INDEX({ratios},{next_line},{next_column})*{over})"
    return Formula(f"IF({row}=0,0,{upper}*(1-{on})+{lower}*{on})", found, (down, across))


def _way(value: str, edges: str, here: str, beyond: str) -> str:
    """Return how far a value lies on the way from one edge to the next, to ten places; 0 beyond the last."""
    low, high = f"INDEX({edges},{here})", f"INDEX({edges},{beyond})"
    return f"IF({here}={beyond},0,ROUND(({value}-{low})/IF({here}={beyond},1,{high}-{low}),10))"


def rates(step: Rates, cells: Cells) -> Formula:
    """Each slice at its own rate, or all at the rate that was reached."""
    of = cells.of(step.id, step.of)
    above, rate = cells.parameters.table(
        step.id, ["above", "rate"], [[one.above for one in step.tiers], [one.rate for one in step.tiers]]
    )
    beyond, count = ">=" if step.tie is Tie.UPPER else ">", len(step.tiers)
    before = None if step.before is None else cells.of(step.id, step.before)
    both = of if before is None else f"({before}+{of})"
    numbers = (of,) if before is None else (of, before)
    if step.base is not None:
        base = cells.of(step.id, step.base)
        above, numbers = f"({above}*MAX(0,{base}))", (*numbers, base)
    tier = _tier(both, above, beyond, count)
    if step.spread is Spread.MARGINAL:
        more = [one.rate - (step.tiers[n - 1].rate if n else 0) for n, one in enumerate(step.tiers)]
        (added,) = cells.parameters.table(step.id, ["more than the tier before"], [more])
        earlier = "" if before is None else f"-{_slices(before, above, added)}"
        return Formula(f"{_slices(both, above, added)}{earlier}", tier, numbers)

    def at(amount: str) -> str:
        reached = _tier(amount, above, beyond, count)
        if step.spread is Spread.FLAT or count == 1:
            return f"INDEX({rate},{reached})"
        here, last = f"MIN({reached},{count - 1})", f"INDEX({rate},{count})"
        rise = f"(INDEX({rate},{here}+1)-INDEX({rate},{here}))/(INDEX({above},{here}+1)-INDEX({above},{here}))"
        line = f"ROUND(INDEX({rate},{here})+MAX(0,{amount}-INDEX({above},{here}))*{rise},10)"
        return f"IF({reached}={count},{last},{line})"

    if before is None or step.earlier is Earlier.KEEP:
        return Formula(f"{of}*{at(both)}", tier, numbers, beside=at(both))
    return Formula(f"{both}*{at(both)}-{before}*{at(before)}", tier, numbers, beside=at(both))


def _slices(amount: str, above: str, added: str) -> str:
    """Return an amount at the rates of its slices; what is below 0 goes at the first rate."""
    first = f"INDEX({added},1)"
    return f"(SUMPRODUCT(({amount}>{above})*({amount}-{above})*{added})+MIN({amount},0)*{first})"


def _tier(amount: str, above: str, beyond: str, tiers: int) -> str:
    """Return the tier an amount lies in, from 1."""
    if tiers == 1:
        return "1"
    return f"MAX(1,SUMPRODUCT(({amount}{beyond}{above})*1))"


def grade_curve(step: GradeCurve, cells: Cells) -> Formula:
    """By the grade, from what its low end gives to what its high end does."""
    grade, score, row = cells.of(step.id, step.grade), cells.of(step.id, step.score), cells.rows[step.id]
    heads = ["grade", "row", "low", "high", "gives at low", "gives at high"]
    words, number, low, high, least, most = cells.parameters.table(
        step.id, heads,
        [[one.grade for one in step.rows], [float(n) for n in range(1, len(step.rows) + 1)],
         [one.low for one in step.rows], [one.high for one in step.rows], [one.gives_low for one in step.rows],
         [one.gives_high for one in step.rows]],
    )  # fmt: skip
    found = f"SUMPRODUCT(EXACT({words},{grade})*{number})"
    at = f"MAX(1,N({row}))"
    inside = f"MAX(0,MIN({score},INDEX({high},{at}))-INDEX({low},{at}))"
    rise = f"(INDEX({most},{at})-INDEX({least},{at}))/(INDEX({high},{at})-INDEX({low},{at}))"
    line = f"INDEX({least},{at})+{inside}*{rise}"
    if step.otherwise is None:
        return Formula(f'IF(COUNT({row})=0,"",{line})', f'IF({found}=0,"",{found})', (score,), (grade,))
    other = cells.parameters.number(step.id, "otherwise", step.otherwise)
    return Formula(f"IF({row}=0,{other},{line})", found, (score,), (grade,))
