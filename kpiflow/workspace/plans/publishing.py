"""Publishing a plan: one person puts it forward, a second one approves it; both are written down with its fingerprint."""

import datetime
import json
from dataclasses import dataclass

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.definitions.plain import plain
from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.published_plans import PlanPrint, Word, add_approval, add_publication, publications
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.plans.changes import changes, plan_from
from kpiflow.workspace.plans.published import approved_last, of_plan, trials_of, waiting
from kpiflow.workspace.webhooks.kinds import PLAN_PUBLISHED
from kpiflow.workspace.webhooks.telling import tell

#: The rights, and the actions in the journal.
PUBLISH, APPROVE = "publish_plan", "approve_plan"
SEND_BACK = "send_back_plan"


@dataclass(frozen=True)
class PublishedNow:
    """What was written: the plan's version and fingerprint, and the line of the journal that says so."""

    plan: str
    version: int
    fingerprint: str
    entry: int


def publish(
    ws: Books,
    asker: Asker,
    plan: str,
    *,
    reason: str | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> PublishedNow:
    """Put a plan forward for the second person.

    Raises Refused without the right, NotFound for an unknown plan, and InvalidInput with every reason against it: an
    example that fails, a row that no example hits, a version that was not raised. `who` typed it for the person asking.
    """
    ws.may(asker, PUBLISH).require()
    now = plan_named(ws, plan)
    if not (reason or "").strip():
        raise InvalidInput(msg("Say why the plan is published, or changed: the second person reads it."))
    moment = at or datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        may_publish(ws, now, publications(ws.store, cursor=cursor)).require_input()
        content = json.dumps(plain(now), ensure_ascii=False, sort_keys=True, default=str)
        print_ = PlanPrint(now.plan, now.version, now.fingerprint, content)
        add_publication(cursor, print_, Word(asker.name, moment, reason))
        entry = record(cursor, Entry(moment, asker.name, PUBLISH, now.plan, reason, _detail(now, who)))
    return PublishedNow(now.plan, now.version, now.fingerprint, entry)


def approve(
    ws: Books,
    asker: Asker,
    plan: str,
    *,
    approved: bool = True,
    reason: str | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> PublishedNow:
    """Approve the plan that waits, which publishes it, or send it back with a reason. Never by who put it forward.

    Raises Refused without the right, and InvalidInput when nothing waits, or the plan has changed or fails by now.
    """
    ws.may(asker, APPROVE).require()
    now = plan_named(ws, plan)
    if not approved and not (reason or "").strip():
        raise InvalidInput(msg("Say why the plan is sent back: whoever put it forward reads it."))
    moment = at or datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        rows = publications(ws.store, cursor=cursor)
        may_approve(ws, asker, now, rows).require_input()
        found = waiting(rows, now)
        assert found is not None  # what may be approved waits
        add_approval(cursor, int(str(found["publication"])), Word(asker.name, moment, reason), approved=approved)
        action = APPROVE if approved else SEND_BACK
        entry = record(cursor, Entry(moment, asker.name, action, now.plan, reason, _detail(now, who)))
        if approved:
            tell(cursor, PLAN_PUBLISHED, {"plan": now.plan, "version": now.version, "fingerprint": now.fingerprint})
    return PublishedNow(now.plan, now.version, now.fingerprint, entry)


def plan_named(ws: Books, plan: str) -> Plan:
    """Return a plan of the company as it is now; raises NotFound with the nearest one."""
    plans = ws.company().plans
    if plan not in plans:
        raise not_found(msg("plan"), plan, plans)
    return plans[plan]


@dataclass(frozen=True)
class Standing:
    """Whether something can be done with a plan as it stands, with every reason against it."""

    reasons: tuple[Message, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons

    def require_input(self) -> None:
        """Raise InvalidInput with the reasons."""
        if self.reasons:
            raise InvalidInput(self.reasons[0] if len(self.reasons) == 1 else _all_said(self.reasons))


def _all_said(reasons: tuple[Message, ...]) -> Message:
    said = msg("{reason}", reason=reasons[0])
    for one in reasons[1:]:
        said = msg("{said} {reason}", said=said, reason=one)
    return said


def may_publish(ws: Books, plan: Plan, rows: pl.DataFrame) -> Standing:
    """Say what stands against publishing a plan, apart from who asks: its version, its examples, its coverage."""
    if waiting(rows, plan) is not None:
        return Standing((msg("This version waits for the second person already."),))
    last = approved_last(rows, plan.plan)
    if last is not None:
        same_version = last["version"] == plan.version
        if same_version and last["fingerprint"] == plan.fingerprint:
            return Standing(
                (msg("Version {version} is published already, and nothing has changed.", version=plan.version),)
            )
        if same_version or int(str(last["version"])) > plan.version:
            return Standing((_not_raised(ws, plan, last),))
    return Standing(trials_of(ws, plan).obstacles())


def _not_raised(ws: Books, plan: Plan, last: dict[str, object]) -> Message:
    """Say that a version was not raised, and what has changed since the one that is published."""
    changed = [
        msg("{subject}: {before} → {after}", subject=one.subject, before=one.before or "–", after=one.after or "–")
        for one in changes(plan_from(str(last["content"])), plan, ws.company())
    ]
    return msg(
        "Version {version} is published, and the plan has changed since: {changes}. Raise its version above {version}.",
        version=last["version"],
        changes=changed,
    )


def may_approve(ws: Books, asker: Asker, plan: Plan, rows: pl.DataFrame) -> Standing:
    """Say what stands against approving a plan, apart from the right to: nothing waits, it changed, or it is one's own."""
    found = waiting(rows, plan)
    if found is None:
        listed = of_plan(rows, plan.plan)
        if listed and listed[-1]["approved"] is None:
            return Standing(
                (
                    msg(
                        "The plan has changed since {who} put it forward. It must be put forward again.",
                        who=listed[-1]["who"],
                    ),
                )
            )
        return Standing((msg("No version of this plan waits for approval."),))
    if found["who"] == asker.name:
        return Standing((msg("You put this plan forward yourself. A second person approves it."),))
    return Standing(trials_of(ws, plan).obstacles())


def decisions(ws: Books, asker: Asker, plan: Plan, rows: pl.DataFrame) -> tuple[Decision, Decision]:
    """Return whether the person asking may put a plan forward, and approve it, each with its reason."""
    found = []
    for action, standing in ((PUBLISH, may_publish(ws, plan, rows)), (APPROVE, may_approve(ws, asker, plan, rows))):
        right = ws.may(asker, action)
        if right.allowed and not standing.allowed:
            right = Decision(False, _all_said(standing.reasons))
        found.append(right)
    return found[0], found[1]


def _detail(plan: Plan, who: str | None) -> dict[str, object]:
    detail: dict[str, object] = {
        "version": plan.version,
        "fingerprint": plan.fingerprint,
    }
    return detail | ({"typed_by": who} if who else {})
