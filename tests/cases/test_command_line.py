"""Cases on the command line: what a person would type gives what the case says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.small_store import write_company, write_measurements
from tests.cases.test_cases import as_published, cases

#: One case of each file; the others go the same way inside one process.
CHOSEN = ("P01", "S04", "S11")

pytestmark = pytest.mark.slow


def run(folder: Path, *words: str) -> str:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KPIFLOW_")}
    kpiflow = Path(sys.executable).with_name("kpiflow")
    ran = subprocess.run([kpiflow, *words], cwd=folder, env=bare, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "case", [case for case in cases() if case["case"].startswith(CHOSEN)], ids=lambda case: case["case"]
)
def test_case(case, tmp_path):
    write_company(case, tmp_path / "config")
    write_measurements(case, tmp_path / "measurements.csv")
    run(tmp_path, "check", "config")
    run(tmp_path, "init", "--config", "config", "--store", "case.duckdb")
    run(tmp_path, "load", "measurements.csv", "--store", "case.duckdb")
    said = run(tmp_path, "score", "--period", "2026", "--store", "case.duckdb", "--format", "json")
    found = {row["goal"]: row for row in json.loads(said)}
    for goal, wanted in case["expect"].items():
        for name in wanted.keys() & {"actual", "target", "attainment", "points"}:
            assert as_published(found[goal][name], wanted[name]) == str(wanted[name]), f"{goal}: {name}"
