"""Templates and rules: ratings, cross-indicator rules, coefficient, adjustments, vetoes, ceilings, segments."""

import datetime
import itertools
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kpiflow.appraisal.appraising import Appraisal, Beside, appraise
from kpiflow.appraisal.breaking_down import goals_behind
from kpiflow.appraisal.cast import Cast
from kpiflow.appraisal.deciding import ADJUSTMENTS, COUNTS
from kpiflow.appraisal.explaining import explain_appraisal
from kpiflow.appraisal.rating import RATINGS
from kpiflow.core.appraising import Absent, Adding, GradeBand, GradeScale, Scorecard, Section
from kpiflow.core.calendar import Calendar, Cycle, Period
from kpiflow.core.rating import Item, Range
from kpiflow.core.ruling import Ceiling, Cross, Finding, Part, Veto
from kpiflow.language import render
from tests.appraisal import exactly
from tests.appraisal.exactly import Goal, Known, Result

YEAR: Period = Calendar(cycles=(Cycle(cycle="2013", starts=datetime.date(2013, 1, 1)),)).period("2013")
SCALE = GradeScale(
    scale="abc", label="A to D",
    bands=(GradeBand(grade="A", label="A", at_least="90"), GradeBand(grade="B", label="B", at_least="75"),
           GradeBand(grade="C", label="C", at_least="60"), GradeBand(grade="D", label="D")),
)  # fmt: skip
GRADES = {"abc": SCALE}


def card(*sections: Section, **more: object) -> Scorecard:
    return Scorecard(scorecard="card", label="Card", roles=("agent",), sections=sections, grades="abc", **more)


def section(name: str, weight: object = 1, *metrics: str) -> Section:
    return Section(section=name, label=name.title(), weight=weight, metrics=metrics)


def rated(name: str = "skills", weight: object = 1, **more: object) -> Section:
    given = {"raters": {"manager": 1}, "items": (Item(item="one", label="One"),)} | more
    return Section(section=name, label=name.title(), weight=weight, **{"from": "ratings"}, **given)


def results_of(people: dict[str, Known], *, units: tuple[tuple[str, str, float], ...] = ()) -> pl.DataFrame:
    rows = [
        {"goal": f"{person}-{one.goal}", "parent": None, "owner": person, "owner_kind": "person", "metric": one.metric,
         "points": None if one.points is None else float(one.points), "target_points": float(one.base),
         "weight": float(one.weight), "actual": float(one.actual)}
        for person, known in people.items() for one in known.goals
    ] + [
        {"goal": f"{unit}-{metric}", "parent": None, "owner": unit, "owner_kind": "unit", "metric": metric, "points": points,
         "target_points": 100.0, "weight": 1.0, "actual": 0.0} for unit, metric, points in units
    ]  # fmt: skip
    texts = dict.fromkeys(("goal", "parent", "owner", "owner_kind", "metric"), pl.String)
    numbers = dict.fromkeys(("points", "target_points", "weight", "actual"), pl.Float64)
    frame = pl.DataFrame(rows, schema=texts | numbers)
    return frame.with_columns(
        kind=pl.lit("kpi"), commitment=pl.lit("committed"), missing=pl.lit(None, dtype=pl.String), scope=pl.col("owner"),
        scope_kind=pl.col("owner_kind"), attainment=pl.lit(None, dtype=pl.Float64),
        coverage=pl.when(pl.col("points").is_not_null()).then(1.0),
    )  # fmt: skip


