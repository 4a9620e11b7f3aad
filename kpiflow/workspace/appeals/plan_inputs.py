"""What a plan knew of somebody: its inputs to be disputed, what each is made of, and a wrong one put right."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.access.reach import Topic
from kpiflow.definitions.company import Company
from kpiflow.definitions.difference import difference
from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.given import value_of
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reading import WideReading
from kpiflow.incentives.typed import sound
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.commands import Planned
from kpiflow.workspace.paying import pay_run, plan_name, plans_about
from kpiflow.workspace.plans.called import called


class MadeOf(StrEnum):
    """What an input of a plan is made of, which says how a wrong one is put right."""

    GIVEN = "given"  # written down for the person: a decision corrects it
    MEASURED = "measured"  # counted from measurements: a measurement is disputed
    RESULT = "result"  # a score, a grade, a goal: that is disputed
    POST = "post"  # days, unit, role: the organisation's tables say it
    CARRIED = "carried"  # what an earlier run left


#: The columns of people that hold pay.
_OF_PEOPLE = ("salary_month", "bonus_share")

#: What is known of a person's post, and of the days in it.
_OF_RESULTS = ("score", "grade", "coverage")

#: Where each is put right, when a decision cannot do it.
ELSEWHERE: dict[MadeOf, Message] = {
    MadeOf.MEASURED: msg("This is counted from measurements: the measurement that is wrong is disputed and corrected."),
    MadeOf.RESULT: msg("This is a result: the score, the grade or the goal is disputed, down to its measurements."),
    MadeOf.POST: msg(
        "This follows from the dates and posts in the tables of the organisation, which are corrected there."
    ),
    MadeOf.CARRIED: msg("This is what an earlier run left: that run's statement is disputed."),
}


@dataclass(frozen=True)
class PlanInput:
    """One input of a plan that pays somebody: what it is called, the value it was taken with, and what it is made of.

    `metric` is whose measurements are counted. `shown` is the value for people to read. `plan` read it for `period`.
    """

    name: str
    label: object
    shown: object
    made_of: MadeOf
    metric: str | None = None
    plan: str = ""
    plan_label: Name | None = None
    period: str = ""


@dataclass(frozen=True)
class InputTaken:
    """A correction of an input that can be made: the change, and what is told of it to those who may read pay."""

    planned: Planned
    said: dict[str, Any]


def shown_to(ws: Books, asker: Asker, person: str, inputs: tuple[PlanInput, ...]) -> tuple[PlanInput, ...]:
    """Return inputs as somebody may see them: their values only for those who read the person's pay."""
    if ws.reach(asker, Topic.PAY).sees(person).allowed:
        return inputs
    return tuple(replace(one, shown=None) for one in inputs)


def plan_inputs(ws: Books, person: str, period: str) -> tuple[PlanInput, ...]:
    """Return the inputs of every plan that pays somebody for a period that holds this one; none when no plan reaches them."""
    found = []
    for plan, row, paid in _paid(ws, person, period):
        made = sound(plan)
        reading = WideReading(plan, made, row, called(ws, plan))
        found += [
            PlanInput(name, reading.name(name), reading.shown(name), _made_of(asked.word, declared=asked.declared),
                      asked.of if asked.word in ("count", "amount") else None, plan.plan, plan_name(plan), paid)
            for name, asked in made.inputs.items()
        ]  # fmt: skip
    return tuple(found)


def plan_input(ws: Books, person: str, period: str, name: str, plan: str | None = None) -> PlanInput:
    """Return one input of a plan that pays somebody; raises NotFound, with the nearest name.

    Where no plan is named it is that of the first that reads it.
    """
    inputs = [one for one in plan_inputs(ws, person, period) if plan in (None, one.plan)]
    known = {one.name: one for one in reversed(inputs)}
    if name not in known:
        raise not_found(msg("plan input"), name, known)
    return known[name]


def may_correct(ws: Books, asker: Asker, person: str) -> Decision:
    """Decide whether somebody may correct what another is paid by: who runs pay and reads the person's."""
    read = ws.reach(asker, Topic.PAY).sees(person)
    return read if not read.allowed else ws.may(asker, "run_pay")


