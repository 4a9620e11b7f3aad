"""The fast path gives what the slow reference gives, over random small companies."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import HealthCheck, given, settings
from polars.testing import assert_frame_equal

from kpiflow.cascade.results import score_company
from kpiflow.scoring.gathering import actuals, aggregations_wanted
from kpiflow.scoring.leaves import in_play
from kpiflow.scoring.reference import score_world, world_of
from kpiflow.scoring.windows import settle
from kpiflow.storage import Source, Store, Window, load, observe
from tests.scoring.small_companies import as_rows, facts_of, small_companies, windows_of

NUMBERS = ("actual", "target", "expected", "attainment", "pace", "points", "coverage", "share", "score")
WORDS = ("status", "missing", "sheet")


def close(fast, slow):
    if fast is None or slow is None:
        return fast is None and slow is None
    return math.isclose(fast, float(slow), rel_tol=1e-9, abs_tol=1e-9)


@given(small=small_companies())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_fast_equals_slow(small):
    fast = score_company(small.goals, facts_of(small), small.rules, small.moment)
    slow = score_world(
        world_of(small.goals, small.units, small.targets, small.facts, rules=small.rules, moment=small.moment)
    )
    assert sorted(fast["goal"]) == sorted(slow)
    for row in fast.iter_rows(named=True):
        result = slow[row["goal"]]
        for name in NUMBERS:
            assert close(row[name], getattr(result, name)), (row["goal"], name, row[name], getattr(result, name), row)
        for name in ("numerator", "denominator"):
            assert close(row[name], getattr(result.measured, name)), (row["goal"], name)
        for name in WORDS:
            assert row[name] == getattr(result, name), (row["goal"], name, row[name], getattr(result, name), row)
        assert row["rows"] == result.measured.rows, row["goal"]


@given(small=small_companies())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_store_observes_as_the_reference_counts(small):
    """The same through DuckDB: each window's sums give the actuals the reference finds by looking at every fact."""
    settled = settle(in_play(small.goals, small.moment), small.rules)
    windows = [Window(one.window, one.starts, one.ends) for one in windows_of(settled, small)]
    with TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "s.duckdb")
        rows = as_rows(small.facts)
        tidy = rows.select(
            "metric",
            "unit",
            "person",
            "day",
            "entry",
            value=pl.when(pl.col("base").is_null()).then("amount"),
            numerator=pl.when(pl.col("base").is_not_null()).then("amount"),
            denominator="base",
        ).with_row_index("row", offset=1)
        load(store, tidy, Source("facts", "x", rows.height), who="test", at=datetime(2012, 12, 1, tzinfo=UTC))
        wants = aggregations_wanted(small.rules.metrics.values())
        found = observe(store, windows, wants=wants, as_of=small.moment.as_of)
        store.close()
    facts = replace(facts_of(small), actuals=actuals(found, small.units, small.rules.metrics))
    fast = score_company(small.goals, facts, small.rules, small.moment).sort("goal")
    plain = score_company(small.goals, facts_of(small), small.rules, small.moment).sort("goal")
    assert_frame_equal(fast, plain)