def beside_of(people: dict[str, Known], *, by_segment: bool = False) -> Beside:
    ratings = [(person, *key, float(value)) for person, known in people.items() for key, value in known.ratings.items()]
    made = [(person, kind, float(amount)) for person, known in people.items()
            for kind, amounts in (("coefficient", known.coefficients), ("points", known.points)) for amount in amounts]  # fmt: skip
    adjusted = [(number, person, kind, amount, "said") for number, (person, kind, amount) in enumerate(made, start=1)]
    counted = [(person, name, float(count)) for person, known in people.items() for name, count in known.counts.items()]
    return Beside(
        pl.DataFrame(ratings, schema=RATINGS, orient="row"), pl.DataFrame(adjusted, schema=ADJUSTMENTS, orient="row"),
        pl.DataFrame(counted, schema=COUNTS, orient="row"), by_segment,
    )  # fmt: skip


def cast_of(people: dict[str, Known]) -> Cast:
    names, many = list(people), len(people)
    nothing = {"hired": [None] * many, "left": [None] * many}
    held = {"person": names, "unit": ["EWR"] * many, "manager": [None] * many, "role": ["agent"] * many,
            "fte": [1.0] * many, "starts": [datetime.date(2010, 1, 1)] * many, "ends": [None] * many}  # fmt: skip
    dated = {"hired": pl.Date, "left": pl.Date, "ends": pl.Date, "manager": pl.String, "person": pl.String}
    return Cast(pl.DataFrame({"person": names, **nothing}, schema_overrides=dated),
                pl.DataFrame(held, schema_overrides=dated))  # fmt: skip


def fast(one: Scorecard, people: dict[str, Known], **more: object) -> Appraisal:
    return appraise(
        results_of(people, **more), cast_of(people), {one.scorecard: one}, GRADES, YEAR, beside=beside_of(people)
    )


def alone(one: Scorecard, known: Known, **more: object) -> tuple[float | None, str | None, Appraisal]:
    done = fast(one, {"p1": known}, **more)
    row = done.people.row(0, named=True)
    return row["score"], row["grade"], done


# ---- known figures


@pytest.mark.parametrize(
    ("value", "low", "high", "new_low", "new_high", "comes_to"),
    [
        ("3.4", "1", "5", "0.25", "5", 3.1),  # SAP KBA 2435115
        ("5.44", "1", "10", "4", "9", 6.47),  # SAP KBA 2525218, printed with two digits
    ],
)
def test_a_rating_is_brought_to_another_scale_as_published(value, low, high, new_low, new_high, comes_to):
    part = rated(rated=Range(low=low, high=high), becomes=Range(low=new_low, high=new_high))
    score, _, done = alone(card(part), Known(ratings={("skills", "one", "manager"): Fraction(value)}))
    assert score == pytest.approx(comes_to, abs=0.005)
    step = done.steps.row(0, named=True)
    assert (step["kind"], step["rule"], step["before"]) == ("scale", "manager", float(value))
    assert step["after"] == pytest.approx(score)
    assert f"{value} on {low} to {high}" in render(explain_appraisal(done, "p1", {"card": card(part)}, GRADES)[0])


def order_22() -> Scorecard:
    """SASAC Order 22, Annex 2: (profit + EVA + classified) × coefficient + reward - deductions.

    If an indicator other than EVA misses its base, that one scores normally, all others get only base points, and the
    coefficient is not applied.
    """
    rule = Cross(rule="base", label="Missed base", if_missed=Part(metrics=("profit", "classified")))
    return card(section("all"), adding=Adding.SUM, cross=(rule,))


@pytest.mark.parametrize(
    ("profit", "eva", "classified", "score"),
    [(33, 42, 30, 110.75), (28, 42, 30, 98.5), (33, 38, 30, 106.55), (33, 42, 25, 95.5), (28, 42, 25, 93.5)],
)
def test_order_22_scores_as_printed(profit, eva, classified, score):
    """The first two are case S11 of the golden cases, by the printed rule; the others follow from the same text."""
    goals = [Goal(name, name, Fraction(points), Fraction(base))
             for name, points, base in (("profit", profit, 30), ("eva", eva, 40), ("classified", classified, 30))]  # fmt: skip
    known = Known(goals, coefficients=[Fraction("1.05")], points=[Fraction(1), Fraction("-0.5")])
    found, _, done = alone(order_22(), known)
    assert found == pytest.approx(score, abs=1e-9)
    kinds = done.steps["kind"].to_list()
    missed = profit < 30 or classified < 30
    assert kinds == (["cross", "no_coefficient"] if missed else ["coefficient"]) + ["adjustment", "adjustment"]
    assert done.steps["after"][-1] == pytest.approx(score)


