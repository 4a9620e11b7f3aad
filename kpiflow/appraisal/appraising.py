"""Scores people: goals and ratings into sections, sections into one score, rules over it, and the grade, step by step.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.appraisal.cast import Cast, on_duty
from kpiflow.appraisal.crossing import crossed, crosses
from kpiflow.appraisal.deciding import ADJUSTMENTS, COUNTS, adjusted, decided, decides
from kpiflow.appraisal.grading import grade
from kpiflow.appraisal.moving import Segments, put_together, segments
from kpiflow.appraisal.parts import behind, behind_segments
from kpiflow.appraisal.rating import BY_RATER, RATINGS, by_rater, rated_sections, rates
from kpiflow.appraisal.sheet import ALL_GOALS, Sheets, mapped, numbered, scored
from kpiflow.appraisal.steps import StepKind, in_order, no_steps, steps
from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.calendar import Period
from kpiflow.core.rating import Source
from kpiflow.errors import not_found
from kpiflow.frames.appraisals import AppraisalParts, AppraisalSegments
from kpiflow.language import msg

__all__ = ["ALL_GOALS", "NOTHING", "Appraisal", "Beside", "appraise"]

#: The columns of an appraisal's people, in their order.
PEOPLE = (
    "person", "unit", "role", "fte", "period", "score", "grade", "coverage", "goals", "left_out", "scorecard", "days",
    "reason", "goal_score", "ruled_grade",
)  # fmt: skip


def _no_segments() -> pl.DataFrame:
    return AppraisalSegments.create_empty()


def _no_parts() -> pl.DataFrame:
    return AppraisalParts.create_empty()


@dataclass(frozen=True, eq=False)
class Beside:
    """What counts beside goals: ratings (`RATINGS`), adjustments (`ADJUSTMENTS`), counts of events (`COUNTS`).

    `by_segment`: somebody who moved is scored for each assignment, and the scores are put together by days.
    """

    ratings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RATINGS))
    adjustments: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADJUSTMENTS))
    counts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COUNTS))
    by_segment: bool = False

    def of(self, person: str) -> "Beside":
        """Return what counts for one person."""
        mine = pl.col("person") == person
        return Beside(
            self.ratings.filter(mine), self.adjustments.filter(mine), self.counts.filter(mine), self.by_segment
        )


#: Nothing but goals.
NOTHING = Beside()


@dataclass(frozen=True)
class Appraisal:
    """What came out: one row per person (schema `Appraisals`), one per person and section (`AppraisalSections`).

    `steps` (`AppraisalSteps`) lead from the sections to the score and grade; `segments` are those of people who moved.
    `parts` (`AppraisalParts`) are what goals bring of people who moved or whose points a cross rule holds; those of
    everybody else follow from the results.
    """

    people: pl.DataFrame
    sections: pl.DataFrame
    steps: pl.DataFrame = field(default_factory=no_steps)
    segments: pl.DataFrame = field(default_factory=_no_segments)
    parts: pl.DataFrame = field(default_factory=_no_parts)


@dataclass(frozen=True, eq=False)
class _Ruled:
    """Sheets after cross rules, the points held, the steps so far, and whose coefficient is not applied."""

    sheets: Sheets
    held: pl.DataFrame | None = None
    steps: tuple[pl.DataFrame, ...] = ()
    without: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"person": pl.String, "rule": pl.String}))


def appraise(
    results: pl.DataFrame,
    cast: Cast,
    scorecards: Mapping[str, Scorecard],
    grades: Mapping[str, GradeScale],
    period: Period,
    *,
    beside: Beside = NOTHING,
) -> Appraisal:
    """Appraise everybody on duty in the period.

    A section's score is Σ points × weight ÷ Σ weight over its goals with data; a person's score is Σ score × share over
    the sections. An absent section's weight goes to the others, or counts as 0, as the scorecard says. People whose
    role has no scorecard get the weighted mean of their goals and no grade. Scores are snapped to 10 decimals.

    In this order: sections of goals and of ratings, cross rules, segments, coefficients, adjustments, grade, vetoes,
    ceilings. Each that changes anything leaves a step.
    """
    for card in scorecards.values():
        if card.grades not in grades:
            raise not_found(msg("grade scale"), card.grades, grades)
    staff = numbered(on_duty(cast, period), scorecards)
    ruled = _ruled(results, staff, scorecards, beside.ratings)
    moved = segments(results, cast, period) if beside.by_segment else None
    found, parts, done = _no_segments(), _held_parts(results, ruled, scorecards), list(ruled.steps)
    if moved is not None:
        ruled, found, of_movers = _seated(ruled, moved, scorecards, beside.ratings)
        parts = pl.concat([parts.join(found, on="person", how="anti"), of_movers])
        done = list(ruled.steps)
    people, scale = _graded(ruled.sheets.people, scorecards, grades, period)
    people = people.with_columns(goal_score="score")
    if beside.adjustments.height or ruled.without.height:
        people, said = adjusted(people, beside.adjustments, ruled.without)
        done += said
        people = people.with_columns(grade=grade(grades, scale, pl.col("score")))
    if decides(scorecards):
        looked = (results, ruled.sheets.sections, beside.counts)
        people, said = decided(people, looked, scorecards, grades)
        done += said
    people = people.with_columns(ruled_grade="grade")
    return Appraisal(
        people.select(PEOPLE),
        ruled.sheets.sections.drop("nr"),
        in_order(done) if done else no_steps(),
        found,
        parts,
    )


def _held_parts(results: pl.DataFrame, ruled: _Ruled, scorecards: Mapping[str, Scorecard]) -> pl.DataFrame:
    """Return what the goals bring of people whose points a cross rule holds."""
    if ruled.held is None:
        return _no_parts()
    of_crosses = pl.concat([no_steps(), *ruled.steps]).filter(pl.col("kind") == StepKind.CROSS.value)
    if of_crosses.is_empty():
        return _no_parts()
    whose = of_crosses["person"].unique().implode()
    sheets = ruled.sheets
    rows = behind(results.filter(pl.col("owner").is_in(whose)), sheets.people.filter(pl.col("person").is_in(whose)),
                  sheets.sections, scorecards, held=ruled.held)  # fmt: skip
    return rows.select(_no_parts().columns)


def _graded(
    people: pl.DataFrame, scorecards: Mapping[str, Scorecard], grades: Mapping[str, GradeScale], period: Period
) -> tuple[pl.DataFrame, pl.Expr]:
    """Return people with grade, period, and the reason for having no score or grade; and which scale each is graded on."""
    scale = mapped(pl.col("scorecard"), {name: card.grades for name, card in scorecards.items()})
    reason = (
        pl.when((pl.col("goals") == 0) & pl.col("score").is_null()).then(pl.lit("no_goals"))
        .when(pl.col("waits")).then(pl.lit("waits"))
        .when(pl.col("score").is_null()).then(pl.lit("no_data"))
        .when(pl.col("scorecard").is_null()).then(pl.lit("no_scorecard"))
    )  # fmt: skip
    found = people.with_columns(
        grade=grade(grades, scale, pl.col("score")), period=pl.lit(period.period), reason=reason
    )
    return found, scale


def _ruled(
    results: pl.DataFrame, staff: pl.DataFrame, scorecards: Mapping[str, Scorecard], ratings: pl.DataFrame
) -> _Ruled:
    """Return everybody's sheets of goals and ratings after the cross rules of their scorecard."""
    rated, said = None, []
    if rates(scorecards):
        given = by_rater(ratings, staff, scorecards)
        rated = rated_sections(given, scorecards)
        said = [_scaled(given)]
    sheets = scored(results, staff, scorecards, rated)
    if rated is not None:
        sheets = _with_coverage(sheets, scorecards)
    if not crosses(scorecards):
        return _Ruled(sheets, None, tuple(said))

    def again(changed: pl.DataFrame, numbers: pl.Series) -> Sheets:
        some = staff.filter(pl.col("nr").is_in(numbers.implode()))
        return scored(changed, some, scorecards, rated)

    found = crossed(results, sheets, scorecards, again)
    return _Ruled(found.sheets, found.held, (*said, *found.steps), found.without)


