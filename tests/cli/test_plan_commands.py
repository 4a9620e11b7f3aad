"""Plans as typed at a terminal: tested from a file, a folder and the store, published by two people, read and compared."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.typed import typed as kpiflow
from tests.workspace import plan_shop

CONFIG = Path(__file__).parents[2] / "config"
NAME = "service_bonus_2013"


@pytest.fixture
def folder(demo_store: Path, tmp_path: Path) -> Path:
    """A folder with a copy of the example company's store and configuration that a test may change."""
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path


def asked(folder: Path, *words: str, code: int = 0, store: bool = True):
    return kpiflow("plan", *words, *(("--store", "mine.duckdb") if store else ()), folder=folder, code=code)


def changed(folder: Path, before: str, after: str) -> str:
    """Change the plan's file; return its path and the line of the change."""
    file = folder / "config" / "plans" / f"{NAME}.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    file.write_text(text.replace(before, after), encoding="utf-8")
    return f"config/plans/{NAME}.yaml:{text[: text.index(before)].count(chr(10)) + 1}"


@pytest.mark.parametrize("what", ["config", "config/plans", f"config/plans/{NAME}.yaml", NAME])
def test_a_plan_is_tested_wherever_it_is_written(folder: Path, what: str):
    said = asked(folder, "test", what, "--strict").stdout
    ceiling = said.split("✓ holds  The ceiling\n", 1)[1].split("✓", 1)[0]
    assert {"gross: 25920, as expected", "ceiling: 24000, as expected"} < {
        line.strip() for line in ceiling.splitlines()
    }
    assert "9 of 9 examples hold; 22 of 22 rows and sides are hit." in said


def test_a_failing_example_says_what_was_expected_what_came_out_and_where(folder: Path):
    place = changed(folder, "    pays: 16400.00", "    pays: 16400.01")
    for what in ("config", f"config/plans/{NAME}.yaml"):
        said = asked(folder, "test", what, code=1).stdout
        assert "amount: expected 16400.01, got 16400; the exact reference gives 16400" in said
        assert "8 of 9 examples hold" in said
        assert "✗ fails  Above target, with two complaints" in said
    assert "9 个算例中 8 个通过" in asked(folder, "test", "config", "--lang", "zh", code=1).stdout
    assert place + ": error: Example" in kpiflow("check", "config", folder=folder, code=1).stdout


def test_a_row_that_no_example_hits_is_listed_and_fails_only_when_publishing(folder: Path):
    place = changed(
        folder, "      - {one_of: [E], gives: 0}", "      - {one_of: [E], gives: 0}\n      - {one_of: [F], gives: 0}"
    )
    path, _, line = place.rpartition(":")
    said = asked(folder, "test", "config").stdout
    assert f"{path}:{int(line) + 1}: No example hits Personal factor: row 6, for F." in said
    assert "22 of 23 rows and sides are hit" in said
    asked(folder, "test", "config", "--publishing", code=1)


def test_what_is_wrong_with_a_plan_is_said_with_its_line(folder: Path):
    place = changed(folder, "    of: score:@department", "    of: scor:@department")
    said = asked(folder, "test", "config", code=1).stdout
    assert (
        f"{place}: error: There is no input or component 'scor:@department'. Did you mean 'score:@department'?" in said
    )
    assert asked(folder, "test", f"config/plans/{NAME}.yaml", code=1).stdout.count("scor:@department") >= 1
    assert "Did you mean 'service_bonus_2013'?" in asked(folder, "test", "service_bonus_2012", code=1).stderr


