"""A part of a score that nobody used does not pull it down: 5, not 3.33."""

from tests.cases.small_store import scored


def test_two_of_three_parts_used(tmp_path):
    parts = ("goals", "feedback", "self")
    case = {
        "case": "Goals, feedback and self-rating",
        "metrics": [
            {"metric": one, "measure": "score", "direction": "higher", "time_agg": "mean", "tree_agg": "mean"}
            for one in parts
        ],
        "curves": [{"curve": "stars", "kind": "proportional", "target_points": 5, "cap": 5}],
        "goals": [
            {
                "goal": "score",
                "children": [{"goal": one, "metric": one, "target": 5, "curve": "stars"} for one in parts],
            }
        ],
        "measurements": [{"metric": "goals", "value": 5}, {"metric": "feedback", "value": 5}],
    }
    row = scored(case, tmp_path)["score"]
    assert row["points"] == 5
    assert abs(row["coverage"] - 2 / 3) < 1e-9
