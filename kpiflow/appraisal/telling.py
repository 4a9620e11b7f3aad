"""Says in words what each step to a score and grade did, and which rule or whose decision was behind it.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kpiflow.appraisal.steps import StepKind
from kpiflow.core.appraising import Scorecard
from kpiflow.core.rating import Rater
from kpiflow.core.ruling import Ceiling, Cross, Veto
from kpiflow.language import Message, Name, Quantity, msg

#: Who rates, in words.
RATER_WORDS: dict[str, Message] = {
    Rater.SELF: msg("self"), Rater.MANAGER: msg("manager"), Rater.PEERS: msg("peers"), Rater.HR: msg("HR"),
}  # fmt: skip

Row = Mapping[str, Any]


def told(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    """Return what one step did; `cards` are the scorecards it can belong to."""
    return _TOLD[StepKind(row["kind"])](row, cards)


def said_of_steps(rows: list[dict[str, Any]], cards: Mapping[str, Scorecard], *kinds: StepKind) -> list[Message]:
    """Return what the steps of some kinds did, in order."""
    return [told(row, cards) for row in rows if row["kind"] in kinds]


def _points(value: Any) -> Quantity:
    return Quantity(None if value is None else float(value), "score")


def _rule(row: Row, cards: Mapping[str, Scorecard]) -> Name:
    """Return what a rule is called."""
    for card in cards.values():
        rules: tuple[Cross | Veto | Ceiling, ...] = (*card.cross, *card.vetoes, *card.ceilings)
        for rule in rules:
            if rule.rule == row["rule"]:
                return Name(rule.label, rule.label_zh)
    return Name(str(row["rule"]))


def _scale(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    part = next(
        (one for card in cards.values() for one in card.sections if one.section == row["section"] and one.items), None
    )
    assert part is not None  # a step of a section there is not cannot have been taken
    low, high, new_low, new_high = part.rated.low, part.rated.high, part.becomes.low, part.becomes.high
    return msg(
        "{section}, {rater}: {mean} on {low} to {high} is ({mean} − {low}) ÷ ({high} − {low}) × ({new_high} − {new_low}) + "
        "{new_low} = {points} on {new_low} to {new_high}, with weight {weight}.",
        section=Name(part.label, part.label_zh), rater=RATER_WORDS[row["rule"]], mean=Quantity(row["before"], "number"),
        low=low, high=high, new_low=new_low, new_high=new_high, points=_points(row["after"]),
        weight=Quantity(row["weight"], "number"),
    )  # fmt: skip


def _cross(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    facts = {"rule": _rule(row, cards), "before": _points(row["before"]), "after": _points(row["after"])}
    return msg("{rule}: an indicator missed its base, so the others count at most theirs: {before} → {after}.", **facts)


def _segments(row: Row, cards: Mapping[str, Scorecard]) -> Message:  # noqa: ARG001  (as all kinds)
    return msg("Segment {segment}: {score} × {share} of the days = {points}.", segment=row["rule"],
               score=_points(row["before"]), share=Quantity(row["weight"], "attainment"), points=_points(row["after"]))  # fmt: skip


def _coefficient(row: Row, cards: Mapping[str, Scorecard]) -> Message:  # noqa: ARG001
    return msg("Coefficient {number}: {before} × {factor} = {after}. Reason: {reason}", number=row["rule"],
               before=_points(row["before"]), factor=Quantity(row["weight"], "number"), after=_points(row["after"]),
               reason=row["reason"])  # fmt: skip


def _no_coefficient(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    return msg("The coefficient of {factor} is not applied: {rule}.", factor=Quantity(row["weight"], "number"),
               rule=_rule(row, cards))  # fmt: skip


def _adjustment(row: Row, cards: Mapping[str, Scorecard]) -> Message:  # noqa: ARG001
    facts = {"number": row["rule"], "points": Quantity(row["weight"], "score", signed=True), "reason": row["reason"],
             "before": _points(row["before"]), "after": _points(row["after"])}  # fmt: skip
    if row["before"] is None:
        return msg("Adjustment {number} of {points} points waits for a score. Reason: {reason}", **facts)
    return msg("Adjustment {number}: {before} {points} = {after}. Reason: {reason}", **facts)


def _veto_score(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    return msg("Veto, {rule}: the score is {after} instead of {before}.", rule=_rule(row, cards),
               before=_points(row["before"]), after=_points(row["after"]))  # fmt: skip


def _veto_grade(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    return msg("Veto, {rule}: grade {after} instead of {before}.", rule=_rule(row, cards),
               before=row["grade_before"], after=row["grade_after"])  # fmt: skip


def _ceiling(row: Row, cards: Mapping[str, Scorecard]) -> Message:
    return msg("Ceiling, {rule}: at most grade {after}, so {after} instead of {before}.", rule=_rule(row, cards),
               before=row["grade_before"], after=row["grade_after"])  # fmt: skip


_TOLD: dict[StepKind, Callable[[Row, Mapping[str, Scorecard]], Message]] = {
    StepKind.SCALE: _scale,
    StepKind.CROSS: _cross,
    StepKind.SEGMENTS: _segments,
    StepKind.COEFFICIENT: _coefficient,
    StepKind.NO_COEFFICIENT: _no_coefficient,
    StepKind.ADJUSTMENT: _adjustment,
    StepKind.VETO_SCORE: _veto_score,
    StepKind.VETO_GRADE: _veto_grade,
    StepKind.CEILING: _ceiling,
}
