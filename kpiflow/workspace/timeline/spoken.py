"""What people said about a goal: check-ins with their numbers and files, questions and answers."""

from typing import Any

from kpiflow.core.metric import Measure
from kpiflow.language import Message, msg
from kpiflow.storage.check_ins import check_ins_of
from kpiflow.storage.evidence import evidence_of
from kpiflow.storage.remarks import remarks_of
from kpiflow.workspace.labels import amount
from kpiflow.workspace.timeline.event import Asked, Event, EventKind, FieldChange


def of_check_ins(asked: Asked) -> list[Event]:
    """Return every check-in, with what it corrected, how sure its maker was, and how many files came with it."""
    rows = check_ins_of(asked.ws.store, asked.goal, asked.day)
    if rows.is_empty():
        return []
    files = dict(evidence_of(asked.ws.store, asked.goal)["check_in"].value_counts().iter_rows())
    return [
        Event(
            row["at"], EventKind.CHECK_IN, _checked(asked, row), row["person"] or row["who"], row["words"] or row["reason"],
            changes=_beside(row, files.get(row["check_in"], 0)),
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def _checked(asked: Asked, row: dict[str, Any]) -> Message:
    """Return what a check-in said, in the goal's measure."""
    value = row["value"] if row["value"] is not None else row["step"]
    if row["denominator"]:
        scale = Measure(asked.row["measure"]).scale if asked.row["measure"] else 1
        value = float(row["numerator"]) / float(row["denominator"]) * scale
    facts = {
        "day": row["day"],
        "value": None if value is None else amount({**asked.row, "value": float(value)}, "value"),
    }
    if row["corrects"] is not None:
        return msg("A check-in about {day} was corrected to {value}.", **facts)
    if value is None:
        return msg("A check-in about {day}, in words.", day=row["day"])
    return msg("A check-in about {day}: {value}.", **facts)


def _beside(row: dict[str, Any], files: int) -> tuple[FieldChange, ...]:
    """Return what came with a check-in besides its number."""
    found = []
    if row["confidence"] is not None:
        found.append(FieldChange(msg("confidence"), None, row["confidence"]))
    if files:
        found.append(FieldChange(msg("files"), None, files))
    if row["words"] and row["reason"]:
        found.append(FieldChange(msg("reason of the correction"), None, row["reason"]))
    return tuple(found)


def of_remarks(asked: Asked) -> list[Event]:
    """Return questions, answers and remarks, in the words they were written."""
    rows = remarks_of(asked.ws.store, asked.goal, asked.day)
    return [
        Event(row["at"], EventKind.REMARK, _remarked(row), row["person"] or row["who"], row["words"])
        for row in rows.iter_rows(named=True)
    ]


def _remarked(row: dict[str, Any]) -> Message:
    if row["answers"] is not None:
        return msg("A question was answered.")
    return msg("A question was asked.") if row["asks"] is not None else msg("A remark was made.")
