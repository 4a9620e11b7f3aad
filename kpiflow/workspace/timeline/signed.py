"""The letters that a goal stands in: each version drawn up, and each signature under one."""

import json
from typing import Any

from kpiflow.core.letter import Side
from kpiflow.language import Message, msg
from kpiflow.storage.letters import LetterKey, letter_signatures, letter_versions
from kpiflow.workspace.timeline.event import Asked, Event, EventKind


def of_letters(asked: Asked) -> list[Event]:
    """Return the versions of the owner's letter that promise the goal, and the signatures under these."""
    row = asked.row
    key = LetterKey(row["owner_kind"], row["owner"], row["cycle"])
    with asked.ws.store.snapshot() as cursor:
        versions = letter_versions(cursor, key, asked.day)
        signatures = letter_signatures(cursor, key, asked.day)
    promising = [
        one
        for one in versions.iter_rows(named=True)
        if any(promise["goal"] == asked.goal for promise in json.loads(one["content"])["promises"])
    ]
    drawn = [Event(one["recorded_at"], EventKind.LETTER, _drawn(one), one["who"], one["reason"]) for one in promising]
    known = {one["version"] for one in promising}
    signed = [
        Event(
            one["recorded_at"],
            EventKind.LETTER,
            _signed(one),
            one["person"],
        )
        for one in signatures.iter_rows(named=True)
        if one["version"] in known
    ]
    return drawn + signed


def _drawn(version: dict[str, Any]) -> Message:
    return msg(
        "Version {version} of the letter was drawn up; its fingerprint is {mark}.",
        version=version["version"],
        mark=version["fingerprint"][:12],
    )


def _signed(signature: dict[str, Any]) -> Message:
    if signature["side"] == Side.OWNER.value:
        return msg("The owner signed version {version} of the letter.", version=signature["version"])
    return msg("The one above signed version {version} of the letter.", version=signature["version"])
