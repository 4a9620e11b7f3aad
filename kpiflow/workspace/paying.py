"""A plan run for everybody it reaches: amounts, lines, and one person's statement."""

import datetime
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, Topic
from kpiflow.core.calendar import Period, PeriodKind
from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, lines, statement, to_json
from kpiflow.incentives.typed import inputs_needed
from kpiflow.language import Name, msg, render
from kpiflow.scoring.moment import Moment
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.pay_runs import runs_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.payees import payees, with_units
from kpiflow.workspace.plans.called import called


@dataclass(frozen=True)
class PayRun:
    """What a plan pays in a period: `wide` has one row per person and a column per component; `lines` a row per line."""

    plan: Plan
    period: str
    wide: pl.DataFrame
    lines: pl.DataFrame
    total: Decimal


def pay_run(ws: Books, plan: str, period: str, as_of: datetime.date | None = None) -> PayRun:
    """Run a plan for a period without writing anything; raises NotFound for an unknown plan, with the nearest one."""
    shut = closed(ws, period) if as_of is None else None
    # A closed period is paid by what was known when it was closed, and by the rules of today, which two people published.
    known_by = as_of if shut is None else shut.known_by
    plans = ws.company(as_of).plans
    if plan not in plans:
        raise not_found(msg("plan"), plan, plans)
    _require_valid(plans[plan], ws.moment(period, as_of).period)

    def make() -> PayRun:
        chosen = plans[plan]
        wide = paid_by(ws, chosen, period, known_by)
        amounts = wide["amount"].drop_nulls()
        return PayRun(chosen, period, wide, lines(chosen, wide), Decimal(str(amounts.sum() or 0)))

    # What is carried from one run to the next comes from the runs that are final.
    key = ("pay", plan, period, ws.versions(as_of), ws.versions(known_by), runs_version(ws.store))
    return ws.kept(key, make)


@dataclass(frozen=True)
class Cost:
    """What all plans of a cycle pay in all."""

    total: Decimal
    currency: str


def cost(
    ws: Books, reach: Reach, moment: Moment, as_of: datetime.date | None, scored: pl.DataFrame | None = None
) -> Cost | None:
    """Return what the plans of a whole cycle pay in all, for those whose `reach` of pay is everybody; else None.

    Plans pay for a cycle, so a month has no cost of its own; plans in different currencies are not added up. `scored` are
    the results to pay by where they are not those of the store: as forecast, or as a change would make them.
    """
    plans = valid_plans(ws, moment.period, as_of)
    currencies = {plan.currency for plan in plans}
    if reach.people is not None or moment.period.kind is not PeriodKind.YEAR or len(currencies) != 1:
        return None
    if scored is None:
        amounts = [pay_run(ws, plan.plan, moment.period.period, as_of).wide["amount"] for plan in plans]
    else:
        amounts = [paid_by(ws, plan, moment.period.period, as_of, scored)["amount"] for plan in plans]
    if not any(paid.is_not_null().any() for paid in amounts):
        return None  # nobody's pay can be said yet, which is not a cost of 0
    return Cost(sum((Decimal(str(paid.drop_nulls().sum() or 0)) for paid in amounts), Decimal(0)), currencies.pop())


def paid_by(
    ws: Books,
    plan: Plan,
    period: str,
    as_of: datetime.date | None,
    scored: pl.DataFrame | None = None,
    *,
    anew: bool = False,
) -> pl.DataFrame:
    """Return what a plan pays in a period, one row per person; `anew`: by what is known of a closed period since."""
    people = payees(ws, inputs_needed(plan), period, as_of, scored=scored, plan=plan, anew=anew)
    return pay(plan, with_units(people, ws, as_of) if plan.who.units else people)


def plan_name(plan: Plan) -> Name:
    """Return what a plan is called."""
    return Name(plan.label or plan.plan, plan.label_zh)


#: The lengths of a period, in words, and how the first one of each length is written after its cycle.
PERIODS = {
    PeriodKind.YEAR: msg("year"),
    PeriodKind.HALF: msg("half-year"),
    PeriodKind.QUARTER: msg("quarter"),
    PeriodKind.MONTH: msg("month"),
}
FIRST = {PeriodKind.HALF: "H1", PeriodKind.QUARTER: "Q1", PeriodKind.MONTH: "01"}


def _valid(plan: Plan, period: Period) -> bool:
    """Return whether a plan pays for periods as long as this one and is valid on some day of it."""
    return plan.every is period.kind and not (
        (plan.starts and period.ends < plan.starts) or (plan.ends and period.starts > plan.ends)
    )


