"""A unit of 2 does not weigh like a unit of 200: rates come from counts at every level and over every window."""

from tests.cases.small_store import scored

CASE = {
    "case": "Two units, two months",
    "metrics": [{"metric": "rate", "measure": "percent", "direction": "higher", "kind": "ratio"}],
    "units": [{"unit": "company"}, {"unit": "small", "parent": "company"}, {"unit": "big", "parent": "company"}],
    "goals": [{"goal": "rate", "metric": "rate", "target": "80%"}],
    "measurements": [
        {"metric": "rate", "unit": "small", "day": "2026-01-15", "numerator": 2, "denominator": 2},
        {"metric": "rate", "unit": "big", "day": "2026-01-15", "numerator": 100, "denominator": 200},
        {"metric": "rate", "unit": "big", "day": "2026-02-15", "numerator": 0, "denominator": 1},
    ],
}


def test_over_units_and_months(tmp_path):
    row = scored(CASE, tmp_path)["rate"]
    assert (row["numerator"], row["denominator"]) == (102, 203)
    assert abs(row["actual"] - 100 * 102 / 203) < 1e-9
