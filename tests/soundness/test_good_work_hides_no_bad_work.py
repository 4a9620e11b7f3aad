"""150 % here does not hide 50 % there, unless the company chose a curve that lets it."""

import pytest

from tests.cases.small_store import scored


@pytest.mark.parametrize(("cap", "points"), [(100, 75), (200, 100)])
def test_over_and_under(tmp_path, cap, points):
    case = {
        "case": "150 and 50",
        "metrics": [{"metric": "a", "direction": "higher"}, {"metric": "b", "direction": "higher"}],
        "curves": [{"curve": "capped", "kind": "proportional", "cap": cap}],
        "goals": [
            {
                "goal": "both",
                "children": [{"goal": one, "metric": one, "target": 10, "curve": "capped"} for one in "ab"],
            }
        ],
        "measurements": [{"metric": "a", "value": 15}, {"metric": "b", "value": 5}],
    }
    assert scored(case, tmp_path)["both"]["points"] == points
