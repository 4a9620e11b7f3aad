"""A goal added to the plan or closed: what it does is shown first, and only what was shown is written."""

import datetime
import re
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.cascade.consequence import arrival
from kpiflow.core.goal import Commitment, GoalKind, OwnerKind, Rollup, Stage
from kpiflow.core.metric import Direction
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, msg
from kpiflow.scoring.missing.exclude import Exclude
from kpiflow.storage.documents import definitions_version, save_definitions
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.answers import Made
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.effects import placed_with_names
from kpiflow.workspace.handing_down.making import CHANGE
from kpiflow.workspace.handing_down.planning import Plan, amount_given, hand, new_problems, plan_of
from kpiflow.workspace.handing_down.target_answers import GoalPreview, NewGoal
from kpiflow.workspace.labels import name_of, with_owner_names
from kpiflow.workspace.letters.renewal import renew_letters
from kpiflow.workspace.results import facts_for
from kpiflow.workspace.rights import owner_named

#: What the journal calls both.
ADD, CLOSE = "add_goal", "close_goal"

#: The amounts of a new goal.
AMOUNTS = ("baseline", "threshold", "target", "stretch", "low", "high")


def preview_goal(ws: Books, asker: Asker, new: NewGoal, period: str, as_of: datetime.date | None = None) -> GoalPreview:
    """Show a goal somebody wants to add, with what the checks say of it and what it does above; nothing is written.

    Raises NotFound with the nearest owner, metric, parent or curve, Refused where the asker may not set targets, and
    InvalidInput for an amount that cannot be.
    """
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    row = _row(ws, new, moment.cycle.period, as_of)
    hand(ws, asker, CHANGE).on(row["owner_kind"], row["owner"]).require()
    if new.parent is not None:
        plan_of(ws, asker, new.parent, period, as_of)
    frame = pl.DataFrame([row], schema=company.goals.schema)
    after = pl.concat([company.goals, frame])
    errors, warnings = new_problems(company, frame)
    found = arrival(company.goals, frame, facts_for(ws, after, moment, as_of), ws.rules(as_of), moment)
    reach = ws.reach(asker)
    said = [msg("{goal} is added for {owner}, with the weight {weight}.", goal=name_of(row), owner=row["owner"],
                weight=row["weight"])]  # fmt: skip
    return GoalPreview(
        sentence=(*said, *found.messages, *warnings, *errors),
        goal=row["goal"],
        period=moment.period.period,
        row=row,
        closes=False,
        goals=placed_with_names(visible(found.goals.filter("changed"), reach), company, after),
        owners=with_owner_names(visible(found.owners, reach), company),
        obstacles=errors,
        version=definitions_version(ws.store, ws.believed(as_of)),
        as_of=ws.believed(as_of),
    )


