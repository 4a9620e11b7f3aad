"""Nobody comes in but by the right password or link, once, and stays only as long as they may."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest

from kpiflow.web.forms import local_path
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.sign_in import accounts, passwords
from kpiflow.workspace.sign_in.signed_in import hash_of
from kpiflow.workspace.sign_in.signing_in import session
from kpiflow.workspace.sign_in.throttle import FREE_ACCOUNT, FREE_ADDRESS, Throttle
from tests.web.conftest import HTML, OTHER, PASSWORD


def with_cookie(one, token: str, path: str = "/overview") -> int:
    """The status that a browser with this cookie gets."""
    return one.ask("GET", path, headers={**HTML, "cookie": f"kpiflow_session={token}"}).status_code


def test_a_cookie_kept_from_before_opens_nothing_after_signing_out(reader):
    one = reader()
    one.sign_in()
    kept = one.token
    assert with_cookie(reader(), kept) == 200
    one.post("/sign-out", "/password")
    assert with_cookie(reader(), kept) == 303


def test_a_cookie_kept_from_before_opens_nothing_after_a_new_password(reader):
    one, thief = reader(), reader()
    one.sign_in()
    thief.sign_in()
    stolen = thief.token
    one.post("/password", old=PASSWORD, new=OTHER, again=OTHER)
    assert with_cookie(reader(), stolen) == 303
    assert with_cookie(reader(), one.token) == 200


def test_a_cookie_counts_neither_after_its_hours_nor_after_idling(reader, ws, monkeypatch):
    one, two = reader(), reader()
    one.sign_in()
    two.sign_in()
    now, terms = ws.signed_in.now(), ws.signed_in.terms
    monkeypatch.setattr(ws.signed_in, "now", lambda: now + terms.idle + timedelta(seconds=1))
    assert with_cookie(reader(), one.token) == 303
    monkeypatch.setattr(ws.signed_in, "now", lambda: now)
    assert with_cookie(reader(), one.token) == 303, "ended is ended, whatever the clock says afterwards"
    monkeypatch.setattr(ws.signed_in, "now", lambda: now + terms.lasting + timedelta(seconds=1))
    assert session(ws, two.token) is None


@pytest.mark.parametrize(
    "change", ["cut", "longer", "upper", "hash", "space", "null", "unicode", "twice", "quoted other"]
)
def test_a_token_that_is_not_exactly_ours_opens_nothing(reader, change):
    one = reader()
    one.sign_in()
    token = one.token
    forged = {
        "cut": token[:-1], "longer": f"{token}a", "upper": token.swapcase(), "hash": hash_of(token),
        "space": f"{token[:9]} {token[9:]}",
        "null": f"{token}%00", "unicode": token.replace(token[3], "\\303\\251", 1), "twice": f"x; kpiflow_session={token[:-2]}",
        "quoted other": '"' + "A" * 43 + '"',
    }[change]  # fmt: skip
    assert with_cookie(reader(), forged) == 303


def test_no_token_is_guessed_from_another(reader):
    """256 bits of the system's randomness each: nothing of one is in the next, and nobody's name."""
    tokens = []
    for _ in range(8):
        one = reader()
        one.sign_in()
        tokens.append(one.token)
    assert len(set(tokens)) == 8
    assert all(len(token) == 43 and "ann" not in token for token in tokens)
    assert len({token[:4] for token in tokens}) == 8


def test_a_known_and_an_unknown_name_cost_the_same_work(reader, monkeypatch):
    """Counted, not timed: the hash is what costs, and each try costs one."""
    done = []
    real = passwords._ARGON2.verify
    monkeypatch.setattr(passwords, "_ARGON2", type("Counted", (), {
        "verify": lambda _, given, hash_: done.append(hash_.split("$")[3]) or real(given, hash_),
        "hash": passwords._ARGON2.hash,
    })())  # fmt: skip
    for name in ("ann", "nobody", "root", "ann\x00", "x" * 5000):
        done.clear()
        reader().sign_in(name, "wrong wrong wrong")
        assert len(done) == 1, name
        assert done == ["m=65536,t=3,p=4"], "the same parameters for nobody as for somebody"


def test_without_a_password_of_its_own_an_account_costs_the_same_and_opens_to_none(reader, ws, monkeypatch):
    accounts.add(ws, ADMINISTRATOR, "provided", person="p0002")
    done = []
    real = passwords.same
    monkeypatch.setattr(passwords, "same", lambda given, hash_: done.append(hash_) or real(given, hash_))
    for guess in ("", "None", "the password of nobody at all"):
        assert reader().sign_in("provided", guess).status_code == 403
    assert done == [None, None, None]


def test_brute_force_waits_by_name_and_by_address(reader):
    one = reader(peer="10.1.1.1")
    for _ in range(FREE_ACCOUNT):
        assert one.sign_in(password="wrong wrong wrong").status_code == 403
    assert reader(peer="10.2.2.2").sign_in().status_code == 429, "the name waits, wherever it is tried from"
    throttle = Throttle()
    for number in range(FREE_ADDRESS):
        assert throttle.begin(f"name{number}", "10.3.3.3", 0) == 0
    assert throttle.begin("another", "10.3.3.3", 0) > 0, "the address waits, whatever name is tried"


def test_an_invitation_is_used_once_and_a_newer_one_ends_it(reader, ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    older = accounts.invite(ws, ADMINISTRATOR, "bob").path
    newer = accounts.invite(ws, ADMINISTRATOR, "bob").path
    assert reader().get(older).status_code == 403
    token = newer.partition("=")[2]
    assert reader().post("/welcome", newer, token=token, new=OTHER, again=OTHER).status_code == 303
    assert reader().post("/welcome", newer, token=token, new=PASSWORD, again=PASSWORD).status_code == 403
    assert reader().sign_in("bob", PASSWORD).status_code == 403


def test_an_invitation_ends_with_its_hours_and_with_its_account(reader, ws, monkeypatch):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    path = accounts.invite(ws, ADMINISTRATOR, "bob").path
    accounts.disable(ws, ADMINISTRATOR, "bob")
    assert reader().get(path).status_code == 403
    accounts.enable(ws, ADMINISTRATOR, "bob")
    path = accounts.invite(ws, ADMINISTRATOR, "bob").path
    now = ws.signed_in.now()
    monkeypatch.setattr(ws.signed_in, "now", lambda: now + ws.signed_in.terms.welcome + timedelta(seconds=1))
    assert reader().get(path).status_code == 403


@pytest.mark.parametrize("guess", ["", "x", "a" * 43, "a" * 5000, "../", "' OR 1=1 --", "%00", "\U0001f600"])
def test_an_invitation_is_not_guessed(reader, guess):
    answer = reader().ask("GET", "/welcome", params={"token": guess}, headers=HTML)
    assert answer.status_code == 403
    assert 'type="password"' not in answer.text


def test_a_token_of_one_kind_is_none_of_another(reader, ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    invitation = accounts.invite(ws, ADMINISTRATOR, "bob").path.partition("=")[2]
    assert with_cookie(reader(), invitation) == 303
    one = reader()
    one.sign_in()
    assert reader().get(f"/welcome?token={one.token}").status_code == 403


def test_no_parameter_says_who_looks(reader, ws):
    one = reader()
    one.sign_in()
    for extra in ("?asker=p0001", "?account=root", "?person=p0001&role=administrator"):
        one.get(f"/overview{extra}")
        assert session(ws, one.token).person == "p0101"
    assert one.ask("GET", "/overview", headers={**HTML, "cookie": "", "x-remote-user": "root"}).status_code == 303


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "/%09/evil.example", "/\t//evil.example",
        "javascript:alert(1)", "/\u2028/evil.example", "data:text/html,x", "\x00/overview", "/overview\r\nset-cookie: x=y",
        "https:/evil.example", "////evil.example/%2f..",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(reader, to):
    answer = reader().sign_in(next=to)
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))
    assert not re.search(r"[\x00-\x20\\]", where)
    assert not urlsplit(local_path(to)).netloc


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "localhost, evil.example"]
)
def test_a_host_header_of_others_is_not_answered_and_never_written_back(reader, host):
    answer = reader().ask("GET", "/sign-in", headers={**HTML, "host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)


def test_every_cookie_is_kept_from_scripts_and_other_sites(reader):
    one = reader("https://localhost")
    one.get("/sign-in")
    lines = [line for answer in (one.get("/sign-in"), one.sign_in()) for line in answer.headers.get_list("set-cookie")]
    assert lines
    for line in lines:
        for name, cookie in SimpleCookie(line).items():
            assert cookie["httponly"], name
            assert cookie["secure"], name
            assert cookie["samesite"].lower() in ("lax", "strict"), name
            assert not cookie["domain"], name
