"""Each broken configuration gives exactly the problems its case says, at its lines, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.definitions.companies import CASES, lines, read


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        if path.name != "base.yaml":
            cases = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in cases]
    return found


@pytest.mark.parametrize("case", _cases())
def test_the_problems_of_a_configuration(case: dict[str, Any], tmp_path: Path) -> None:
    reading = read(tmp_path, case["files"])
    assert lines(reading, tmp_path) == case["expect"]
    assert (reading.company is None) == any(": error: " in line for line in case["expect"])
