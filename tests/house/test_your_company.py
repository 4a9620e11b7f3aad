"""docs/your-company.md works as written: its files are written out, its commands run, its figures come out."""

import json
import os
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.house.reading import ROOT

PAGE = (ROOT / "docs/your-company.md").read_text(encoding="utf-8")


#: A dozen commands, each a process of its own, as a reader would start them.
pytestmark = pytest.mark.slow


def blocks(info: str) -> list[tuple[str, str]]:
    """What stands behind the language of each fenced block that matches, and the block."""
    return re.findall(rf"^```\w+ {info}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def run(command: str, folder: Path) -> str:
    """Run a command as a reader would type it, in the reader's folder."""
    words = shlex.split(command)
    kpiflow = Path(sys.executable).with_name(words[0])
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KPIFLOW_")}
    ran = subprocess.run([kpiflow, *words[1:]], cwd=folder, env=bare, capture_output=True, text=True)
    assert ran.returncode == 0, (
        f"docs/your-company.md: `{command}` ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"
    )
    return ran.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The reader's folder after every step of the page, and what each command said."""
    folder = tmp_path_factory.mktemp("reader")
    for name, text in blocks(r"file=(\S+)"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    said = {}
    for block in blocks("(run)"):
        for command in block[1].splitlines():
            said[command] = run(command, folder)
    return folder, said


def scores(folder: Path, *more: str) -> dict[str, dict[str, object]]:
    """The results of the first quarter by goal."""
    command = shlex.join(
        ["kpiflow", "score", "--period", "2026-Q1", "--store", "bakery.duckdb", "--format", "json", *more]
    )
    return {row["goal"]: row for row in json.loads(run(command, folder))}


@pytest.fixture(scope="module")
def results(walked) -> dict[str, dict[str, object]]:
    """What the first quarter comes to after the walk."""
    return scores(walked[0])


def test_the_page_has_what_the_walk_needs():
    assert len(blocks(r"file=(\S+)")) >= 10
    assert len(blocks("(run)")) >= 2


@pytest.mark.parametrize(
    ("goal", "actual", "attainment", "points"),
    [
        ("orders-north", 95.0, 1.0, 100.0),
        ("orders-south", 90.0, 90 / 95, 100 * 90 / 95),
        ("orders", 92.5, 92.5 / 95, 100 * 92.5 / 95),
        ("waste-north", 3.0, 1.25, 100.0),
        ("waste-south", 5.0, 0.75, 75.0),
        ("waste", 4.0, 1.0, 100.0),
    ],
)
def test_the_figures_are_those_on_paper(results, goal, actual, attainment, points):
    result = results[goal]
    assert result["actual"] == pytest.approx(actual, abs=1e-7)
    assert result["attainment"] == pytest.approx(attainment, abs=1e-7)
    assert result["points"] == pytest.approx(points, abs=1e-7)


def test_the_objective_is_the_weighted_mean_of_its_children(results):
    fresh = results["fresh"]
    assert fresh["actual"] is None
    assert fresh["points"] == pytest.approx(0.6 * (100 * 92.5 / 95) + 0.4 * 100, abs=1e-7)


def test_the_payouts_are_those_on_paper(walked):
    command = "kpiflow pay --plan quarter --period 2026-Q1 --dry-run --format json --store bakery.duckdb"
    paid = {row["person"]: row for row in json.loads(run(command, walked[0]))}
    assert {person: Decimal(str(row["amount"])) for person, row in paid.items()} == {
        "noor": Decimal("1140.00"),
        "sam": Decimal("902.37"),
    }
    assert {row["currency"] for row in paid.values()} == {"EUR"}
    assert all(row["lines"] for row in paid.values())


def test_the_explanation_shows_the_figures(walked):
    said = next(text for command, text in walked[1].items() if "explain" in command)
    for figure in ("540", "600", "94.7"):
        assert figure in said, f"`kpiflow explain orders-south` does not show {figure}:\n{said}"


def test_applying_the_export_and_loading_again_change_nothing(walked, results):
    folder, _ = walked
    run("kpiflow check bakery-copy", folder)
    run("kpiflow apply bakery-copy --store bakery.duckdb", folder)
    run("kpiflow load bakery-q1.csv --store bakery.duckdb", folder)
    assert scores(folder) == results
