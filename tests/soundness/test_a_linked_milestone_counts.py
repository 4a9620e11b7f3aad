"""A milestone that is reached moves the goal above it."""

from tests.cases.small_store import scored


def test_one_of_two_reached(tmp_path):
    case = {
        "case": "Two milestones",
        "metrics": [{"metric": "opened", "direction": "higher"}, {"metric": "staffed", "direction": "higher"}],
        "goals": [
            {
                "goal": "branch",
                "children": [
                    {"goal": "opened", "kind": "milestone", "metric": "opened"},
                    {"goal": "staffed", "kind": "milestone", "metric": "staffed"},
                ],
            }
        ],
        "measurements": [{"metric": "opened", "value": 1}, {"metric": "staffed", "value": 0}],
    }
    found = scored(case, tmp_path)
    assert (found["opened"]["points"], found["branch"]["points"]) == (100, 50)
