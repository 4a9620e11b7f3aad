"""Stores of every released schema are brought up to date and say what the program that wrote them said.

`released/N.duckdb.gz` is the bakery of docs/your-company.md as a program whose newest migration was N left it, and `N.json` what
that program told about it. They are never written again: a new release adds its own.
"""

import gzip
import json
import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from kpiflow.cli.main import app
from kpiflow.storage.migrating import version as schema_of

RELEASED = Path(__file__).with_name("released")
VERSIONS = sorted(int(path.stem) for path in RELEASED.glob("*.json"))

#: What is asked of a store, by the name under which its answer lies in the file.
ASKED = {
    "score": ("score", "--period", "2026-Q1"),
    "appraise": ("appraise", "--period", "2026-Q1"),
    "pay": ("pay", "--plan", "quarter", "--period", "2026-Q1", "--dry-run"),
    "journal": ("journal",),
}


def told(store: Path, name: str) -> list[dict]:
    """What the program of today says."""
    done = CliRunner().invoke(app, [*ASKED[name], "--store", str(store), "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A released store, unpacked."""
    path = tmp_path_factory.mktemp("released") / "bakery.duckdb"
    path.write_bytes(gzip.decompress((RELEASED / f"{request.param}.duckdb.gz").read_bytes()))
    return path, request.param


def figures(formula: object) -> list[str]:
    """The numbers in a formula."""
    return re.findall(r"[0-9][0-9.,]*", str(formula))


def said_still(was: object, now: object) -> object:
    """What is said now, without what a later program says beside it.

    A formula may be put in other words; its figures have to be the same, in the same order.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        return {
            key: value
            if key == "formula" and figures(value) == figures(now.get(key))
            else said_still(value, now.get(key))
            for key, value in was.items()
        }
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return [said_still(one, other) for one, other in zip(was, now, strict=True)]
    return now


@pytest.mark.parametrize("name", ["score", "appraise", "pay"])
def test_it_comes_to_what_it_came_to(old: tuple[Path, int], name: str) -> None:
    path, version = old
    before = json.loads((RELEASED / f"{version}.json").read_text(encoding="utf-8"))[name]
    now = told(path, name)
    assert len(now) == len(before) > 0
    for was, row in zip(before, now, strict=True):
        assert said_still(was, row) == was


def test_nothing_that_was_done_is_forgotten(old: tuple[Path, int]) -> None:
    path, version = old
    before = json.loads((RELEASED / f"{version}.json").read_text(encoding="utf-8"))["journal"]
    now = told(path, "journal")
    assert now[-len(before) :] == before


def test_the_store_as_it_was_lies_beside_it(old: tuple[Path, int]) -> None:
    path, version = old
    told(path, "journal")
    kept = path.with_name(f"{path.name}.before-{version}")
    with duckdb.connect(str(kept), read_only=True) as before:
        assert schema_of(before) == version
