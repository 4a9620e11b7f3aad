"""Targets handed down and changed: what it would do is shown first; `making` then writes exactly what was shown."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.cascade.consequence import FIELDS, as_changes
from kpiflow.cascade.splitting import METHODS, Fixed, method_named
from kpiflow.cascade.splitting.by_weight import ByWeight
from kpiflow.cascade.splitting.children import children_of
from kpiflow.cascade.splitting.method import Method
from kpiflow.cascade.splitting.split import LOCKED, Split, split, why
from kpiflow.cascade.tree import subtree
from kpiflow.cascade.ways import Way, shown, step_of, way_of
from kpiflow.core.metric import Metric
from kpiflow.core.remainder import fraction, in_steps
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.answers import ChangePreview, SplitPreview
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.effects import as_rows, becomes, changes_alone, consequence_of, preview
from kpiflow.workspace.handing_down.knowledge import chosen, people, said_of, volumes
from kpiflow.workspace.handing_down.planning import (
    Plan,
    amount_given,
    buffer_given,
    children_named,
    plan_of,
    require_sight,
)
from kpiflow.workspace.handing_down.splits import splits_to_repeat
from kpiflow.workspace.handing_down.spreads import Wish, spread_wished
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.paying import cost

#: What each field of a goal is called.
FIELD_WORDS: dict[str, Message] = {
    "weight": msg("weight"),
    "rollup_weight": msg("weight in its parent"),
    "baseline": msg("baseline"),
    "threshold": msg("threshold"),
    "target": msg("target"),
    "stretch": msg("stretch"),
    "low": msg("lower end"),
    "high": msg("upper end"),
}

#: Fields that are weights, not amounts of the metric.
WEIGHTS = ("weight", "rollup_weight")


@dataclass(frozen=True)
class Terms:
    """What somebody wants of a split beside its method; children may be named by goal or by owner.

    `locked` children keep their target. `amounts` are the targets written down for children (with `by_weight`: their
    weights); by any method a child with an amount has it, and the others share the rest. By `fixed`, children without
    an amount keep what they have. `buffer` is 0.05 or "5%".
    """

    locked: Collection[str] = ()
    amounts: Mapping[str, object] | None = None
    buffer: object = 0
    held: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Down:
    """What becomes of the targets below: with `resplit` those offered are part of the change; `locked` goals keep theirs."""

    resplit: bool = False
    locked: Collection[str] = ()


def preview_split(
    ws: Books,
    asker: Asker,
    goal: str,
    method: str,
    period: str,
    *,
    terms: Terms | None = None,
    as_of: datetime.date | None = None,
    alone: bool = False,
) -> SplitPreview:
    """Show a target split over the children of a goal, and what that does; nothing is written.

    `alone`: only the split, without scoring the company twice to see what it does above and below.
    Raises NotFound with the nearest goal, method or child, Refused outside the asker's reach, InvalidInput when the
    target cannot be split this way.
    """
    plan = plan_of(ws, asker, goal, period, as_of)
    way, metric, target = method_named(method), plan.measured(), plan.row["target"]
    asked = terms or Terms()
    if target is None:
        raise InvalidInput(msg("{goal} has no target to split. Give it one first.", goal=plan.name))
    below = plan.children
    require_sight(plan.reach, below)
    known, told = _knowledge(ws, plan, below, way)
    written = {
        name: amount_given(amount, None if way is ByWeight else metric)
        for name, amount in (asked.amounts or {}).items()
    }
    wished = _wished(known, way, metric, children_named(asked.locked, below), _by_child(written, below))
    held = {name: amount_given(amount, metric) for name, amount in (asked.held or {}).items()}
    wished = _held(wished, metric, _by_child(held, below))
    made = split(wished, target, metric, way, buffer=buffer_given(asked.buffer))
    changes = pl.concat(
        [as_rows(), made.lines.select(goal="child", field=pl.lit("target"), value="target")], how="vertical_relaxed"
    )
    if alone:
        effect = changes_alone(ws, plan, changes)
    else:
        last = splits_to_repeat(ws, plan.company, plan.goals, as_of)
        effect = preview(ws, plan, changes, consequence_of(ws, plan, changes, last=last))
    return _split_answer(plan, made, known, _by_child({**written, **held}, below), (told, effect))


def preview_change(
    ws: Books,
    asker: Asker,
    goal: str,
    fields: Mapping[str, object],
    period: str,
    *,
    down: Down | None = None,
    spread: Wish | None = None,
    as_of: datetime.date | None = None,
) -> ChangePreview:
    """Show what new values of a goal's fields would do below and above; nothing is written.

    `fields`: target, threshold, stretch, baseline, low, high, weight or rollup_weight → a number, a text such as "79.3%",
    or None to take it away. New targets are offered to the goals below; `down` says what becomes of them. `spread` is how
    the target is to be spread over the cycle. Raises NotFound with the nearest goal or field, Refused outside the asker's
    reach, InvalidInput for a value that cannot be.
    """
    plan, handed = plan_of(ws, asker, goal, period, as_of), down or Down()
    ways = spread_wished(plan, ws.rules(as_of), spread or Wish())
    values = _values(plan, fields) if fields or not spread else {}
    wanted = as_rows(*((plan.goal, field, value) for field, value in values.items()))
    held = frozenset(_below_named(plan, handed.locked))
    last = splits_to_repeat(ws, plan.company, subtree(plan.goals, plan.goal), as_of)
    found = consequence_of(ws, plan, wanted, locked=held, last=last, spread=ways)
    offer = as_changes(found.resplit)
    if handed.resplit and offer.height:
        wanted = pl.concat([wanted, offer.select(wanted.columns)], how="vertical_relaxed")
        found = replace(consequence_of(ws, plan, wanted, spread=ways), resplit=found.resplit)
    answer = preview(ws, plan, wanted, found, offered=not handed.resplit, spread=ways)
    answer = replace(answer, **_pay(ws, asker, plan, found.after))
    own = answer.changes.filter(pl.col("goal") == plan.goal)
    said = [
        becomes(plan.name, FIELD_WORDS[field], _quantity(plan, field, before), _quantity(plan, field, after))
        for field, before, after in own.select("field", "before", "after").iter_rows()
    ]
    below = answer.changes.height - own.height
    if below:
        said.append(msg("Targets below that change with it: {count}.", count=below))
    return replace(answer, sentence=(*said, *answer.sentence))


def _pay(ws: Books, asker: Asker, plan: Plan, after: pl.DataFrame) -> dict[str, Any]:
    """Return what all plans pay before and after a change, for those who may read everybody's pay; else nothing."""
    reach = ws.reach(asker, Topic.PAY)
    before, then = (cost(ws, reach, plan.moment, plan.as_of, scored) for scored in (None, after))
    if before is None or then is None:
        return {}
    return {"pay_before": before.total, "pay_after": then.total, "currency": then.currency}


