"""Observing: sums as Python's exact arithmetic has them, for any window, selection and past belief."""

import datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.core.metric import Aggregation
from kpiflow.frames.measurements import Observed
from kpiflow.storage import Selection, Window, measurement_rows, measurements_version, observe
from tests.storage.facts import F, moment, new_store, put

DAY = datetime.date
YEAR = Window("2026", DAY(2026, 1, 1), DAY(2026, 12, 31))
ALL = frozenset(Aggregation)

amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=6)
# Few, so that facts meet: days before, at the ends of and within whole months and years.
days = st.sampled_from(
    [DAY(2024, 11, 30), DAY(2024, 12, 1), DAY(2025, 1, 1), DAY(2025, 12, 31), DAY(2026, 1, 1), DAY(2026, 1, 31),
     DAY(2026, 2, 1), DAY(2026, 3, 31)]
)  # fmt: skip
keys = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["E", "J"]), st.sampled_from([None, "p"]), days, st.sampled_from(["", "x"])
)
versions = st.lists(st.dictionaries(keys, amounts, max_size=15), min_size=1, max_size=3)
windows = st.lists(st.tuples(days, days).map(sorted), min_size=1, max_size=3)


def reference(facts, window, metrics_with_extras):
    """What one window shows, added up in exact fractions: {(metric, unit, person): row of Observed after these}."""
    groups = {}
    for (metric, unit, person, day, entry), amount in facts.items():
        if window.starts <= day <= window.ends:
            groups.setdefault((metric, unit, person), []).append((day, entry, amount))
    seen = {}
    for key, rows in groups.items():
        rows.sort()
        total = float(sum(Fraction(amount) for *_, amount in rows))
        values = [float(amount) for *_, amount in rows]
        extras = (min(values), max(values), values[0], values[-1]) if key[0] in metrics_with_extras else (None,) * 4
        seen[key] = (total, None, len(rows), rows[-1][0], *extras)
    return seen


def by_key(observed):
    return {row[1:4]: row[4:] for row in observed.iter_rows()}


@given(st.dates(DAY(2023, 12, 1), DAY(2026, 2, 1)), st.integers(0, 900))
def test_a_window_is_its_pieces_each_day_once(starts, length):
    window = Window("w", starts, starts + datetime.timedelta(days=length))
    pieces = window.pieces()
    found = [
        one.starts + datetime.timedelta(days=n) for _, one in pieces for n in range((one.ends - one.starts).days + 1)
    ]
    assert sorted(found) == [starts + datetime.timedelta(days=n) for n in range(length + 1)]
    for unit, one in pieces:
        after = one.ends + datetime.timedelta(days=1)
        assert unit == "day" or one.starts.day == after.day == 1
        assert unit != "year" or one.starts.month == after.month == 1
    assert sum((one.ends - one.starts).days + 1 for unit, one in pieces if unit == "day") <= 60


@settings(max_examples=40, deadline=None)
@given(versions, windows, days)
def test_it_equals_exact_arithmetic_whatever_was_corrected(loads, spans, as_of):
    """Any loads over each other, any windows (overlapping ones, too), now and on a past day."""
    with new_store() as store:
        believed = [{}]
        for number, loaded in enumerate(loads):
            put(
                store,
                [F(*key, amount=amount) for key, amount in loaded.items()],
                at=moment(number + 1, 15),
            )
            believed.append(believed[-1] | loaded)
        asked = [Window(str(n), *span) for n, span in enumerate(spans)]
        wants = {"a": ALL}
        now = observe(store, asked, wants=wants)
        then = observe(store, asked, wants=wants, as_of=as_of)
        recorded = sum(as_of >= DAY(2026, number + 1, 15) for number in range(len(loads)))
        past = {key: amount for key, amount in believed[recorded].items() if key[3] <= as_of}
        for window in asked:
            assert by_key(now.filter(window=window.window)) == reference(believed[-1], window, {"a"})
            assert by_key(then.filter(window=window.window)) == reference(past, window, {"a"})


def test_it_has_the_columns_of_its_schema_with_and_without_rows(store):
    empty = observe(store, [YEAR])
    assert Observed.is_valid(empty)
    assert empty.is_empty()
    assert Observed.is_valid(observe(store, []))
    put(store, [F()])
    assert Observed.is_valid(observe(store, [YEAR], wants={"delay": ALL, "other": ALL}))