def _scaled(given: pl.DataFrame) -> pl.DataFrame:
    """Return the steps that bring ratings to the scale of their section."""
    assert set(BY_RATER) == set(given.columns)
    return steps(given, StepKind.SCALE, section=pl.col("section"), rule=pl.col("rater"), weight=pl.col("weight"),
                 before=pl.col("before").round(10), after=pl.col("after").round(10), order=pl.col("place"))  # fmt: skip


def _with_coverage(sheets: Sheets, scorecards: Mapping[str, Scorecard]) -> Sheets:
    """Return sheets in which the coverage of people who are rated is that of all their sections."""
    cards = [name for name, card in scorecards.items() if any(part.source is Source.RATINGS for part in card.sections)]
    whole = sheets.sections.group_by("nr").agg(
        whole=((pl.col("coverage").fill_null(0.0) * pl.col("weight")).sum() / pl.col("weight").sum()).round(10)
    )
    people = sheets.people.join(whole, on="nr", how="left", maintain_order="left")
    on = pl.col("scorecard").is_in(cards).fill_null(value=False)
    return Sheets(
        people.with_columns(coverage=pl.when(on).then("whole").otherwise("coverage")).drop("whole"), sheets.sections
    )


def _seated(
    ruled: _Ruled, moved: Segments, scorecards: Mapping[str, Scorecard], ratings: pl.DataFrame
) -> tuple[_Ruled, pl.DataFrame, pl.DataFrame]:
    """Return everybody's sheets with those of people who moved put together; their segments, and what goals bring."""
    staff = numbered(moved.rows.select("unit", "role", "fte", "days", person="seat"), scorecards)
    seats = _ruled(moved.owned, staff, scorecards, moved.seated(ratings))
    people, sections, shares = put_together(moved, seats.sheets)
    movers = people.select("person")
    old = ruled.sheets
    changed = old.people.join(people, on="person", how="left", suffix="_new", maintain_order="left")
    there = pl.col("person").is_in(movers["person"].implode())
    names = ("score", "coverage", "goals", "left_out", "waits")
    whole = changed.with_columns(pl.when(there).then(f"{name}_new").otherwise(name).alias(name) for name in names)
    numbers = old.people.select("nr", "person")
    parts = pl.concat([
        old.sections.join(movers, on="person", how="anti"),
        sections.join(numbers, on="person").select(old.sections.columns),
    ]).sort("nr", maintain_order=True)  # fmt: skip
    said = [part.join(movers, on="person", how="anti") for part in ruled.steps] + [
        moved.back(part) for part in seats.steps
    ]
    together = shares.filter(pl.col("share") > 0)
    said.append(
        steps(together, StepKind.SEGMENTS, rule=pl.col("segment").cast(pl.String), weight=pl.col("share"),
              before=pl.col("score"), after=(pl.col("score") * pl.col("share")).round(10), order=pl.col("segment"))
    )  # fmt: skip
    without = pl.concat([ruled.without.join(movers, on="person", how="anti"), moved.back(seats.without)])
    joined = _Ruled(
        Sheets(whole.select(old.people.columns), parts), None, tuple(said), without.unique("person", keep="first")
    )
    brought = behind_segments(moved, seats.sheets, shares, seats.held, scorecards).select(_no_parts().columns)
    return joined, shares, brought
