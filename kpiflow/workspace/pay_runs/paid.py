"""One person's statement: of a final run as it was paid, of a run being made, or of a plan as it would pay today."""

import datetime
from decimal import Decimal

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import not_found
from kpiflow.incentives.components.rounding import rounding_said
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, statement
from kpiflow.language import Message, Name, msg
from kpiflow.storage.pay_runs import read_part
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, Adjusting, Paid, RunState, Stored
from kpiflow.workspace.pay_runs.stored import all_runs, amounts, plan_of, readable, wide_of
from kpiflow.workspace.paying import pay_run, plan_name, valid_plans
from kpiflow.workspace.plans.called import called


def paid(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    as_of: datetime.date | None = None,
    *,
    run: int | None = None,
    plan: str | None = None,
) -> Paid | None:
    """Return what somebody was paid for a period by one plan, or would be where no run is final; None where it pays nothing.

    `run` asks for one run's statement; without a run or a plan it is the first there is. Raises as `all_paid`, and NotFound.
    """
    if run is None:
        return next(
            (one for one in all_paid(ws, asker, person, period, as_of) if plan in (None, one.statement.plan)), None
        )
    ws.reach(asker, Topic.PAY).sees(person).require()
    ws.moment(period, as_of)
    now = readable(ws, asker, run)
    if not _reached(ws, now, person):
        raise not_found(msg("person paid by this run"), person, ())
    return _of_run(ws, now, person)


def all_paid(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> tuple[Paid, ...]:
    """Return a statement by each plan that pays somebody for a period: of its final run, else as it would be paid.

    In the order the plans are written; runs of plans that are not there any more come last. Raises Refused outside the
    reach of the person asking.
    """
    ws.reach(asker, Topic.PAY).sees(person).require()
    plans = [plan.plan for plan in valid_plans(ws, ws.moment(period, as_of).period, as_of)]
    runs = all_runs(ws) if as_of is None else ()
    finals = {
        one.plan: one
        for one in runs
        if one.period == period and one.state is RunState.FINAL and _reached(ws, one, person)
    }
    found = [
        _of_run(ws, finals[plan], person) if plan in finals else _preview(ws, person, plan, period, as_of)
        for plan in dict.fromkeys([*plans, *finals])
    ]
    return tuple(one for one in found if one is not None)


def _reached(ws: Books, now: Stored, person: str) -> bool:
    return person in amounts(ws, now.run)["person"]


def _preview(ws: Books, person: str, plan: str, period: str, as_of: datetime.date | None) -> Paid | None:
    """Return what a plan would pay somebody; None where it does not reach them."""
    made = pay_run(ws, plan, period, as_of)
    mine = made.wide.filter(pl.col("person") == person)
    if mine.is_empty():
        return None
    row = mine.row(0, named=True)
    said = statement(made.plan, row, period, called(ws, made.plan, as_of))
    source = (
        msg("A preview: nothing has been paid. As known on {day}.", day=as_of or ws.today()),
        _by_rules(made.plan),
        _rounded(made.plan),
    )
    return Paid(
        statement=said, label=plan_name(made.plan), person_name=_name(ws, person), unit_name=_unit(ws, row.get("unit")),
        run=None, source=source, adjustments=(), payable=said.amount, plan_json=made.plan.model_dump_json(), wide=row,
    )  # fmt: skip


def _of_run(ws: Books, now: Stored, person: str) -> Paid:
    """Return what a run pays somebody, from what was stored with it."""
    plan = plan_of(ws, now.run)
    row = wide_of(ws, now.run, [person]).row(0, named=True)
    if read_part(ws.store, "pay_line", now.run, [person]).is_empty():
        # Paid only because an earlier run was put right: the plan of this one does not reach them.
        said = Statement(person, plan.plan, str(row["version"]), now.period, plan.currency, Decimal(0), (), None)
    else:
        said = statement(plan, row, now.period, called(ws, plan, now.known_by))
    put_right = tuple(
        Adjusting(one["of_run"], one["period"], one["paid"], one["due"], one["amount"])
        for one in read_part(ws.store, "pay_adjustment", now.run, [person]).sort("of_run").iter_rows(named=True)
    )
    payable = amounts(ws, now.run).filter(pl.col("person") == person)["payable"][0]
    return Paid(
        statement=said, label=plan_name(plan), person_name=_name(ws, person), unit_name=_unit(ws, row.get("unit")), run=now,
        source=_source(ws, now, plan), adjustments=put_right,
        payable=None if said.amount is None and not put_right else payable, plan_json=plan.model_dump_json(), wide=row,
    )  # fmt: skip


def _source(ws: Books, now: Stored, plan: Plan) -> tuple[Message, ...]:
    """Return what a statement of a run rests on, in words."""
    if now.state is RunState.FINAL:
        first = msg(
            "Run {run}, final since {day}, approved by {who}.", run=now.run, day=now.at.date(),
            who=None if now.approved_by is None else _name(ws, now.approved_by),
        )  # fmt: skip
    else:
        first = msg("Run {run}, {state}: nothing has been paid.", run=now.run, state=STATE_WORDS[now.state])
    known = msg("By the data known on {day} at {time}.", day=now.known_by.date(), time=now.known_by.strftime("%H:%M"))
    if now.closing is not None:
        known = msg("By closing {number} of {period}: the data known on {day} at {time}.", number=now.closing,
                    period=now.period, day=now.known_by.date(), time=now.known_by.strftime("%H:%M"))  # fmt: skip
    return (
        first,
        known,
        _by_rules(plan),
        _rounded(plan),
        msg("Fingerprint of the run: {mark}.", mark=now.content[:16]),
    )


def _by_rules(plan: Plan) -> Message:
    return msg(
        "By the plan {plan}, version {version} ({mark}).", plan=plan.plan, version=plan.version, mark=plan.fingerprint
    )


def _rounded(plan: Plan) -> Message:
    return msg("Each amount of money is rounded once, on its line: {how}.", how=rounding_said(plan.rounding))


def _name(ws: Books, person: str) -> Name:
    found = ws.company().people.filter(pl.col("person") == person)
    return name_of(found.row(0, named=True)) if found.height else Name(person)


def _unit(ws: Books, unit: object) -> Name | None:
    found = ws.company().units.filter(pl.col("unit") == unit) if unit else None
    return name_of(found.row(0, named=True)) if found is not None and found.height else None
