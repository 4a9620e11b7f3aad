"""What a check-in of a goal takes: a value, the parts of a rate, a step by its name, or only words, and why."""

import datetime
from collections.abc import Mapping
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.core.goal import OwnerKind, Rollup, Stage
from kpiflow.core.metric import Aggregation, Metric, MetricKind, ReportedBy
from kpiflow.definitions.company import Company
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.curves.milestones import Milestones
from kpiflow.scoring.curves.rubric import Rubric
from kpiflow.storage.rows import Fact, reported, reporting_places
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of, with_metric_names, with_owner_names
from kpiflow.workspace.reporting.spoken import Form, Step, Takes
from kpiflow.workspace.unseen import sees_goal, unseen


def form(ws: Books, asker: Asker, goal: str, today: datetime.date | None = None) -> Form:
    """Return what a check-in of a goal takes; raises NotFound, Refused outside the asker's reach, or InvalidInput."""
    company = ws.company()
    row = goal_row(ws, asker, goal)
    cycle = company.calendar.period(row["cycle"])
    last = min(today or ws.today(), cycle.ends)
    takes, why = taken_by(ws, row)
    metric = company.metrics.get(row["metric"] or "")
    fact = fact_of(company, row, last) if takes is not Takes.WORDS else None
    known = reported(ws.store, fact, (cycle.starts, cycle.ends)) if fact else pl.DataFrame()
    return Form(
        goal=row["goal"],
        label=name_of(row),
        row=row,
        takes=takes,
        why=why,
        note=_note(metric) if takes in (Takes.VALUE, Takes.PARTS) else None,
        steps=_steps(company, row) if takes is Takes.STEP else (),
        day=max(last, cycle.starts),
        first=cycle.starts,
        last=last,
        ends=cycle.ends,
        before=known.row(-1, named=True) if known.height else {},
        may=ws.may(asker, "check_in", str(row["owner_kind"]), row["owner"]),
    )


def goal_row(ws: Books, asker: Asker, goal: str) -> dict[str, Any]:
    """Return a goal as it is defined now, with its names; raises NotFound, or Refused outside the asker's reach."""
    company = ws.company()
    found = company.goals.filter(pl.col("goal") == goal)
    reach = ws.reach(asker)
    if found.is_empty() and reach.people is None:
        raise not_found(msg("goal"), goal, company.goals["goal"])
    if found.is_empty() or not sees_goal(reach, found.row(0, named=True)):
        raise unseen(goal, visible(company.goals, reach)["goal"])
    kinds = pl.col("owner_kind", "scope_kind", "kind", "stage", "rollup").cast(pl.String)
    named = with_metric_names(with_owner_names(found.with_columns(kinds), company), company)
    row = named.row(0, named=True)
    ws.may(asker, "read_goals").require()
    return row


def open_for_check_ins(row: Mapping[str, Any], given: Form, day: datetime.date) -> None:
    """Raise InvalidInput when a goal takes no check-ins now, or not about this day."""
    if row["stage"] == Stage.CLOSED.value:
        raise InvalidInput(msg("{goal} is closed: it takes no check-ins any more.", goal=row["goal"]))
    if row["stage"] not in (Stage.AGREED.value, Stage.ACTIVE.value):
        raise InvalidInput(msg("{goal} is not agreed yet: check-ins begin when it is.", goal=row["goal"]))
    if given.last < given.first:
        raise InvalidInput(
            msg("{goal} begins on {day}: there is nothing to report before.", goal=row["goal"], day=given.first)
        )
    if day > given.last and given.last < given.ends:
        raise InvalidInput(
            msg("{day} has not come yet. A check-in is about a day up to {last}.", day=day, last=given.last)
        )
    if not given.first <= day <= given.last:
        raise InvalidInput(
            msg(
                "{day} is outside the cycle of {goal}: choose a day from {first} to {last}.",
                day=day,
                goal=row["goal"],
                first=given.first,
                last=given.last,
            )
        )


def fact_of(company: Company, row: Mapping[str, Any], day: datetime.date) -> Fact | None:
    """Return which fact a check-in about a day gives: the scope's, on the goal's metric.

    None when the goal is measured for a person who had no place in the company on that day.
    """
    if row["scope_kind"] == OwnerKind.UNIT.value:
        return Fact(row["metric"], row["scope"], None, day)
    held = company.assignments.filter(pl.col("person") == row["scope"], pl.col("starts") <= day)
    current = held.filter(pl.col("ends").is_null() | (pl.col("ends") >= day)).sort("starts")
    return Fact(row["metric"], current["unit"][-1], row["scope"], day) if current.height else None


def taken_by(ws: Books, row: Mapping[str, Any]) -> tuple[Takes, Message | None]:
    """Return what a goal takes, and for one that takes no number why not."""
    company = ws.company()
    metric = company.metrics.get(row["metric"] or "")
    if metric is None:
        return Takes.WORDS, msg("It has no metric of its own: the goals below it say how it stands.")
    if row["rollup"] != Rollup.OWN.value:
        return Takes.WORDS, msg("Its points come from the goals below it: check in there.")
    if metric.kind is MetricKind.DERIVED:
        return Takes.WORDS, msg("{metric} is worked out from other metrics.", metric=_name(metric))
    if metric.reported_by is ReportedBy.FEED:
        return Takes.WORDS, msg(
            "{metric} comes from a system, so nobody types it in: say how it goes, and how sure you are.",
            metric=_name(metric),
        )
    places = _other_places(ws, row)
    if places:
        return Takes.WORDS, msg(
            "{metric} is added up from what is reported for {places}: a value here would count twice.",
            metric=_name(metric),
            places=places[:5],
        )
    if isinstance(company.curves.get(row["curve"] or ""), Milestones | Rubric):
        return Takes.STEP, None
    return (Takes.PARTS if metric.kind is MetricKind.RATIO else Takes.VALUE), None


def _other_places(ws: Books, row: Mapping[str, Any]) -> list[str]:
    """Return the places inside a unit's scope, other than the unit itself, that report the metric."""
    if row["scope_kind"] != OwnerKind.UNIT.value:
        return []
    inside = ws.unit_tree(None).filter(pl.col("ancestor") == row["scope"]).select("unit")
    found = reporting_places(ws.store, row["metric"]).join(inside, on="unit", how="semi")
    others = found.filter((pl.col("unit") != row["scope"]) | pl.col("person").is_not_null())
    return sorted(set(others.select(pl.coalesce("person", "unit")).to_series()))


def _steps(company: Company, row: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a milestone, counted from 0, or the levels of a rubric."""
    curve = company.curves[row["curve"]]
    if isinstance(curve, Rubric):
        return tuple(Step(float(one.level), Name(one.label, one.label_zh)) for one in curve.situations)
    assert isinstance(curve, Milestones)
    done: list[Name | Message] = [Name(step.label, step.label_zh) for step in curve.steps]
    named = enumerate(done or [msg("Finished")], start=1)
    return (Step(0.0, msg("Not begun")), *(Step(float(count), name) for count, name in named))


def _note(metric: Metric | None) -> Message | None:
    """Return how a number counts, where one might take it otherwise."""
    if metric is None:
        return None
    if metric.accrues:
        return msg("What has come since the last check-in: values are added up over the cycle.")
    if metric.kind is MetricKind.RATIO:
        return msg("Since the last check-in: numerators and denominators are added up, so that big months weigh more.")
    if metric.time_agg is Aggregation.LAST:
        return msg("As it stands on the day: the latest value counts.")
    return None


def _name(metric: Metric) -> Name:
    return Name(metric.label, metric.label_zh)
