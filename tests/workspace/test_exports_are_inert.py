"""Every file we write for people: whatever a name begins with, no spreadsheet runs it, and each opens cleanly.

`WRITERS` lists every module that writes CSV or a workbook. One that is not here fails: add it with what it makes.
"""

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from kpiflow.cli.options import Format
from kpiflow.cli.showing import write
from kpiflow.definitions.difference import difference
from kpiflow.definitions.exporting import export_company
from kpiflow.definitions.reading import read_company
from kpiflow.definitions.writing_workbooks import company_workbook
from kpiflow.frames.inert import inert_frame, inert_text, original_text
from kpiflow.sources.rejects import write_rejects
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import Planned, make_apply
from kpiflow.workspace.intake.loading import rejects_csv
from tests.house.reading import product

HR, HEAD, PLAN = Asker("p0005"), Asker("p0001"), "service_bonus_2013"

#: Ways a cell begins that Excel, LibreOffice or WPS would run (OWASP's list, with the full-width signs of Chinese keyboards).
NASTY = (
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1-1",
    "＠SUM(A1)",
    "'=1+1",
)

#: Formulas that are ours: control totals of the payroll, and a statement that works itself out.
OURS = ("payroll.xlsx", "statement.xlsx")

Made = dict[str, bytes]


def typed(text: str) -> bool:
    """Whether a spreadsheet would run a cell of a CSV file."""
    return bool(re.match(r"[=+\-@\t\r\n＝＋－＠]", text)) and not re.fullmatch(
        r"[+-]?[\d.]+(e[+-]?\d+)?", text, re.IGNORECASE
    )


