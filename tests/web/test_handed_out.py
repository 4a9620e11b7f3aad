"""Files are handed to those they were made for, and remembered by their content."""

from kpiflow.workspace import Asker
from kpiflow.workspace.sign_in import handed_out
from kpiflow.workspace.sign_in.handed_out import HandedOut

ANN, BEN = Asker("ann"), Asker("ben")


def test_a_file_is_only_for_whom_it_was_made():
    given = HandedOut()
    given.remember(ANN, b"scores")
    assert given.to(ANN, b"scores")
    assert not given.to(BEN, b"scores")
    assert not given.to(ANN, b"other scores")
    assert not given.to(Asker("ann", account="somebody else's"), b"scores")


def test_two_may_rightly_have_the_same_content():
    given = HandedOut()
    for one in (ANN, BEN):
        given.remember(one, b"scores")
    assert given.to(ANN, b"scores")
    assert given.to(BEN, b"scores")


def test_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(handed_out, "REMEMBERED", 2)
    given = HandedOut()
    for content in (b"1", b"2", b"3"):
        given.remember(ANN, content)
    assert [given.to(ANN, content) for content in (b"1", b"2", b"3")] == [False, True, True]
