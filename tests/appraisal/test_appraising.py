"""A person's score: which goals count, how sections weigh, what absence does, and where grades begin."""

import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.appraisal.appraising import Appraisal, appraise
from kpiflow.appraisal.cast import Cast, on_duty
from kpiflow.appraisal.explaining import explain_appraisal
from kpiflow.core.appraising import Absent, GradeBand, GradeScale, Scorecard, Section
from kpiflow.core.calendar import Calendar, Cycle, Period
from kpiflow.errors import NotFound

YEAR: Period = Calendar(cycles=(Cycle(cycle="2026", starts=datetime.date(2026, 1, 1)),)).period("2026")
SCALE = GradeScale(
    scale="abc", label="A to C",
    bands=(GradeBand(grade="A", label="A", at_least="90"), GradeBand(grade="B", label="B", at_least="75"),
           GradeBand(grade="C", label="C")),
)  # fmt: skip
GRADES = {"abc": SCALE}


def card(absent: Absent = Absent.RENORMALISE) -> dict[str, Scorecard]:
    """Flights 60, service 40, for agents."""
    sections = (
        Section(section="flights", label="Flights", weight="60", metrics=("ontime",)),
        Section(section="service", label="Service", weight="40"),
    )
    return {
        "agent": Scorecard(
            scorecard="agent", label="Agent", roles=("agent",), sections=sections, absent=absent, grades="abc"
        )
    }


def results(*goals: tuple[object, ...]) -> pl.DataFrame:
    """Goals as (goal, parent, metric, points, weight), owned by p1 and committed."""
    rows = [{"goal": g, "parent": p, "owner": "p1", "owner_kind": "person", "metric": m, "kind": "kpi",
             "commitment": "committed",
             "points": points, "weight": float(str(w)), "coverage": None if points is None else 1.0, "missing": None}
            for g, p, m, points, w in goals]  # fmt: skip
    types = {
        "parent": pl.String,
        "metric": pl.String,
        "points": pl.Float64,
        "coverage": pl.Float64,
        "missing": pl.String,
    }
    if not rows:
        rows = [
            dict.fromkeys(
                (
                    "goal",
                    "parent",
                    "owner",
                    "owner_kind",
                    "metric",
                    "kind",
                    "commitment",
                    "points",
                    "weight",
                    "coverage",
                    "missing",
                )
            )
        ]
        return pl.DataFrame(
            rows, schema_overrides={**dict.fromkeys(rows[0], pl.String), **types, "weight": pl.Float64}
        ).clear()
    return pl.DataFrame(rows, schema_overrides=types)


def cast(role: str = "agent", **dates: datetime.date) -> Cast:
    """One person in one assignment since 2020."""
    people = {"person": ["p1"], "hired": [dates.get("hired")], "left": [dates.get("left")]}
    assignments = {"person": ["p1"], "unit": ["EWR"], "manager": [None], "role": [role], "fte": [1.0],
                   "starts": [datetime.date(2020, 1, 1)], "ends": [None]}  # fmt: skip
    dated = {"hired": pl.Date, "left": pl.Date}
    return Cast(
        pl.DataFrame(people, schema_overrides=dated), pl.DataFrame(assignments, schema_overrides={"ends": pl.Date})
    )


def one(done: Appraisal) -> dict[str, object]:
    """The row of the one person."""
    return done.people.row(0, named=True)


def test_sections_weigh_their_weighted_means() -> None:
    goals = results(("g1", None, "ontime", 80.0, 2), ("g2", None, "ontime", 100.0, 1), ("g3", None, "bags", 90.0, 1))
    done = appraise(goals, cast(), card(), GRADES, YEAR)
    assert one(done)["score"] == pytest.approx(0.6 * 260 / 3 + 0.4 * 90, abs=1e-9)  # 88
    assert (one(done)["grade"], one(done)["goals"], one(done)["coverage"], one(done)["reason"]) == ("B", 3, 1.0, None)
    assert done.sections["section"].to_list() == ["flights", "service"]
    assert done.sections["contribution"].sum() == pytest.approx(88)


