"""Components that limit, gate and deduct, as formulas."""

from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.condition import Condition
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula, edge


def cap(step: Cap | Floor, cells: Cells) -> Formula:
    """The lesser of value and limit; of a floor, the greater."""
    of = cells.of(step.id, step.changed)
    limit, needs = edge(step.id, step.at, step.base, cells)
    least = isinstance(step, Cap)
    past = f"{of}>{limit}" if least else f"{of}<{limit}"
    return Formula(f"{'MIN' if least else 'MAX'}({of},{limit})", f"IF({past},2,1)", (of, *needs))


def gate(step: Gate, cells: Cells) -> Formula:
    """The value where the condition holds, else at most the limit."""
    of, limit = cells.of(step.id, step.changed), cells.of(step.id, step.limit, "limit")
    numbers: tuple[str, ...] = (of,)
    if step.base is not None:
        base = cells.of(step.id, step.base)
        limit, numbers = f"{limit}*{base}", (of, base)
    row = f"IF({holds(step.id, step.needs, cells)},1,2)"
    had = cells.of(step.id, step.needs.of)
    words = step.needs.edge is None
    return Formula(
        f"IF({cells.rows[step.id]}=1,{of},MIN({of},{limit}))",
        row,
        numbers if words else (*numbers, had),
        (had,) if words else (),
    )


def holds(step: str, condition: Condition, cells: Cells) -> str:
    """Return a condition as a formula."""
    had = cells.of(step, condition.of)
    if condition.edge is None:
        (words,) = cells.parameters.table(step, ["one of" if condition.one_of else "none of"],
                                          [list(condition.one_of or condition.none_of)])  # fmt: skip
        return f"SUMPRODUCT(EXACT({words},{had})*1){'>' if condition.one_of else '='}0"
    edge = cells.parameters.number(step, "condition", condition.edge)
    if condition.at_least is not None:
        return f"{had}>={edge}"
    if condition.more_than is not None:
        return f"{had}>{edge}"
    return f"{had}<={edge}" if condition.at_most is not None else f"{had}<{edge}"


def penalty(step: Penalty, cells: Cells) -> Formula:
    """So much off per incident, at most the most, as far as there is something to take it from."""
    of, count = cells.of(step.id, step.changed), cells.of(step.id, step.incidents)
    each = cells.of(step.id, step.each, "per incident")
    most = None if step.most is None else cells.of(step.id, step.most, "at most")
    numbers: tuple[str, ...] = (of, count)
    if step.base is not None:
        base = cells.of(step.id, step.base)
        each, most, numbers = f"{each}*{base}", None if most is None else f"{most}*{base}", (of, count, base)
    wanted = f"{each}*{count}"
    taken = wanted if most is None else f"MIN({wanted},{most})"
    three = "2" if most is None else f"IF({wanted}>{most},3,2)"
    row = f"IF({count}<=0,1,IF({of}-{taken}<0,4,{three}))"
    return Formula(f"MAX({of}-{taken},MIN({of},0))", row, numbers)


def penalties(step: Penalties, cells: Cells) -> Formula:
    """So much off per incident of every kind, each kind and all of them at most so much."""
    of = cells.of(step.id, step.changed)
    numbers: list[str] = [of]
    base = ""
    if step.base is not None:
        numbers.append(cells.of(step.id, step.base))
        base = f"*{numbers[-1]}"
    parts = []
    for one in step.of_kinds:
        count = cells.of(step.id, one.incidents)
        numbers.append(count)
        wanted = f"{cells.of(step.id, one.each, 'per incident')}{base}*{count}"
        parts.append(wanted if one.most is None else f"MIN({wanted},{cells.of(step.id, one.most, 'at most')}{base})")
    total = f"({'+'.join(parts)})"
    most = None if step.most is None else f"{cells.of(step.id, step.most, 'at most of all')}{base}"
    taken = total if most is None else f"MIN({total},{most})"
    three = "2" if most is None else f"IF({total}>{most},3,2)"
    row = f"IF({total}<=0,1,IF({of}-{taken}<0,4,{three}))"
    return Formula(f"MAX({of}-{taken},MIN({of},0))", row, tuple(numbers))
