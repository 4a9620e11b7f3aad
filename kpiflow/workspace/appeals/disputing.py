"""What somebody can dispute, from the score down to one measurement, and that line in words."""

from dataclasses import replace

import polars as pl

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.metric import Measure
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.windows import window
from kpiflow.storage.rows import measurement_rows
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.appeals.answers import About, Disputable, Line
from kpiflow.workspace.appeals.deadlines import last_day_to_file, may_file
from kpiflow.workspace.appeals.plan_inputs import PlanInput, input_label, plan_input, plan_inputs, shown_to
from kpiflow.workspace.books import ADMINISTRATOR, Asker, Books
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.months import over_months
from kpiflow.workspace.paying import plan_name, statements_about
from kpiflow.workspace.results import metrics_measured, results
from kpiflow.workspace.scores.why import score_why

#: How many measurements of a month are offered.
ROWS = 200

#: The columns a measurement is offered with.
ROW_COLUMNS = ("metric", "unit", "person", "day", "entry", "value", "numerator", "denominator", "source")


def disputable(
    ws: Books, asker: Asker, person: str, period: str, *, goal: str | None = None, month: str | None = None,
    counted: str | None = None, plan: str | None = None,
) -> Disputable:  # fmt: skip
    """Answer what a person can dispute; raises Refused for anybody but them, or NotFound for somebody not appraised.

    `goal` or `counted`, an input of `plan`, is opened to its months, and with `month` to the measurements of that month.
    """
    ws.may(asker, "appeal", OwnerKind.PERSON.value, person).require()
    why = score_why(ws, ADMINISTRATOR, person, period)
    months = rows = pl.DataFrame()
    if goal:
        months = months_of(ws, person, period, goal)
        rows = rows_of(ws, person, goal, month) if month else rows
    elif counted:
        asked = plan_input(ws, person, period, counted, plan)
        months = months_counted(ws, asked)
        rows = rows_counted(ws, person, asked, month) if month else rows
    sections = tuple(Choice(row["section"], name_of(row)) for row in why.sections.iter_rows(named=True))
    goals = tuple(
        Choice(row["goal"], name_of(row, "metric_label" if row["metric_label"] else "label"))
        for row in why.goals.iter_rows(named=True)
    )
    return Disputable(
        person=person, name=why.name, period=period, score=why.row["score"], grade=why.row["grade"], sections=sections,
        goals=goals, pay=_pay_lines(ws, person, period), goal=goal, months=months, month=month, rows=rows,
        until=last_day_to_file(ws, period, person), may=may_file(ws, asker, person, period),
        inputs=shown_to(ws, asker, person, plan_inputs(ws, person, period)),
    )  # fmt: skip


def months_of(ws: Books, person: str, period: str, goal: str) -> pl.DataFrame:
    """Return the months of a person's goal within a period: period, actual, target, points; raises NotFound."""
    _own_goal(ws, person, period, goal)
    company, moment = ws.company(), ws.moment(period, None)
    months = over_months(ws, company.goals.filter(pl.col("goal") == goal), moment, None)
    inside = [one.period for one in moment.calendar.months(moment.period)]
    return months.filter(pl.col("period").is_in(inside)).sort("period").select("period", "actual", "target", "points")


def rows_of(ws: Books, person: str, goal: str, month: str) -> pl.DataFrame:
    """Return the measurements behind a goal's month; raises NotFound for a month that there is not."""
    _month(ws, month)
    only = _selection(ws, _own_goal(ws, person, month, goal))
    return pl.DataFrame() if only is None else _rows(ws, person, only, month)


def months_counted(ws: Books, asked: PlanInput) -> pl.DataFrame:
    """Return the months whose measurements an input counts: those its plan pays for, in the columns of a goal's months."""
    moment = ws.moment(asked.period, None)
    months = [one.period for one in moment.calendar.months(moment.period)]
    none = [pl.lit(None, dtype=pl.Float64).alias(name) for name in ("actual", "target", "points")]
    return pl.DataFrame({"period": months}).with_columns(none)


def rows_counted(ws: Books, person: str, asked: PlanInput, month: str) -> pl.DataFrame:
    """Return the measurements of a month that an input counts, of a derived metric those of its parts; raises NotFound."""
    if asked.metric is None:
        raise InvalidInput(msg("{input} is not counted from measurements.", input=asked.label))
    _month(ws, month)
    metrics = [metric.metric for metric in metrics_measured(ws.company().metrics.values(), [asked.metric])]
    return _rows(ws, person, Selection(metrics=metrics, people=[person]), month)


def _month(ws: Books, month: str) -> None:
    """Raise InvalidInput for what is no month, or NotFound."""
    if ws.company().calendar.period(month).kind is not PeriodKind.MONTH:
        raise InvalidInput(msg("{period} is no month.", period=month))


def _rows(ws: Books, person: str, only: Selection, month: str) -> pl.DataFrame:
    """Return the measurements of a month, as they are offered."""
    days = window("period", ws.moment(month, None))
    # A unit's goal may rest on what was measured for many people: only the appellant's own rows are theirs to see.
    found = measurement_rows(ws.store, Window(days.window, days.starts, days.ends), only, limit=ROWS, people=[person])
    is_rate = pl.col("base").is_not_null()
    return found.rows.with_columns(
        value=pl.when(~is_rate).then("amount"), numerator=pl.when(is_rate).then("amount"), denominator="base"
    ).select(ROW_COLUMNS)