def valid_plans(ws: Books, period: Period, as_of: datetime.date | None = None) -> list[Plan]:
    """Return the plans that are valid on some day of a period, in the order they were written."""
    return [plan for plan in ws.company(as_of).plans.values() if _valid(plan, period)]


def plans_about(
    ws: Books, moment: Moment, as_of: datetime.date | None = None, *, shorter: bool = False
) -> list[tuple[Plan, str]]:
    """Return every plan with the period that it pays for and that holds the one looked at, in the order they were written.

    With `shorter` also plans that pay for shorter periods, each with the newest in the one looked at that has begun.
    """
    found = []
    for plan in ws.company(as_of).plans.values():
        paid = [one for one in moment.calendar.periods.values() if _valid(plan, one)]
        about = [one for one in paid if one.starts <= moment.period.starts and moment.period.ends <= one.ends]
        if shorter and not about:
            about = [one for one in paid if moment.period.starts <= one.starts <= moment.until]
        if about:
            found.append((plan, about[-1].period))
    return found


def _require_valid(plan: Plan, period: Period) -> None:
    """Raise InvalidInput when a plan does not pay for a period: it is too short or too long, or not in its time."""
    if plan.every is not period.kind:
        raise InvalidInput(
            msg(
                "The plan {plan} pays for a {every}, and {period} is a {kind}. Ask for a {every}, such as {cycle}.",
                plan=plan.plan,
                every=PERIODS[plan.every],
                period=period.period,
                kind=PERIODS[period.kind],
                cycle=period.cycle if plan.every is PeriodKind.YEAR else f"{period.cycle}-{FIRST[plan.every]}",
            )
        )
    if not _valid(plan, period):
        raise InvalidInput(
            msg(
                "The plan {plan} is valid from {starts} to {ends}, so it pays nothing for {period}.",
                plan=plan.plan,
                starts=plan.starts,
                ends=plan.ends,
                period=period.period,
            )
        )


def statement_of(
    ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None, *, only: str | None = None
) -> Statement | None:
    """Return a person's statement by the first plan that reaches them, or by the plan `only`; None where none does.

    Raises Refused outside the asker's reach.
    """
    ws.reach(asker, Topic.PAY).sees(person).require()
    plans = [only] if only else [one.plan for one in valid_plans(ws, ws.moment(period, as_of).period, as_of)]
    for plan in plans:
        run = pay_run(ws, plan, period, as_of)
        mine = run.wide.filter(pl.col("person") == person)
        if mine.height:
            return statement(run.plan, mine.row(0, named=True), period, called(ws, run.plan, as_of))
    return None


def statements_about(
    ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None, *, shorter: bool = False
) -> list[tuple[Plan, Statement]]:
    """Return a person's statement by every plan that reaches them and is about a period, as `plans_about` finds them.

    Raises Refused outside the asker's reach.
    """
    ws.reach(asker, Topic.PAY).sees(person).require()
    found = []
    for plan, paid in plans_about(ws, ws.moment(period, as_of), as_of, shorter=shorter):
        said = statement_of(ws, asker, person, paid, as_of, only=plan.plan)
        if said is not None:
            found.append((plan, said))
    return found


def pay_rows(ws: Books, run: PayRun, locale: str = "en") -> list[dict[str, Any]]:
    """Return the run as rows, one per person: person, unit and what they are called, plan, period, amount, currency, and the
    lines of the statement.
    """
    rows, company = [], ws.company()
    people = {row["person"]: name_of(row) for row in company.people.iter_rows(named=True)}
    units = {row["unit"]: name_of(row) for row in company.units.iter_rows(named=True)}
    told = called(ws, run.plan)
    for row in run.wide.iter_rows(named=True):
        said = statement(run.plan, row, run.period, told)
        person, unit = people.get(row["person"]), units.get(row.get("unit"))
        rows.append({
            "person": row["person"], "name": render(person, locale) if person else None, "unit": row.get("unit"),
            "unit_name": render(unit, locale) if unit else None, "plan": run.plan.plan, "period": run.period,
            "amount": row["amount"], "currency": run.plan.currency, "lines": to_json(said, locale)["lines"],
        })  # fmt: skip
    return rows


def record_run(ws: Books, run: PayRun, *, who: str) -> int:
    """Write a line in the journal that a plan was run, with its total and the fingerprint of all its lines."""
    print_of = hashlib.sha256(run.lines.write_csv().encode()).hexdigest()
    detail = {
        "people": run.wide.height,
        "total": str(run.total),
        "currency": run.plan.currency,
        "fingerprint": print_of,
    }
    with ws.store.write() as cursor:
        at = datetime.datetime.now(datetime.UTC)
        return record(cursor, Entry(at, who, "pay", f"{run.plan.plan} {run.period}", None, detail))
