"""Heads from shares: the published cases of SAP, and laws that hold for every target and every group."""

from fractions import Fraction
from itertools import pairwise, permutations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.appraisal.distribution import is_met, nearest, quotas
from kpiflow.appraisal.leniency import counted, leniency
from kpiflow.appraisal.pooling import pooled
from kpiflow.appraisal.suggesting import suggested
from kpiflow.core.appraising import GradeScale
from kpiflow.core.distributing import TargetDistribution, Ties

SCALE = ("A", "B", "C", "D", "E")


def target(*parts: tuple[str, str, str]) -> TargetDistribution:
    """A target of (grades, bound, share)."""
    written = [{"grades": grades, "is": bound, "share": share} for grades, bound, share in parts]
    return TargetDistribution.model_validate({"distribution": "t", "label": "T", "scale": "s", "parts": written})


def test_sap_2245773_four_people_on_three_thirds():
    parts = target(("A", "=", "33.3%"), ("B", "=", "33.4%"), ("C", "=", "33.3%"))
    assert [one.target for one in quotas(parts, "ABC", 4)] == [1, 2, 1]


def test_sap_3634696_nineteen_people_with_operators():
    parts = target(("A", "<=", "10%"), ("A+B", "=", "30%"), ("C", "=", "40%"), ("D", "=", "20%"), ("E", "=", "10%"))
    owed = quotas(parts, SCALE, 19)
    assert [one.target for one in owed] == [2, 5, 7, 3, 1]
    # Left ends add up to no more than the people there are, right ends to no less (the same note).
    assert sum(one.least for one in owed[1:]) <= 19 <= sum(one.most for one in owed[1:])


@pytest.mark.parametrize(
    ("bound", "people", "least", "most"),
    [("<=", 20, 0, 2), ("<", 20, 0, 1), (">=", 20, 2, 20), (">", 20, 3, 20), ("=", 20, 2, 2),
     ("<=", 19, 0, 2), ("<", 19, 0, 2), (">=", 19, 1, 19), (">", 19, 1, 19), ("=", 19, 1, 2)],
)  # fmt: skip
def test_a_bound_rounds_its_own_way_and_is_strict_only_on_whole_heads(bound, people, least, most):
    [one] = quotas(target(("A", bound, "10%")), SCALE, people)
    assert (one.least, one.most) == (least, most)


@st.composite
def partitions(draw: st.DrawFn) -> tuple[tuple[str, ...], TargetDistribution]:
    """A scale, and a share for each of its grades; together they are everything."""
    grades = SCALE[: draw(st.integers(2, 5))]
    cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=len(grades) - 1, max_size=len(grades) - 1)))
    edges = [0, *cuts, 1000]
    shares = [high - low for low, high in pairwise(edges)]
    return grades, target(*((grade, "=", f"{share / 10}%") for grade, share in zip(grades, shares, strict=True)))


@given(partitions(), st.integers(0, 500))
def test_whole_shares_hand_out_every_head_and_none_twice(made, people):
    grades, wanted = made
    owed = quotas(wanted, grades, people)
    assert sum(one.target for one in owed) == people
    for one in owed:
        exact = one.share * people
        assert exact - 1 < one.target < exact + 1, "a share is never off by a whole head"
    for one, other in permutations(owed, 2):
        assert one.share <= other.share or one.target >= other.target, "who is owed more gets no less"


BOUNDS = st.sampled_from(["<", "<=", "=", ">=", ">"])


@st.composite
def targets(draw: st.DrawFn) -> TargetDistribution:
    """Any few parts over neighbouring grades, met by something or not."""
    spans = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5)), min_size=1, max_size=4, unique=True))
    named = {"+".join(SCALE[first : first + length]): None for first, length in spans}
    parts = [(grades, draw(BOUNDS), f"{draw(st.integers(0, 20)) * 5}%") for grades in named]
    fixed = [part for part in parts if part[1] == "="]
    singles = [grade for part in fixed for grade in part[0].split("+")]
    if len(set(singles)) == len(singles) and sum(int(part[2][:-1]) for part in fixed) > 100:
        parts = [(grades, "<=", share) for grades, _, share in parts]
    return target(*parts)


def every_way(people: int, grades: int) -> list[tuple[int, ...]]:
    """Every way to hand out grades to people, by heads."""
    if grades == 1:
        return [(people,)]
    return [(first, *rest) for first in range(people + 1) for rest in every_way(people - first, grades - 1)]