def _knowledge(
    ws: Books, plan: Plan, below: pl.DataFrame, way: type[Method]
) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """Return Children with what is known of each, and the sentences that say what was used of it."""
    heads, day = people(ws, plan.moment, plan.as_of)
    used = chosen(volumes(ws, plan.moment, plan.as_of), below)
    rows = pl.concat([plan.goals.filter(pl.col("goal") == plan.goal), below])
    known = children_of(rows, plan.goal, heads, used.frame)
    weights = below.select(child="goal", of_goal=pl.coalesce("rollup_weight", "weight"))
    known = (
        known.drop("weight").join(weights, on="child", how="left", maintain_order="left").rename({"of_goal": "weight"})
    )
    if not below.height:
        return known, ()
    if "headcount" in way.needs:
        return known, (msg("People are counted on {day}.", day=day),)
    if "weight" in way.needs:
        return known, (msg("Weights that are not written here are those of the goals."),)
    if "last_volume" in way.needs or way_of(plan.measured()) is Way.VOLUME_WEIGHTED:
        return known, (said_of(used, plan.moment, below),)
    return known, ()


def _by_child(written: Mapping[str, float | None], below: pl.DataFrame) -> dict[str, float]:
    """Return the amounts written down by child; raises InvalidInput for one that is no amount or written twice."""
    found: dict[str, float] = {}
    for name, amount in written.items():
        child = children_named([name], below)[0]
        if amount is None:
            raise InvalidInput(msg("Write an amount for '{child}', or leave it out.", child=name))
        if child in found:
            raise InvalidInput(msg("Two amounts are written for '{child}'. Keep one.", child=child))
        found[child] = amount
    return found


def _wished(
    known: pl.DataFrame, way: type[Method], metric: Metric, locked: list[str], amounts: Mapping[str, float]
) -> pl.DataFrame:
    """Return Children as they are to be split: who is locked, and at what."""
    both = sorted(amounts.keys() & set(locked))
    if both and way is not ByWeight:
        raise InvalidInput(msg("These are locked and have an amount as well: {children}. Keep one.", children=both))
    if way is Fixed and not amounts and known.height:
        raise InvalidInput(
            msg(
                "Nothing is written down. Write an amount for at least one of: {children}.",
                children=known["child"].to_list(),
            )
        )
    child, written = pl.col("child"), pl.col("written")
    table = pl.DataFrame(list(amounts.items()), schema={"child": pl.String, "written": pl.Float64}, orient="row")
    rows = known.join(table, on="child", how="left", maintain_order="left")
    held = child.is_in(locked)
    if way is ByWeight:
        return rows.with_columns(weight=pl.coalesce("written", "weight"), locked=held).drop("written")
    if way is Fixed:
        keeps = written.is_null() & pl.col("target_before").is_not_null()
        return rows.with_columns(fixed=written, locked=held | keeps).drop("written")
    return _held(rows.with_columns(locked=held).drop("written"), metric, amounts)


