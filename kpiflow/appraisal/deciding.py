"""From the score of the sections to the final one: coefficient, adjustments, vetoes and ceilings, each step kept.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

import polars as pl

from kpiflow.appraisal.grading import grade
from kpiflow.appraisal.steps import StepKind, steps
from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.goal import OwnerKind
from kpiflow.core.review import AdjustmentKind
from kpiflow.core.ruling import Ceiling, Finding, Veto, Whose

#: Adjustments that count: one row each, in the order they were made.
ADJUSTMENTS = {
    "adjustment": pl.Int64, "person": pl.String, "kind": pl.String, "amount": pl.Float64, "reason": pl.String,
}  # fmt: skip

#: What was counted of events: one row per person and metric.
COUNTS = {"person": pl.String, "metric": pl.String, "actual": pl.Float64}


def decides(scorecards: Mapping[str, Scorecard]) -> bool:
    """Return whether any scorecard has a veto or a ceiling."""
    return any(card.vetoes or card.ceilings for card in scorecards.values())


def adjusted(
    people: pl.DataFrame, adjustments: pl.DataFrame, without: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return people with `score` after coefficients, then points, in the order they were made; and the steps.

    `without` are the people whose coefficient a cross rule took away.
    """
    rows = adjustments.join(people.select("person", "score"), on="person").sort("person", "adjustment")
    factors = rows.filter(pl.col("kind") == AdjustmentKind.COEFFICIENT.value)
    taken = factors.join(without, on="person")
    factors = factors.join(without, on="person", how="anti")
    whole = pl.col("amount").cum_prod().over("person") * pl.col("score")
    factors = factors.with_columns(after=whole.round(10)).with_columns(
        before=pl.coalesce(pl.col("after").shift().over("person"), "score")
    )
    product = factors.group_by("person", maintain_order=True).agg(multiplied=pl.col("after").last())
    points = rows.filter(pl.col("kind") == AdjustmentKind.POINTS.value).join(
        product, on="person", how="left", maintain_order="left"
    )
    sums = pl.col("amount").cum_sum().over("person")
    points = points.with_columns(score=pl.coalesce("multiplied", "score")).with_columns(
        after=(pl.col("score") + sums).round(10), before=(pl.col("score") + sums - pl.col("amount")).round(10)
    )
    total = points.group_by("person", maintain_order=True).agg(added=pl.col("after").last())
    people = people.join(product, on="person", how="left", maintain_order="left").join(
        total, on="person", how="left", maintain_order="left"
    )
    people = people.with_columns(score=pl.coalesce("added", "multiplied", "score")).drop("added", "multiplied")
    given = {"rule": pl.col("adjustment").cast(pl.String), "weight": pl.col("amount"), "reason": pl.col("reason"),
             "before": pl.col("before"), "after": pl.col("after")}  # fmt: skip
    off = {"rule": pl.col("rule"), "weight": pl.col("amount"), "before": pl.col("score"), "after": pl.col("score")}
    return people, [
        steps(factors, StepKind.COEFFICIENT, **given),
        steps(taken, StepKind.NO_COEFFICIENT, **off),
        steps(points, StepKind.ADJUSTMENT, **given),
    ]