def checked(ws: Books, person: str, period: str, line: Line) -> Line:
    """Return the line as it can be filed; raises NotFound or InvalidInput when it is not there."""
    why = score_why(ws, ADMINISTRATOR, person, period)
    if line.about is About.SECTION:
        _known(msg("section"), line.section, why.sections["section"].to_list())
    counted = None
    if line.about is About.INPUT or (line.about is About.MEASUREMENT and line.goal is None and line.input is not None):
        counted = plan_input(ws, person, period, line.input or "", line.plan)
        line = replace(line, plan=counted.plan)
    if counted is None and line.about in (About.GOAL, About.MONTH, About.MEASUREMENT):
        _known(msg("goal that counts"), line.goal, why.goals["goal"].to_list())
    if line.about in (About.MONTH, About.MEASUREMENT):
        months = months_counted(ws, counted) if counted else months_of(ws, person, period, line.goal or "")
        _known(msg("month of this goal"), line.month, months["period"].to_list())
    if line.about is About.PAY:
        offered = [one for one in _pay_lines(ws, person, period) if line.plan in (None, one.kind)]
        _known(msg("line of pay"), line.component, [one.id for one in offered])
        line = replace(line, plan=next(one.kind for one in offered if one.id == line.component))
    if line.about is not About.MEASUREMENT:
        return line
    month = line.month or ""
    rows = (
        rows_counted(ws, person, counted, month) if counted
        else rows_of(ws, person, line.goal or "", month)
    )  # fmt: skip
    found = rows.filter(
        pl.col("metric") == line.metric, pl.col("unit") == line.unit, pl.col("person").eq_missing(line.person),
        pl.col("day") == line.day, pl.col("entry") == line.entry,
    ) if rows.height else rows  # fmt: skip
    if found.is_empty():
        raise InvalidInput(msg("There is no such measurement behind it in {month}.", month=line.month))
    return line


def line_said(ws: Books, line: Line, row: dict[str, object]) -> Message:
    """Return the line of an appeal in words."""
    company = ws.company()
    goal = _goal_name(ws, line.goal)
    match line.about:
        case About.SCORE:
            return msg("the score")
        case About.GRADE:
            return msg("the grade {grade}", grade=row["grade"])
        case About.SECTION:
            parts = {part.section: part for card in company.scorecards.values() for part in card.sections}
            found = parts.get(line.section or "")
            return msg("the section {section}", section=Name(found.label, found.label_zh) if found else line.section)
        case About.GOAL:
            return msg("the goal {goal}", goal=goal)
        case About.MONTH:
            return msg("{goal} in {month}", goal=goal, month=line.month)
        case About.MEASUREMENT:
            metric = company.metrics.get(line.metric or "")
            name = Name(metric.label, metric.label_zh) if metric else line.metric
            return msg("{metric} measured on {day}", metric=name, day=line.day)
        case About.PAY:
            return _pay_said(ws, line)
        case About.INPUT:
            label = input_label(ws, str(row["person"]), str(row["period"]), line.input, line.plan)
            return msg("what pay is worked out from: {input}", input=label)


def shown_value(ws: Books, metric: str | None, row: dict[str, object]) -> float | None:
    """Return the value of a measurement in its metric's measure."""
    amount, base = row.get("amount"), row.get("base")
    if amount is None:
        return None
    known = ws.company().metrics.get(metric or "")
    scale = Measure(known.measure).scale if known and base is not None else 1
    return float(str(amount)) / (float(str(base)) if base else 1.0) * scale


def _own_goal(ws: Books, person: str, period: str, goal: str) -> dict[str, object]:
    """Return the row of a goal that a person answers for; raises NotFound."""
    rows = results(ws, period, None)
    mine = rows.filter(pl.col("owner") == person, pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value)
    found = mine.filter(pl.col("goal") == goal)
    if found.is_empty():
        raise not_found(msg("goal of this person"), goal, mine["goal"])
    return found.row(0, named=True)


def _selection(ws: Books, row: dict[str, object]) -> Selection | None:
    """Return which measurements a goal's actual is made of; None when it has none of its own."""
    if row["metric"] is None or str(row["rollup"]) != Rollup.OWN.value:
        return None
    metrics = [metric.metric for metric in metrics_measured(ws.company().metrics.values(), [str(row["metric"])])]
    if str(row["scope_kind"]) == OwnerKind.PERSON.value:
        return Selection(metrics=metrics, people=[str(row["scope"])])
    below = ws.unit_tree(None).filter(pl.col("ancestor") == row["scope"])["unit"].to_list()
    return Selection(metrics=metrics, units=below)


def _pay_lines(ws: Books, person: str, period: str) -> tuple[Choice, ...]:
    """Return the lines of a person's statements by every plan that pays for a period which holds this one."""
    return tuple(
        Choice(line.component, line.label, plan_name(plan), plan.plan)
        for plan, said in statements_about(ws, ADMINISTRATOR, person, period)
        for line in said.lines
    )


def _pay_said(ws: Books, line: Line) -> Message:
    """Say which line of which plan is disputed; by its id where the plan has it no more."""
    plan = ws.company().plans.get(line.plan or "")
    found = next((one for one in plan.components if one.id == line.component), None) if plan else None
    if plan is None or found is None:
        return msg("the line of pay {line}", line=line.component)
    label = Name(found.label or found.id, found.label_zh)
    return msg("the line of pay {line} of {plan}", line=label, plan=plan_name(plan))


def _goal_name(ws: Books, goal: str | None) -> Name | str | None:
    found = ws.company().goals.filter(pl.col("goal") == (goal or ""))
    return name_of(found.row(0, named=True)) if found.height else goal


def _known(what: Message, word: str | None, known: list[str]) -> None:
    if word not in known:
        raise not_found(what, word or "", known)
