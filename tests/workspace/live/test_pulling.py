"""Pulls held to laws: whatever the order of arrival and wherever one was killed, the store is that of one load."""

import datetime
import os
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.live import pulling
from tests.workspace.live.fed import copied, defined, facts, fed, pulled

START = datetime.datetime(2026, 1, 5)  # noqa: DTZ001 — as the till writes it
TILL = {
    "source": "till", "label": "The till", "kind": "duckdb", "path": "till.parquet", "watermark": "at", "reread": "2d",
    "columns": {"unit": "shop", "day": "sold", "value": "amount"}, "fixed": {"metric": "sales"},
}  # fmt: skip
NOTES = {"source": "notes", "label": "Notes", "kind": "folder", "path": "notes", "every": "15m"}


class Killed(BaseException):
    """What stands for the end of the process, so that nothing in between can take it for an error of its own."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    ws = fed(tmp_path_factory.mktemp("shop"), TILL, NOTES)
    yield ws
    ws.close()


@pytest.fixture
def mine(shop, tmp_path):
    ws = copied(shop, tmp_path)
    yield ws
    ws.close()


#: A sale: where, on which of five days, how much (in cents), and by how many hours it comes in late.
SALES = st.tuples(
    st.sampled_from(["NORTH", "SOUTH"]), st.integers(0, 4), st.integers(-10_000, 10_000_000), st.integers(0, 47)
)  # fmt: skip


def warehouse(folder: Path, sales: list[tuple[str, int, int, int]]) -> None:
    """Write the table of the till as it stands after these sales came in, one an hour."""
    rows = [
        (
            shop,
            (START + datetime.timedelta(days=day)).date(),
            Decimal(cents) / 100,
            START + datetime.timedelta(hours=hour - late),
        )
        for hour, (shop, day, cents, late) in enumerate(sales)
    ]
    schema = {"shop": pl.String, "sold": pl.Date, "amount": pl.Decimal(18, 2), "at": pl.Datetime("us")}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "till.parquet")


def summed(sales: list[tuple[str, int, int, int]]) -> dict[tuple[str, str, str], Decimal]:
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for shop, day, cents, _ in sales:
        found[shop, (START + datetime.timedelta(days=day)).date().isoformat(), ""] += Decimal(cents) / 100
    return found


@settings(max_examples=8)
@given(
    sales=st.lists(SALES, min_size=1, max_size=12),
    stops=st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from([None, "add_run", "add_volumes", "record", "load"])), max_size=3
    ),
)
def test_any_order_any_pulls_any_kill_give_what_one_load_gives(shop, tmp_path_factory, sales, stops):
    folder = tmp_path_factory.mktemp("law")
    ws = copied(shop, folder)
    try:
        for count, killed_at in sorted(stops, key=lambda stop: stop[0]):
            warehouse(folder, sales[:count])
            before = facts(ws)
            if killed_at is None:
                pulled(ws, "till")
                assert facts(ws) == summed(sales[:count])
            else:
                with pytest.MonkeyPatch.context() as patched, suppress(Killed):
                    patched.setattr(pulling, killed_at, _killed)
                    ws.pull_source(ADMINISTRATOR, "till")
                    assert facts(ws) == before == summed(sales[:count]), "it ended before that step: nothing was new"
                assert facts(ws) == before
        warehouse(folder, sales)
        pulled(ws, "till")
        assert facts(ws) == summed(sales)
        assert pulled(ws, "till")[1:2] == (0,)
        _, added, _, superseded, rejected = pulled(ws, "till", everything=True)
        assert (added, superseded, rejected) == (0, 0, 0)
    finally:
        ws.close()


def _killed(*_: object, **__: object) -> None:
    raise Killed


@settings(max_examples=8)
@given(
    files=st.dictionaries(
        st.sampled_from(["a.csv", "b.csv", "c.csv"]),
        st.dictionaries(st.integers(1, 5), st.integers(0, 99), min_size=1),
        min_size=1,
    ),
    order=st.permutations(["a.csv", "b.csv", "c.csv"]),
)
def test_files_may_arrive_in_any_order(shop, tmp_path_factory, files, order):
    folder = tmp_path_factory.mktemp("files")
    (folder / "notes").mkdir()
    ws = copied(shop, folder)
    try:
        for name in order:
            if name in files:
                rows = "".join(f"sales,NORTH,2026-01-0{day},{value}\n" for day, value in files[name].items())
                (folder / "notes" / name).write_text(f"metric,unit,day,value\n{rows}", encoding="utf-8")
                pulled(ws, "notes")
        expected = {}
        for name in sorted(files):
            expected |= {("NORTH", f"2026-01-0{day}", ""): Decimal(value) for day, value in files[name].items()}
        assert facts(ws) == expected
        assert pulled(ws, "notes") == (0, 0, 0, 0, 0)
    finally:
        ws.close()


KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from pathlib import Path
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.live import pulling

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

pulling.add_run = end
ws = Workspace.open(Path(sys.argv[1]))
ws.pull_source(ADMINISTRATOR, "till")
"""


