"""The page on security names the test of each promise: none that is not there, and none that is left out."""

import ast
import re

from tests.house.reading import ROOT

PAGE = ROOT / "docs/security.md"


def tests() -> set[str]:
    """Every test of tests/security, as the page writes it."""
    return {
        f"{path.name}::{node.name}"
        for path in (ROOT / "tests/security").glob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_promise_names_tests_that_there_are_and_every_test_has_its_promise():
    named = re.findall(r"`(test_\w+\.py::test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) == len(set(named)), "Each test stands for one promise."
    assert not set(named) - tests(), f"docs/security.md names tests that are not there: {sorted(set(named) - tests())}"
    assert not tests() - set(named), f"Say in docs/security.md what these promise: {sorted(tests() - set(named))}"


def test_every_promise_has_a_test():
    rows = re.findall(
        r"^\| (.+?) \| (.*) \|$", PAGE.read_text(encoding="utf-8").partition("| promise |")[2], re.MULTILINE
    )
    assert len(rows) > 15
    assert all("::test_" in tried for promise, tried in rows if set(promise) != {"-"})