def test_ratios_add_up_by_their_parts(store):
    parts = [(9, 10), (1, 2), (30, 100)]
    put(
        store,
        [F("ontime", day=DAY(2026, 1, 1 + n), amount=Decimal(a), base=Decimal(b)) for n, (a, b) in enumerate(parts)],
    )
    assert observe(store, [YEAR]).select("amount", "base", "rows", "last_day").rows() == [
        (40.0, 112.0, 3, DAY(2026, 1, 3))
    ]


def test_a_correction_is_not_seen_on_a_day_before_it_was_made(store):
    put(store, [F(amount=Decimal(1))], at=moment(1, 10, 9))
    put(store, [F(amount=Decimal(2))], at=moment(2, 10, 23, 59))
    seen = {
        day: observe(store, [YEAR], as_of=day)["amount"].to_list()
        for day in (DAY(2026, 1, 9), DAY(2026, 1, 10), DAY(2026, 2, 9), DAY(2026, 2, 10))
    }
    assert list(seen.values()) == [[], [1.0], [1.0], [2.0]]
    rows = measurement_rows(store, YEAR, Selection(), as_of=DAY(2026, 2, 9))
    assert rows.rows["amount"].to_list() == [Decimal(1)]


def test_days_after_the_day_of_belief_do_not_count(store):
    put(store, [F(day=DAY(2026, 1, 5)), F(day=DAY(2026, 6, 5))], at=moment(1, 1))
    assert observe(store, [YEAR], as_of=DAY(2026, 6, 4))["rows"].to_list() == [1]


def test_loads_recorded_out_of_order_are_believed_by_their_time_not_their_number(store):
    put(store, [F(unit="EWR")], at=moment(3, 1))
    put(store, [F(unit="JFK")], at=moment(2, 1))
    assert observe(store, [YEAR], as_of=DAY(2026, 2, 1))["unit"].to_list() == ["JFK"]
    assert measurements_version(store, DAY(2026, 2, 1)) == 2
    assert measurements_version(store, DAY(2026, 1, 1)) == 0


def test_a_selection_sees_what_the_whole_does_of_it(store):
    put(store, [F(metric, unit, person) for metric in "ab" for unit in ("E", "J") for person in (None, "p", "q")])
    put(store, [F("a", "E", "p", amount=Decimal(7))])
    whole = by_key(observe(store, [YEAR], wants={"a": ALL}))
    for chosen in (
        Selection(metrics=["a"]),
        Selection(units=["J", "none"]),
        Selection(people=["p"]),
        Selection(["a"], ["E"], ["p", "q"]),
        Selection(metrics=[]),
    ):
        meant = {
            key: row
            for key, row in whole.items()
            if all(
                words is None or word in words
                for word, words in zip(key, (chosen.metrics, chosen.units, chosen.people), strict=True)
            )
        }
        assert by_key(observe(store, [YEAR], wants={"a": ALL}, only=chosen)) == meant


def test_only_what_is_asked_for_is_filled_in(store):
    put(store, [F("a", amount=Decimal(3)), F("a", day=DAY(2026, 2, 1), amount=Decimal(5)), F("b")])
    seen = observe(store, [YEAR], wants={"a": frozenset({Aggregation.LAST, Aggregation.MEAN})}).sort("metric")
    assert seen.select("low", "high", "first", "last").rows() == [(None, None, None, 5.0), (None, None, None, None)]


def test_what_was_corrected_is_neither_the_highest_nor_the_last_any_more(store):
    put(store, [F(amount=Decimal(9)), F(day=DAY(2026, 1, 4), amount=Decimal(1))])
    put(store, [F(amount=Decimal(2))])
    seen = observe(store, [YEAR], wants={"delay": ALL})
    assert seen.select("amount", "rows", "low", "high", "first", "last").rows() == [(3.0, 2, 1.0, 2.0, 1.0, 2.0)]


def test_two_facts_of_one_day_are_first_and_last_by_their_entry(store):
    put(store, [F(entry=entry, amount=Decimal(amount)) for amount, entry in ((2, "b"), (3, "c"), (1, "a"))])
    assert observe(store, [YEAR], wants={"delay": ALL}).select("first", "last").rows() == [(1.0, 3.0)]