@given(targets(), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_the_nearest_heads_are_found_exactly_where_there_are_any(wanted, heads):
    """Against trying every way there is."""
    people, counts = sum(heads), dict(zip(SCALE, heads, strict=True))
    owed = quotas(wanted, SCALE, people)
    ways = [way for way in every_way(people, 5) if is_met(owed, dict(zip(SCALE, way, strict=True)))]
    found = nearest(owed, counts, SCALE)
    assert (found is None) == (not ways)
    if found is not None:
        assert tuple(found.values()) in ways
    if is_met(owed, counts):
        assert found == counts, "what is met already is left alone"


def people(*rows: tuple[str, str, float, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["person", "grade", "score", "coverage"], orient="row")


TIED = people(("u", "A", 99, 1), ("v", "A", 95, 1), ("w", "A", 95, 0.5), ("x", "B", 80, 1))


@pytest.mark.parametrize(
    ("ties", "moved"), [(Ties.UP, []), (Ties.DOWN, ["v", "w"]), (Ties.COVERAGE, ["w"])]
)  # fmt: skip
def test_ties_go_as_the_rule_says(ties, moved):
    """Two A's are to stay; the second and third have the same score."""
    found = suggested(TIED, {"A": 2, "B": 2, "C": 0}, ("A", "B", "C"), ties)
    assert sorted(found["person"]) == moved
    assert found["tied"].all()


def test_those_nearest_to_the_edge_come_first():
    rows = people(("u", "A", 99, 1), ("v", "B", 97, 1), ("w", "B", 90, 1), ("x", "B", 60, 1))
    found = suggested(rows, {"A": 3, "B": 1}, ("A", "B"), Ties.UP)
    assert found.select("person", "to", "distance").rows() == [("v", "A", 2.0), ("w", "A", 9.0)]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 9)), min_size=1, max_size=12),
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.sampled_from(list(Ties)),
)
def test_who_has_the_better_score_in_a_grade_never_falls_behind(drawn, heads, ties):
    rows = people(*((f"p{number}", grade, score, 1) for number, (grade, score) in enumerate(drawn)))
    found = dict(suggested(rows, dict(zip("ABC", heads, strict=True)), "ABC", ties).select("person", "to").iter_rows())
    after = {row["person"]: found.get(row["person"], row["grade"]) for row in rows.iter_rows(named=True)}
    for one in rows.iter_rows(named=True):
        for other in rows.filter(grade=one["grade"]).iter_rows(named=True):
            if one["score"] > other["score"]:
                assert after[one["person"]] <= after[other["person"]]
            if one["score"] == other["score"]:
                assert after[one["person"]] == after[other["person"]], "the same score, the same grade"


UNITS = pl.DataFrame(
    {"unit": ["co", "n", "s", "n1", "n2", "s1"], "parent": [None, "co", "co", "n", "n", "s"]},
    schema={"unit": pl.String, "parent": pl.String},
)


def test_small_units_join_the_one_above():
    rows = pl.DataFrame({"unit": ["n1"] * 2 + ["n2"] * 6 + ["s1"] * 3})
    found = {row["unit"]: (row["pool"], row["people"]) for row in pooled(rows, UNITS, 5).iter_rows(named=True)}
    # n1 has 2 and goes up to n, which then has 2 and goes up again; s1 goes up twice; together the top has 5.
    assert found == {"n1": ("co", 5), "n2": ("n2", 6), "s1": ("co", 5)}


@given(st.lists(st.sampled_from(UNITS["unit"].to_list()), min_size=1, max_size=30), st.integers(1, 8))
def test_pools_are_large_enough_or_at_the_top_and_lose_nobody(units, minimum):
    found = pooled(pl.DataFrame({"unit": units}), UNITS, minimum)
    assert set(found["unit"]) == set(units)
    for pool in found["pool"].unique():
        there = sum(units.count(unit) for unit in found.filter(pool=pool)["unit"])
        assert found.filter(pool=pool)["people"].unique().to_list() == [there]
        assert there >= minimum or pool == "co"


ONE_SCALE = {
    "s": GradeScale.model_validate(
        {"scale": "s", "label": "S", "bands": [{"grade": "A", "at_least": 90, "label": "a"},
                                                {"grade": "B", "at_least": 60, "label": "b"}, {"grade": "C", "label": "c"}]}
    )
}  # fmt: skip


def test_leniency_is_the_mean_step_above_what_the_goals_earned():
    """North: one of two people got B for goals that earned C: +1/2. South: A for goals worth A: 0. On paper."""
    rows = pl.DataFrame(
        [("north", "s", "B", 50.0), ("north", "s", "B", 70.0), ("south", "s", "A", 95.0), ("south", "s", None, 95.0)],
        schema=["group", "scale", "grade", "goal_score"],
        orient="row",
    )
    found = leniency(rows, "group", ONE_SCALE)
    assert found.rows() == [("north", 2, 2.0, 1.5, 0.5), ("south", 1, 3.0, 3.0, 0.0)]
    shares = counted(rows, "group", "ABC").filter(pl.col("people") > 0)
    assert shares.rows() == [("north", "B", 2, 1.0), ("south", "A", 1, 1.0)]


@given(partitions(), st.integers(0, 40))
def test_equal_shares_are_exact_fractions(made, people):
    """No share passes through binary digits: 33.3 % is 333/1000."""
    _, wanted = made
    assert all(
        one.share.denominator <= 1000 and isinstance(one.share, Fraction) for one in quotas(wanted, SCALE, people)
    )
