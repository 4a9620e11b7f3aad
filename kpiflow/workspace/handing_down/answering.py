"""What is said to a proposed target: its owner agrees or asks for another, whoever splits accepts, declines or withdraws."""

import datetime
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.cascade.consequence import applied
from kpiflow.cascade.ways import shown, step_of
from kpiflow.core.metric import Measure, MetricKind
from kpiflow.core.proposal import OPEN, AnswerKind, LineState
from kpiflow.core.remainder import fraction, in_steps
from kpiflow.errors import InvalidInput, NotFound, not_found
from kpiflow.language import Message, msg
from kpiflow.storage.documents import save_definitions
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.proposals import Answer, Wanted, add_answer, read_lines, terms_of
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Answered
from kpiflow.workspace.handing_down.effects import as_rows, eased_by
from kpiflow.workspace.handing_down.leading import AGREE, require_split
from kpiflow.workspace.handing_down.planning import amount_given, new_problems
from kpiflow.workspace.handing_down.proposing import fields_agreed, named, settled
from kpiflow.workspace.handing_down.splits import SPLIT
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.letters.renewal import renew_letters
from kpiflow.workspace.unseen import sees_goal

#: What the owner of a goal may say; the rest is said by whoever splits.
OF_OWNER = (AnswerKind.AGREE, AnswerKind.COUNTER)

#: The answers that write a target.
_WRITES = (AnswerKind.AGREE, AnswerKind.ACCEPT)


@dataclass(frozen=True)
class _Said:
    """One answer on its way: to which line, by whom, when, and with which words."""

    line: dict[str, Any]
    kind: AnswerKind
    who: str
    at: datetime.datetime
    words: str | None
    value: float | None


def answer(
    ws: Books,
    asker: Asker,
    line: int,
    kind: str,
    *,
    value: object = None,
    words: str | None = None,
    by: str | None = None,
    at: datetime.datetime | None = None,
) -> Answered:
    """Answer one line of a proposal; agreeing to a target and accepting a counter-proposal write it.

    Raises NotFound for a line or an answer there is not, Refused for whoever has no say in it, and InvalidInput with what to do:
    when the line no longer waits, words are missing, or the plan has changed since it was proposed.
    """
    if kind not in list(AnswerKind):
        raise not_found(msg("answer"), kind, list(AnswerKind))
    meant, spoken = AnswerKind(kind), (words or "").strip() or None
    with ws.store.write() as cursor:
        # Read inside: what somebody else answered a moment ago counts.
        row = _line(ws, cursor, line)
        if not sees_goal(ws.reach(asker), row, ("owner",)):
            raise _no_line(line)  # numbers can be tried: what was proposed to whom is for nobody else to learn
        _require(ws, asker, row, meant)
        _refuse_untimely(row, meant, spoken)
        worth = _value(ws, row, meant, value)
        if meant is AnswerKind.COUNTER:
            _written(ws, row, worth)  # what could never be accepted is refused while it can be put right
        who = named(asker, by)
        said = _Said(row, meant, who, at or datetime.datetime.now(datetime.UTC), spoken, worth)
        change = _agreed(ws, cursor, said) if meant in _WRITES else None
        add_answer(cursor, Answer(line, said.at, who, meant.value, worth, spoken))
        detail = {"line": line, "proposal": row["proposal"], "before": row["before"], "proposed": row["target"]}
        detail |= {"value": worth, "change": change}
        record(cursor, Entry(said.at, who, meant.value, row["goal"], spoken, detail))
        state = str(_line(ws, cursor, line)["state"])
    return Answered(line, state, change)


def _line(ws: Books, cursor: Cursor, line: int) -> dict[str, Any]:
    found = read_lines(ws.store, Wanted(lines=[line]), cursor=cursor)
    if found.is_empty():
        raise _no_line(line)
    return found.row(0, named=True)


def _no_line(line: int) -> NotFound:
    return NotFound(msg("There is no line {line} of a proposal that you may read.", line=str(line)))


def _require(ws: Books, asker: Asker, row: dict[str, Any], kind: AnswerKind) -> None:
    """Raise Refused unless the answer is the asker's to give."""
    owner = (row["owner_kind"], row["owner"])
    if kind in OF_OWNER:
        ws.may(asker, AGREE, *owner).require()
        return
    above = ws.company().goals.filter(pl.col("goal") == row["parent"])
    if above.is_empty():
        raise InvalidInput(msg("The goal above is no longer in the plan."))
    parent = above.select(pl.col("owner_kind").cast(pl.String), "owner").row(0)
    require_split(ws, asker, [owner], parent=parent)


def _refuse_untimely(row: dict[str, Any], kind: AnswerKind, words: str | None) -> None:
    """Raise InvalidInput when the line no longer waits for such an answer, or words are missing."""
    state = row["state"]
    if state == LineState.SUPERSEDED:
        raise InvalidInput(msg("A newer proposal has taken the place of this one. Answer that."))
    if state not in OPEN:
        raise InvalidInput(msg("This was settled already: {state}.", state=STATE_WORDS[state]))
    if kind in (AnswerKind.ACCEPT, AnswerKind.DECLINE) and state != LineState.COUNTERED:
        raise InvalidInput(msg("There is no counter-proposal to answer: the owner has the word."))
    if kind in (AnswerKind.COUNTER, AnswerKind.DECLINE) and words is None:
        raise InvalidInput(msg("Say why: the other side reads your words beside the number."))


