"""What has to happen for a scenario to become true: which of its targets are agreed with whom, and who applies its rules."""

import polars as pl

from kpiflow.definitions.assembling import definitions_of
from kpiflow.definitions.company import Company
from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, Name, msg


def handed_down(company: Company, changes: pl.DataFrame) -> pl.DataFrame:
    """Return goal, parent and after of changed targets that came down from a goal above: those an owner agrees to."""
    goals = company.goals.select("goal", "parent", "metric")
    above = goals.select(parent="goal", metric="metric")
    below = changes.filter(pl.col("field") == "target", pl.col("after").is_not_null()).join(goals, on="goal")
    return below.join(above, on=["parent", "metric"], how="semi").select("goal", "parent", "after")


def next_steps(was: Company, now: Company, changes: pl.DataFrame) -> tuple[Message, ...]:
    """Say for each part of a scenario what comes next, and which roles do it."""
    said: list[Message] = []
    down = handed_down(was, changes).height
    if down:
        facts = {"count": down, "heads": _holders(was, "split_target"), "owners": _holders(was, "agree_goal")}
        said.append(
            msg("Targets handed down: {count}. They can be proposed to their owners ({heads}); each changes when its owner agrees"
                " ({owners}).", **facts)
        )  # fmt: skip
    if changes.height:
        said.append(
            msg("Changed at once, they are set from above ({roles}); letters about these goals are then drawn up anew and"
                " signed again by both sides.", roles=_holders(was, "set_target"))
        )  # fmt: skip
    old = {(kind, name): one for kind, name, one in definitions_of(was)}
    differing = [(kind, name, one) for kind, name, one in definitions_of(now) if old.get((kind, name)) != one]
    if not differing and set(was.plans) == set(now.plans):
        return tuple(said)
    said.append(
        msg("Rules are applied as configuration ({roles}), with the difference shown first.",
            roles=_holders(was, "apply_config"))
    )  # fmt: skip
    for kind, _, one in differing:
        if kind == "plan" and isinstance(one, Plan):
            said.append(_of_plan(was, one))
    if any(kind != "plan" for kind, _, _ in differing):
        said.append(
            msg("Curves, sections and grades then count in every period that is open; closed periods stay as signed.")
        )
    return tuple(said)


def _of_plan(company: Company, plan: Plan) -> Message:
    """Say who makes a changed plan one that pays."""
    return msg(
        "{plan}, version {version}: once its examples are green it is put forward ({first}) and approved by a second person"
        " ({second}); until then no run of it can be final.",
        plan=Name(plan.label or plan.plan, plan.label_zh), version=plan.version,
        first=_holders(company, "publish_plan"), second=_holders(company, "approve_plan"),
    )  # fmt: skip


def _holders(company: Company, action: str) -> object:
    """Return the roles that may do something; where there are none, that it is done on the machine that holds the store."""
    held = [Name(role.label, role.label_zh) for role in company.roles.values() if action in role.actions]
    return held or msg("on the machine that holds the store")