def decided(
    people: pl.DataFrame,
    found: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    scorecards: Mapping[str, Scorecard],
    grades: Mapping[str, GradeScale],
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return people (with score and grade) after the vetoes, then the ceilings, of their scorecards; and the steps.

    `found` are the results, the sections (person, section, score) and the counts that rules look at. A rule lowers and
    never lifts: first the forced scores, each graded like any other, then the forced grades, then the ceilings. So of
    several the worst holds, in whatever order they are written.
    """
    said: list[pl.DataFrame] = []
    for name, card in scorecards.items():
        on = people.filter(pl.col("scorecard") == name, pl.col("score").is_not_null())
        if on.is_empty():
            continue
        scale = grades[card.grades]
        vetoes = [(veto, _hit(veto.when, on, found)) for veto in card.vetoes]
        for number, (veto, hit) in enumerate(vetoes):
            if veto.score is not None:
                people, done = _lowered(people, hit, veto, (card.grades, scale), number)
                said.append(done)
        limits: list[tuple[Veto | Ceiling, StepKind, pl.Series]]
        limits = [(veto, StepKind.VETO_GRADE, hit) for veto, hit in vetoes if veto.grade is not None]
        limits += [(ceiling, StepKind.CEILING, _hit(ceiling.when, on, found)) for ceiling in card.ceilings]
        for number, (rule, kind, hit) in enumerate(limits):
            people, done = _graded(people, hit, (rule.rule, str(rule.grade), kind), scale, number)
            said.append(done)
    return people, said


def _lowered(
    people: pl.DataFrame, hit: pl.Series, veto: Veto, scale: tuple[str, GradeScale], number: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return people whose score is at most that of a veto, graded again, and the steps; who is lower keeps the score."""
    forced = pl.lit(float(veto.score or 0))
    mine = pl.col("person").is_in(hit.implode()) & (pl.col("score").round(10) > forced)
    before = people.with_columns(_before="score", _grade="grade", _mine=mine.fill_null(False))
    after = before.with_columns(score=pl.when("_mine").then(forced).otherwise("score"))
    again = grade({scale[0]: scale[1]}, pl.lit(scale[0]), pl.col("score"))
    after = after.with_columns(grade=pl.when("_mine").then(again).otherwise("grade"))
    done = steps(
        after.filter("_mine"), StepKind.VETO_SCORE, rule=pl.lit(veto.rule), order=pl.lit(number),
        before=pl.col("_before"), after=pl.col("score"), grade_before=pl.col("_grade"), grade_after=pl.col("grade"),
    )  # fmt: skip
    return after.drop("_before", "_grade", "_mine"), done


def _graded(
    people: pl.DataFrame, hit: pl.Series, rule: tuple[str, str, StepKind], scale: GradeScale, number: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return people whose grade is at most that of a rule, and the steps; who is lower already keeps the grade."""
    name, limit, kind = rule
    ranks = {band.grade: place for place, band in enumerate(scale.bands)}
    rank = pl.col("grade").replace_strict(ranks, default=None, return_dtype=pl.Int64)
    mine = pl.col("person").is_in(hit.implode()) & (rank < ranks[limit])
    after = people.with_columns(_grade="grade", grade=pl.when(mine).then(pl.lit(limit)).otherwise("grade"))
    done = steps(
        after.filter(pl.col("grade").ne_missing(pl.col("_grade"))), kind, rule=pl.lit(name), order=pl.lit(number),
        before=pl.col("score"), after=pl.col("score"), grade_before=pl.col("_grade"), grade_after=pl.col("grade"),
    )  # fmt: skip
    return after.drop("_grade"), done


def _hit(finding: Finding, on: pl.DataFrame, found: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]) -> pl.Series:
    """Return the people of whom a finding is true."""
    results, sections, counts = found
    who = on.select("person", "unit")
    if finding.sections:
        rows = sections.filter(pl.col("section").is_in(list(finding.sections))).join(who, on="person")
        number = pl.col("score")
    elif finding.count is not None:
        rows, number = counts.filter(pl.col("metric") == finding.count).join(who, on="person"), pl.col("actual")
    else:
        kind, key = (OwnerKind.PERSON, "person") if finding.whose is Whose.PERSON else (OwnerKind.UNIT, "unit")
        owned = results.filter(
            pl.col("owner_kind").cast(pl.String) == kind.value, pl.col("metric").is_in(list(finding.metrics))
        ).select(pl.col("owner").alias(key), finding.of.value)
        rows, number = owned.join(who, on=key), pl.col(finding.of.value)
    how, edge = finding.compared
    value = number.round(10)
    beyond = {"below": value < float(edge), "at_most": value <= float(edge), "above": value > float(edge),
              "at_least": value >= float(edge)}  # fmt: skip
    return rows.filter(beyond[how])["person"].unique().sort()
