"""A backup is the whole store; a store restored from it is the same and lives on."""

import pytest

from kpiflow.errors import StoreError
from kpiflow.storage import Store, backup, load_list, restore
from tests.storage.facts import F, put


def test_a_restored_store_has_everything_and_goes_on(store, tmp_path):
    put(store, [F()])
    copy = backup(store, tmp_path / "it's a copy.duckdb")
    put(store, [F(unit="JFK")])
    restore(copy, tmp_path / "again" / "b.duckdb")
    with Store.open(tmp_path / "again" / "b.duckdb") as restored:
        assert load_list(restored)["load"].to_list() == [1]
        assert put(restored, [F()]).unchanged == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "it's a copy.duckdb"]


def test_nothing_is_overwritten(store, tmp_path):
    backup(store, tmp_path / "a.duckdb")
    with pytest.raises(StoreError, match="already"):
        backup(store, tmp_path / "a.duckdb")
    with pytest.raises(StoreError, match="already"):
        restore(tmp_path / "a.duckdb", store.path)


def test_what_is_no_backup_is_not_restored(tmp_path):
    (tmp_path / "a.txt").write_text("hello " * 1000)
    with pytest.raises(StoreError, match="not a DuckDB file"):
        restore(tmp_path / "a.txt", tmp_path / "b.duckdb")
    with pytest.raises(StoreError, match="no backup"):
        restore(tmp_path / "none", tmp_path / "b.duckdb")
    assert not list(tmp_path.glob("b.*"))
