"""Definitions in versions: only differences are written, nothing is lost, any past day can be read."""

import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.errors import NotFound
from kpiflow.frames.goals import Goals
from kpiflow.frames.organisation import Assignments, People, Units
from kpiflow.storage import (
    Counted,
    definitions_version,
    read_definitions,
    read_journal,
    read_table,
    row_history,
    save_definitions,
)
from kpiflow.storage.documents import TABLES
from tests.storage.facts import NOON, moment, new_store

FEBRUARY = moment(2, 1, 8)


def units(rows):
    return Units.cast(
        pl.DataFrame(
            [{"unit": unit, "label": label, "label_zh": None, "parent": None, "kind": None} for unit, label in rows],
            schema=Units.column_names(),
            orient="row",
        )
    )


def documents(*rows):
    return pl.DataFrame(list(rows), schema={"kind": pl.String, "id": pl.String, "body": pl.String}, orient="row")


def save(store, given, tables=None, at=NOON, reason=None):
    return save_definitions(store, given, tables or {}, who="ann", at=at, reason=reason)


labels = st.dictionaries(st.sampled_from(["EWR", "JFK", "LGA", "NYC"]), st.sampled_from(["one", "two", "three"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(labels, min_size=1, max_size=4))
def test_what_is_read_is_what_was_saved_last_and_each_past_day_what_was_saved_then(saved):
    with new_store() as store:
        before = {}
        for month, wanted in enumerate(saved, start=1):
            report = save(store, None, {"units": units(wanted.items())}, at=moment(month, 15))
            assert report.counts["units"] == Counted(
                added=len(wanted.keys() - before.keys()),
                changed=sum(before[unit] != wanted[unit] for unit in wanted.keys() & before.keys()),
                removed=len(before.keys() - wanted.keys()),
            )
            assert (report.change is None) == (wanted == before)
            before = wanted
        for month, wanted in enumerate(saved, start=1):
            then = read_table(store, "units", datetime.date(2026, month, 15))
            assert dict(then.select("unit", "label").iter_rows()) == wanted
        assert read_table(store, "units", datetime.date(2026, 1, 14)).is_empty()


def test_saving_the_same_again_makes_no_change(store):
    given = documents(("metric", "a", '{"label": "A"}'), ("curve", "a", "{}"))
    assert save(store, given, {"units": units([("EWR", "Newark")])}).change == 1
    again = save(store, given, {"units": units([("EWR", "Newark")])})
    assert again.change is None
    assert definitions_version(store) == 1
    assert read_journal(store).height == 1


def test_documents_are_counted_by_kind(store):
    save(store, documents(("metric", "a", "1"), ("metric", "b", "1"), ("curve", "c", "1")))
    report = save(store, documents(("metric", "a", "2"), ("metric", "d", "1"), ("curve", "c", "1")), reason="review")
    assert report.counts == {"metric": Counted(added=1, changed=1, removed=1)}
    found, tables = read_definitions(store)
    assert sorted(found.iter_rows()) == [("curve", "c", "1"), ("metric", "a", "2"), ("metric", "d", "1")]
    assert set(tables) == {"units", "people", "assignments", "goals", "targets", "salaries", "inputs", "groups"}
    assert read_journal(store).row(0, named=True)["reason"] == "review"


def test_a_table_that_is_not_given_stays_and_an_empty_one_is_emptied(store):
    save(store, documents(("metric", "a", "1")), {"units": units([("EWR", "Newark")])})
    save(store, None, {})
    assert read_table(store, "units").height == 1
    save(store, None, {"units": units([])})
    assert read_table(store, "units").is_empty()
    assert read_definitions(store)[0].height == 1


def test_every_table_comes_back_as_its_schema_has_it(store):
    person = {
        "person": "p1",
        "label": "Ann",
        "label_zh": "安",
        "hired": datetime.date(2020, 2, 29),
        "left": None,
        "salary_month": "12345.67",
        "bonus_share": 0.1,
    }
    posts = [
        {
            "person": "p1",
            "unit": "EWR",
            "manager": None,
            "role": role,
            "fte": 0.5,
            "starts": datetime.date(2026, 1, 1),
            "ends": None,
        }
        for role in ("manager", "auditor")
    ]
    goal = dict.fromkeys(Goals.column_names()) | {
        "goal": "g",
        "cycle": "2026",
        "owner": "EWR",
        "owner_kind": "unit",
        "scope": "EWR",
        "scope_kind": "unit",
        "kind": "kpi",
        "label": "On time",
        "weight": 0.1 + 0.2,
        "target": 79.27,
        "rollup": "own",
        "missing": "exclude",
        "commitment": "committed",
        "stage": "active",
    }
    given = {
        "people": People.validate(pl.DataFrame([person]), cast=True),
        "assignments": Assignments.validate(pl.DataFrame(posts), cast=True),
        "goals": Goals.validate(pl.DataFrame([goal]), cast=True),
    }
    save(store, None, given)
    _, tables = read_definitions(store)
    for table, frame in given.items():
        assert tables[table].equals(frame)
        TABLES[table][0].validate(tables[table])
    assert save(store, None, given).change is None


def test_the_history_of_one_thing_says_who_changed_it_and_when(store):
    save(store, None, {"units": units([("EWR", "Newark"), ("JFK", "Kennedy")])})
    save(store, None, {"units": units([("EWR", "Newark Liberty"), ("JFK", "Kennedy")])}, at=FEBRUARY, reason="renamed")
    history = row_history(store, "units", {"unit": "EWR"})
    assert history.select("label", "change", "retired_by", "recorded_at", "reason").rows() == [
        ("Newark", 1, 2, NOON, None),
        ("Newark Liberty", 2, None, FEBRUARY, "renamed"),
    ]


def test_each_sql_table_has_the_columns_of_its_schema_and_three_more(store):
    for table, (schema, _) in TABLES.items():
        with store.read() as cursor:
            columns = cursor.sql(f'SELECT * FROM "{table}"').columns
        assert columns == [*schema.column_names(), "row_id", "change", "valid_from"]


def test_an_unknown_table_is_refused_with_the_nearest_one(store):
    with pytest.raises(NotFound, match="'goals'"):
        read_table(store, "goal")
    with pytest.raises(NotFound, match="'units'"):
        save(store, None, {"unit": units([])})
    with pytest.raises(NotFound):
        row_history(store, "units", {"unit; DROP TABLE units": 1})
