"""Everything exported and imported gives the same company; a changed export is refused by the file's name."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from kpiflow.errors import StoreError
from kpiflow.storage import Store, backup, read_journal, restore
from kpiflow.storage.open_formats import SECRETS, export_tables, import_tables
from kpiflow.storage.proving import columns_of, proof_of, rows_of
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.safekeeping.backups import restore as restore_proved
from kpiflow.workspace.safekeeping.local_door import answering, ask_for_backup, door_of, is_open


@pytest.fixture(scope="module")
def exported(ws, tmp_path_factory) -> Path:
    return export_tables(ws.store, tmp_path_factory.mktemp("out") / "all")


def same_company(one: Workspace, other: Workspace) -> None:
    for period in ("2013", "2013-Q3"):
        assert one.scores(ADMINISTRATOR, period).rows.equals(other.scores(ADMINISTRATOR, period).rows)
        assert one.forecasts(ADMINISTRATOR, period).equals(other.forecasts(ADMINISTRATOR, period))
    assert one.closings(ADMINISTRATOR).equals(other.closings(ADMINISTRATOR))
    assert read_journal(one.store, limit=10**6).equals(read_journal(other.store, limit=10**6))
    with one.store.read() as left, other.store.read() as right:
        assert proof_of(left).difference(proof_of(right)) == []


def test_an_import_is_the_same_company(ws, exported, tmp_path):
    import_tables(exported, tmp_path / "again.duckdb")
    other = Workspace.open(tmp_path / "again.duckdb", demo=True)
    try:
        same_company(ws, other)
    finally:
        other.close()


def test_files_given_as_evidence_are_files(ws, exported):
    with ws.store.read() as cursor:
        kept = cursor.sql("SELECT content FROM evidence ORDER BY evidence").fetchall()
    assert {content for (content,) in kept} == {path.read_bytes() for path in exported.glob("files/evidence/*")}


@pytest.mark.parametrize("wrong", ["changed", "missing", "added", "manifest", "newer"])
def test_an_export_that_is_not_whole_is_refused_by_name(exported, tmp_path, wrong):
    folder = shutil.copytree(exported, tmp_path / "copy")
    told = json.loads((folder / "manifest.json").read_text())
    if wrong == "changed":
        (folder / "tables" / "goals.parquet").write_bytes((folder / "tables" / "people.parquet").read_bytes())
    elif wrong == "missing":
        (folder / "tables" / "goals.parquet").unlink()
    elif wrong == "added":
        (folder / "tables" / "goals2.parquet").write_bytes(b"")
    elif wrong == "manifest":
        told["tables"]["goals"]["rows"] += 1
    else:
        told["version"] = 9999
    (folder / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(StoreError, match="newer KPIFlow" if wrong == "newer" else "goals"):
        import_tables(folder, tmp_path / "new.duckdb")
    assert not list(tmp_path.glob("new*"))


def test_no_column_that_opens_doors_leaves_unasked(ws):
    with ws.store.read() as cursor:
        found = {
            table
            for table, _ in rows_of(cursor)
            for column, _ in columns_of(cursor, table)
            if column in ("password", "secret", "token")
        }
    assert found <= set(SECRETS)


def test_a_restored_backup_is_the_same_company_and_its_closed_periods_hold(ws, tmp_path):
    made = backup(ws.store, tmp_path / "b.duckdb")
    done = restore_proved(made, tmp_path / "r.duckdb")
    assert done.closings
    assert all(holds for _, holds in done.closings)
    other = Workspace.open(tmp_path / "r.duckdb", demo=True)
    try:
        same_company(ws, other)
    finally:
        other.close()


def test_whoever_holds_the_store_makes_a_backup_for_a_command_while_it_writes(tmp_path):
    Store.create(tmp_path / "s.duckdb").close()
    held, heard = Workspace.open(tmp_path / "s.duckdb"), []
    try:
        with answering(held):
            assert door_of(tmp_path / "s.duckdb").stat().st_mode & 0o077 == 0
            worker = threading.Thread(target=held.store.read().execute, args=("SELECT 1",))
            worker.start()
            made = ask_for_backup(tmp_path / "s.duckdb", tmp_path / "b.duckdb", lambda said, done: heard.append(done))
            worker.join()
            with pytest.raises(StoreError, match="already a file"):
                ask_for_backup(tmp_path / "s.duckdb", made, lambda said, done: None)
    finally:
        held.close()
    assert heard
    assert not is_open(tmp_path / "s.duckdb")
    restore(made, tmp_path / "r.duckdb")
