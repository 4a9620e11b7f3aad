"""The bench at a five-hundredth of its size: everybody works out the same. Times are nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.api import Asked, told
from bench.checking import Different, same, same_as_group_by, same_as_pandas
from bench.company import company, size
from bench.group_by import BY_NAMES, BY_SERIES, NAMES, Plain
from bench.intake import BODIES, ROWS, Ground, facts, of_files, of_posts, same_sums
from bench.main_job import STEPS, main_job, timed_steps
from bench.part import built
from bench.pay import bare, bare_exact, loop, ours, payees, plan, same_everywhere, same_in_float32
from bench.policy import METRICS, STARTS
from bench.report import Line, lines_of, printed
from bench.scenarios import same_as_made
from bench.walk import Tracker, rolled_up, tree
from kpiflow.storage.store import Store

ROOT = Path(__file__).parents[2]
SCALE = 0.002


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "small.duckdb"
    built(path, SCALE)
    return path


def test_at_scale_1_it_has_the_sizes_that_were_asked_for():
    of = size(1)
    assert (of.people, of.series, of.measurements, len(of.units)) == (100_000, 500_000, 60_000_000, 5)


def test_everybody_has_five_goals_and_every_unit_but_one_an_objective_above():
    made = company(size(SCALE))
    own = made.goals.filter(pl.col("owner_kind").cast(pl.String) == "person")
    assert own.group_by("owner").len()["len"].unique().to_list() == [len(METRICS)]
    assert made.goals.filter(pl.col("parent").is_null()).height == 1
    assert made.goals["parent"].drop_nulls().is_in(made.goals["goal"].implode()).all()


def test_both_forms_of_group_by_and_the_main_job_have_the_same_sums(store):
    with Store.open(store) as opened:
        plain = Plain.of(opened)
        assert plain.ask("SELECT current_setting('perfect_ht_threshold')").item() == 12
        assert plain.ask("SELECT count(*) FROM measurement").item() == size(SCALE).measurements
        same_as_group_by(main_job(opened), plain.ask(BY_NAMES), plain.ask(BY_SERIES), plain.ask(NAMES))


def test_pandas_comes_to_the_same_goals_scores_and_pay(store):
    from bench.pandas_job import pandas_job

    with Store.open(store) as opened:
        ours = main_job(opened)
    theirs, _ = pandas_job(store)
    same_as_pandas(ours, theirs)
    assert ours.paid["amount"].null_count() == 0


def test_the_walk_per_node_comes_to_the_same_points():
    goals = tree((1, 3, 10, 50))
    tracker = Tracker(goals)
    tracker.check_in_all()
    found = rolled_up(goals)
    same("walk", found, tracker.points(), ["goal"], "points")
    assert found["points"].null_count() == 0


def test_all_ways_pay_the_same_and_every_line_of_the_plan_is_met():
    made, people = plan(), payees(20_000)
    wide, said = ours(made, people)
    rows = people.with_columns(pl.col(pl.Decimal).cast(pl.Float64)).to_dicts()
    same_everywhere(wide, {"floats": bare(people), "decimals": bare_exact(people)}, loop(rows))
    assert len(made.components) == 10
    assert said.height == 10 * people.height
    for name, hit in {"business": 4, "department": 4, "personal": 5, "own_gate": 2, "ceiling": 2, "penalty": 4}.items():
        assert wide[f"{name}_row"].n_unique() == hit, name


def test_float32_may_be_a_cent_off_and_no_more():
    wide = pl.DataFrame({"final": [100.0, 30_000.0]})
    same_in_float32(wide, {"final": np.array([100.01, 30_000.02], dtype=np.float32)})
    with pytest.raises(Different):
        same_in_float32(wide, {"final": np.array([100.0, 30_000.1], dtype=np.float32)})


def test_a_scenario_of_the_bench_pays_what_its_targets_really_pay(store):
    with Store.open(store) as opened:
        same_as_made(opened)


@pytest.fixture(scope="module")
def ground(tmp_path_factory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"), SCALE)


def test_the_facts_that_come_in_are_all_different(ground):
    key = ["metric", "unit", "person", "day"]
    assert ground.facts.height == ground.rows == ground.facts.select(key).n_unique()
    assert ground.facts.select(pl.col("value").is_null() ^ pl.col("denominator").is_null()).to_series().all()
    assert facts(ROWS)["day"].max().year == STARTS.year, "a year has enough days for all of them"


def test_every_way_in_lands_what_its_reader_alone_finds(ground, monkeypatch):
    monkeypatch.setattr("bench.intake.TURNS", 1)
    found = of_files(ground)
    assert {one["rows"] for one in found.values()} == {ground.rows, ground.sheet_rows}
    assert {name.partition(",")[0] for name in found} == {"load", "load --mapping", "live source", "first look"}
    assert all(took > 0 for one in found.values() for took in (*one["ours"], *one["alone"]))


def test_a_way_that_loses_a_row_or_a_cent_is_found():
    same_sums("x", (3, 1.5, 0.0), (3, 1.5, 0.0))
    for wrong in ((2, 1.5, 0.0), (3, 1.51, 0.0), (3, 1.5, 1.0)):
        with pytest.raises(Different):
            same_sums("x", wrong, (3, 1.5, 0.0))


@pytest.mark.slow
def test_a_body_that_is_posted_lands_whole(ground, monkeypatch):
    monkeypatch.setattr("bench.intake.TURNS", 1)
    monkeypatch.setattr("bench.intake.BODIES", {"CSV": BODIES["CSV"]})
    assert list(of_posts(ground)) == ["POST, CSV"]


def test_reads_are_counted_and_another_status_ends_it():
    answered = Asked(took=[0.1, 0.2], lasted=0.5, size=7)
    assert told(answered) == {"per_second": 4.0, "p95": 0.2, "bytes": 7}
    with pytest.raises(SystemExit, match="429"):
        told(Asked(took=[0.1], lasted=0.5, failures=["/goals: 429"]))


def test_a_difference_is_found():
    one = pl.DataFrame({"goal": ["a", "b"], "points": [1.0, None]})
    same("x", one, one, ["goal"], "points")
    for wrong in ([1.1, None], [1.0, 0.0], [None, None]):
        with pytest.raises(Different):
            same("x", one, pl.DataFrame({"goal": ["a", "b"], "points": wrong}), ["goal"], "points")
    with pytest.raises(Different):
        same("x", one, one.head(1), ["goal"], "points")


def test_every_step_of_the_main_job_is_timed_once(store):
    spent = timed_steps(store)
    assert set(spent) == {*STEPS, "between the steps"}
    assert all(took >= 0 for took in spent.values())


def test_what_was_asked_is_held_against_what_was_measured():
    assert Line("x", 1.0, "s", "y", 0.9, "at most 1.0").kept is True
    assert Line("x", 1.0, "s", "y", 1.1, "at most 1.0").kept is False
    assert Line("x", 1.0, "s", "y", 4.9, "at least 5.0").kept is False
    assert Line("x", 1.0, "s").kept is None


@pytest.mark.slow
def test_the_command_writes_its_numbers(tmp_path):
    out = tmp_path / "latest.json"
    asked = [sys.executable, "-m", "bench", "--scale", str(SCALE), "--pairs", "1", "--out", str(out)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = json.loads(out.read_text(encoding="utf-8"))
    assert all({"name", "value", "unit", "against", "ratio"} <= set(line) for line in lines)
    assert "GROUP BY series" in done.stdout


def test_the_table_shows_every_line():
    found = {
        "pairs": {
            "ours": [2.0, 1.0, 3.0],
            "series": [1.0],
            "names": [4.0],
            "ours_processor": [3.0],
            "series_processor": [2.0],
        },
        "half": {"ours": [1.0]},
        "pandas": {"ours": [2.0], "reading": [4.0], "working": [8.0]},
        "walked": {"ours": [0.01], "walk": [0.3], "check_ins": 10_000},
        "first": {"seconds": 3.0, "peak_kib": 3 * 2**20},
        "steps": {"observe": 0.5},
        "built": {"seconds": 9.0, "bytes": 2**20},
        "pay": {"people": 1_000_000, "ours": [0.6], "wide": [0.4], "exact": [0.3], "bare": [0.1], "loop": [3.0],
                "openfisca": [0.2]},
        "scenarios": {"warm": 3.0, "took": {"a curve": [1.0, 1.5, 9.0], "a grade": [0.5]}, "cost": {"a curve": [2.0]}},
        "forecast": {"ratio": 0.85, "inside": 0.82,
                     "metrics": [{"metric": "m", "error": 1.7, "straight": 2.0, "ratio": 0.85}]},
        "intake": {"load, CSV": {"rows": 1_000, "ours": [0.5, 0.4, 9.0], "alone": [0.1], "reader": "Polars"}},
        "api": {"clients": 8, "asked": {"goals": {
            "plain": {"per_second": 50.0, "p95": 0.2, "bytes": 2048}, "known": {"per_second": 200.0, "p95": 0.1, "bytes": 0}}}},
        "large": {"count": 3, "p50": 0.2, "p95": 1.5, "first": 4.0},
        "desks": {"readers": 50, "one": {"count": 3, "p50": 0.05, "p95": 0.15, "first": 1.0},
                  "many": {"count": 3, "p50": 0.1, "p95": 0.4}, "bare": {"count": 3, "p50": 0.05, "p95": 0.2}},
    }  # fmt: skip
    lines = {line.name: line for line in lines_of(found)}
    assert lines["GROUP BY series"].ratio == 2.0
    assert lines["GROUP BY metric, person"].ratio == 0.5
    assert lines["pandas, from the store to pay"].ratio == 6.0
    assert lines["memory, peak"].value == 3.0
    assert lines["  bare Polars in decimals, as exact"].kept is True
    assert lines["  bare Polars in floats, no lines"].ratio == 4.0
    assert lines["  OpenFisca-core in float32, no lines"].ratio == 0.5
    assert lines["  scenario: a curve"].ratio == 0.75
    assert lines["  scenario: the dearest, processor time"].value == 2.0
    assert lines["forecast, error of the end of the year"].kept is True
    assert lines["  error: m"].ratio == 0.85
    assert (lines["load, CSV, 1,000 rows"].value, lines["load, CSV, 1,000 rows"].ratio) == (2000.0, 0.2)
    assert lines["load, CSV, 1,000 rows"].against == "share of Polars alone, 10,000 rows/s"
    assert lines["API, goals, 2 KiB"].value == 50.0
    assert lines["  the same with its ETag, 304"].ratio == 4.0
    assert lines["desks: one reader, 95 of 100 reruns"].ratio == 0.5
    assert lines["large company: one reader, 95 of 100"].kept is False
    assert lines["the same on a bare Streamlit page: 95 of 100"].ratio == 2.0
    text = printed(list(lines.values()))
    assert all(name in text for name in lines)
