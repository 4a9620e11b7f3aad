"""Says how a person's score came about: section by section, absent ones, rounding and the grade's edge.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.appraising import Appraisal
from kpiflow.appraisal.sheet import ALL_GOALS
from kpiflow.appraisal.steps import StepKind
from kpiflow.appraisal.telling import said_of_steps
from kpiflow.core.appraising import Absent, GradeScale, Scorecard
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg

#: Why somebody has no score or no grade.
REASONS: dict[str, Message] = {
    "no_goals": msg("No score: no committed goal of this person counts in this period."),
    "waits": msg("No score yet: a goal without data is set to wait for it, so nothing is left out silently."),
    "no_data": msg("No score: none of the goals has data yet."),
    "no_scorecard": msg("No grade: no scorecard is for the role, so the score is the weighted mean of the goals."),
}


def explain_appraisal(
    appraisal: Appraisal, person: str, scorecards: Mapping[str, Scorecard], grades: Mapping[str, GradeScale]
) -> list[Message]:
    """Return the lines that lead to a person's score and grade; raises NotFound for a person who was not appraised."""
    rows = appraisal.people.filter(pl.col("person") == person)
    if rows.is_empty():
        raise not_found(msg("person appraised in this period"), person, appraisal.people["person"])
    row = rows.row(0, named=True)
    card = scorecards.get(row["scorecard"] or "")
    steps = appraisal.steps.filter(pl.col("person") == person).to_dicts()
    # Somebody who moved has sections of several scorecards, and steps by the rules of each.
    moved = person in appraisal.segments["person"]
    own = {row["scorecard"]: card} if card is not None and not moved else dict(scorecards)
    sections = appraisal.sections.filter(pl.col("person") == person)
    said = said_of_steps(steps, own, StepKind.SCALE)
    for part in sections.iter_rows(named=True):
        said += _section_lines(part, _card_of(part["section"], card, own))
    said += [_segment_line(one) for one in appraisal.segments.filter(pl.col("person") == person).iter_rows(named=True)]
    said += said_of_steps(steps, own, StepKind.CROSS)
    if row["left_out"]:
        said.append(msg("Goals that fit no section of the scorecard and do not count: {count}.", count=row["left_out"]))
    if row["goal_score"] is not None:
        facts = {"score": Quantity(row["goal_score"], "score"), "coverage": Quantity(row["coverage"], "attainment")}
        said.append(msg("Score: {score}, from goals with data for {coverage} of the weight.", **facts))
    said += said_of_steps(steps, own, StepKind.NO_COEFFICIENT, StepKind.COEFFICIENT, StepKind.ADJUSTMENT)
    if row["reason"]:
        said.append(REASONS[row["reason"]])
    forced = [one for one in steps if one["grade_before"] is not None]
    if card and row["ruled_grade"] is not None:
        score, grade = (
            (forced[0]["before"], forced[0]["grade_before"]) if forced else (row["score"], row["ruled_grade"])
        )
        said.append(_grade_line(score, grade, grades[card.grades]))
    said += said_of_steps(steps, own, StepKind.VETO_SCORE, StepKind.VETO_GRADE, StepKind.CEILING)
    if row["grade"] is not None and row["grade"] != row["ruled_grade"]:
        said.append(msg("Calibrated: grade {before} became {grade}.", before=row["ruled_grade"], grade=row["grade"]))
    return said


def _segment_line(row: Mapping[str, object]) -> Message:
    """Say what one assignment of somebody who moved came to, and how much of the days it counts for."""
    facts = {"unit": row["unit"], "starts": row["starts"], "ends": row["ends"], "days": row["days"]}
    score, share = _float(row["score"]), _float(row["share"])
    if score is None or share is None:
        return msg("{unit}, {starts} to {ends}: no score; its {days} days are shared by the others.", **facts)
    return msg(
        "{unit}, {starts} to {ends}, {days} {days:day|days}: {score} × {share} of the days = {points}",
        score=Quantity(score, "score"), share=Quantity(share, "attainment"), points=Quantity(score * share, "score"), **facts,
    )  # fmt: skip


def _card_of(section: str, card: Scorecard | None, own: Mapping[str, Scorecard]) -> Scorecard | None:
    """Return the scorecard that a section is of: the person's, or the first that has it."""
    having = [one for one in own.values() if any(part.section == section for part in one.sections)]
    return card if card in having or not having else having[0]


def _section_lines(part: Mapping[str, object], card: Scorecard | None) -> list[Message]:
    """Say what one section came to, and what became of raters who have not rated."""
    said = [_section_line(part, card)]
    rated = (
        next((one for one in card.sections if one.section == part["section"] and one.raters), None) if card else None
    )
    if rated is not None and part["score"] is not None and _float(part["coverage"]) != 1.0:
        facts = {"section": Name(rated.label, rated.label_zh),
                 "share": Quantity(_float(part["coverage"]), "attainment")}  # fmt: skip
        said.append(
            msg("{section}: raters with {share} of the weight have rated; those who have not count as 0.", **facts)
            if rated.absent_rater is Absent.ZERO
            else msg("{section}: raters with {share} of the weight have rated; they share the weight of the others.", **facts)
        )  # fmt: skip
    return said


def _section_line(part: Mapping[str, object], card: Scorecard | None) -> Message:
    """Say what one section came to and how much it counts."""
    named = {section.section: Name(section.label, section.label_zh) for section in card.sections} if card else {}
    facts: dict[str, object] = {
        "section": named.get(
            str(part["section"]), msg("all goals") if part["section"] == ALL_GOALS else part["section"]
        ),
        "goals": part["goals"],
        "weight": _percent(part["weight"], card),
        "share": Quantity(_float(part["share"]), "attainment"),
        "score": Quantity(_float(part["score"]), "score"),
        "points": Quantity(_float(part["contribution"]), "score"),
    }
    if part["score"] is None:
        if card and card.absent is Absent.ZERO:
            return msg("{section}: no data, counts as 0 for {share}, as the scorecard says.", **facts)
        return msg("{section}: no data; its weight of {weight} is shared by the other sections.", **facts)
    if any(one.section == part["section"] and one.raters for one in (card.sections if card else ())):
        return msg("{section}: {score} (ratings) × {share} (weight {weight}) = {points}", **facts)
    return msg("{section}: {score} (goals: {goals}) × {share} (weight {weight}) = {points}", **facts)


def _grade_line(score: float, grade: str, scale: GradeScale) -> Message:
    """Say which edge the score reached, and what the next grade asks for."""
    grades = [band.grade for band in scale.bands]
    place = grades.index(grade)
    facts: dict[str, object] = {"grade": grade, "places": scale.places}
    if place == 0:
        return msg(
            "Grade {grade}: at least {edge} (rounded to {places} digits).", edge=scale.bands[0].at_least, **facts
        )
    better = scale.bands[place - 1]
    assert better.at_least is not None
    missing = float(better.at_least) - score
    return msg(
        "Grade {grade} (rounded to {places} digits); {better} needs {edge}, {missing} more.",
        better=better.grade,
        edge=better.at_least,
        missing=Quantity(missing, "number"),
        **facts,
    )


def _percent(weight: object, card: Scorecard | None) -> Quantity:
    """Return a section's weight as a share of all sections' weights."""
    total = float(sum(section.weight for section in card.sections)) if card else 1.0
    value = _float(weight)
    return Quantity(None if value is None else value / total, "attainment")


def _float(value: object) -> float | None:
    """Return a number of a row."""
    return float(str(value)) if value is not None else None
