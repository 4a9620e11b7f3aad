"""What happened to a goal in the plan: written down, changed field by field, its targets per period, its rules, taken away."""

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from kpiflow.definitions.difference import HARDNESS, easier
from kpiflow.language import Message, Name, msg
from kpiflow.storage.documents import row_history
from kpiflow.storage.happened import changes_told
from kpiflow.storage.known import known_then
from kpiflow.workspace.handing_down.cascading import FIELD_WORDS, WEIGHTS
from kpiflow.workspace.labels import amount
from kpiflow.workspace.timeline.event import Asked, Event, EventKind, FieldChange

#: What a row of history has beside the fields of a goal.
_BESIDE = ("goal", "change", "recorded_at", "who", "reason", "retired_by")

#: What the other fields of a goal are called.
WORDS: dict[str, Message] = {
    **FIELD_WORDS,
    "owner": msg("owner"), "parent": msg("goal above"), "scope": msg("measured for"), "label": msg("name"),
    "label_zh": msg("name in Chinese"), "metric": msg("metric"), "kind": msg("kind"), "cycle": msg("cycle"),
    "attainment": msg("convention"), "curve": msg("curve"), "phasing": msg("phasing"), "accrual": msg("accrual"),
    "rollup": msg("roll-up"), "missing": msg("missing-data policy"), "commitment": msg("commitment"), "stage": msg("stage"),
    "supports": msg("goal it supports"), "owner_kind": msg("kind of owner"), "scope_kind": msg("kind of what is measured"),
}  # fmt: skip

#: How a change came about, by the action in the journal.
THROUGH: dict[str, Message] = {
    "set_target": msg("by a change of targets"),
    "split_target": msg("by a split of the goal above"),
    "assign": msg("by handing the goal above to owners"),
    "unassign": msg("by taking a proposed goal back"),
    "agree": msg("by an agreed proposal"),
    "accept": msg("by an accepted counter-proposal"),
    "add_goal": msg("by adding a goal"),
    "close_goal": msg("by closing the goal"),
    "sign_letter": msg("by signing the letter"),
    "decline": msg("by a declined counter-proposal"),
}

#: The rules that a goal names and that can be defined anew.
_RULES = ("metric", "curve")


def of_the_plan(asked: Asked) -> list[Event]:
    """Return what happened to the goal itself and to its targets per period."""
    targets = row_history(asked.ws.store, "targets", {"goal": asked.goal})
    targets = targets.filter(known_then("recorded_at", asked.day))
    numbers = {
        *asked.versions["change"],
        *asked.versions["retired_by"].drop_nulls(),
        *targets["change"],
        *targets["retired_by"].drop_nulls(),
    }
    said = changes_told(asked.ws.store, numbers, THROUGH).filter(known_then("recorded_at", asked.day))
    told = {row["change"]: row for row in said.iter_rows(named=True)}
    return [*_versions(asked, told), *_targets(asked, targets, told)]


def _versions(asked: Asked, told: Mapping[int, Mapping[str, Any]]) -> Iterator[Event]:
    """Yield an event for each version of the goal, and for its end."""
    rows = asked.versions.to_dicts()
    before: dict[str, Any] | None = None
    for row in rows:
        if before is None or before["retired_by"] != row["change"]:
            yield _event(told[row["change"]], _written(asked, row))
        else:
            changes = tuple(_differences(asked, before, row))
            if changes:
                yield _event(told[row["change"]], msg("The goal was changed."), changes)
        before = row
    arrived = {row["change"] for row in rows}
    for row in rows:
        if row["retired_by"] is not None and row["retired_by"] not in arrived and row["retired_by"] in told:
            yield _event(told[row["retired_by"]], msg("The goal was taken out of the plan."))


def _event(line: Mapping[str, Any], said: Message, changes: tuple[FieldChange, ...] = ()) -> Event:
    applied = msg("by applying a configuration") if line["applied"] else None
    through = THROUGH.get(line["action"] or "", applied)
    return Event(line["recorded_at"], EventKind.PLAN, said, line["who"], line["reason"], through, changes)


def _written(asked: Asked, row: Mapping[str, Any]) -> Message:
    """Return how a goal began."""
    if row["stage"] in ("draft", "proposed"):
        return msg("The goal was made and waits to be agreed.")
    if row["target"] is None:
        return msg("The goal was written into the plan.")
    return msg(
        "The goal was written into the plan with a target of {target}.", target=amount({**asked.row, **row}, "target")
    )


