"""The command line as a newcomer meets it: in an empty folder, results on stdout and words on stderr."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from kpiflow.cli.showing import inert
from kpiflow.definitions.reading import read_company
from tests.cli.typed import CALL
from tests.cli.typed import typed as kpiflow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small company, applied to a store, and measurements for it."""
    folder = tmp_path_factory.mktemp("mine")
    kpiflow("init", "--starter", "--config", "config", "--store", "mine.duckdb", folder=folder)
    return folder


def starter_facts(folder: Path) -> pl.DataFrame:
    """Measurements for every metric the starter's goals use, of their scopes, on one day of the cycle."""
    goals = pl.DataFrame(
        json.loads(
            kpiflow(
                "score", "-p", first_cycle(folder), "--store", "mine.duckdb", "--format", "json", folder=folder
            ).stdout
        )
    )
    measured = goals.filter(pl.col("metric").is_not_null(), pl.col("scope_kind") == "unit")
    return measured.select("metric", unit="scope").unique(maintain_order=True)


def first_cycle(folder: Path) -> str:
    text = (folder / "config" / "calendar.yaml").read_text(encoding="utf-8")
    return (
        next(line.split(":")[1].strip().strip("'\",}") for line in text.splitlines() if "cycle:" in line)
        .split(",")[0]
        .strip("'\" ")
    )


def test_a_configuration_with_every_kind_of_trouble_is_reported_line_by_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    goals = tmp_path / "config" / "goals.csv"
    goals.write_text(goals.read_text(encoding="utf-8").replace("ontime_rate", "ontime_rat", 1), encoding="utf-8")
    done = kpiflow("check", "config", folder=tmp_path, code=1)
    assert "goals.csv:" in done.stdout
    assert ": error: " in done.stdout
    assert "ontime_rate" in done.stdout


def test_the_example_configuration_has_no_problem(tmp_path: Path) -> None:
    done = kpiflow("check", str(ROOT / "config"), folder=tmp_path)
    assert done.stdout == ""
    assert "0 errors, 0 warnings" in done.stderr


def test_export_and_apply_again_change_nothing(company: Path) -> None:
    kpiflow("export", "config", "again", "--store", "mine.duckdb", folder=company)
    done = kpiflow("apply", "again", "--dry-run", "--store", "mine.duckdb", folder=company)
    assert done.stdout.strip() == "Nothing changes."


def test_easing_a_target_needs_a_reason(company: Path) -> None:
    shutil.rmtree(company / "easier", ignore_errors=True)
    kpiflow("export", "config", "easier", "--store", "mine.duckdb", folder=company)
    path = company / "easier" / "goals.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    metrics = read_company(company / "easier").required().metrics
    row = next(row for row in rows if row["target"] and row["metric"] and metrics[row["metric"]].direction == "higher")
    row["target"] = str(float(row["target"]) / 2)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    refused = kpiflow("apply", "easier", "--store", "mine.duckdb", folder=company, code=1)
    assert "--reason" in refused.stderr
    kpiflow("apply", "easier", "--dry-run", "--store", "mine.duckdb", folder=company)
    journal = kpiflow("journal", "--store", "mine.duckdb", "--format", "json", folder=company)
    assert len([line for line in json.loads(journal.stdout) if line["action"] == "change"]) == 1


def test_good_rows_go_in_and_bad_rows_are_set_aside_with_their_rule(company: Path) -> None:
    wanted = starter_facts(company)
    cycle = first_cycle(company)
    shown = kpiflow("score", "-p", cycle, "--store", "mine.duckdb", "--format", "json", folder=company)
    ratios = {row["metric"] for row in json.loads(shown.stdout) if row["metric"]}
    kinds = json.loads(kpiflow("schema", folder=company).stdout)
    assert kinds
    assert ratios
    lines = ["metric,unit,day,value,numerator,denominator"]
    lines += [f"{metric},{unit},{cycle}-02-03,,9,10" for metric, unit in wanted.rows()]
    lines += [f"{metric},{unit},{cycle}-02-04,5,," for metric, unit in wanted.rows()]
    lines += [f"{metric},{unit},not a day,5,," for metric, unit in wanted.head(1).rows()]
    lines += ["no_such_metric,nowhere,2026-01-01,1,,"]
    (company / "facts.csv").write_text("\n".join(lines), encoding="utf-8")
    done = kpiflow("load", "facts.csv", "--store", "mine.duckdb", "--format", "json", folder=company, code=1)
    report = json.loads(done.stdout)[0]
    # Each metric takes one of the two forms, so exactly one of its two rows is good.
    assert report["added"] == wanted.height
    assert report["set_aside"] == wanted.height + 2
    assert report["read"] == report["added"] + report["set_aside"]
    rejects = pl.read_csv(company / report["rejects"])
    assert rejects.height == report["set_aside"]
    assert rejects["rule"].null_count() == 0
    again = kpiflow("load", "facts.csv", "--store", "mine.duckdb", "--format", "json", folder=company, code=1)
    assert json.loads(again.stdout)[0]["added"] == 0
    assert json.loads(again.stdout)[0]["unchanged"] == wanted.height