def test_order_22_also_works_with_weights_in_the_place_of_points():
    parts = (section("profit", 30, "profit"), section("eva", 40, "eva"), section("classified", 30, "classified"))
    rule = Cross(rule="base", label="Missed base", if_missed=Part(sections=("profit", "classified")))
    known = Known([Goal("p", "profit", Fraction(2800, 30)), Goal("e", "eva", Fraction(105)),
                   Goal("c", "classified", Fraction(100))],
                  coefficients=[Fraction("1.05")], points=[Fraction(1, 2)])  # fmt: skip
    score, _, done = alone(card(*parts, cross=(rule,)), known)
    assert score == pytest.approx(98.5)
    assert done.sections["contribution"].sum() == pytest.approx(98)


def test_losses_keep_the_grade_down():
    """Order 22: still in loss, the grade is at most C; turned to profit, at most B."""
    ceilings = (
        Ceiling(rule="loss", label="In loss", when=Finding(metrics=("profit",), of="actual", below=0), grade="C"),
        Ceiling(rule="turned", label="Turned", when=Finding(metrics=("profit",), of="actual", at_least=0), grade="B"),
    )
    one = card(section("all"), ceilings=ceilings)
    for actual, grade in ((-5, "C"), (5, "B")):
        score, found, done = alone(one, Known([Goal("p", "profit", Fraction(95), actual=Fraction(actual))]))
        assert (score, found) == (95.0, grade)
        assert (done.steps["grade_before"][0], done.steps["grade_after"][0]) == ("A", grade)
        said = [render(line) for line in explain_appraisal(done, "p1", {"card": one}, GRADES)]
        assert said[-1].startswith("Ceiling,")
        assert any(line.startswith("Grade A: at least 90") for line in said)


def test_two_serious_incidents_are_a_veto():
    veto = Veto(
        rule="incidents", label="Serious incidents", when=Finding(count="incident", at_least=2), grade="D", score=0
    )
    for count, expected in ((1, (95.0, "A")), (2, (0.0, "D"))):
        known = Known([Goal("p", "profit", Fraction(95))], counts={"incident": Fraction(count)})
        score, grade, done = alone(card(section("all"), vetoes=(veto,)), known)
        assert (score, grade) == expected
        assert done.people["goal_score"][0] == 95.0
    assert done.steps["kind"].to_list() == ["veto_score"]
    assert done.steps.select("before", "after", "grade_before", "grade_after").row(0) == (95.0, 0.0, "A", "D")


@pytest.mark.parametrize("order", list(itertools.permutations(("grade", "low", "high"))))
def test_of_several_vetoes_the_worst_holds_in_whatever_order_they_are_written(order):
    when = Finding(count="incident", at_least=1)
    forced = {
        "grade": Veto(rule="grade", label="Grade", when=when, grade="D"),
        "low": Veto(rule="low", label="Low", when=when, score=Decimal(70)),
        "high": Veto(rule="high", label="High", when=when, score=Decimal(85)),
    }
    known = Known([Goal("g", "a", Fraction(95))], counts={"incident": Fraction(1)})
    score, grade, done = alone(card(section("all"), vetoes=tuple(forced[name] for name in order)), known)
    assert (score, grade) == (70, "D")
    _follow_on(done.steps)


def test_a_veto_lifts_nobody():
    veto = Veto(rule="low", label="Low", when=Finding(count="incident", at_least=1), score=Decimal(70))
    known = Known([Goal("g", "a", Fraction(40))], counts={"incident": Fraction(1)})
    score, grade, done = alone(card(section("all"), vetoes=(veto,)), known)
    assert (score, grade) == (40, "D")
    assert done.steps.is_empty()


