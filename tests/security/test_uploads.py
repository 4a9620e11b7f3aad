"""Files made to harm are refused with a sentence and without a machine's memory; what is no number never becomes one."""

import json
import math
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, KPIFlowError
from kpiflow.sources import read_tidy
from kpiflow.sources.attachments import KINDS, LIMIT, LONGEST_NAME, attachment, clean_name
from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.reporting.spoken import Said

ROOT = Path(__file__).parents[2]

#: The most memory, in MB, that reading any of them may take beside what the program itself needs.
ROOM = 900


def test_files_of_a_few_kilobytes_do_not_fill_the_memory():
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.bombs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    said = json.loads(done.stdout)
    assert len(said) >= 15
    for name, (outcome, grown) in said.items():
        assert outcome == "refused" or outcome.startswith("read 0"), f"{name}: {outcome}"
        assert grown < ROOM, f"{name} took {grown} MB"


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1e308",
        "-1e308",
        "1e400",
        "0x10",
        "1_000",
        "١٢",
        "--1",
        "=1+1",
        "'1",
        "1e",
        "∞",
    ],
)
def test_what_is_no_number_is_set_aside(tmp_path, value):
    path = tmp_path / "a.csv"
    path.write_text(
        f"metric,unit,day,value\nflights,EWR,2013-01-01,{value}\nflights,EWR,2013-01-02,7\n", encoding="utf-8"
    )
    found = read_tidy(path)
    assert found.facts["value"].to_list() == [7]
    assert found.rejected["row"].to_list() == [2]
    assert all(math.isfinite(one) for one in found.facts["value"])


@pytest.mark.parametrize(
    "day", ["9999-12-31", "10000-01-01", "0000-00-00", "-2013-01-01", "2013-02-30", "1e9", "2013-01-01x", "now()"]
)
def test_days_that_nobody_lived_are_set_aside(tmp_path, day):
    path = tmp_path / "a.csv"
    path.write_text(f"metric,unit,day,value\nflights,EWR,{day},1\nflights,EWR,2013-01-02,7\n", encoding="utf-8")
    assert read_tidy(path).facts["day"].to_list() == [date(2013, 1, 2)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32", "cp037"])
def test_other_encodings_are_refused_or_read_right(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("metric,unit,day,value\nflights,纽约,2013-01-02,7\n".encode(encoding, errors="ignore"))
    try:
        found = read_tidy(path)
    except InvalidInput:
        return
    assert set(found.facts["unit"]) <= {"纽约"}, "never half-understood"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\x\\y.txt", "\\\\host\\share\\a.txt",
        "a\x00b.txt", "a/../b.txt",
        ".", "..", "...", "", " ", "~/x.txt", "a:b.txt", "con|in<g>.txt", "x" * 5000 + ".txt", "a\u202etxt.exe",
        "a\r\nSet-Cookie: x.txt",
        '"; filename="b.html', "file:///etc/passwd", "a\u2215b.txt", "\ufeff.txt",
    ],
)  # fmt: skip
def test_a_files_name_leads_nowhere(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not set(clean) & set('/\\:<>"|?*')
    assert not any(unicodedata.category(sign)[0] == "C" for sign in clean)
    assert clean not in (".", "..")
    assert not clean.startswith(".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), ("a.html", b"<script>alert(1)</script>"),
        ("a.png", b"<html><script>alert(1)</script>"), ("a.pdf", b"MZ\x90\x00"), ("a.txt", b"\x00\x01\x02"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.exe", b"MZ"), ("a", b"x"), ("a.csv.exe", b"a,b"), ("a.docm", b"PK"), ("a.jpg", b"GIF89a"), ("a.txt", b""),
        ("a.pdf", b"%PDF-" + b"0" * LIMIT),
    ],
)  # fmt: skip
def test_evidence_is_what_its_name_says_or_is_not_taken(name, content):
    with pytest.raises(InvalidInput):
        attachment(name, content)


def test_no_kind_of_evidence_is_one_that_a_browser_runs():
    media = {kind.media for kind in KINDS.values()}
    assert not [one for one in media if "html" in one or "svg" in one or "script" in one or "xml" in one.split("/")[0]]
    assert not {"svg", "html", "htm", "xml", "js", "xhtml", "mht"} & set(KINDS)


def test_evidence_that_is_html_inside_keeps_a_type_that_is_shown_as_text():
    """With `nosniff` on every answer a browser takes it for what is said, and `.txt` is offered to be saved."""
    taken = attachment("a.txt", b"<script>alert(1)</script>")
    assert taken.media == "text/plain"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e308, -1e308, 1e300])
def test_a_check_in_takes_no_number_that_is_none(ws, value):
    with pytest.raises(KPIFlowError):
        ws.check_in(ADMINISTRATOR, "nyc-ontime", Said(value=value))
    with pytest.raises(KPIFlowError):
        ws.check_in(Asker("p0101"), "p0101-ontime", Said(value=value))


def test_a_parquet_file_of_strange_numbers_is_judged_like_text(tmp_path):
    path = tmp_path / "a.parquet"
    strange = [float("nan"), float("inf"), 1e308, 7.0]
    day = date(2013, 1, 2)
    pl.DataFrame({"metric": "flights", "unit": "EWR", "day": [day] * 4, "value": strange}).write_parquet(path)
    assert read_tidy(path).facts["value"].to_list() == [7]
