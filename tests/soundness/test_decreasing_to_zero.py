"""A KPI that is to fall from 200 to 0 shows its progress."""

from tests.cases.small_store import scored


def test_three_quarters_of_the_way_down(tmp_path):
    case = {
        "case": "Open tickets from 200 to 0",
        "metrics": [{"metric": "tickets", "direction": "lower", "kind": "snapshot", "time_agg": "last"}],
        "goals": [{"goal": "g", "metric": "tickets", "baseline": 200, "target": 0, "attainment": "baseline"}],
        "measurements": [{"metric": "tickets", "value": 50}],
    }
    row = scored(case, tmp_path)["g"]
    assert (row["attainment"], row["points"], row["status"]) == (0.75, 75, "at_risk")