def test_a_veto_may_look_at_the_goal_of_the_unit():
    when = Finding(metrics=("safety",), whose="unit", below=60)
    one = card(section("all"), vetoes=(Veto(rule="safety", label="Safety", when=when, grade="D"),))
    known = Known([Goal("p", "profit", Fraction(95))])
    assert alone(one, known, units=(("EWR", "safety", 50.0), ("JFK", "safety", 90.0)))[1] == "D"
    assert alone(one, known, units=(("EWR", "safety", 60.0), ("JFK", "safety", 10.0)))[1] == "A"


def test_a_rater_who_has_not_rated_is_said():
    shares = rated(raters={"self": 20, "manager": 80})
    zero = rated(raters={"self": 20, "manager": 80}, absent_rater=Absent.ZERO)
    known = Known(ratings={("skills", "one", "manager"): Fraction(5)})
    assert alone(card(shares), known)[0] == 100.0
    score, _, done = alone(card(zero), known)
    assert score == 80.0
    said = " ".join(render(line) for line in explain_appraisal(done, "p1", {"card": card(zero)}, GRADES))
    assert "raters with 80.0 % of the weight have rated; those who have not count as 0" in said


def test_an_adjustment_without_a_score_waits_for_one():
    score, grade, done = alone(card(section("all")), Known(points=[Fraction(5)]))
    assert (score, grade, done.people["reason"][0]) == (None, None, "no_goals")
    assert "waits for a score" in render(explain_appraisal(done, "p1", {"card": card(section("all"))}, GRADES)[-2])


def test_what_does_not_fit_is_refused_where_it_is_written():
    with pytest.raises(ValidationError, match="items and raters"):
        Section(section="a", label="A", weight=1, items=(Item(item="one", label="One"),))
    with pytest.raises(ValidationError, match="needs both"):
        Section(section="a", label="A", weight=1, **{"from": "ratings"})
    with pytest.raises(ValidationError, match="one of below"):
        Finding(metrics=("m",), below=1, above=2)
    with pytest.raises(ValidationError, match="either metrics or sections"):
        Part(metrics=("m",), sections=("s",))


# ---- the fast path is held to the fractions

POINTS = st.none() | st.fractions(0, 120, max_denominator=8)
METRICS = ("a", "b", "c")


@st.composite
def goals(draw: st.DrawFn) -> list[Goal]:
    count = draw(st.integers(0, 5))
    return [
        Goal(f"g{n}", draw(st.sampled_from(METRICS)), draw(POINTS), draw(st.sampled_from((Fraction(100), Fraction(30)))),
             Fraction(draw(st.integers(1, 4))), Fraction(draw(st.integers(-3, 3))))
        for n in range(count)
    ]  # fmt: skip


@st.composite
def known(draw: st.DrawFn) -> Known:
    keys = [("skills", item, rater) for item in ("one", "two") for rater in ("self", "manager", "peers")]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True))
    small = st.lists(st.fractions(-10, 10, max_denominator=4), max_size=2)
    return Known(
        draw(goals()), {key: draw(st.fractions(1, 5, max_denominator=4)) for key in chosen},
        draw(st.lists(st.sampled_from((Fraction("0.9"), Fraction("1.05"), Fraction("1.5"))), max_size=2)), draw(small),
        draw(st.dictionaries(st.sampled_from(("incident",)), st.integers(0, 3).map(Fraction))),
    )  # fmt: skip


PARTS = st.sampled_from(
    (Part(metrics=("a",)), Part(metrics=("a", "b")), Part(sections=("left",)), Part(sections=("right", "skills")))
)
FINDINGS = st.sampled_from(
    (Finding(metrics=("a",), below=60), Finding(sections=("left", "skills"), below=50), Finding(count="incident", at_least=2),
     Finding(metrics=("b", "c"), of="actual", above=1), Finding(sections=("right",), at_most=30))
)  # fmt: skip