def preview_close(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> GoalPreview:
    """Show what closing a goal means; nothing is written. Raises NotFound, or Refused where the asker may not set targets."""
    plan = plan_of(ws, asker, goal, period, as_of)
    hand(ws, asker, CHANGE).on(str(plan.row["owner_kind"]), str(plan.row["owner"])).require()
    open_below = plan.goals.filter(pl.col("parent") == plan.goal)
    obstacles = _still_open(plan, open_below)
    said = (
        msg("{goal} is closed: its targets can no longer be changed or handed down.", goal=plan.name),
        msg("It keeps counting with what was measured. To leave it out of the scores, give it the weight 0 first."),
        msg("Closing needs a reason: it is kept beside the goal."),
    )
    nothing = pl.DataFrame()
    return GoalPreview(
        sentence=(*said, *obstacles),
        goal=plan.goal,
        period=plan.moment.period.period,
        row={**plan.row, "stage": Stage.CLOSED.value},
        closes=True,
        goals=nothing,
        owners=nothing,
        obstacles=obstacles,
        version=definitions_version(ws.store, ws.believed(as_of)),
        as_of=ws.believed(as_of),
    )


def make_goal(
    ws: Books,
    asker: Asker,
    shown: GoalPreview,
    *,
    who: str | None = None,
    reason: str | None = None,
    at: datetime.datetime | None = None,
) -> Made:
    """Write a goal that was shown, added or closed; raises Refused, or InvalidInput when it cannot be made (any more)."""
    hand(ws, asker, CHANGE).on(str(shown.row["owner_kind"]), str(shown.row["owner"])).require()
    why = (reason or "").strip() or None
    if shown.as_of is not None:
        raise InvalidInput(msg("This was shown as of {day}. A change is made on today's plan.", day=shown.as_of))
    if shown.obstacles:
        raise InvalidInput(shown.obstacles[0])
    if shown.closes and why is None:
        raise InvalidInput(msg("Closing a goal needs a reason: it is kept beside the goal."))
    name = (who or "").strip() or asker.name if asker.machine else asker.name
    when = at or datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        if definitions_version(ws.store) != shown.version:
            raise InvalidInput(msg("The plan has changed since this was shown. Look at it again before making it."))
        goals = ws.company().goals
        row = pl.DataFrame([dict(shown.row)], schema=goals.schema)
        after = pl.concat([goals.filter(pl.col("goal") != shown.goal), row])
        report = save_definitions(ws.store, None, {"goals": after}, who=name, at=when, reason=why)
        renew_letters(ws, cursor, name, when, why)
        detail = {"change": report.change, "period": shown.period, "goal": dict(shown.row)}
        entry = record(cursor, Entry(when, name, CLOSE if shown.closes else ADD, shown.goal, why, detail))
    return Made(report.change, entry, 1, 1)


def _still_open(plan: Plan, below: pl.DataFrame) -> tuple[Message, ...]:
    """Return why a goal cannot be closed yet: its points may come from goals that are still open."""
    if below.is_empty() or plan.row["rollup"] == Rollup.OWN.value:
        return ()
    return (
        msg(
            "The points of {goal} come from {count} goals that are still open, {first} first. Close those before it.",
            goal=plan.name,
            count=below.height,
            first=below.sort("goal")["goal"][0],
        ),
    )


def _row(ws: Books, new: NewGoal, cycle: str, as_of: datetime.date | None) -> dict[str, Any]:
    """Return the row of Goals of a new goal, with everything that was left out filled in."""
    company = ws.company(as_of)
    if new.metric not in company.metrics:
        raise not_found(msg("metric"), new.metric, company.metrics)
    metric = company.metrics[new.metric]
    if new.curve is not None and new.curve not in company.curves:
        raise not_found(msg("curve"), new.curve, company.curves)
    if new.phasing is not None and new.phasing not in company.phasings:
        raise not_found(msg("phasing"), new.phasing, company.phasings)
    kind, owner = (new.owner_kind, new.owner) if new.owner_kind else owner_named(ws, new.owner)
    taken = set(company.goals["goal"])
    if new.goal is not None and new.goal in taken:
        raise InvalidInput(msg("There is a goal '{goal}' already. Choose another id.", goal=new.goal))
    amounts = {name: amount_given(getattr(new, name), metric) for name in AMOUNTS}
    if metric.direction is Direction.WITHIN:
        missing = [name for name in ("low", "high") if amounts[name] is None]
    else:
        missing = [name for name in ("target",) if amounts[name] is None]
    if missing:
        raise InvalidInput(msg("A goal on '{metric}' needs {fields}.", metric=new.metric, fields=missing))
    weight = amount_given(new.weight, None)
    if weight is None or weight < 0:
        raise InvalidInput(msg("A goal needs a weight: give it a number, 0 to leave it out of the score."))
    called = _owner_called(ws, kind, owner, as_of)
    row = dict.fromkeys(company.goals.columns) | {
        "goal": new.goal or free_id(f"{owner}-{new.metric}", taken),
        "cycle": cycle,
        "parent": new.parent,
        "owner": owner,
        "owner_kind": kind,
        "scope": owner,
        "scope_kind": kind,
        "kind": GoalKind.KPI.value,
        "label": (new.label or "").strip() or f"{metric.label} · {called[0]}",
        "label_zh": (new.label_zh or "").strip() or f"{metric.label_zh or metric.label} · {called[1]}",
        "metric": new.metric,
        "weight": weight,
        "curve": new.curve,
        "phasing": new.phasing,
        "rollup": Rollup.OWN.value,
        "missing": Exclude.name,
        "commitment": Commitment.COMMITTED.value,
        "stage": Stage.ACTIVE.value,
    }
    return row | amounts


def _owner_called(ws: Books, kind: str, owner: str, as_of: datetime.date | None) -> tuple[str, str]:
    """Return an owner's name in both languages; raises NotFound for one there is not."""
    company = ws.company(as_of)
    table, key = (company.people, "person") if kind == OwnerKind.PERSON.value else (company.units, "unit")
    rows = table.filter(pl.col(key) == owner).to_dicts()
    if not rows:
        raise not_found(msg("unit or person"), owner, table[key])
    return str(rows[0]["label"]), str(rows[0]["label_zh"] or rows[0]["label"])


def free_id(wanted: str, taken: set[str]) -> str:
    """Return an id made of some words that no goal has.

    >>> free_id("EWR-on time", {"ewr-on-time"})
    'ewr-on-time-2'
    """
    plain = re.sub(r"[^\w.-]+", "-", wanted.replace("_", "-")).casefold().strip("-")
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found
