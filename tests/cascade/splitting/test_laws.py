"""What every split keeps, whatever the children."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.cascade.reconciling import Balance, reconcile
from kpiflow.cascade.splitting import BY_NAME, METHODS
from kpiflow.cascade.splitting.split import split, split_again
from kpiflow.cascade.ways import Way
from tests.cascade.making import COUNT, METRICS, MONEY, RATE, goals

SHARES = st.sampled_from([method for method in METHODS if method.shares])
SUMS = st.sampled_from([COUNT, MONEY])
PARENTS = st.integers(-50_000, 50_000).map(lambda cents: Decimal(cents) / 100)
BUFFERS = st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.1"), Decimal("-0.05")])


@st.composite
def children(draw, locked=True):
    """Some children with every weight a method may need, some of them locked at whole amounts."""
    size = draw(st.integers(1, 7))
    numbers = st.integers(1, 5_000).map(float)
    columns = {
        name: draw(st.lists(numbers, min_size=size, max_size=size)) for name in ("weight", "headcount", "last_volume")
    }
    rates = draw(st.lists(st.integers(0, 10_000), min_size=size, max_size=size))
    held = draw(st.lists(st.booleans() if locked else st.just(False), min_size=size, max_size=size))
    amounts = draw(st.lists(st.integers(0, 90), min_size=size, max_size=size))
    return pl.DataFrame(
        {"child": [f"c{n}" for n in range(size)], "locked": held, "target_before": [float(amount) for amount in amounts],
         "last_rate": [rate / 100 for rate in rates], **columns}
    )  # fmt: skip


def exact(numbers):
    """Return numbers as they are written."""
    return [Fraction(str(number)) for number in numbers]


@given(children(), PARENTS, SUMS, SHARES, BUFFERS)
def test_sums_are_exact_and_locked_lines_untouched(rows, parent, metric, method, buffer):
    done = split(rows, parent, metric, method, buffer=buffer)
    targets = exact(done.lines["target"])
    step = Fraction(done.step)
    assert sum(targets) == Fraction(done.assigned)
    for line in done.lines.iter_rows(named=True):
        if line["locked"]:
            assert line["target"] == line["target_before"]
        else:
            assert Fraction(str(line["target"])) % step == 0
    held = done.lines.filter("locked")
    kept = sum(exact(held["target"]), Fraction(0))
    asked = Fraction(done.asked)
    room = (asked - kept) * asked > 0 or held.is_empty()
    assert Fraction(done.assigned) == (asked if room and held.height < rows.height else kept)


@given(children(locked=False), PARENTS, SUMS, SHARES, BUFFERS)
def test_every_part_is_within_a_step_of_its_exact_share(rows, parent, metric, method, buffer):
    done = split(rows, parent, metric, method, buffer=buffer)
    for target, share in done.lines.select("target", "exact").iter_rows():
        assert abs(Fraction(str(target)) - Fraction(str(share))) < Fraction(done.step) + Fraction(1, 10**9)


@given(children(), PARENTS, SUMS, SHARES, st.randoms(use_true_random=False))
def test_order_only_decides_ties(rows, parent, metric, method, random):
    """Children whose remainders are equal may swap one step; anything else stays with the child."""
    order = list(range(rows.height))
    random.shuffle(order)
    one, other = split(rows, parent, metric, method), split(rows[order], parent, metric, method)
    moved = one.lines.join(other.lines.select("child", there="target"), on="child").filter(
        pl.col("target") != pl.col("there")
    )
    step = Fraction(one.step)
    remainders = {Fraction(str(share)) % step for share in moved["exact"]}
    assert len(remainders) <= 1
    assert one.assigned == other.assigned


@given(children(locked=False), st.integers(0, 10_000), st.sampled_from(["shift", "same"]))
def test_a_fresh_split_of_a_rate_keeps_the_mean(rows, parent, name):
    done = split(rows, Decimal(parent) / 100, RATE, BY_NAME[name])
    assert done.difference is not None
    assert abs(done.difference) <= done.step / 2


@given(children(locked=False), PARENTS, SUMS, SHARES, BUFFERS)
def test_a_fresh_split_reconciles(rows, parent, metric, method, buffer):
    done = split(rows, parent, metric, method, buffer=buffer)
    table = goals(
        {"goal": "top", "metric": metric.metric, "target": float(parent)},
        *(
            {"goal": child, "parent": "top", "metric": metric.metric, "target": target}
            for child, target in done.lines.select("child", "target").iter_rows()
        ),
    )
    row = reconcile(table, None, METRICS, pl.DataFrame({"goal": ["top"], "buffer": [float(buffer)]})).row(0, named=True)
    assert (row["unassigned"], row["over_assigned"]) == (0, 0)
    assert (done.unassigned, done.over) == (0, 0)
    assert row["state"] in {Balance.BALANCED, Balance.BUFFERED}
    assert Decimal(str(row["assigned"])) == done.assigned


@given(children(), PARENTS, SHARES)
def test_splitting_again_for_the_same_target_changes_nothing(rows, parent, method):
    done = split(rows, parent, COUNT, method)
    assert split_again(done, parent).lines["target"].equals(done.lines["target"])


@given(children(), st.sampled_from([COUNT, RATE]))
def test_every_method_that_fits_gives_each_child_one_line(rows, metric):
    for method in METHODS:
        if (Way.SUM if metric is COUNT else Way.VOLUME_WEIGHTED) in method.ways:
            lines = split(rows, 50, metric, method).lines
            assert lines["child"].equals(rows["child"])