@pytest.fixture(scope="module")
def nasty(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The example company, its units, people and goals named by somebody who means harm."""
    path = tmp_path_factory.mktemp("nasty") / "nasty.duckdb"
    opened = Workspace.open(Path(shutil.copy(demo_store, path)), demo=True)
    before = opened.company()
    tables = {}
    for table in ("units", "people", "goals"):
        rows = before.table(table)
        names = pl.Series("label", [NASTY[place % len(NASTY)] for place in range(rows.height)])
        tables[table] = rows.with_columns(names, names.alias("label_zh"))
    after = replace(before, **tables)
    planned = Planned(difference(before, after), (), after, definitions_version(opened.store, None))
    make_apply(opened, planned, who="mallory", reason="names")
    yield opened
    opened.close()


def config(ws: Workspace, folder: Path) -> Made:
    return {
        path.name: path.read_bytes() for path in export_company(ws.company(), folder / "out") if path.suffix == ".csv"
    }


def pay(ws: Workspace, folder: Path) -> Made:
    run = ws.keep_pay_run(HR, PLAN, "2013")
    files = {f"payroll.{form}": ws.payroll_export(HR, run, form=form, draft=True).content for form in ("csv", "xlsx")}
    return files | {"statement.xlsx": ws.statement_file(HR, "p0101", "2013", form="xlsx").content}


def scores(ws: Workspace, folder: Path) -> Made:
    return {f"scores.{form}": ws.scores_export(HEAD, "2013", form=form).content for form in ("csv", "xlsx")}


def split(ws: Workspace, folder: Path) -> Made:
    return {f"split.{form}": ws.sheet(ADMINISTRATOR, "nyc-ontime", "2013", form=form) for form in ("csv", "xlsx")}


def rejects(ws: Workspace, folder: Path) -> Made:
    rows = pl.DataFrame({"row": [1] * len(NASTY), "=heading": list(NASTY)})
    return {"rejects.csv": write_rejects(rows, folder / "r.csv").read_bytes(), "intake.csv": rejects_csv(rows)}


def terminal(ws: Workspace, folder: Path) -> Made:
    said = io.StringIO()
    with redirect_stdout(said):
        write([{"name": name} for name in NASTY], Format.CSV)
    return {"terminal.csv": said.getvalue().encode()}


def tables(ws: Workspace, folder: Path) -> Made:
    return {"company.xlsx": company_workbook(ws.company()), "company_zh.xlsx": company_workbook(ws.company(), "zh")}


def template(ws: Workspace, folder: Path) -> Made:
    return {"template.xlsx": ws.unit_template(ADMINISTRATOR, "EWR", "2013-Q1", below=True).content}


def ratings(ws: Workspace, folder: Path) -> Made:
    return {"ratings.xlsx": ws.ratings_template(Asker("p0013"), "2013")}


#: Who writes files, and what is made to look at one.
WRITERS: dict[str, Callable[[Workspace, Path], Made]] = {
    "kpiflow/definitions/exporting.py": config,
    "kpiflow/definitions/writing_workbooks.py": tables,
    "kpiflow/workspace/pay_runs/exporting.py": pay,
    "kpiflow/workspace/pay_runs/excel/workbook.py": pay,
    "kpiflow/workspace/scores/exporting.py": scores,
    "kpiflow/workspace/scores/workbook.py": scores,
    "kpiflow/workspace/handing_down/sheets.py": split,
    "kpiflow/workspace/intake/loading.py": rejects,
    "kpiflow/workspace/intake/templates.py": template,
    "kpiflow/workspace/reviewing/ratings_workbook.py": ratings,
    "kpiflow/sources/rejects.py": rejects,
    "kpiflow/cli/showing.py": terminal,
}

#: Modules that write CSV where nobody opens it, or that are looked at where they are tested; each with the reason.
ELSEWHERE = {
    "kpiflow/workspace/pay_runs/running.py": "a fingerprint is taken of it",
    "kpiflow/workspace/paying.py": "a fingerprint is taken of it",
    "kpiflow/workspace/live/intake.py": "a fingerprint is taken of it",
    "kpiflow/storage/closing.py": "a fingerprint is taken of it",
    "kpiflow/sources/example/tables.py": "the example company, written by its makers",
    "kpiflow/web/api/negotiation.py": "inert_frame, looked at below",
    "kpiflow/workspace/live/source_desk.py": "inert_frame, looked at below",
}


def test_every_writer_of_files_is_looked_at():
    calls = ("write_csv", "to_csv", "write_excel", "DictWriter", "Workbook")
    found = set()
    for module in product():
        written = [*module.calls(*calls), *(one for one in module.calls("writer") if "csv.writer" in module.text)]
        if written and ("xlsxwriter" in module.text or "write_csv" in module.text or "csv" in module.text):
            found.add(module.path)
    readers = {path for path in found if path.startswith("kpiflow/sources/workbooks/")}  # Workbook is also what is read
    assert found - readers == set(WRITERS) | set(ELSEWHERE), "List it in WRITERS, or in ELSEWHERE with the reason."
    for path, reason in ELSEWHERE.items():
        if "inert_frame" in reason:
            assert "inert_frame(" in next(one.text for one in product() if one.path == path)


@pytest.mark.parametrize("make", list(dict.fromkeys(WRITERS.values())), ids=lambda make: make.__name__)
def test_no_cell_is_run(nasty, tmp_path, make):
    for name, content in make(nasty, tmp_path).items():
        assert content, name
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            ran = [cell for row in rows for cell in row if typed(cell)]
            assert not ran, (name, ran[:5])
            continue
        book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = [
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
        ]
        assert name in OURS or not formulas, (name, formulas[:5])
        assert not [one for one in formulas if "HYPERLINK" in one or "1+1" in one], name


def test_the_configuration_comes_back_as_it_was(nasty, tmp_path):
    """To the last sign; only the end of a line is one however it was written."""
    company = nasty.company()
    export_company(company, tmp_path / "again")
    lines = pl.col("label", "label_zh").str.replace_all("\r", "\n")
    again = read_company(tmp_path / "again", checked=False).required()
    for table in ("units", "people", "goals"):
        assert again.table(table).equals(company.table(table).with_columns(lines)), table


def test_what_is_made_inert_is_taken_back_exactly():
    for text in (*NASTY, "plain", "-5.2", "'tis", "''", "", "7", "'-5"):
        assert original_text(inert_text(text)) == text
        assert not typed(inert_text(text))
    frame = inert_frame(pl.DataFrame({"=x": ["=1"], "n": [-1.5]}))
    assert frame.to_dict(as_series=False) == {"'=x": ["'=1"], "n": [-1.5]}
