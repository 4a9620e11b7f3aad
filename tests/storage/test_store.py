"""Opening, holding and migrating the file; writing all or nothing."""

import datetime
import os
import re
import signal
import subprocess
import sys
import threading

import duckdb
import pytest

from kpiflow.errors import StoreError
from kpiflow.storage import Store, Window, load_list, measurements_version, observe, read_journal
from kpiflow.storage.migrating import migrations
from tests.storage.facts import F, put

HOLD = "import sys, time; from kpiflow.storage import Store; s = Store.open(sys.argv[1]); print('held', flush=True); time.sleep(60)"

DIE_HALFWAY = """
import os, signal, sys
from kpiflow.storage import Store
from tests.storage.facts import F, put
import datetime
store = Store.open(sys.argv[1])
days = [datetime.date(2026, 1, 1) + datetime.timedelta(n) for n in range(300)]
with store.write() as cursor:
    put(store, [F(unit=f"u{n}", day=day) for n in range(100) for day in days])
    print("written", cursor.sql("SELECT count(*) FROM measurement").fetchall()[0][0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def counted(store, table):
    with store.read() as cursor:
        return cursor.sql(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]


def test_a_missing_store_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match="kpiflow init"):
        Store.open(tmp_path / "none.duckdb")


def test_a_store_is_never_made_over_something_else(tmp_path):
    Store.create(tmp_path / "a.duckdb").close()
    with pytest.raises(StoreError, match="already"):
        Store.create(tmp_path / "a.duckdb")


def test_what_was_written_is_there_after_opening_again(tmp_path):
    with Store.create(tmp_path / "deep" / "a.duckdb") as store:
        put(store, [F()])
    with Store.open(tmp_path / "deep" / "a.duckdb") as store:
        assert counted(store, "measurement") == 1


def test_a_text_file_is_refused(tmp_path):
    (tmp_path / "a.duckdb").write_text("hello " * 1000)
    with pytest.raises(StoreError, match="not a DuckDB file"):
        Store.open(tmp_path / "a.duckdb")


def test_another_duckdb_file_is_refused_and_left_as_it_was(tmp_path):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as other:
        other.execute("CREATE TABLE mine AS SELECT 1 AS one")
    with pytest.raises(StoreError, match="not a store of KPIFlow"):
        Store.open(tmp_path / "a.duckdb")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as other:
        assert other.sql("SELECT table_name FROM duckdb_tables()").fetchall() == [("mine",)]


def test_a_store_of_a_newer_program_is_refused(tmp_path):
    with Store.create(tmp_path / "a.duckdb") as store, store.write() as cursor:
        cursor.execute("INSERT INTO migration VALUES (9999, 'future', TIMESTAMP '2030-01-01')")
    with pytest.raises(StoreError, match="newer KPIFlow"):
        Store.open(tmp_path / "a.duckdb")


def make_older(cursor, number: int) -> None:
    """Take away every table that a later step makes, and what tells of these steps."""
    for step in migrations():
        if step.number > number:
            for table in re.findall(r"CREATE TABLE (\w+)", step.sql):
                cursor.execute(f"DROP TABLE {table}")
    cursor.execute(f"DELETE FROM migration WHERE number > {number}")


def test_an_older_store_is_brought_up_to_date(tmp_path):
    with Store.create(tmp_path / "a.duckdb") as store, store.write() as cursor:
        make_older(cursor, 1)
    with Store.open(tmp_path / "a.duckdb") as store:
        assert counted(store, "goals") == 0


def test_the_months_of_an_older_store_are_added_up_when_it_is_brought_up_to_date(tmp_path):
    year = Window("2026", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    with Store.create(tmp_path / "a.duckdb") as store:
        put(
            store,
            [F(day=datetime.date(2026, 1, 3)), F(day=datetime.date(2026, 2, 5)), F(day=datetime.date(2026, 2, 6))],
        )
        before = observe(store, [year])
        with store.write() as cursor:
            make_older(cursor, 2)
    with Store.open(tmp_path / "a.duckdb") as store:
        assert before["rows"].to_list() == [3]
        assert observe(store, [year]).equals(before)


def test_a_store_in_use_says_by_which_process(tmp_path):
    path = str(tmp_path / "a.duckdb")
    Store.create(path).close()
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(StoreError) as refused:
                Store.open(path)
        finally:
            holder.kill()
    assert str(holder.pid) in str(refused.value)
    assert "through the server" in str(refused.value)
    if sys.platform == "linux":
        assert "Store.open(sys.argv[1])" in str(refused.value)  # the command line of the holder


def test_an_error_inside_a_write_undoes_all_of_it(store):
    def fails():
        with store.write():
            put(store, [F()])
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        fails()
    assert [counted(store, table) for table in ("measurement", "series", "load_entry", "journal")] == [0, 0, 0, 0]
    assert put(store, [F()]).added == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_process_killed_in_the_middle_leaves_nothing_half_loaded(tmp_path):
    path = str(tmp_path / "a.duckdb")
    Store.create(path).close()
    died = subprocess.run(
        [sys.executable, "-c", DIE_HALFWAY, path], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    assert died.stdout == "written 30000\n", died.stderr
    assert died.returncode == -signal.SIGKILL
    with Store.open(path) as store:
        assert counted(store, "measurement") == 0
        assert load_list(store).height == 0
        assert put(store, [F()]).load == 1


def test_readers_see_the_store_as_it_was_while_a_write_goes_on(store):
    put(store, [F()])
    with store.write():
        put(store, [F(unit="JFK")])
        assert counted(store, "measurement") == 1
    assert counted(store, "measurement") == 2


def test_a_snapshot_stays_at_its_moment(store):
    put(store, [F()])
    with store.snapshot() as cursor:
        cursor.sql("SELECT 1 FROM measurement").fetchall()
        put(store, [F(unit="JFK")])
        assert cursor.sql("SELECT count(*) FROM measurement").fetchall() == [(1,)]


def test_writers_on_many_threads_take_turns_even_through_two_stores(store):
    other = Store.open(store.path)
    loads = [threading.Thread(target=put, args=((store, other)[n % 2], [F(unit=f"u{n}")])) for n in range(12)]
    for thread in loads:
        thread.start()
    for thread in loads:
        thread.join()
    assert load_list(store)["load"].to_list() == list(range(12, 0, -1))
    with store.read() as cursor:
        assert cursor.sql("SELECT series FROM series ORDER BY series").fetchall() == [(n,) for n in range(12)]
    assert measurements_version(other) == 12
    assert read_journal(other)["entry"].to_list() == list(range(12, 0, -1))


def test_the_tables_need_nothing_that_a_lake_does_not_have(store):
    with store.read() as cursor:
        kinds = {kind for (kind,) in cursor.sql("SELECT constraint_type FROM duckdb_constraints()").fetchall()}
        assert kinds <= {"NOT NULL"}
        assert cursor.sql("SELECT count(*) FROM duckdb_indexes()").fetchall() == [(0,)]
        assert cursor.sql("SELECT count(*) FROM duckdb_sequences()").fetchall() == [(0,)]


def test_a_disk_that_takes_no_more_undoes_the_load_and_says_so(tmp_path):
    Store.create(tmp_path / "s.duckdb").close()
    script = f"""
import resource, signal
from kpiflow.errors import StoreError
from kpiflow.storage import Store
store = Store.open({str(tmp_path / "s.duckdb")!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    with store.write() as cursor:
        cursor.execute("INSERT INTO series VALUES (0, 'm', 'u', NULL)")
except StoreError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("Nothing was written to the store "), done.stderr
    with Store.open(tmp_path / "s.duckdb") as store, store.read() as cursor:
        assert cursor.sql("SELECT count(*) FROM series").fetchall() == [(0,)]


def test_a_store_left_half_made_does_not_stand_in_the_way(tmp_path):
    (tmp_path / "s.duckdb.unfinished").write_text("what an interrupted run left")
    Store.create(tmp_path / "s.duckdb").close()
    assert [path.name for path in tmp_path.iterdir()] == ["s.duckdb"]