@st.composite
def cards(draw: st.DrawFn) -> Scorecard:
    items = (Item(item="one", label="One", weight=2), Item(item="two", label="Two"))
    raters = draw(st.sampled_from(({"manager": 1}, {"self": 20, "manager": 60, "peers": 20})))
    skills = rated(items=items, raters=raters, absent_rater=draw(st.sampled_from(Absent)))
    parts = [section("left", draw(st.integers(1, 5)), "a"), section("right", draw(st.integers(1, 5)))]
    crosses = draw(
        st.lists(st.tuples(PARTS, st.none() | PARTS, st.booleans(), st.sampled_from((None, "80"))), max_size=2)
    )
    vetoes = draw(
        st.lists(st.tuples(FINDINGS, st.sampled_from((None, "C", "D")), st.sampled_from((None, 0, 70))), max_size=2)
    )
    ceilings = draw(st.lists(st.tuples(FINDINGS, st.sampled_from("BCD")), max_size=2))
    return card(
        *parts, *([skills] if draw(st.booleans()) else []),
        absent=draw(st.sampled_from(Absent)), adding=draw(st.sampled_from(Adding)),
        cross=tuple(Cross(rule=f"x{n}", label="X", if_missed=a, others=b, without_coefficient=c, base=d)
                    for n, (a, b, c, d) in enumerate(crosses)),
        vetoes=tuple(Veto(rule=f"v{n}", label="V", when=when, grade=grade or ("D" if forced is None else None), score=forced)
                     for n, (when, grade, forced) in enumerate(vetoes)),
        ceilings=tuple(Ceiling(rule=f"c{n}", label="C", when=when, grade=grade) for n, (when, grade) in enumerate(ceilings)),
    )  # fmt: skip


def without_unknown_sections(one: Scorecard) -> Scorecard:
    """Leave out what names a section the scorecard has not; a check refuses it where it is written."""
    names = {part.section for part in one.sections}

    def there(part: Part | Finding | None) -> bool:
        return part is None or set(part.sections) <= names

    return one.model_copy(update={
        "cross": tuple(rule for rule in one.cross if there(rule.if_missed) and there(rule.others)),
        "vetoes": tuple(rule for rule in one.vetoes if there(rule.when)),
        "ceilings": tuple(rule for rule in one.ceilings if there(rule.when)),
    })  # fmt: skip


@settings(max_examples=60)
@given(cards().map(without_unknown_sections), st.lists(known(), min_size=1, max_size=4))
def test_the_fast_path_equals_the_fractions(one, many):
    people = {f"p{n}": known_ for n, known_ in enumerate(many)}
    done = fast(one, people)
    for row in done.people.iter_rows(named=True):
        slow: Result = exactly.appraised(one, SCALE, people[row["person"]])
        assert (row["score"] is None) == (slow.score is None), (row, slow)
        if slow.score is not None:
            assert row["score"] == pytest.approx(float(slow.score), abs=1e-7)
            assert row["grade"] == slow.grade
    _adds_up(one, people, done)


def _adds_up(one: Scorecard, people: dict[str, Known], done: Appraisal) -> None:
    """Contributions come to the score before coefficient and adjustments; the last step ends in score and grade."""
    behind = goals_behind(results_of(people), done, {one.scorecard: one})
    for row in done.people.iter_rows(named=True):
        mine = pl.col("person") == row["person"]
        sections = done.sections.filter(mine)
        if row["goal_score"] is not None:
            assert sections["contribution"].sum() == pytest.approx(row["goal_score"], abs=1e-6)
            of_goals = sections.filter(pl.col("section") != "skills")["contribution"].sum()
            assert behind.filter(mine)["contribution"].sum() == pytest.approx(of_goals, abs=1e-6)
        steps = done.steps.filter(mine, pl.col("kind") != "scale")
        if steps.height and row["score"] is not None:
            assert steps["after"][-1] == pytest.approx(row["score"], abs=1e-9)
        graded = steps.filter(pl.col("grade_after").is_not_null())
        if graded.height:
            assert graded["grade_after"][-1] == row["ruled_grade"]
        _follow_on(steps)
        assert explain_appraisal(done, row["person"], {one.scorecard: one}, GRADES)