def test_score_json_has_the_documented_fields_and_null_for_absent(company: Path) -> None:
    done = kpiflow(
        "score", "--period", first_cycle(company), "--store", "mine.duckdb", "--format", "json", folder=company
    )
    rows = json.loads(done.stdout)
    fields = (
        "goal", "parent", "owner", "metric", "period", "actual", "numerator", "denominator", "target", "expected",
        "attainment", "points", "weight", "score", "status", "coverage",
    )  # fmt: skip
    assert all(set(fields) <= set(row) for row in rows)
    assert any(row["parent"] is None for row in rows)


def test_a_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    call = [*CALL, "score", "-p", "2026", "--store", "none.duckdb"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "kpiflow init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_in_use_says_by_whom(company: Path) -> None:
    holding = (
        "import sys; from pathlib import Path; from kpiflow.workspace import Workspace; "
        "ws = Workspace.open(Path('mine.duckdb')); print('open', flush=True); sys.stdin.read()"
    )
    call = [sys.executable, "-c", holding]
    holder = subprocess.Popen(call, cwd=company, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "open"
    try:
        done = kpiflow("journal", "--store", "mine.duckdb", folder=company, code=1)
        assert str(holder.pid) in done.stderr
    finally:
        holder.communicate("", timeout=30)


def test_demo_never_builds_over_a_company_of_your_own(company: Path) -> None:
    before = (company / "mine.duckdb").stat().st_size
    done = kpiflow("demo", "--no-serve", "--fresh", "--store", "mine.duckdb", folder=company, code=1)
    assert "not the example" in done.stderr
    assert (company / "mine.duckdb").stat().st_size == before


def test_an_unreadable_day_is_refused_kindly(company: Path) -> None:
    done = kpiflow(
        "score", "-p", first_cycle(company), "--as-of", "yesterday", "--store", "mine.duckdb", folder=company, code=1
    )
    assert "2013-06-30" in done.stderr


def test_backup_and_restore_give_the_same_results(company: Path) -> None:
    kpiflow("backup", "copy.duckdb", "--store", "mine.duckdb", folder=company)
    kpiflow("restore", "copy.duckdb", "--store", "back.duckdb", folder=company)
    cycle = first_cycle(company)
    one, other = (
        kpiflow("score", "-p", cycle, "--store", store, "--format", "csv", folder=company).stdout
        for store in ("mine.duckdb", "back.duckdb")
    )
    assert one == other


@pytest.mark.parametrize("wrong", [["score"], ["nonsense"], ["score", "-p"], ["demo", "--port", "x"]])
def test_a_wrong_call_is_explained_without_a_traceback(tmp_path: Path, wrong: list[str]) -> None:
    done = kpiflow(*wrong, folder=tmp_path, code=2)
    assert "Error" in done.stderr or "Usage" in done.stderr


def test_nothing_is_loaded_when_the_rows_set_aside_cannot_be_written(company: Path) -> None:
    metric, unit = starter_facts(company).row(0)
    day = f"{first_cycle(company)}-01-20"
    facts = company / "unwritable.csv"
    facts.write_text(f"metric,unit,day,value,numerator,denominator\nnone,{unit},{day},1,,\n{metric},x,{day},1,,\n")
    (company / "a-file").write_text("where a folder is wanted")
    done = kpiflow("load", "unwritable.csv", "--store", "mine.duckdb", "--rejects", "a-file", folder=company, code=1)
    assert "This could not be done" in done.stderr
    journal = kpiflow("journal", "--store", "mine.duckdb", "--format", "csv", folder=company).stdout
    assert "unwritable.csv" not in journal


def test_no_cell_of_a_csv_result_is_a_formula_and_money_stays_a_number() -> None:
    assert [inert(text) for text in ("=1+1", "+1+1", "-1+1|cmd", "@SUM(A1)", "-12.50", "+3")] == [
        "'=1+1", "'+1+1", "'-1+1|cmd", "'@SUM(A1)", "-12.50", "+3",
    ]  # fmt: skip
