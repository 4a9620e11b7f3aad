"""A result below its baseline is seen to be below it, and earns nothing."""

from tests.cases.small_store import scored


def test_worse_than_before(tmp_path):
    case = {
        "case": "It got worse",
        "metrics": [
            {"metric": "rating", "measure": "score", "direction": "higher", "kind": "snapshot", "time_agg": "last"}
        ],
        "goals": [{"goal": "g", "metric": "rating", "baseline": 4, "target": 5, "attainment": "baseline"}],
        "measurements": [{"metric": "rating", "value": 3.5}],
    }
    row = scored(case, tmp_path)["g"]
    assert (row["attainment"], row["points"], row["status"]) == (-0.5, 0, "behind")
