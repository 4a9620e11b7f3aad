"""What a book remembers of a store: true until somebody writes, through whichever store."""

import datetime
from contextlib import closing

from kpiflow.storage import Store
from kpiflow.workspace import books
from kpiflow.workspace.books import ADMINISTRATOR, Books
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import sign_in, sign_out
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


def test_what_nobody_is_told_of_leaves_answers_as_they_are(tmp_path, monkeypatch):
    """Signing in writes sessions and tries; no page tells of them, so none is made anew."""
    asked = []
    version = books.measurements_version
    monkeypatch.setattr(books, "measurements_version", lambda *given: asked.append(given) or version(*given))
    path = tmp_path / "a.duckdb"
    Store.create(path).close()
    with closing(Books.open(path)) as book:
        accounts.add(book, ADMINISTRATOR, "root", roles=[accounts.ADMINISTRATOR_ROLE], password="seven blue kites")
        book.known(None)
        known, counted, writes = book.written(), len(asked), book.store.writes
        token = sign_in(book, "root", "seven blue kites", "127.0.0.1")
        sign_out(book, token)
        book.known(None)
        assert book.store.writes > writes, "a session is written all the same"
        assert book.written() == known
        assert len(asked) == counted
        with book.store.write(apart=True), book.store.write():
            pass
        assert book.written() != known, "what joins a write made apart counts"


def test_programs_that_ask_as_of_ever_other_instants_fill_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(books, "DAYS_KEPT", 3)
    began = datetime.datetime(2013, 1, 1, tzinfo=datetime.UTC)
    with Store.create(tmp_path / "a.duckdb") as store:
        book = Books(store)
        for seconds in range(10):
            assert book.known(began + datetime.timedelta(seconds=seconds)).measurements == 0
            assert len(book._versions) <= 3
