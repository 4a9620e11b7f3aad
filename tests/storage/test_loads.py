"""Loading: the same fact once, a changed fact over the old one, provenance for all of them."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.errors import InvalidInput
from kpiflow.storage import (
    Fact,
    LoadReport,
    Selection,
    Source,
    Window,
    append,
    fact_history,
    load_list,
    loads_behind,
    measurement_rows,
    observe,
    read_journal,
)
from tests.storage.facts import NOON, F, new_store, put

YEAR = Window("2026", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))

amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=6)
keys = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["EWR", "JFK"]),
    st.sampled_from([None, "p1"]),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 4)),
    st.sampled_from(["", "2"]),
)
facts_by_key = st.dictionaries(keys, amounts, max_size=12)


def facts(by_key):
    return [F(*key, amount=amount) for key, amount in by_key.items()]


def everything(store):
    columns = ("metric", "unit", "person", "day", "entry", "amount")
    rows = measurement_rows(store, YEAR, Selection(), limit=1000).rows
    return {tuple(row[:5]): row[5] for row in rows.select(columns).iter_rows()}


@settings(max_examples=25, deadline=None)
@given(st.lists(facts_by_key, min_size=1, max_size=4), st.randoms())
def test_the_store_holds_what_a_dictionary_would(loads, random):
    """Each load puts its facts over what is there; the report counts what a dictionary says; order does not matter."""
    believed = {}
    with new_store() as store:
        for loaded in loads:
            shuffled = facts(loaded)
            random.shuffle(shuffled)
            report = put(store, shuffled)
            assert report.added == sum(key not in believed for key in loaded)
            assert report.unchanged == sum(believed.get(key) == amount for key, amount in loaded.items())
            assert report.superseded == len(loaded) - report.added - report.unchanged
            believed |= loaded
            assert everything(store) == believed
            again = put(store, facts(loaded))
            assert (again.added, again.superseded, again.unchanged) == (0, 0, len(loaded))


def test_a_file_loaded_twice_adds_nothing_but_is_remembered(store):
    put(store, [F(), F(unit="JFK")])
    assert put(store, [F(), F(unit="JFK")]) == LoadReport(2, 2, 0, 2, 0, 0)
    assert load_list(store)["rows_added"].to_list() == [0, 2]


def test_a_changed_denominator_supersedes(store):
    put(store, [F("ontime", amount=Decimal(90), base=Decimal(100))])
    report = put(store, [F("ontime", amount=Decimal(90), base=Decimal(99))], reason="recount")
    assert (report.added, report.superseded) == (0, 1)
    history = fact_history(store, Fact("ontime", "EWR", None, datetime.date(2026, 1, 5)))
    assert history["base"].to_list() == [Decimal(100), Decimal(99)]
    assert history["superseded_by"].to_list() == [2, None]
    assert history["reason"].to_list() == ["recount", None]


def test_a_correction_without_a_reason_says_where_it_came_from(store):
    put(store, [F()])
    put(store, [F(amount=Decimal(2))])
    history = fact_history(store, Fact("delay", "EWR", None, datetime.date(2026, 1, 5)))
    assert history["reason"].to_list() == ["Corrected by facts.csv", None]


def test_going_back_to_the_first_file_supersedes_again(store):
    for amount in (1, 2, 1):
        put(store, [F(amount=Decimal(amount))])
    history = fact_history(store, Fact("delay", "EWR", None, datetime.date(2026, 1, 5)))
    assert history["superseded_by"].to_list() == [2, 3, None]


def test_every_row_says_where_it_came_from(store):
    put(store, [F(), F(unit="JFK", person="p1")])
    found = measurement_rows(store, YEAR, Selection(people=["p1"]))
    assert found.count == 1
    row = found.rows.row(0, named=True)
    assert (row["load"], row["source"], row["row"], row["recorded_at"], row["who"]) == (1, "facts.csv", 3, NOON, "ann")


def test_rows_are_counted_in_full_and_shown_in_pages(store):
    put(store, [F(day=datetime.date(2026, 1, day)) for day in range(1, 11)])
    found = measurement_rows(store, YEAR, Selection(metrics=["delay"], units=["EWR"]), limit=3, offset=3)
    assert found.count == 10
    assert [day.day for day in found.rows["day"]] == [4, 5, 6]


def test_the_loads_behind_a_number_are_those_its_rows_came_in(store):
    put(store, [F(), F(day=datetime.date(2026, 1, 6))])
    put(store, [F(unit="JFK")])
    put(store, [F(amount=Decimal(9))])
    behind = loads_behind(store, YEAR, Selection(units=["EWR"]))
    assert behind.select("load", "rows").rows() == [(3, 1), (1, 1)]


def test_the_same_fact_twice_in_one_load_is_refused_and_nothing_is_kept(store):
    with pytest.raises(InvalidInput, match="more than once"):
        put(store, [F(), F(amount=Decimal(2)), F(unit="JFK")])
    assert everything(store) == {}
    assert load_list(store).is_empty()


def test_an_empty_load_is_fine(store):
    assert put(store, []) == LoadReport(1, 0, 0, 0, 0, 0)


def test_each_load_is_in_the_journal(store):
    put(store, [F()], reason="first")
    line = read_journal(store, action="load").row(0, named=True)
    assert (line["who"], line["subject"], line["reason"], line["at"]) == ("ann", "facts.csv", "first", NOON)
    assert '"added": 1' in line["detail"]


def test_a_moment_with_a_time_zone_is_kept_as_the_local_clock_showed_it(store):
    at = NOON.astimezone()
    put(store, [F()], at=at.astimezone(datetime.UTC))
    assert load_list(store)["recorded_at"].to_list() == [NOON]


SERIES = "SELECT i::INTEGER AS series, 'm' || i AS metric, 'EWR' AS unit, NULL::VARCHAR AS person FROM range(3) t(i)"
FACTS = """SELECT (i % 3)::INTEGER AS series, DATE '2026-01-01' + (i // 3)::INTEGER AS day, 2.5 AS amount, NULL AS base,
    '' AS entry, i AS "row" FROM range(30) t(i)"""


def test_many_facts_are_appended_from_sql_beside_what_is_there(store):
    put(store, [F()])
    report = append(store, SERIES, FACTS, Source("bench", "abc", 0), who="ann", at=NOON)
    assert (report.read, report.added) == (30, 30)
    seen = observe(store, [YEAR]).sort("metric")
    assert seen.select("metric", "amount", "rows").rows() == [
        ("delay", 1.0, 1),
        *((f"m{n}", 25.0, 10) for n in range(3)),
    ]


def test_appending_what_may_be_there_already_is_refused(store):
    append(store, SERIES, FACTS, Source("bench", "abc", 0), who="ann", at=NOON)
    with pytest.raises(InvalidInput, match="in the store already"):
        append(store, SERIES, FACTS, Source("bench", "abc", 0), who="ann", at=NOON)


def test_appended_series_are_numbered_from_0(store):
    with pytest.raises(InvalidInput, match="numbered from 0"):
        append(store, SERIES.replace("range(3)", "range(1, 4)"), FACTS, Source("b", "abc", 0), who="ann", at=NOON)