def test_a_goal_that_waits_for_data_holds_up_the_score() -> None:
    goals = results(("g1", None, "ontime", 80.0, 2), ("g2", None, "bags", None, 1))
    waiting = goals.with_columns(missing=pl.when(pl.col("goal") == "g2").then(pl.lit("error")))
    left_out = goals.with_columns(missing=pl.when(pl.col("goal") == "g2").then(pl.lit("exclude")))
    assert one(appraise(left_out, cast(), card(), GRADES, YEAR))["score"] == 80
    done = appraise(waiting, cast(), card(), GRADES, YEAR)
    assert (one(done)["score"], one(done)["grade"], one(done)["reason"]) == (None, None, "waits")
    assert "wait" in str(explain_appraisal(done, "p1", card(), GRADES)[-1])


def test_an_absent_section_is_renormalised_or_zero_as_the_scorecard_says() -> None:
    goals = results(("g1", None, "ontime", 80.0, 1), ("g2", None, "bags", None, 1))
    shared = appraise(goals, cast(), card(), GRADES, YEAR)
    assert (one(shared)["score"], one(shared)["coverage"]) == (80.0, 0.5)
    assert shared.sections["share"].to_list() == [1.0, 0.0]
    zero = appraise(goals, cast(), card(Absent.ZERO), GRADES, YEAR)
    assert one(zero)["score"] == 48.0
    assert zero.sections["score"].to_list() == [80.0, None]
    assert (
        str(explain_appraisal(zero, "p1", card(Absent.ZERO), GRADES)[1])
        == "Service: no data, counts as 0 for 40.0 %, as the scorecard says."
    )


def test_a_goal_below_another_of_the_same_owner_counts_once() -> None:
    goals = results(
        ("top", "unit-goal", "ontime", 80.0, 1),
        ("below", "top", "bags", 0.0, 1),
        ("apart", "elsewhere", "bags", 60.0, 1),
    )
    assert one(appraise(goals, cast(), card(), GRADES, YEAR))["score"] == 0.6 * 80 + 0.4 * 60


def test_only_committed_goals_of_persons_count() -> None:
    goals = results(("g1", None, "ontime", 80.0, 1), ("g2", None, "bags", 10.0, 1), ("g3", None, "bags", 10.0, 1))
    aspirational = goals.with_columns(
        commitment=pl.when(pl.col("goal") == "g2").then(pl.lit("aspirational")).otherwise("commitment"),
        owner_kind=pl.when(pl.col("goal") == "g3").then(pl.lit("unit")).otherwise("owner_kind"),
    )
    assert one(appraise(aspirational, cast(), card(), GRADES, YEAR))["score"] == 80.0


def test_without_a_scorecard_the_score_is_the_plain_weighted_mean_and_has_no_grade() -> None:
    done = appraise(
        results(("g1", None, "ontime", 80.0, 3), ("g2", None, "bags", 40.0, 1)), cast("pilot"), card(), GRADES, YEAR
    )
    assert (one(done)["score"], one(done)["grade"], one(done)["reason"]) == (70.0, None, "no_scorecard")


def test_nothing_to_score_is_null_with_its_reason() -> None:
    assert (one(appraise(results(), cast(), card(), GRADES, YEAR)))["reason"] == "no_goals"
    done = appraise(results(("g1", None, "ontime", None, 1)), cast(), card(Absent.ZERO), GRADES, YEAR)
    assert (one(done)["score"], one(done)["grade"], one(done)["reason"]) == (None, None, "no_data")


