"""`kpiflow intake`, `load --mapping`, `template`, and the company as a workbook, as they are typed."""

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.workspace.ugly import MEANT, NAMED_SO, ugly


@pytest.fixture(scope="module")
def store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demo_store, tmp_path_factory.mktemp("cli") / "mine.duckdb"))


@pytest.fixture
def typed(store, capsys):
    """Type a command; gives what it wrote to stdout and stderr, and its exit code."""
    from kpiflow.cli.main import run

    def type_(*arguments: object) -> tuple[str, str, int]:
        code = 0
        try:
            run([*(str(one) for one in arguments), "--store", str(store)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return said.out, said.err, code

    return type_


def test_from_a_look_to_a_load_by_name(typed, tmp_path):
    file = tmp_path / "q1.xlsx"
    file.write_bytes(ugly())
    _, said, code = typed("load", file)
    assert (code, f"kpiflow intake {file}" in said.replace("\n", "")) == (1, True), said
    out, _, _ = typed("intake", file, "--format", "json")
    looked = json.loads(out)
    (sheet,) = looked["sheets"]
    assert [one["written"] for one in sheet["questions"] if one["written"]] == [NAMED_SO]
    way = tmp_path / "q1.json"
    way.write_text(json.dumps(sheet["mapping"], ensure_ascii=False), encoding="utf-8")
    out, _, code = typed(
        "load", file, "--mapping", way, "--confirm", f"{NAMED_SO}={MEANT}", "--dry-run", "--format", "json"
    )
    shown = json.loads(out)
    assert (code, shown["new"], shown["set_aside"]) == (0, 9, 0)
    out, _, code = typed(
        "load", file, "--mapping", way, "--confirm", f"{NAMED_SO}={MEANT}", "--save-as", "flights", "--format", "json",
        "--rejects", tmp_path,
    )  # fmt: skip
    (done,) = json.loads(out)
    assert (code, done["added"], done["unchanged"]) == (0, 9, 0)
    out, _, _ = typed("load", file, "--mapping", "flights", "--format", "json", "--rejects", tmp_path)
    assert json.loads(out)[0]["unchanged"] == 9
    _, said, code = typed("load", file, "--mapping", "flihgts")
    assert code == 1
    assert "Did you mean 'flights'?" in said


def test_a_template_goes_out_and_comes_back(typed, tmp_path):
    path = tmp_path / "form.xlsx"
    out, _, code = typed("template", "--unit", "EWR-9E", "--period", "2013-Q2", "--out", path)
    assert (out.strip(), code) == (str(path), 0)
    book = openpyxl.load_workbook(path)
    book["rates"]["H3"], book["rates"]["I3"] = 3, 4
    book.save(path)
    out, said, code = typed("load", path, "--format", "json", "--rejects", tmp_path)
    assert code == 0, said
    assert json.loads(out)[0]["added"] == 1


def test_the_company_as_a_workbook(typed, tmp_path):
    path = tmp_path / "company.xlsx"
    assert typed("export", "config", "--workbook", path)[2] == 0
    out, _, code = typed("apply", path, "--dry-run")
    assert (code, out.count("\n") <= 1) == (0, True), out
    book = openpyxl.load_workbook(path)
    book["goals"]["A2"] = None
    book["goals"]["I3"] = "ontime_rat"
    book.save(path)
    out, _, code = typed("apply", path)
    assert code == 1
    assert "company.xlsx goals!I3: error: There is no metric 'ontime_rat'. Did you mean 'ontime_rate'?" in out