def input_taken(ws: Books, row: dict[str, Any], name: str, plan: str | None, given: object) -> InputTaken:
    """Return the correction of an input to the value it should have had; raises InvalidInput, or NotFound."""
    person, period = str(row["person"]), str(row["period"])
    asked = plan_input(ws, person, period, name, plan)
    if asked.made_of is not MadeOf.GIVEN:
        raise InvalidInput(ELSEWHERE[asked.made_of])
    reads, wide, paid = next(one for one in _paid(ws, person, period) if one[0].plan == asked.plan)
    kind, text = sound(reads).kinds[name], str(given).strip()
    value = pl.select(value_of(pl.lit(text), kind)).item()
    if value is None or (name in _OF_PEOPLE and value < 0):
        raise InvalidInput(msg("'{given}' is no value that {input} can have.", given=text, input=asked.label))
    base, version = ws.company(), definitions_version(ws.store, None)
    after = _paid_otherwise(base, person, ws.moment(paid, None).period.ends, name, value) if name in _OF_PEOPLE else (
        _given_otherwise(base, (person, name, paid), text)
    )  # fmt: skip
    changes = difference(base, after)
    if changes.empty:
        raise InvalidInput(msg("That is the value it has already, so there is nothing to correct."))
    was = wide.get(name)
    said = {"input": name, "before": None if was is None else str(was), "after": str(value), "currency": reads.currency,
            "money": kind is Kind.MONEY, "period": paid}  # fmt: skip
    return InputTaken(Planned(changes, (), after, version), said)


def input_corrected(label: object, told: dict[str, Any]) -> Message:
    """Say what an input was corrected from and to."""

    def shown(value: str | None) -> object:
        if value is None or not told["money"]:
            return value if value is None or "." not in value else value.rstrip("0").rstrip(".")
        return Quantity(float(value), "currency", told["currency"])

    return msg("{input} of {period} was corrected from {before} to {after}.", input=label, period=told["period"],
               before=shown(told["before"]), after=shown(told["after"]))  # fmt: skip


def input_label(ws: Books, person: str, period: str, name: str | None, plan: str | None = None) -> object:
    """Return what an input is called; its name where the plan does not read it any more."""
    known = (one.label for one in plan_inputs(ws, person, period) if one.name == name and plan in (None, one.plan))
    return next(known, Name(name or ""))


def _paid(ws: Books, person: str, period: str) -> list[tuple[Plan, dict[str, Any], str]]:
    """Return every plan that reaches somebody, their row of it, and the period it pays for, which holds the one asked about."""
    found = []
    for plan, paid in plans_about(ws, ws.moment(period, None)):
        mine = pay_run(ws, plan.plan, paid).wide.filter(pl.col("person") == person)
        if mine.height:
            found.append((plan, mine.row(0, named=True), paid))
    return found


def _made_of(word: str, *, declared: bool) -> MadeOf:
    if declared or word in _OF_PEOPLE:
        return MadeOf.GIVEN
    if word in ("count", "amount"):
        return MadeOf.MEASURED
    if word == "carried":
        return MadeOf.CARRIED
    return MadeOf.RESULT if word in (*_OF_RESULTS, "points", "attainment", "actual") else MadeOf.POST


def _paid_otherwise(base: Company, person: str, ends: datetime.date, name: str, value: Decimal) -> Company:
    """Return the company with another salary or share: the salary in force on somebody's last day of the period."""
    mine = pl.col("person") == person
    left = base.people.filter(mine)["left"][0]
    dated = base.salaries.filter(mine, pl.col("starts") <= min(left or ends, ends))["starts"].max()
    if name == "salary_month" and dated is not None:
        newest = mine & (pl.col("starts") == dated)
        return replace(base, salaries=_with(base.salaries, newest, name, value))
    return replace(base, people=_with(base.people, mine, name, value))


def _given_otherwise(base: Company, key: tuple[str, str, str], text: str) -> Company:
    """Return the company with another value of an input for a period."""
    person, name, period = key
    same = (pl.col("person") == person) & (pl.col("input") == name) & (pl.col("period") == period)
    row = pl.DataFrame({"person": [person], "input": [name], "period": [period], "value": [text]})
    others = base.inputs.filter(~same)
    return replace(base, inputs=pl.concat([others, row.cast(dict(others.schema))]))  # type: ignore[arg-type]


def _with(table: pl.DataFrame, rows: pl.Expr, name: str, value: Decimal) -> pl.DataFrame:
    new = pl.lit(value).cast(table.schema[name])
    return table.with_columns(pl.when(rows).then(new).otherwise(pl.col(name)).alias(name))
