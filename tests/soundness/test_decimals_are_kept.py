"""5.9 of 10 is 59 %, on every level of the tree."""

from tests.cases.small_store import scored


def test_no_digit_is_lost_on_the_way_up(tmp_path):
    leaf = {"goal": "leaf", "metric": "sales", "target": 10}
    case = {
        "case": "5.9 of 10",
        "metrics": [{"metric": "sales", "direction": "higher"}],
        "goals": [{"goal": "top", "children": [{"goal": "middle", "children": [{"goal": "low", "children": [leaf]}]}]}],
        "measurements": [{"metric": "sales", "value": 5.9}],
    }
    found = scored(case, tmp_path)
    assert {found[goal]["points"] for goal in ("leaf", "low", "middle", "top")} == {59}


def test_thirds_are_not_rounded_at_each_level(tmp_path):
    parts = [
        {"goal": f"{n}", "children": [{"goal": f"{n}{m}", "metric": "sales", "target": 3, "weight": m} for m in (1, 2)]}
        for n in (1, 2, 3)
    ]
    case = {
        "case": "Two of three",
        "metrics": [{"metric": "sales", "direction": "higher"}],
        "goals": [{"goal": "top", "children": parts}],
        "measurements": [{"metric": "sales", "value": 2}],
    }
    found = scored(case, tmp_path)
    assert len({row["points"] for row in found.values()}) == 1
    assert abs(found["top"]["points"] - 200 / 3) < 1e-8
