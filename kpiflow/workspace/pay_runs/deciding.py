"""A run brought from dry to final: proposed, approved by a second person, made final once nothing is missing, or refused."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import Quantity, msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.pay_runs import Event, add_event, read_runs
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.labels import person_name
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, STEPS, Missing, RunState, Stored
from kpiflow.workspace.pay_runs.running import RUN, named
from kpiflow.workspace.pay_runs.stored import stored_run
from kpiflow.workspace.plans.published import published
from kpiflow.workspace.webhooks.kinds import PAY_RUN_FINAL
from kpiflow.workspace.webhooks.telling import tell

#: The action in roles that a second person needs.
APPROVE = "approve_pay"

#: Which action each step needs.
ACTIONS = {"propose": RUN, "withdraw": RUN, "approve": APPROVE, "refuse": APPROVE, "finalise": RUN}


@dataclass(frozen=True)
class Step:
    """Something done with a run: which step, with which reason, and by whom where the machine does it for somebody."""

    name: str
    reason: str | None = None
    who: str | None = None


def take(ws: Books, asker: Asker, run: int, step: Step, at: datetime.datetime | None = None) -> Stored:
    """Bring a run one step on; raises Refused, NotFound, or InvalidInput with what is missing."""
    ws.may(asker, ACTIONS[step.name]).require()
    name, moment = named(asker, step.who), at or datetime.datetime.now(datetime.UTC)
    reason = (step.reason or "").strip() or None
    # Looked at inside the transaction that writes: two who press at once must not both be first.
    with ws.store.write() as cursor:
        now = stored_run(ws, run, read_runs(ws.store, cursor=cursor, number=run))
        needed, after = STEPS[step.name]
        if now.state not in needed:
            approved = now.state is RunState.APPROVED and needed[0] is not RunState.APPROVED
            late = approved or now.state in (RunState.FINAL, RunState.REFUSED)
            raise InvalidInput(
                msg("Run {run} is {state}, so this cannot be done with it any more.", run=run, state=STATE_WORDS[now.state])
                if late
                else msg("Run {run} is {state}. First it has to be {needed}.", run=run, state=STATE_WORDS[now.state],
                         needed=STATE_WORDS[needed[0]])
            )  # fmt: skip
        if step.name == "approve":
            _second_person(ws, now, name)
        if step.name == "refuse" and reason is None:
            raise InvalidInput(msg("Say why the run is refused: whoever ran it has to know what to change."))
        if step.name == "finalise":
            finals = read_runs(ws.store, cursor=cursor)
            _nothing_missing(missing(ws, now, finals), reason)
        add_event(cursor, run, Event(moment, name, after.value, reason))
        detail = {"run": run, "state": after.value, "total": str(now.total), "fingerprint": now.content}
        record(cursor, Entry(moment, name, f"pay {step.name}", f"{now.plan} {now.period}", reason, detail))
        if after is RunState.FINAL:
            told = {"run": run, "plan": now.plan, "period": now.period, "fingerprint": now.content}
            tell(cursor, PAY_RUN_FINAL, told)
    return stored_run(ws, run)


def may_take(ws: Books, asker: Asker, now: Stored, step: str) -> bool:
    """Return whether somebody may bring a run this step on as it stands; what is missing is told apart."""
    if now.state not in STEPS[step][0] or not ws.may(asker, ACTIONS[step]).allowed:
        return False
    return step != "approve" or asker.name not in (now.made_by, now.proposed_by)


def missing(ws: Books, now: Stored, runs: pl.DataFrame | None = None) -> tuple[Missing, ...]:
    """Return everything that has to be there before a run can be final, each met or not, with what to do."""
    listed = read_runs(ws.store) if runs is None else runs
    return (
        _only_one(now, listed),
        _period_closed(ws, now),
        _plan_published(ws, now),
        _approved(ws, now),
        _in_budget(now),
    )


def _nothing_missing(found: Iterable[Missing], reason: str | None) -> None:
    """Raise InvalidInput with everything that is missing; a reason is enough for some of it."""
    open_ones = [one for one in found if not one.met and not (one.reason_enough and reason)]
    if open_ones:
        raise InvalidInput(msg("The run cannot be final yet. {reasons}", reasons=[one.said for one in open_ones]))


def _second_person(ws: Books, now: Stored, name: str) -> None:
    """Raise Refused for whoever made or proposed the run."""
    if name in (now.made_by, now.proposed_by):
        raise Refused(msg("{who} ran this; a second person has to approve it.", who=person_name(ws.company(), name)))


def _only_one(now: Stored, runs: pl.DataFrame) -> Missing:
    other = runs.filter(
        pl.col("plan") == now.plan, pl.col("period") == now.period, pl.col("state") == RunState.FINAL.value,
        pl.col("run") != now.run,
    )  # fmt: skip
    what = msg("No other final run")
    if other.height:
        said = msg("Run {run} of {plan} for {period} is final already. What became known since is an adjustment of a later run.",
                   run=other["run"][0], plan=now.label, period=now.period)  # fmt: skip
        return Missing(what, said, met=False)
    return Missing(what, msg("It would be the first final run of this plan for {period}.", period=now.period), met=True)


def _period_closed(ws: Books, now: Stored) -> Missing:
    what, shut = msg("Period closed"), closed(ws, now.period)
    if shut is None:
        said = msg("{period} is not closed, so results can still change. Close it, then run again.", period=now.period)
        return Missing(what, said, met=False)
    if now.closing != shut.number:
        said = msg("The run was not made by the closed results of {period}. Run it again.", period=now.period)
        return Missing(what, said, met=False)
    return Missing(
        what, msg("It rests on closing {number} of {period}.", number=shut.number, period=now.period), met=True
    )


def _plan_published(ws: Books, now: Stored) -> Missing:
    what, out = msg("Plan published"), published(ws, now.plan)
    if out is None:
        return Missing(what, msg("The plan {plan} is not published. Two people publish it.", plan=now.plan), met=False)
    if (out.version, out.fingerprint) != (now.version, now.rules_print):
        said = msg("The run was made by version {version} ({mark}) of the plan; published is {published} ({other}). Run it again.",
                   version=now.version, mark=now.rules_print, published=out.version, other=out.fingerprint)  # fmt: skip
        return Missing(what, said, met=False)
    said = msg(
        "Version {version} is published, approved by {who}.",
        version=out.version,
        who=person_name(ws.company(), out.approved_by),
    )
    return Missing(what, said, met=True)


def _approved(ws: Books, now: Stored) -> Missing:
    what = msg("Approved by a second person")
    if now.approved_by is None:
        return Missing(what, msg("Nobody has approved the run yet."), met=False)
    return Missing(what, msg("{who} has approved it.", who=person_name(ws.company(), now.approved_by)), met=True)


def _in_budget(now: Stored) -> Missing:
    what = msg("Within the budget")
    total = Quantity(float(now.total), "currency", now.currency)
    if now.budget is None:
        return Missing(what, msg("Neither the plan nor the run states a budget."), met=True)
    budget = Quantity(float(now.budget), "currency", now.currency)
    over = now.total - now.budget
    if over > Decimal(0):
        said = msg("It pays {total} and the budget is {budget}: {over} too much. Say why this is right, or change it.",
                   total=total, budget=budget, over=Quantity(float(over), "currency", now.currency))  # fmt: skip
        return Missing(what, said, met=False, reason_enough=True)
    left = Quantity(float(-over), "currency", now.currency)
    return Missing(
        what, msg("It pays {total} of {budget}; {left} is left.", total=total, budget=budget, left=left), met=True
    )
