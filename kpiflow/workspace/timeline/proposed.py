"""What was proposed about a goal's target, and what was answered."""

from kpiflow.core.proposal import AnswerKind
from kpiflow.language import Message, msg
from kpiflow.storage.happened import answers_told, proposals_told, splits_told
from kpiflow.workspace.labels import amount
from kpiflow.workspace.timeline.event import Asked, Event, EventKind, FieldChange
from kpiflow.workspace.timeline.planned import WORDS


def of_proposals(asked: Asked) -> list[Event]:
    """Return proposals of a new target for the goal, the answers, and proposals that split the goal's own target."""
    store, goal, day = asked.ws.store, asked.goal, asked.day

    def said(value: float | None) -> object:
        return amount({**asked.row, "value": value}, "value")

    proposed = [
        Event(
            row["recorded_at"], EventKind.PROPOSAL, msg("A target of {target} was proposed.", target=said(row["target"])),
            row["who"], row["words"],
            changes=(FieldChange(WORDS["target"], said(row["before"]), said(row["target"]), row["eased"]),),
        )
        for row in proposals_told(store, goal, day).iter_rows(named=True)
    ]  # fmt: skip
    answered = [
        Event(
            row["recorded_at"], EventKind.PROPOSAL,
            _answered(row["kind"], said(row["target"] if row["value"] is None else row["value"])),
            row["who"], row["words"],
        )
        for row in answers_told(store, goal, day).iter_rows(named=True)
    ]  # fmt: skip
    split = [Event(row["recorded_at"], EventKind.PROPOSAL, _split(said(row["target"]), row["lines"]), row["who"], row["words"])
             for row in splits_told(store, goal, day).iter_rows(named=True)]  # fmt: skip
    return proposed + answered + split


def _split(target: object, lines: int) -> Message:
    return msg("Its target of {target} was proposed to the owners below, in {lines} parts.", target=target, lines=lines)


def _answered(kind: str, value: object) -> Message:
    """Return what an answer did; `value` is the target asked for or written."""
    said: dict[str, Message] = {
        AnswerKind.AGREE: msg("The owner agreed to {value}.", value=value),
        AnswerKind.COUNTER: msg("The owner proposed {value} instead.", value=value),
        AnswerKind.ACCEPT: msg("The counter-proposal of {value} was accepted.", value=value),
        AnswerKind.DECLINE: msg("The counter-proposal was declined: the proposed target stands."),
        AnswerKind.WITHDRAW: msg("The proposal was withdrawn."),
    }
    return said[kind]
