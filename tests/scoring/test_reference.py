"""The fast path gives what the slow reference gives, over random small companies."""

import math

from hypothesis import HealthCheck, given, settings

from kpiflow.cascade.results import score_company
from kpiflow.scoring.reference import score_world, world_of
from tests.scoring.small_companies import facts_of, small_companies

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
    slow = score_world(world_of(small.goals, small.units, small.targets, small.facts, small.rules, small.moment))
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