def test_a_process_that_is_killed_leaves_nothing_behind(mine, tmp_path):
    warehouse(tmp_path, [("NORTH", 0, 1250, 0)])
    mine.close()
    ended = subprocess.run([sys.executable, "-c", KILLED_IN_THE_MIDDLE, mine.store.path], env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    ws = Workspace.open(mine.store.path)
    try:
        assert facts(ws) == {}
        assert ws.source_runs(ADMINISTRATOR).is_empty()
        assert pulled(ws, "till") == (1, 1, 0, 0, 0)
    finally:
        ws.close()


def test_bad_rows_are_set_aside_kept_once_and_come_in_when_they_are_known(mine, tmp_path):
    (tmp_path / "notes").mkdir()
    lines = "metric,unit,day,value\nsales,NORTH,2026-01-05,1\nsales,NROTH,2026-01-05,2\nsales,SOUTH,someday,=3\n"
    (tmp_path / "notes" / "2026-01.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "notes" / "torn.csv").write_text('metric,unit\n"never closed', encoding="utf-8")
    assert pulled(mine, "notes") == (4, 1, 0, 0, 3)
    kept = mine.source_rejects(ADMINISTRATOR, 1)
    text = kept.content.decode("utf-8-sig")
    assert "There is no unit 'NROTH'. Did you mean 'NORTH'?" in text
    assert "'someday' is not a day" in text
    assert "'=3" in text, "no spreadsheet runs it"
    assert "2026-01.csv" in text
    assert "torn.csv" in text
    assert kept.rows == 3
    # The torn file is read again each time, since it may be whole by then; what was set aside is not kept twice.
    assert pulled(mine, "notes") == (4, 0, 1, 0, 3)
    assert mine.store.read().execute("SELECT count(*) FROM source_reject").fetchall() == [(3,)]
    assert mine.source_rejects(ADMINISTRATOR, 2).rows == 3
    (tmp_path / "notes" / "torn.csv").unlink()
    assert pulled(mine, "notes") == (0, 0, 0, 0, 0), "the file that is left is the same"
    (live,) = [one for one in mine.live_sources(ADMINISTRATOR).sources if one.source == "notes"]
    assert (live.rejected, live.rejects_run) == (3, 2), "what waits is shown until it is settled"
    # The company learns what is meant: the same files are read again by themselves.
    defined(mine, tmp_path, TILL, {**NOTES, "names": {"NROTH": "SOUTH"}})
    assert pulled(mine, "notes") == (3, 1, 1, 0, 1)


def test_rows_without_a_number_are_set_aside_and_the_others_added_up(mine, tmp_path):
    day = datetime.date(2026, 1, 5)
    rows = [
        ("NORTH", day, 1.5, START),
        ("NORTH", day, None, START),
        ("NORTH", day, float("nan"), START),
        ("NORTH", day, 2.25, START),
    ]
    schema = {"shop": pl.String, "sold": pl.Date, "amount": pl.Float64, "at": pl.Datetime("us")}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(tmp_path / "till.parquet")
    assert pulled(mine, "till") == (2, 1, 0, 0, 1)
    assert facts(mine) == {("NORTH", "2026-01-05", ""): Decimal("3.75")}
    assert mine.source_rejects(ADMINISTRATOR, 1).rows == 1
