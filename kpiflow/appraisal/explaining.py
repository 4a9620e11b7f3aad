"""Says how a person's score came about: section by section, absent ones, rounding and the grade's edge.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.appraising import ALL_GOALS, Appraisal
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
    said = [
        _section_line(part, card)
        for part in appraisal.sections.filter(pl.col("person") == person).iter_rows(named=True)
    ]
    if row["left_out"]:
        said.append(msg("Goals that fit no section of the scorecard and do not count: {count}.", count=row["left_out"]))
    if row["score"] is not None:
        facts = {"score": Quantity(row["score"], "score"), "coverage": Quantity(row["coverage"], "attainment")}
        said.append(msg("Score: {score}, from goals with data for {coverage} of the weight.", **facts))
    if row["reason"]:
        said.append(REASONS[row["reason"]])
    if card and row["grade"] is not None:
        said.append(_grade_line(row["score"], row["grade"], grades[card.grades]))
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