@pytest.mark.parametrize(
    ("score", "grade"), [(89.995, "A"), (89.9949, "B"), (90.0, "A"), (75.0, "B"), (74.994, "C"), (-3.0, "C")]
)
def test_scores_are_rounded_before_grading_and_an_edge_is_the_better_grade(score: float, grade: str) -> None:
    done = appraise(results(("g1", None, "ontime", score, 1)), cast(), card(), GRADES, YEAR)
    assert one(done)["grade"] == grade


def test_goals_that_fit_no_section_are_counted_as_left_out() -> None:
    narrow = card()["agent"].model_copy(update={"sections": card()["agent"].sections[:1]})
    goals = results(("g1", None, "ontime", 80.0, 1), ("g2", None, "bags", 10.0, 1))
    done = appraise(goals, cast(), {"agent": narrow}, GRADES, YEAR)
    assert (one(done)["score"], one(done)["goals"], one(done)["left_out"]) == (80.0, 1, 1)


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ({}, 365),
        ({"hired": datetime.date(2026, 7, 1)}, 184),
        ({"left": datetime.date(2026, 1, 1)}, 1),
        ({"hired": datetime.date(2019, 5, 5)}, 365),
    ],
)
def test_days_are_counted_with_both_ends(dates: dict[str, datetime.date], days: int) -> None:
    assert on_duty(cast(**dates), YEAR)["days"].to_list() == [days]


def test_the_latest_assignment_of_the_period_decides() -> None:
    moved = cast().assignments.vstack(
        cast().assignments.with_columns(
            unit=pl.lit("JFK"), role=pl.lit("lead"), starts=pl.lit(datetime.date(2026, 5, 1))
        )
    )
    later = moved.with_columns(
        starts=pl.when(pl.col("unit") == "JFK").then(datetime.date(2027, 1, 1)).otherwise("starts")
    )
    assert on_duty(Cast(cast().people, moved), YEAR).select("unit", "role").row(0) == ("JFK", "lead")
    assert on_duty(Cast(cast().people, later), YEAR).select("unit", "role").row(0) == ("EWR", "agent")


def test_an_explanation_leads_to_score_and_grade() -> None:
    goals = results(("g1", None, "ontime", 80.0, 1), ("g2", None, "bags", 100.0, 1))
    said = [
        str(line) for line in explain_appraisal(appraise(goals, cast(), card(), GRADES, YEAR), "p1", card(), GRADES)
    ]
    assert said == [
        "Flights: 80.0 (goals: 1) × 60.0 % (weight 60.0 %) = 48.0",
        "Service: 100.0 (goals: 1) × 40.0 % (weight 40.0 %) = 40.0",
        "Score: 88.0, from goals with data for 100.0 % of the weight.",
        "Grade B (rounded to 2 digits); A needs 90, 2 more.",
    ]


def test_a_person_who_was_not_appraised_is_not_found() -> None:
    done = appraise(results(("g1", None, "ontime", 80.0, 1)), cast(), card(), GRADES, YEAR)
    with pytest.raises(NotFound, match="Did you mean 'p1'"):
        explain_appraisal(done, "p11", card(), GRADES)


POINTS = st.none() | st.floats(0, 120).map(lambda value: round(value, 4))


@given(
    st.lists(st.tuples(st.sampled_from(["ontime", "bags"]), POINTS, st.integers(1, 9)), min_size=1, max_size=6),
    st.randoms(),
)
def test_a_score_lies_between_its_goals_and_the_order_of_rows_never_matters(
    goals: list[tuple[str, float | None, int]], random: object
) -> None:
    rows = [(f"g{n}", None, *goal) for n, goal in enumerate(goals)]
    score = one(appraise(results(*rows), cast(), card(), GRADES, YEAR))["score"]
    known = [points for _, points, _ in goals if points is not None]
    if not known:
        assert score is None
        return
    assert isinstance(score, float)
    assert min(known) - 1e-9 <= score <= max(known) + 1e-9
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert one(appraise(results(*rows), cast(), card(), GRADES, YEAR))["score"] == pytest.approx(score, abs=1e-9)