def _value(ws: Books, row: dict[str, Any], kind: AnswerKind, value: object) -> float | None:
    """Return the target an answer asks for or writes, in whole steps of the metric."""
    if kind is AnswerKind.AGREE:
        return None if row["target"] is None else float(row["target"])
    if kind is AnswerKind.ACCEPT:
        return float(row["counter"])
    if kind is not AnswerKind.COUNTER:
        return None
    goal = _goal(ws, row["goal"])
    metric = ws.company().metrics[goal["metric"]]
    written = amount_given(value, metric)
    if written is None:
        raise InvalidInput(msg("Write the target you ask for instead."))
    step = fraction(step_of(metric))
    whole = float(step * in_steps(fraction(written), step))
    if whole < 0 and metric.measure is Measure.COUNT and metric.kind is not MetricKind.DERIVED:
        raise InvalidInput(msg("{value} is below zero, which cannot be.", value=shown(whole, metric)))
    if whole == row["target"]:
        raise InvalidInput(msg("This is what was proposed. Agree to it, or ask for another target."))
    return whole


def _goal(ws: Books, goal: str) -> dict[str, Any]:
    found = ws.company().goals.filter(pl.col("goal") == goal)
    if found.is_empty():
        raise InvalidInput(msg("The goal '{goal}' is no longer in the plan.", goal=goal))
    return found.row(0, named=True)


def _agreed(ws: Books, cursor: Cursor, said: _Said) -> int | None:
    """Write the agreed target into the plan; return the number of the change, None when the target stays as it is."""
    line, goal = said.line, _goal(ws, said.line["goal"])
    if goal["target"] != line["before"]:
        raise InvalidInput(
            msg("The target of {goal} has changed since this was proposed. Ask for a new proposal.", goal=name_of(goal))
        )
    after = _written(ws, line, said.value)
    reason = _reason(said, eased=_eased(ws, after, goal["goal"]))
    report = save_definitions(ws.store, None, {"goals": after}, who=said.who, at=said.at, reason=reason)
    if report.change is not None:
        renew_letters(ws, cursor, said.who, said.at, reason)
        _remember(ws, cursor, said, report.change)
    return report.change


def _written(ws: Books, line: dict[str, Any], value: float | None) -> pl.DataFrame:
    """Return the goals with the target of a line in them; raises InvalidInput when the checks would call that an error."""
    company, goal = ws.company(), _goal(ws, line["goal"])
    parent, metric = _goal(ws, line["parent"]), company.metrics[goal["metric"]]
    wanted = as_rows(*fields_agreed({**line, "goal": goal["goal"]}, value, parent, metric))
    after = settled(applied(company.goals, wanted), [goal["goal"]])
    errors, _ = new_problems(company, after.filter(pl.col("goal") == goal["goal"]))
    if errors:
        raise InvalidInput(errors[0])
    return after


def _eased(ws: Books, after: pl.DataFrame, goal: str) -> bool:
    """Return whether a goal becomes easier to reach."""
    found = eased_by(ws.company(), after, pl.DataFrame({"goal": [goal]}))
    return bool(found["eased"].any())


def _reason(said: _Said, *, eased: bool) -> str | None:
    """Return why the target changes. One that becomes easier needs words of whoever splits: theirs is the responsibility."""
    if said.kind is AnswerKind.AGREE:
        return said.line["proposal_words"] or said.words
    if eased and said.words is None:
        raise InvalidInput(
            msg("The counter-proposal is easier to reach than the target now. Accepting it needs a written reason.")
        )
    return said.words or said.line["counter_words"]


def _remember(ws: Books, cursor: Cursor, said: _Said, change: int) -> None:
    """Tell the journal how the parent is split now, so that the same split can be made again.

    Once per proposal, when it first takes effect; again for each counter-proposal that was accepted, which stays as it was
    bargained for.
    """
    lines = read_lines(ws.store, Wanted(parents=[said.line["parent"]]), cursor=cursor)
    same = lines.filter(pl.col("proposal") == said.line["proposal"])
    taken = same.filter(pl.col("state").is_in([LineState.AGREED.value, LineState.ACCEPTED.value]))
    if taken.height and said.kind is AnswerKind.AGREE:
        return
    terms = terms_of(ws.store, int(said.line["proposal"]), cursor)
    bargained = set(taken.filter(pl.col("state") == LineState.ACCEPTED.value)["goal"])
    if said.kind is AnswerKind.ACCEPT:
        bargained.add(said.line["goal"])
    children = [one | {"locked": one["locked"] or one["child"] in bargained} for one in terms.get("children", [])]
    detail = {"split": terms | {"children": children}, "proposal": said.line["proposal"], "change": change}
    record(cursor, Entry(said.at, said.who, SPLIT, said.line["parent"], said.line["proposal_words"], detail))


#: How a line stands, as the end of a sentence.
STATE_WORDS: dict[str, Message] = {
    LineState.PROPOSED: msg("waits for its owner"),
    LineState.COUNTERED: msg("another target is asked for"),
    LineState.DECLINED: msg("the counter-proposal was declined"),
    LineState.AGREED: msg("agreed"),
    LineState.ACCEPTED: msg("the counter-proposal was accepted"),
    LineState.WITHDRAWN: msg("withdrawn"),
    LineState.SUPERSEDED: msg("a newer proposal has taken its place"),
}