def _differences(asked: Asked, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Yield each field that differs between two versions."""
    for field in before:
        if field not in _BESIDE and before[field] != after[field]:
            eased = field in HARDNESS and _eased(asked, field, before[field], after[field])
            yield FieldChange(WORDS[field], _value(asked, before, field), _value(asked, after, field), eased)


def _eased(asked: Asked, field: str, was: float | None, now: float | None) -> bool:
    """Return whether an anchor moved to where it is easier to reach, by the one rule there is for that."""
    moved = {"was": was, "now": now, "direction": asked.row["direction"]}
    schema = {"was": pl.Float64, "now": pl.Float64, "direction": pl.String}
    return bool(pl.DataFrame([moved], schema=schema).select(easier(field, pl.col("was"), pl.col("now"))).item())


def _value(asked: Asked, row: Mapping[str, Any], field: str) -> object:
    """Return a field's value as people say it: names for ids, amounts in the goal's measure."""
    value = row[field]
    if value is None or field in WEIGHTS:
        return value
    if field in FIELD_WORDS:
        return amount({**asked.row, field: value}, field)
    company = asked.ws.company(asked.as_of)
    if field in ("owner", "scope"):
        table, key = (company.people, "person") if row[f"{field}_kind"] == "person" else (company.units, "unit")
        return _named(table.filter(pl.col(key) == value), value)
    if field in ("parent", "supports"):
        return _named(company.goals.filter(pl.col("goal") == value), value)
    if field == "metric" and value in company.metrics:
        return Name(company.metrics[value].label, company.metrics[value].label_zh)
    return str(value)


def _named(found: pl.DataFrame, value: str) -> Name:
    return Name(found["label"][0], found["label_zh"][0]) if found.height else Name(value)


def _targets(asked: Asked, rows: pl.DataFrame, told: Mapping[int, Mapping[str, Any]]) -> Iterator[Event]:
    """Yield one event per change that wrote targets of single periods."""
    for (number,), part in rows.group_by("change", maintain_order=True):
        earlier = rows.filter(pl.col("retired_by") == number)
        was = dict(earlier.select("period", "target").iter_rows())
        changes = tuple(
            FieldChange(
                msg("target of {period}", period=period),
                amount({**asked.row, "was": was.get(period)}, "was") if period in was else None,
                amount({**asked.row, "is": target}, "is"),
            )
            for period, target in part.sort("period").select("period", "target").iter_rows()
            if was.get(period) != target
        )
        if changes and number in told:
            yield _event(told[int(number)], msg("Targets of single periods were written down."), changes)


def of_its_rules(asked: Asked) -> list[Event]:
    """Return when the metric or curve that the goal names was defined anew while the goal was there."""
    began = asked.versions["recorded_at"].min()
    return [event for kind in _RULES for event in _rule(asked, kind, began)]


def _rule(asked: Asked, kind: str, began: object) -> Iterator[Event]:
    name = asked.row.get(kind)
    if name is None or not isinstance(began, datetime.datetime):
        return
    history = row_history(asked.ws.store, "document", {"kind": kind, "id": name})
    history = history.filter(known_then("recorded_at", asked.day))
    if history.height < 2:
        return  # it stands as it was first defined, as most do
    told = {
        row["change"]: row
        for row in changes_told(asked.ws.store, history["change"].to_list(), THROUGH).iter_rows(named=True)
    }
    before: dict[str, Any] | None = None
    for row in history.iter_rows(named=True):
        after = json.loads(row["body"])
        if before is not None and row["recorded_at"] > began:
            fields = sorted(field for field in {*before, *after} if before.get(field) != after.get(field))
            changes = tuple(
                FieldChange(Message(field), _plain(before.get(field)), _plain(after.get(field))) for field in fields
            )
            label = Name(str(after.get("label", name)), after.get("label_zh"))
            yield _event(told[row["change"]], _defined_anew(kind, label), changes)
        before = after


def _defined_anew(kind: str, name: Name) -> Message:
    if kind == "metric":
        return msg("The metric {name} was defined anew.", name=name)
    return msg("The curve {name} was changed.", name=name)


def _plain(value: object) -> object:
    """Return a part of a rule as text; it may be a list or have parts of its own."""
    return value if value is None or isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
