"""A measured 0 is data: the worst where higher is better, the best where lower is."""

import pytest

from tests.cases.small_store import scored


@pytest.mark.parametrize(("direction", "points", "status"), [("higher", 0, "behind"), ("lower", 100, "done")])
def test_zero(tmp_path, direction, points, status):
    case = {
        "case": "Zero",
        "metrics": [{"metric": "count", "direction": direction}],
        "goals": [{"goal": "g", "metric": "count", "target": 5}],
        "measurements": [{"metric": "count", "value": 0}],
    }
    row = scored(case, tmp_path)["g"]
    assert (row["actual"], row["points"], row["status"], row["coverage"]) == (0, points, status, 1)