def test_two_people_publish_and_the_journal_names_them_and_who_typed(folder: Path):
    asked_again = ("apply", "config", "--yes", "--store", "mine.duckdb")
    changed(folder, "    most: 500", "    most: 400")
    changed(folder, "    pays: 5549.32", "    pays: 5649.32")
    kpiflow(*asked_again, folder=folder)
    refused = asked(folder, "publish", NAME, "--by", "p0005", "--reason", "Less is taken off", code=1).stderr
    assert "Raise its version above 1." in refused
    changed(folder, "version: 1", "version: 2")
    kpiflow(*asked_again, folder=folder)
    rows = json.loads(asked(folder, "list", "--format", "json").stdout)
    assert [(row["plan"], row["version"], row["state"]) for row in rows] == [(NAME, 2, "changed")]
    assert "None of your roles" in asked(folder, "publish", NAME, "--by", "p0001", "--reason", "x", code=1).stderr
    assert (
        "waits for a second person"
        in asked(folder, "publish", NAME, "--by", "p0005", "--reason", "Less is taken off").stderr
    )
    assert "None of your roles" in asked(folder, "approve", NAME, "--by", "p0005", code=1).stderr
    assert (
        "sent back"
        in asked(folder, "approve", NAME, "--by", "p0001", "--send-back", "--reason", "Ask the heads").stderr
    )
    asked(folder, "publish", NAME, "--by", "p0005", "--reason", "The heads agree")
    assert "is published" in asked(folder, "approve", NAME, "--by", "p0001").stderr
    shown = asked(folder, "show", NAME).stdout
    assert "Service bonus 2013 (service_bonus_2013, version 2): Published" in shown
    assert "Sent back by p0001" in shown
    assert "Ask the heads" in shown
    journal = kpiflow("journal", "--store", "mine.duckdb", "--format", "json", folder=folder).stdout
    newest = json.loads(journal)[0]
    assert (newest["who"], newest["action"], newest["subject"]) == ("p0001", "approve_plan", NAME)
    assert "typed_by" in newest["detail"]


def test_a_change_is_compared_with_what_was_published(folder: Path):
    changed(folder, "      - {one_of: [B], gives: 1.1}", "      - {one_of: [B], gives: 1.2}")
    changed(folder, "personal: 1.1, gross: 16500.00", "personal: 1.2, gross: 18000.00")
    changed(folder, "    pays: 16400.00", "    pays: 17900.00")
    kpiflow("apply", "config", "--yes", "--store", "mine.duckdb", folder=folder)
    found = asked(folder, "compare", NAME, "-p", "2013", "--format", "csv")
    rows = [line.split(",") for line in found.stdout.splitlines()[1:]]
    moved = [(float(before), float(after)) for _, _, before, after, difference in rows if float(difference)]
    assert moved
    assert all(after == pytest.approx(before * 1.2 / 1.1, abs=0.02) for before, after in moved), "a grade B gives 1.2"
    assert f"{len(moved)} people get more, 0 get less" in found.stderr
    assert "Personal factor: By grade: A → 120 %, B → 110 %" in asked(folder, "compare", NAME, "-p", "2013").stdout


def test_an_unknown_person_brings_the_nearest_one(folder: Path):
    assert (
        "There is no person 'p00055'"
        in asked(folder, "publish", NAME, "--by", "p00055", "--reason", "x", code=1).stderr
    )


def test_a_statement_is_that_of_the_plan_asked_for(tmp_path: Path):
    more = plan_shop.plan(
        plan="second_bonus", label="Second", inputs={}, examples=[{"given": {"salary_month": 1000}, "pays": 100}],
        components=[{"id": "basis", "kind": "basis", "of": "salary_month", "months": 1, "share": "10%", "label": "Tenth"}],
    )  # fmt: skip
    plan_shop.opened(tmp_path, plan_shop.PLAN, more).close()
    for name, said, amount in (
        ("margin_bonus", "CN¥500.00 × 1.5 = CN¥750.00", "750"),
        ("second_bonus", "CN¥1,000.00 × 1 × 0.1 = CN¥100.00", "100"),
    ):
        words = ("pay", "--plan", name, "-p", "2026", "--person", "ann", "--store", "shop.duckdb")
        told = kpiflow(*words, folder=tmp_path).stdout
        assert said in told
        assert f"Total: CN¥{amount}.00" in told
        whole = json.loads(kpiflow(*words, "--format", "json", folder=tmp_path).stdout)
        assert (whole["plan"], whole["person"], Decimal(whole["amount"])) == (name, "ann", Decimal(amount))
