"""Nothing measured is not 100 %, not 0, and where lower is better not perfect either."""

import pytest

from tests.cases.small_store import scored


@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize("target", [0, 5])
def test_a_goal_without_data(tmp_path, direction, target):
    case = {
        "case": "Silence",
        "metrics": [{"metric": "errors", "direction": direction}],
        "goals": [{"goal": "top", "children": [{"goal": "g", "metric": "errors", "target": target}]}],
    }
    found = scored(case, tmp_path)
    for goal in ("g", "top"):
        row = found[goal]
        assert (row["actual"], row["attainment"], row["points"], row["share"]) == (None, None, None, None)
        assert (row["status"], row["coverage"]) == ("no_data", 0)


def test_nobody_s_counts_are_no_rate(tmp_path):
    case = {
        "case": "No flights",
        "metrics": [{"metric": "late", "measure": "percent", "direction": "lower", "kind": "ratio"}],
        "goals": [{"goal": "g", "metric": "late", "target": "20%"}],
        "measurements": [{"metric": "late", "numerator": 0, "denominator": 0}],
    }
    row = scored(case, tmp_path)["g"]
    assert (row["actual"], row["points"], row["status"]) == (None, None, "no_data")
