"""One person's statement: of a final run as it was paid, of a run being made, or of a plan as it would pay today."""

import datetime
from decimal import Decimal

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import not_found
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, statement
from kpiflow.language import Message, Name, msg
from kpiflow.storage.pay_runs import read_part
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, Adjusting, Paid, RunState, Stored
from kpiflow.workspace.pay_runs.stored import all_runs, amounts, plan_of, readable, wide_of
from kpiflow.workspace.paying import pay_run, valid_plans


def paid(
    ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None, *, run: int | None = None
) -> Paid | None:
    """Return what somebody was paid for a period, or would be where no run is final; None where no plan reaches them.

    `run` asks for one run's statement. Raises Refused outside the reach of the person asking, and NotFound.
    """
    ws.reach(asker, Topic.PAY).sees(person).require()
    ws.moment(period, as_of)
    if run is not None:
        now = readable(ws, asker, run)
        if not _reached(ws, now, person):
            raise not_found(msg("person paid by this run"), person, ())
        return _of_run(ws, now, person)
    finals = [one for one in all_runs(ws) if one.period == period and one.state is RunState.FINAL]
    mine = next((one for one in finals if as_of is None and _reached(ws, one, person)), None)
    return _preview(ws, person, period, as_of) if mine is None else _of_run(ws, mine, person)


def _reached(ws: Books, now: Stored, person: str) -> bool:
    return person in amounts(ws, now.run)["person"]


def _preview(ws: Books, person: str, period: str, as_of: datetime.date | None) -> Paid | None:
    """Return what the first plan that reaches somebody would pay."""
    for plan in valid_plans(ws, ws.moment(period, as_of).period, as_of):
        made = pay_run(ws, plan.plan, period, as_of)
        mine = made.wide.filter(pl.col("person") == person)
        if mine.height:
            row = mine.row(0, named=True)
            said = statement(made.plan, row, period)
            day = as_of or ws.today()
            source = (
                msg("A preview: nothing has been paid. As known on {day}.", day=day),
                _by_rules(made.plan),
            )
            return Paid(
                statement=said, label=_label(made.plan), person_name=_name(ws, person), unit_name=_unit(ws, row.get("unit")),
                run=None, source=source, adjustments=(), payable=said.amount, plan_json=made.plan.model_dump_json(), wide=row,
            )  # fmt: skip
    return None


def _of_run(ws: Books, now: Stored, person: str) -> Paid:
    """Return what a run pays somebody, from what was stored with it."""
    plan = plan_of(ws, now.run)
    row = wide_of(ws, now.run, [person]).row(0, named=True)
    if read_part(ws.store, "pay_line", now.run, [person]).is_empty():
        # Paid only because an earlier run was put right: the plan of this one does not reach them.
        said = Statement(person, plan.plan, str(row["version"]), now.period, plan.currency, Decimal(0), (), None)
    else:
        said = statement(plan, row, now.period)
    put_right = tuple(
        Adjusting(one["of_run"], one["period"], one["paid"], one["due"], one["amount"])
        for one in read_part(ws.store, "pay_adjustment", now.run, [person]).sort("of_run").iter_rows(named=True)
    )
    payable = amounts(ws, now.run).filter(pl.col("person") == person)["payable"][0]
    return Paid(
        statement=said, label=_label(plan), person_name=_name(ws, person), unit_name=_unit(ws, row.get("unit")), run=now,
        source=_source(now, plan), adjustments=put_right,
        payable=None if said.amount is None and not put_right else payable, plan_json=plan.model_dump_json(), wide=row,
    )  # fmt: skip


def _source(now: Stored, plan: Plan) -> tuple[Message, ...]:
    """Return what a statement of a run rests on, in words."""
    if now.state is RunState.FINAL:
        first = msg(
            "Run {run}, final since {day}, approved by {who}.", run=now.run, day=now.at.date(), who=now.approved_by
        )
    else:
        first = msg("Run {run}, {state}: nothing has been paid.", run=now.run, state=STATE_WORDS[now.state])
    known = msg("By the data known on {day} at {time}.", day=now.known_by.date(), time=now.known_by.strftime("%H:%M"))
    if now.closing is not None:
        known = msg("By closing {number} of {period}: the data known on {day} at {time}.", number=now.closing,
                    period=now.period, day=now.known_by.date(), time=now.known_by.strftime("%H:%M"))  # fmt: skip
    return (first, known, _by_rules(plan), msg("Fingerprint of the run: {mark}.", mark=now.content[:16]))


def _by_rules(plan: Plan) -> Message:
    return msg(
        "By the plan {plan}, version {version} ({mark}).", plan=plan.plan, version=plan.version, mark=plan.fingerprint
    )


def _label(plan: Plan) -> Name:
    return Name(plan.label or plan.plan, plan.label_zh)


def _name(ws: Books, person: str) -> Name:
    found = ws.company().people.filter(pl.col("person") == person)
    return name_of(found.row(0, named=True)) if found.height else Name(person)


def _unit(ws: Books, unit: object) -> Name | None:
    found = ws.company().units.filter(pl.col("unit") == unit) if unit else None
    return name_of(found.row(0, named=True)) if found is not None and found.height else None
