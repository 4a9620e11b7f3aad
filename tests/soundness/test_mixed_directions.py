"""An objective with one result that is to rise and one that is to fall counts both the right way round."""

from tests.cases.small_store import scored


def test_both_halfway(tmp_path):
    results = [
        {"goal": "up", "metric": "sales", "baseline": 0, "target": 100, "attainment": "baseline"},
        {"goal": "down", "metric": "errors", "baseline": 100, "target": 20, "attainment": "baseline"},
    ]
    case = {
        "case": "Up and down",
        "metrics": [{"metric": "sales", "direction": "higher"}, {"metric": "errors", "direction": "lower"}],
        "phasings": [],
        "goals": [{"goal": "both", "children": [one | {"phasing": "flat"} for one in results]}],
        "measurements": [{"metric": "sales", "value": 50}, {"metric": "errors", "value": 60}],
    }
    found = scored(case, tmp_path)
    assert [found[goal]["points"] for goal in ("up", "down", "both")] == [50, 50, 50]
