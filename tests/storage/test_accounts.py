"""Accounts, tokens and tries in the store: everything kept, the newest version counts, nothing secret written."""

import datetime

from kpiflow.storage import Entry, read_journal
from kpiflow.storage.accounts import Account, change_of, has_accounts, read_account, read_accounts, save_account
from kpiflow.storage.tokens import Attempt, Token, attempts_since, end, find_token, issue, open_tokens, record_attempt

NOW = datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def save(store, account: Account, action: str = "account_added") -> None:
    with store.write() as cursor:
        save_account(cursor, account, change_of(account, action, "root", NOW))


def token(hash_: str, account: str = "ann", *, purpose: str = "session", lasting: datetime.timedelta = HOUR) -> Token:
    return Token(hash_, purpose, account, NOW, NOW + lasting)


def put(store, *tokens: Token) -> None:
    with store.write() as cursor:
        for one in tokens:
            issue(cursor, one, Entry(NOW, one.account, "sign_in", one.account))


def test_a_store_begins_without_accounts(store):
    assert not has_accounts(store)
    assert read_account(store, "ann") is None
    assert read_accounts(store).height == 0


def test_the_newest_version_counts_and_every_older_one_is_kept(store):
    first = Account("ann", "p1", ("auditor",), "$argon2id$one")
    save(store, first)
    save(store, Account("bob", None, (), None))
    second = Account("ann", None, (), "$argon2id$two", disabled=True)
    save(store, second, "account_disabled")
    assert read_account(store, "ann") == second
    assert read_accounts(store).select("account", "has_password", "disabled").rows() == [
        ("ann", True, True),
        ("bob", False, False),
    ]
    with store.read() as cursor:
        kept = cursor.sql("SELECT account, password FROM account ORDER BY version").fetchall()
    assert kept == [("ann", "$argon2id$one"), ("bob", None), ("ann", "$argon2id$two")]


def test_disabled_accounts_alone_are_nobody_to_sign_in(store):
    save(store, Account("ann", disabled=True))
    assert not has_accounts(store)
    save(store, Account("ann"))
    assert has_accounts(store)


def test_a_hash_is_in_no_listing_journal_or_print(store):
    save(store, Account("ann", "p1", (), "$argon2id$secret"))
    assert "secret" not in repr(read_account(store, "ann"))
    assert "password" not in read_accounts(store).columns
    assert "secret" not in str(read_journal(store).rows())


def test_an_ended_token_is_found_no_more_and_still_kept(store):
    put(store, token("a"), token("b"))
    assert find_token(store, "a") == token("a")
    with store.write() as cursor:
        end(cursor, ["a"], "sign_out", Entry(NOW, "ann", "sign_out", "ann"))
    assert find_token(store, "a") is None
    assert find_token(store, "b") is not None
    with store.read() as cursor:
        assert cursor.sql("SELECT count(*) FROM token").fetchall() == [(2,)]


def test_open_tokens_are_those_of_the_account_that_neither_expired_nor_ended(store):
    put(store, token("a"), token("b", purpose="welcome"), token("c", lasting=-HOUR), token("d", "bob"), token("e"))
    with store.write() as cursor:
        end(cursor, ["e"], "sign_out", Entry(NOW, "ann", "sign_out", "ann"))
    assert sorted(open_tokens(store, "ann", NOW)) == ["a", "b"]
    assert open_tokens(store, "ann", NOW, "welcome") == ["b"]
    assert open_tokens(store, "ann", NOW + HOUR) == []


def test_ending_nothing_writes_nothing(store):
    with store.write() as cursor:
        end(cursor, [], "sign_out", Entry(NOW, "ann", "sign_out", "ann"))
    assert read_journal(store).height == 0


def test_moments_are_the_same_in_whatever_zone_they_were_said(store):
    """The night the clocks go forward in Europe: an hour by the clock would be skipped, one by the sun is not."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    put(store, Token("a", "session", "ann", NOW.astimezone(zone), (NOW + HOUR).astimezone(zone)))
    found = find_token(store, "a")
    assert (found.issued, found.expires) == (NOW, NOW + HOUR)


def test_tries_are_read_back_in_order(store):
    tries = [Attempt("ann", "10.0.0.1", NOW - 2 * HOUR, True), Attempt(None, "10.0.0.2", NOW, False)]
    with store.write() as cursor:
        for one in reversed(tries):
            record_attempt(cursor, one, None)
    assert attempts_since(store, NOW - 3 * HOUR) == tries
    assert attempts_since(store, NOW - HOUR) == tries[1:]
