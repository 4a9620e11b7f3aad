"""What cannot be split says so, whom it concerns, and what to do instead."""

import datetime

import polars as pl
import pytest

from kpiflow.cascade.splitting import BY_NAME, METHODS, method_named
from kpiflow.cascade.splitting.children import children_of, headcounts, last_known
from kpiflow.cascade.splitting.split import split, why
from kpiflow.cascade.ways import step_of, why_not_split
from kpiflow.core.metric import Metric
from kpiflow.errors import InvalidInput, NotFound
from kpiflow.language import render
from tests.cascade.making import COST, COUNT, LATE, MONEY, RATE, WORST, goals

TWO = pl.DataFrame({"child": ["a", "b"]})


def refused(children, metric, method, **more):
    """Return the words of the refusal, in both languages."""
    with pytest.raises(InvalidInput) as caught:
        split(children, 10, metric, BY_NAME[method], **more)
    return render(caught.value.message, "en"), render(caught.value.message, "zh")


@pytest.mark.parametrize(
    ("method", "column", "values"),
    [
        ("by_weight", "weight", [1.0, None]),
        ("by_headcount", "headcount", [2.0, None]),
        ("by_last_year", "last_volume", [3.0, None]),
    ],
)
def test_missing_weights_name_the_children(method, column, values):
    english, chinese = refused(TWO.with_columns(pl.Series(column, values)), COUNT, method)
    assert "b" in english
    assert "of: a" not in english
    assert "缺少" in chinese


def test_a_locked_child_needs_no_weight():
    known = TWO.with_columns(
        weight=pl.Series([1.0, None]), locked=pl.Series([False, True]), target_before=pl.Series([None, 4.0])
    )
    assert split(known, 10, COUNT, BY_NAME["by_weight"]).lines["target"].to_list() == [6.0, 4.0]


def test_but_the_mean_of_a_rate_needs_the_volume_of_locked_ones_too():
    known = TWO.with_columns(
        last_volume=pl.Series([1.0, None]),
        last_rate=pl.Series([50.0, 60.0]),
        locked=pl.Series([False, True]),
        target_before=70.0,
    )
    assert "volume of last year of: b" in refused(known, RATE, "shift")[0]


def test_weights_that_are_all_zero_or_negative():
    assert "above 0" in refused(TWO.with_columns(weight=0.0), COUNT, "by_weight")[0]
    assert "below 0: a" in refused(TWO.with_columns(weight=pl.Series([-1.0, 2.0])), COUNT, "by_weight")[0]


def test_nobody_twice_and_locked_without_target():
    assert "nobody" in refused(TWO.clear(), COUNT, "equal")[0]
    assert "twice: a" in refused(pl.DataFrame({"child": ["a", "a"]}), COUNT, "equal")[0]
    assert "nothing to keep" not in refused(TWO.with_columns(locked=True), COUNT, "equal")[0]
    assert "no target to keep: a and b" in refused(TWO.with_columns(locked=True), COUNT, "equal")[0]


@pytest.mark.parametrize("method", ["equal", "by_weight", "by_headcount", "by_last_year"])
@pytest.mark.parametrize(
    ("metric", "advice"), [(RATE, "shift last year's rates"), (COST, "sales / flights"), (WORST, "highest")]
)
def test_what_does_not_add_up_is_not_split_into_parts(method, metric, advice):
    assert advice in refused(TWO, metric, method)[0]


def test_the_same_target_is_always_possible_and_says_what_it_is():
    done = split(TWO, 12, WORST, BY_NAME["same"])
    assert done.lines["target"].to_list() == [12.0, 12.0]
    assert (done.assigned, done.unassigned, done.weighted_mean) == (None, None, None)
    assert any("highest" in str(message) for message in done.messages)


def test_amounts_cannot_be_shifted():
    assert "an amount, not a rate" in refused(TWO, COUNT, "shift")[0]
    assert why_not_split(COUNT) is None


def test_a_buffer_that_eases_is_pointed_out():
    eased = split(TWO.with_columns(last_volume=1.0), 10, LATE, BY_NAME["same"], buffer="0.05")
    assert any("turn its sign" in str(message) for message in eased.messages)
    stretched = split(TWO.with_columns(last_volume=1.0), 10, LATE, BY_NAME["same"], buffer="-0.05")
    assert stretched.lines["target"].to_list() == [9.5, 9.5]
    assert not any("turn its sign" in str(message) for message in stretched.messages)
    assert "above −100" in refused(TWO, COUNT, "equal", buffer=-1)[0]


def test_a_share_above_everything_is_pointed_out():
    rates = TWO.with_columns(last_volume=1.0, last_rate=pl.Series([98.0, 50.0]))
    done = split(rates, 80, RATE, BY_NAME["shift"])
    assert done.lines["target"].to_list() == [104.0, 56.0]
    assert any("cannot be reached: a" in str(message) for message in done.messages)


def test_methods_by_name():
    assert method_named("equal") is BY_NAME["equal"]
    with pytest.raises(NotFound, match="by_headcount"):
        method_named("by_headcounts")
    assert [method.name for method in METHODS] == sorted(BY_NAME)


def test_a_metric_without_a_step_has_the_usual_one_of_its_measure():
    plain = {"metric": "m", "label": "m", "definition": "m", "direction": "higher"}
    assert str(step_of(Metric(measure="count", **plain))) == "1"
    assert str(step_of(Metric(measure="percent", kind="ratio", **plain))) == "0.01"
    assert str(step_of(MONEY)) == "0.01"


def test_why_of_somebody_else():
    with pytest.raises(InvalidInput, match="'z'"):
        why(split(TWO, 10, COUNT, BY_NAME["equal"]), "z")


def test_children_are_gathered_from_the_company():
    """Two teams under a department: their people are counted on the day, their last year is looked up by scope."""
    table = goals(
        {"goal": "d", "metric": "flights", "target": 10.0},
        {"goal": "t1", "parent": "d", "metric": "flights", "target": 4.0},
        {"goal": "t2", "parent": "d", "metric": "flights"},
        {"goal": "other", "parent": "d", "metric": "ontime", "target": 80.0},
    )
    units = pl.DataFrame({"unit": ["D", "T1", "T2"], "parent": [None, "D", "D"]})
    first, last = datetime.date(2013, 1, 1), datetime.date(2013, 6, 30)
    assignments = pl.DataFrame(
        {
            "person": ["p", "q", "r", "p"],
            "unit": ["T1", "T1", "T2", "T2"],
            "starts": [first] * 4,
            "ends": [None, last, None, None],
        }
    )
    heads = headcounts(assignments, units, datetime.date(2013, 7, 1))
    assert dict(heads.filter(owner_kind="unit").select("owner", "headcount").iter_rows()) == {"D": 2, "T1": 1, "T2": 2}
    actuals = pl.DataFrame(
        {"metric": ["flights", "ontime"], "scope_kind": ["unit"] * 2, "scope": ["T1", "T1"], "actual": [7.0, 75.0],
         "denominator": [None, 8.0]}
    )  # fmt: skip
    children = children_of(table, "d", heads, last_known(actuals))
    assert children.select("child", "target_before", "headcount", "last_volume", "last_rate").rows() == [
        ("t1", 4.0, 1.0, 7.0, None),
        ("t2", None, 2.0, None, None),
    ]
    assert split(children, 9, COUNT, BY_NAME["by_headcount"]).lines["target"].to_list() == [3.0, 6.0]
    assert "t2" in refused(children, COUNT, "by_last_year")[0]
