"""API tokens: what is kept of them, who they let in and for how long, and that none ever opens more than its account."""

import datetime
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.access.scopes import BY_NAME
from kpiflow.errors import InvalidInput, KPIFlowError, NotFound, Refused
from kpiflow.storage import read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.api_tokens.knowing import NotKnown, WrongTooOften, bearer_of
from kpiflow.workspace.api_tokens.making import Lasting, lasting_of
from kpiflow.workspace.api_tokens.secret import PATTERN, is_whole, new_secret
from kpiflow.workspace.commands import apply, create_store
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signed_in import SignedIn, Terms
from kpiflow.workspace.sign_in.signing_in import session, sign_in
from kpiflow.workspace.sign_in.throttle import FREE_ADDRESS

PASSWORD, HERE = "seven blue kites", "10.0.0.1"
ANN, ROOT = Asker("p0101", "ann"), Asker(None, "root", ("administrator",))


class Clock(SignedIn):
    """A clock that goes on when a test says so."""

    at = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)

    def now(self) -> datetime.datetime:
        return self.at


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example's organisation, a duty manager's account and an administrator's."""
    path = tmp_path_factory.mktemp("tokens") / "store.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        apply(ws, config_folder(), who="test")
        accounts.add(ws, ADMINISTRATOR, "ann", person="p0101", password=PASSWORD)
        accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password=PASSWORD)
    return path


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy of that store, with a clock of its own."""
    with closing(Workspace.open(Path(shutil.copy(made, tmp_path / "store.duckdb")))) as opened:
        opened.signed_in = Clock(Terms())
        yield opened


def test_the_secret_is_in_no_table_and_no_journal_line(ws):
    token = ws.make_api_token(ANN, " payroll  run ", ["goals:read", "scores:read"], days=30)
    assert re.fullmatch(PATTERN, token.secret), "what scanners for secrets look for"
    assert (token.name, token.account, token.scopes) == ("payroll run", "ann", ("goals:read", "scores:read"))
    assert token.expires == Clock.at + datetime.timedelta(days=30)
    assert token.secret not in repr(token)
    ws.revoke_api_token(ANN, token.token, reason="a test")
    with ws.store.read() as cursor:
        tables = [name for (name,) in cursor.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
        kept = "".join(str(cursor.sql(f'SELECT * FROM "{name}"').fetchall()) for name in tables if "token" in name)
        kept += str(cursor.sql("SELECT * FROM journal").fetchall())
    assert token.secret not in kept
    assert token.secret[4:40] not in kept
    lines = read_journal(ws.store, subject="payroll run")
    assert lines["action"].to_list() == ["api_token_revoked", "api_token_made"]
    assert lines["who"].to_list() == ["p0101", "p0101"]


@given(st.integers(0, 49), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_token_with_one_wrong_character_or_cut_short_is_known_to_be_none(at, letter):
    secret = new_secret()
    other = secret[:at] + letter + secret[at + 1 :]
    assert is_whole(secret)
    assert is_whole(other) == (other == secret)
    assert not is_whole(secret[:at])


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("", "no whole token"),
        ("kpf_", "no whole token"),
        ("kpf_" + "0" * 46, "no whole token"),
        ("x" * 70_000, "no whole token"),
        ("kpf_" + "й" * 46, "no whole token"),
        (new_secret(), "Nobody here knows"),
    ],
    ids=["nothing", "the mark alone", "a wrong checksum", "too long", "other letters", "a stranger"],
)
def test_what_is_no_token_of_ours_opens_nothing(ws, given, match):
    with pytest.raises(NotKnown, match=match):
        bearer_of(ws, given, HERE)


def test_neither_the_hash_of_a_token_nor_a_session_is_a_token(ws):
    token = ws.make_api_token(ANN, "a", ["goals:read"])
    with ws.store.read() as cursor:
        (kept,) = cursor.sql("SELECT secret FROM api_token").fetchall()[0]
    for wrong in (kept, f"kpf_{kept}", token.secret.swapcase(), sign_in(ws, "ann", PASSWORD, HERE)):
        with pytest.raises(NotKnown):
            bearer_of(ws, wrong, HERE)
    assert session(ws, token.secret) is None, "and a token is no session"


def test_whoever_comes_with_a_token_is_who_a_session_of_the_account_would_be_at_that_moment(ws):
    secret = ws.make_api_token(ANN, "a", list(BY_NAME)).secret

    def same() -> Asker:
        by_token = bearer_of(ws, secret, HERE).asker
        assert by_token == session(ws, sign_in(ws, "ann", PASSWORD, HERE))
        return by_token

    assert same() == ANN
    accounts.set_roles(ws, ADMINISTRATOR, "ann", ["auditor"])
    assert same().roles == ("auditor",)
    assert ws.may(same(), "read_scores").allowed
    accounts.set_roles(ws, ADMINISTRATOR, "ann", [])
    assert not ws.may(same(), "read_scores").allowed
    accounts.link(ws, ADMINISTRATOR, "ann", None)
    assert same().person is None
    assert not ws.may(same(), "read_goals").allowed
    accounts.disable(ws, ADMINISTRATOR, "ann")
    with pytest.raises(NotKnown, match="disabled"):
        bearer_of(ws, secret, HERE)
    accounts.enable(ws, ADMINISTRATOR, "ann")
    assert same() == Asker(None, "ann")


def test_a_token_ends_on_its_day_and_at_once_when_it_is_revoked(ws):
    short = ws.make_api_token(ANN, "short", ["goals:read"], days=1)
    long = ws.make_api_token(ANN, "long", ["goals:read"])
    ws.signed_in.at = Clock.at + datetime.timedelta(days=1)
    with pytest.raises(NotKnown, match="short expired on May 5, 2026"):
        bearer_of(ws, short.secret, HERE)
    assert bearer_of(ws, long.secret, HERE).token == long.token
    ws.revoke_api_token(ANN, long.token, reason="left in a log")
    with pytest.raises(NotKnown, match="long was revoked"):
        bearer_of(ws, long.secret, HERE)
    with pytest.raises(InvalidInput, match="revoked already"):
        ws.revoke_api_token(ANN, long.token, reason="again")
    assert ws.api_tokens(ANN)["state"].to_list() == ["revoked", "expired"]


def test_a_restart_forgets_nothing_of_a_token(ws):
    token = ws.make_api_token(ANN, "a", ["goals:read"])
    bearer_of(ws, token.secret, HERE)
    with closing(Workspace.open(ws.store.path)) as again:
        again.signed_in = Clock(Terms())
        assert bearer_of(again, token.secret, HERE).scopes == {"goals:read"}
        assert again.api_tokens(ANN)["used"][0] == Clock.at.date()
        bearer_of(again, token.secret, HERE)
        with again.store.read() as cursor:
            assert cursor.sql("SELECT count(*) FROM api_token_used").fetchall() == [(1,)], "a day is written once"


def test_many_unknown_tokens_from_an_address_must_wait_and_keep_out_nobody_who_has_one(ws):
    secret = ws.make_api_token(ANN, "a", ["goals:read"]).secret
    for _ in range(FREE_ADDRESS):
        with pytest.raises(NotKnown):
            bearer_of(ws, new_secret(), HERE)
    with pytest.raises(WrongTooOften) as refused:
        bearer_of(ws, new_secret(), HERE)
    assert refused.value.seconds >= 1
    assert bearer_of(ws, secret, HERE).name == "a"
    with pytest.raises(NotKnown):
        bearer_of(ws, new_secret(), "10.0.0.2")


def test_everybody_keeps_their_own_and_administrators_see_and_revoke_all(ws):
    anns, roots = (ws.make_api_token(asker, "a", ["goals:read"]) for asker in (ANN, ROOT))
    assert ws.api_tokens(ANN)["token"].to_list() == [anns.token]
    assert ws.api_tokens(ROOT)["token"].to_list() == [roots.token]
    assert ws.api_tokens(ROOT, everybody=True)["account"].to_list() == ["root", "ann"]
    assert not any("secret" in name for name in ws.api_tokens(ROOT, everybody=True).columns)
    with pytest.raises(Refused):
        ws.api_tokens(ANN, everybody=True)
    said = set()
    for number in (roots.token, 77):
        with pytest.raises(NotFound) as refused:
            ws.revoke_api_token(ANN, number, reason="not mine")
        said.add(str(refused.value).replace(str(number), "…"))
    assert len(said) == 1, "whether there is such a token is not told"
    ws.revoke_api_token(ROOT, anns.token, reason="she left")
    with pytest.raises(NotKnown):
        bearer_of(ws, anns.secret, HERE)


@pytest.mark.parametrize(
    ("asker", "name", "scopes", "more", "match"),
    [
        (ANN, "", ["goals:read"], {}, "Name the token"),
        (ANN, "x" * 61, ["goals:read"], {}, "Name the token"),
        (ANN, "a\u202eb", ["goals:read"], {}, "Name the token"),
        (ANN, "b", [], {}, "at least one scope"),
        (ANN, "b", ["goal:read"], {}, "Did you mean 'goals:read'"),
        (ANN, "b", ["goals:read"], {"days": 0}, "1 to 366 days"),
        (ANN, "b", ["goals:read"], {"days": 367}, "1 to 366 days"),
        (ANN, "b", ["goals:read"], {"account": "root"}, "another's account"),
        (Asker("p0102"), "b", ["goals:read"], {}, "you have none"),
        (ADMINISTRATOR, "b", ["goals:read"], {}, "whose token"),
        (ADMINISTRATOR, "b", ["goals:read"], {"account": "an"}, "Did you mean 'ann'"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_words(ws, asker, name, scopes, more, match):
    with pytest.raises(KPIFlowError, match=match):
        ws.make_api_token(asker, name, scopes, **more)
    assert ws.api_tokens(ADMINISTRATOR).is_empty()


def test_a_name_is_free_again_once_its_token_counts_no_more(ws):
    first = ws.make_api_token(ANN, "payroll", ["goals:read"])
    with pytest.raises(InvalidInput, match="payroll already"):
        ws.make_api_token(ANN, "payroll", ["goals:read"])
    ws.revoke_api_token(ANN, first.token, reason="a new one is made")
    assert ws.make_api_token(ANN, "payroll", ["goals:read"]).token == first.token + 1


def test_a_scope_that_opens_nothing_is_remarked_on(ws):
    remarks = ws.make_api_token(ANN, "a", ["goals:read", "measurements:write"]).remarks
    assert [str(one) for one in remarks] == [
        "ann may not write measurements now, so the scope measurements:write opens nothing."
    ]


def test_how_long_tokens_count_is_set_in_the_environment():
    assert lasting_of({}) == Lasting(90, 366)
    assert lasting_of({"KPIFLOW_TOKEN_MOST_DAYS": "30"}) == Lasting(30, 30)
    assert lasting_of({"KPIFLOW_TOKEN_DAYS": "7"}) == Lasting(7, 366)
    with pytest.raises(InvalidInput, match="KPIFLOW_TOKEN_DAYS"):
        lasting_of({"KPIFLOW_TOKEN_DAYS": "ever"})


def test_a_token_of_the_demo_is_never_written_to_the_store(ws):
    ws.demo = True
    asker = Asker("p0102")
    token = ws.make_api_token(asker, "try", ["goals:read"])
    assert bearer_of(ws, token.secret, HERE).asker == asker
    assert ws.api_tokens(asker)["name"].to_list() == ["try"]
    assert ws.api_tokens(Asker("p0103")).is_empty()
    assert ws.api_tokens(Asker("p0007"), everybody=True)["account"].to_list() == ["p0102"]
    with ws.store.read() as cursor:
        assert cursor.sql("SELECT count(*) FROM api_token").fetchall() == [(0,)]
    ws.demo = False
    with pytest.raises(NotKnown):
        bearer_of(ws, token.secret, HERE)
    ws.demo = True
    ws.revoke_api_token(asker, token.token, reason="tried")
    with pytest.raises(NotKnown, match="revoked"):
        bearer_of(ws, token.secret, HERE)
    assert ws.api_tokens(asker)["reason"].to_list() == ["tried"]
