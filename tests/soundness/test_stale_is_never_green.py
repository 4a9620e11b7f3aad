"""A value that is too old is outdated, however good it was; and so is a goal that stands on nothing else."""

from tests.cases.small_store import scored


def test_old_and_good(tmp_path):
    case = {
        "case": "Nobody reported since February",
        "metrics": [
            {"metric": "rate", "measure": "percent", "direction": "higher", "kind": "ratio", "fresh_for": 30},
            {"metric": "survey", "measure": "score", "direction": "higher", "time_agg": "mean", "tree_agg": "mean"},
        ],
        "goals": [
            {
                "goal": "top",
                "children": [
                    {"goal": "old", "metric": "rate", "target": "80%"},
                    {"goal": "never", "metric": "survey", "target": 5},
                ],
            }
        ],
        "measurements": [{"metric": "rate", "day": "2026-02-10", "numerator": 100, "denominator": 100}],
        "as_of": "2026-06-30",
    }
    found = scored(case, tmp_path)
    assert {goal: row["status"] for goal, row in found.items()} == {
        "top": "outdated",
        "old": "outdated",
        "never": "no_data",
    }
