"""A baseline equal to the target divides by zero: it is refused with its line, not shown as infinity or 0."""

from kpiflow.definitions.reading import read_company
from tests.cases.small_store import write_company


def test_baseline_equals_target(tmp_path):
    case = {
        "case": "Nowhere to go",
        "metrics": [
            {"metric": "rating", "measure": "score", "direction": "higher", "kind": "snapshot", "time_agg": "last"}
        ],
        "goals": [{"goal": "g", "metric": "rating", "baseline": 5, "target": 5, "attainment": "baseline"}],
    }
    reading = read_company(write_company(case, tmp_path))
    assert reading.company is None
    assert [problem for problem in reading.problems if "baseline" in str(problem)]
