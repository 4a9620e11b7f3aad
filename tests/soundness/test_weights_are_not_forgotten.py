"""Children count by their weights, and a parent's own number ignores them when it says so."""

from tests.cases.small_store import scored


def test_weights_and_own_number(tmp_path):
    def parts(mark):
        return [
            {"goal": f"a{mark}", "owner": "a", "metric": "sales", "target": 100, "weight": 3},
            {"goal": f"b{mark}", "owner": "b", "metric": "sales", "target": 100, "weight": 1},
        ]

    case = {
        "case": "3 to 1",
        "metrics": [{"metric": "sales", "direction": "higher"}, {"metric": "share", "direction": "higher"}],
        "units": [{"unit": "company"}, {"unit": "a", "parent": "company"}, {"unit": "b", "parent": "company"}],
        "goals": [
            {"goal": "weighted", "children": parts(1)},
            {"goal": "own", "metric": "share", "target": 10, "rollup": "own", "children": parts(2)},
        ],
        "measurements": [
            {"metric": "sales", "unit": "a", "value": 100},
            {"metric": "sales", "unit": "b", "value": 0},
            {"metric": "share", "value": 4},
        ],
    }
    found = scored(case, tmp_path)
    assert (found["weighted"]["points"], found["own"]["points"]) == (75, 40)
