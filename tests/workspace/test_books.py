"""What a book remembers of a store: true until somebody writes, through whichever store."""

from kpiflow.storage import Store
from kpiflow.workspace import books
from kpiflow.workspace.books import Books
from tests.storage.facts import F, put


def test_versions_are_asked_again_once_somebody_has_written(tmp_path, monkeypatch):
    asked = []
    version = books.measurements_version
    monkeypatch.setattr(books, "measurements_version", lambda *given: asked.append(given) or version(*given))
    with Store.create(tmp_path / "a.duckdb") as store, Store.open(store.path) as other:
        book = Books(store)
        assert [book.known(None).measurements for _ in range(3)] == [0, 0, 0]
        assert len(asked) == 1
        put(other, [F()])
        assert [book.known(None).measurements for _ in range(3)] == [1, 1, 1]
        assert len(asked) == 2


def test_what_was_said_is_asked_again_once_anything_is_written(tmp_path):
    with Store.create(tmp_path / "a.duckdb") as store, Store.open(store.path) as other:
        book = Books(store)
        before = book.written()
        assert book.written() == before
        put(other, [F()])
        assert book.written() != before