def _follow_on(steps: pl.DataFrame) -> None:
    """Each step on the whole begins where the one before it ended."""
    whole = steps.filter(~pl.col("kind").is_in(["scale", "cross", "segments"])).rows(named=True)
    for earlier, later in itertools.pairwise(whole):
        assert later["before"] == pytest.approx(earlier["after"], abs=1e-9)
        assert earlier["grade_after"] in (None, later["grade_before"])


@given(st.lists(known(), min_size=1, max_size=3))
def test_without_rules_and_ratings_nothing_changes(many):
    people = {f"p{n}": replace(one, ratings={}, coefficients=[], points=[]) for n, one in enumerate(many)}
    one = card(section("left", 2, "a"), section("right", 3))
    plain = appraise(results_of(people), cast_of(people), {"card": one}, GRADES, YEAR)
    found = fast(one, people)
    assert plain.people.equals(found.people)
    assert plain.sections.equals(found.sections)
    assert found.steps.is_empty()
    assert found.people["score"].equals(found.people["goal_score"])
    assert found.people["grade"].equals(found.people["ruled_grade"])


# ---- people who moved


def moved(*, by_segment: bool) -> Appraisal:
    """In EWR to the end of May (151 days), in JFK since June (214 days); one goal of each, and one of neither."""
    people = {"p1": Known([Goal("e", "a", Fraction(100)), Goal("j", "a", Fraction(50)), Goal("x", "b", Fraction(80))])}
    rows = results_of(people).with_columns(
        scope=pl.Series(["EWR", "JFK", "p1"]), scope_kind=pl.Series(["unit", "unit", "person"])
    )
    held = pl.DataFrame({
        "person": ["p1", "p1"], "unit": ["EWR", "JFK"], "manager": [None, None], "role": ["agent", "agent"], "fte": [1.0, 1.0],
        "starts": [datetime.date(2012, 1, 1), datetime.date(2013, 6, 1)], "ends": [datetime.date(2013, 5, 31), None],
    })  # fmt: skip
    one = card(section("left", 1, "a"), section("right", 1))
    beside = beside_of(people, by_segment=by_segment)
    return appraise(rows, Cast(cast_of(people).people, held), {"card": one}, GRADES, YEAR, beside=beside)


def test_somebody_who_moved_is_scored_in_two_segments_by_days():
    done = moved(by_segment=True)
    assert done.segments.select("unit", "days", "score").rows() == [("EWR", 151, 90.0), ("JFK", 214, 65.0)]
    score = (Fraction(90) * 151 + Fraction(65) * 214) / 365
    assert done.people["score"][0] == pytest.approx(float(score), abs=1e-9)
    assert done.sections["contribution"].sum() == pytest.approx(float(score), abs=1e-9)
    assert done.parts["contribution"].sum() == pytest.approx(float(score), abs=1e-9)
    assert done.steps["kind"].to_list() == ["segments", "segments"]
    said = [render(line) for line in explain_appraisal(done, "p1", {"card": card(section("left", 1, "a"))}, GRADES)]
    assert any(line.startswith("EWR, Jan 1, 2013 to May 31, 2013, 151 days: 90.0 × 41.37 %") for line in said), said


def test_without_the_setting_the_last_assignment_counts():
    done = moved(by_segment=False)
    assert done.people.select("unit", "score").row(0) == ("JFK", 77.5)
    assert done.segments.is_empty()