def _held(rows: pl.DataFrame, metric: Metric, amounts: Mapping[str, float]) -> pl.DataFrame:
    """Return Children in which some are locked at an amount, in whole steps of the metric."""
    if not amounts:
        return rows
    step = fraction(step_of(metric))
    whole = {name: float(step * in_steps(fraction(amount), step)) for name, amount in amounts.items()}
    snapped = pl.col("child").replace_strict(whole, default=None, return_dtype=pl.Float64)
    return rows.with_columns(
        locked=pl.col("locked") | snapped.is_not_null(), target_before=pl.coalesce(snapped, "target_before")
    )


def _split_answer(
    plan: Plan,
    made: Split,
    known: pl.DataFrame,
    amounts: Mapping[str, float],
    told: tuple[tuple[Message, ...], ChangePreview],
) -> SplitPreview:
    """Return the answer about a split, with the names of everybody in it."""
    sentences, effect = told
    before = known.select("child", held="target_before")
    names = ("label", "label_zh", "owner", "metric", pl.col("owner_kind").cast(pl.String))
    facts = plan.goals.select(*names, child="goal")
    lines = (
        made.lines.drop("target_before", "last_rate")
        .join(before, on="child", how="left", maintain_order="left")
        .join(facts, on="child", how="left", maintain_order="left")
        .rename({"child": "goal", "held": "target_before"})
    )
    named = with_metric_names(with_owner_names(lines, plan.company), plan.company)
    columns = (
        "goal", "label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "target_before", "target", "locked",
        "weight", "exact", "basis", "measure", "currency",
    )  # fmt: skip
    numbers = {
        name: None if value is None else float(value)
        for name, value in (
            ("assigned", made.assigned), ("unassigned", made.unassigned), ("over", made.over),
            ("weighted_mean", made.weighted_mean), ("difference", made.difference),
        )
    }  # fmt: skip
    return SplitPreview(
        sentence=(*made.messages, *sentences, *effect.sentence),
        goal=plan.goal,
        metric=made.metric.metric,
        method=made.method.name,
        period=plan.moment.period.period,
        target=float(made.parent),
        buffer=float(made.buffer),
        lines=named.select(columns),
        why={
            child: _reason(made, child, basis, amounts)
            for child, basis in made.lines.select("child", "basis").iter_rows()
        },
        effect=effect,
        said=_as_told(made),
        **numbers,
    )


def _reason(made: Split, child: str, basis: str, amounts: Mapping[str, float]) -> Message:
    """Return why a child has its target: one that is held at a written amount says so."""
    if basis == LOCKED and child in amounts:
        target = made.lines.filter(pl.col("child") == child)["target"][0]
        return msg("Written down: {target}. The others share the rest.", target=shown(target, made.metric))
    return why(made, child)


def _as_told(made: Split) -> dict[str, Any]:
    """Return a split as the journal keeps it: all that is needed to make it again."""
    return {
        "metric": made.metric.metric,
        "method": made.method.name,
        "buffer": str(made.buffer),
        "target": str(made.parent),
        "children": made.children.drop("target_before").to_dicts(),
    }


def _values(plan: Plan, fields: Mapping[str, object]) -> dict[str, float | None]:
    """Return the new value of each field; raises for fields there are not and amounts without a metric."""
    if not fields:
        raise InvalidInput(msg("Nothing is to be changed. Give a new target, threshold, stretch, baseline or weight."))
    found = {}
    for field, written in fields.items():
        if field not in FIELDS:
            raise not_found(msg("field of a goal"), field, FIELDS)
        found[field] = amount_given(written, None if field in WEIGHTS else plan.measured())
    return found


def _below_named(plan: Plan, words: Collection[str]) -> list[str]:
    """Return the goals anywhere below that some words name; raises NotFound with the nearest one."""
    below = subtree(plan.goals, plan.goal).filter(pl.col("goal") != plan.goal)
    return children_named(words, below)


def _quantity(plan: Plan, field: str, value: float | None) -> Quantity:
    return Quantity(value) if field in WEIGHTS or plan.metric is None else shown(value, plan.metric)


def methods() -> list[tuple[str, Message]]:
    """Return the name and summary of every way to split, for faces that offer a choice."""
    return [(method.name, method.summary) for method in METHODS]
