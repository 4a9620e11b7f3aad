"""The words for what is looked at before a period is closed."""

from typing import Any

from kpiflow.core.closing import ClosingCheck
from kpiflow.language import Message, msg

#: What each check is called.
LABELS: dict[ClosingCheck, Message] = {
    ClosingCheck.PARTS_OPEN: msg("Parts still open"),
    ClosingCheck.GOALS_WITHOUT_DATA: msg("Goals without data of their own"),
    ClosingCheck.PEOPLE_WITHOUT_SCORE: msg("People without a score"),
    ClosingCheck.METRICS_OUTDATED: msg("Metrics not measured to the end"),
    ClosingCheck.CHECK_INS_DUE: msg("Goals nothing was heard of for too long"),
    ClosingCheck.LETTERS_UNSIGNED: msg("Letters not in force"),
    ClosingCheck.PROPOSALS_OPEN: msg("Proposed targets not agreed to"),
}

_NOT_SCORED: dict[str, Message] = {
    "no_goals": msg("has no goals in this period"),
    "waits": msg("a goal waits for its data"),
    "no_data": msg("none of the goals has data"),
    "no_scorecard": msg("no scorecard fits the role"),
}

_LETTER: dict[str, Message] = {
    "none": msg("not drawn up yet"),
    "drawn_up": msg("drawn up, nobody has signed"),
    "signed_by_owner": msg("waits for the signature above"),
    "signed_by_manager": msg("waits for the owner's signature"),
}

_LINE: dict[str, Message] = {
    "proposed": msg("waits for an answer"),
    "countered": msg("a counter-proposal waits for review"),
    "declined": msg("the counter-proposal was declined; waits for an answer"),
}

_POLICY: dict[str, Message] = {
    "error": msg("no data, and the score waits for it"),
    "exclude": msg("no data; left out, and its weight shared by the others"),
    "zero": msg("no data, counted as 0 points"),
    "last_value": msg("no data; the last known value stands in"),
    "neutral": msg("no data, counted as if the target was met"),
}


def reason_of(check: ClosingCheck, row: dict[str, Any]) -> Message:
    """Return why something was found, in words."""
    note, since = row["note"] or "", row["since"]
    if check is ClosingCheck.PARTS_OPEN:
        return msg("ended on {day}", day=since)
    if check is ClosingCheck.GOALS_WITHOUT_DATA:
        return _POLICY.get(note, msg("no data"))
    if check is ClosingCheck.PEOPLE_WITHOUT_SCORE:
        return _NOT_SCORED.get(note, msg("no score"))
    if check is ClosingCheck.METRICS_OUTDATED:
        if since is None:
            return msg("never measured in this cycle; goals that use it: {count}", count=row["touches"])
        return msg("last measured for {day}; goals that use it: {count}", day=since, count=row["touches"])
    if check is ClosingCheck.CHECK_INS_DUE:
        return msg("nothing for {days} {days:day|days}", days=row["touches"])
    return (_LETTER if check is ClosingCheck.LETTERS_UNSIGNED else _LINE).get(note, msg("open"))
