"""Signing in and out through the forms: cookies, wrong passwords, other sites' forms, the demo, first and new passwords."""

import re
from html import unescape

import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.web.forms import LARGEST, local_path
from kpiflow.web.server import named, only_here, somebody_signs_in
from kpiflow.web.settings import address_of, hosts_of, provider_of
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.api_tokens.knowing import NotKnown, bearer_of
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import session
from kpiflow.workspace.sign_in.throttle import FREE_ACCOUNT
from tests.web.conftest import OTHER, PASSWORD


def cookie_of(answer) -> str:
    """The Set-Cookie line of the session."""
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith("kpiflow_session="))


def test_the_right_password_opens_the_page_that_was_asked_for(reader):
    one = reader()
    answer = one.sign_in(next="/goal?goal=nyc-ontime")
    assert (answer.status_code, answer.headers["location"]) == (303, "/goal?goal=nyc-ontime")
    assert one.get("/goal?goal=nyc-ontime").text == "reached GET /goal"


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_lines(reader):
    plain = cookie_of(reader().sign_in()).casefold()
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= set(plain.split("; "))
    assert "secure" not in plain
    assert "domain" not in plain
    https = cookie_of(reader("https://localhost").sign_in()).casefold()
    assert "secure" in https.split("; ")
    proxied = reader("http://goals.example.com", address="https://goals.example.com")
    # This browser shows plain HTTP and keeps such a cookie to itself, so what is asked for is only whether it is one.
    assert "secure" in proxied.get("/sign-in").headers["set-cookie"].casefold().split("; ")


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong wrong wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_a_wrong_name_get_the_same_page(reader, name, password):
    one = reader()
    answer = one.sign_in(name, password)
    assert answer.status_code == 403
    assert "The name or the password is not right." in answer.text
    assert password not in answer.text, "a password is never written back"
    assert one.token is None
    pages = [re.sub(r'value="[^"]*"', "", reader().sign_in(*pair).text) for pair in (("ann", OTHER), ("nobody", OTHER))]
    assert pages[0] == pages[1]


def test_too_many_wrong_tries_say_how_long_to_wait(reader):
    one = reader()
    for _ in range(FREE_ACCOUNT):
        one.sign_in(password="wrong wrong wrong")
    answer = one.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 4
    assert re.search(r"Try again in \d+ seconds", answer.text)
    assert one.token is None


def test_tries_are_counted_by_where_the_socket_comes_from_not_by_what_a_header_says(reader):
    one = reader()
    for number in range(FREE_ACCOUNT):
        one.post("/sign-in", headers={"x-forwarded-for": f"10.0.0.{number}"}, name="ann", password="wrong wrong wrong")
    assert one.sign_in().status_code == 429


def test_a_session_that_was_planted_before_is_not_the_one_that_is_used(reader, ws):
    """Session fixation: whatever cookie a browser brings, signing in makes a new one, and ends the one it replaces."""
    mallory = reader()
    mallory.sign_in("root")
    planted = mallory.token
    victim = reader()
    proof = re.search(r'name="proof" value="(\w+)"', victim.get("/sign-in").text)[1]
    cookies = f"kpiflow_session={planted}; kpiflow_form={victim.client.cookies['kpiflow_form']}"
    form = {"proof": proof, "name": "ann", "password": PASSWORD}
    answer = victim.ask("POST", "/sign-in", data=form, headers={"cookie": cookies})
    fresh = re.match(r"kpiflow_session=([\w-]+)", cookie_of(answer))[1]
    assert fresh != planted
    assert session(ws, fresh).account == "ann"
    assert session(ws, planted) is None


# Other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/sign-out-everywhere", "/password", "/welcome", "/revoke-tokens"]
)
def test_a_form_from_another_site_does_nothing(reader, ws, headers, path):
    one = reader()
    one.sign_in()
    form = {"name": "root", "password": PASSWORD, "old": PASSWORD, "new": OTHER, "again": OTHER}
    answer = one.post(path, "/password", headers=headers, **form)
    assert answer.status_code == 403
    assert session(ws, one.token).account == "ann"
    assert reader().sign_in().status_code == 303, "the password is the old one"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-out-everywhere", "/password"])
def test_a_form_that_we_did_not_show_does_nothing(reader, ws, path):
    one, other = reader(), reader()
    one.sign_in()
    stolen = re.search(r'name="proof" value="(\w+)"', other.get("/sign-in").text)[1]
    form = {"name": "root", "password": PASSWORD, "old": PASSWORD, "new": OTHER, "again": OTHER}
    for proof in ({}, {"proof": ""}, {"proof": stolen}, {"proof": "é"}):
        assert one.ask("POST", path, data={**form, **proof}).status_code in (403, 401)
    assert session(ws, one.token).account == "ann"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)",
        "/ /evil.example", "evil.example", "", "/\r\nset-cookie: a=b", "http:evil.example", "/sign-out",
        "/welcome?token=x", "/" + "x" * 3000,
    ],
)  # fmt: skip
def test_the_way_back_never_leads_elsewhere(reader, to):
    assert local_path(to) == "/"
    assert reader().sign_in(next=to).headers["location"] == "/"


@pytest.mark.parametrize("to", ["/", "/goal?goal=a%2Fb&period=2013", "/overview", "/goal?x=https://a.example"])
def test_the_way_back_leads_to_any_page_of_ours(to):
    assert local_path(to) == to


def test_what_is_typed_or_linked_is_never_markup(reader):
    evil = '"><script>alert(1)</script>'
    one = reader()
    for answer in (
        one.get("/sign-in", params={"next": f"/{evil}", "search": evil, "language": evil}),
        one.sign_in(evil, evil),
    ):
        assert "<script" not in answer.text
    assert evil in unescape(one.sign_in(evil, evil).text)


def test_a_form_larger_than_any_of_ours_is_refused(reader):
    assert reader().ask("POST", "/sign-in", content=b"name=" + b"a" * LARGEST).status_code == 400


# Out


def test_signing_out_ends_the_session_and_takes_the_cookie(reader, ws):
    one = reader()
    one.sign_in()
    token = one.token
    answer = one.post("/sign-out", "/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "max-age=0" in cookie_of(answer).casefold()
    assert session(ws, token) is None
    assert one.get("/overview").status_code == 303


def test_a_link_signs_nobody_out(reader, ws):
    one = reader()
    one.sign_in()
    assert one.get("/sign-out").status_code in (404, 405, 200)
    assert session(ws, one.token) is not None


def test_signing_out_everywhere_ends_the_other_browsers_too(reader, ws):
    one, two, other = reader(), reader(), reader()
    one.sign_in()
    two.sign_in()
    other.sign_in("root")
    one.post("/sign-out-everywhere", "/password")
    assert two.get("/overview").status_code == 303
    assert session(ws, other.token) is not None


# Passwords and invitations


def test_a_new_password_takes_the_old_one_and_ends_other_sessions(reader):
    one, two = reader(), reader()
    one.sign_in()
    two.sign_in()
    wrong = one.post("/password", old="wrong wrong wrong", new=OTHER, again=OTHER)
    assert wrong.status_code == 403
    assert "old password is not right" in wrong.text
    assert "not the same" in one.post("/password", old=PASSWORD, new=OTHER, again=PASSWORD).text
    done = one.post("/password", old=PASSWORD, new=OTHER, again=OTHER)
    assert "The password is changed" in done.text
    assert one.get("/overview").status_code == 200
    assert two.get("/overview").status_code == 303
    assert reader().sign_in().status_code == 403
    assert reader().sign_in(password=OTHER).status_code == 303


def test_an_invitation_sets_a_password_once(reader, ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    path = accounts.invite(ws, ADMINISTRATOR, "bob").path
    token, one = path.partition("=")[2], reader()
    assert "bob" in one.get(path).text
    assert one.post("/welcome", path, token=token, new="short", again="short").status_code == 400
    assert one.post("/welcome", path, token=token, new=OTHER, again=OTHER).status_code == 303
    assert one.get("/overview").status_code == 200
    used = reader().get(path)
    assert used.status_code == 403
    assert "used" in used.text
    assert "bob" not in used.text
    assert reader().sign_in("bob", OTHER).status_code == 303


# The demo


def test_the_demo_offers_the_desks_and_signs_in_with_one_press(reader, ws):
    one = reader(demo=True)
    shown = one.get("/sign-in").text
    offered = re.findall(r'name="person" value="(p\d+)"', shown)
    assert offered[:4] == ["p0001", "p0002", "p0005", "p0101"]
    assert len(offered) == 7
    assert "This is the demo" in shown
    answer = one.post("/sign-in/demo", "/sign-in", person="p0002", next="/goal?goal=nyc-ontime")
    assert answer.headers["location"] == "/goal?goal=nyc-ontime"
    assert session(ws, one.token).person == "p0002"


def test_the_demo_finds_anybody_in_either_language(reader):
    one = reader(demo=True)
    assert "p0003" in one.get("/sign-in?search=chiara+heron").text
    assert "p0004" in one.get("/sign-in?search=陆鸿雁&language=zh").text
    assert "Nobody" in one.get("/sign-in?search=zzzzzz").text


@pytest.mark.parametrize(
    ("where", "headers"),
    [
        ({"demo": False}, {}),
        ({"demo": True, "peer": "192.168.1.7"}, {}),
        ({"demo": True, "local": False}, {}),
        ({"demo": True}, {"x-forwarded-for": "192.168.1.7"}),
        ({"demo": True}, {"forwarded": "for=192.168.1.7"}),
        ({"demo": True}, {"x-forwarded-proto": "https"}),
        ({"demo": True}, {"via": "1.1 proxy"}),
        ({"demo": True}, {"cf-connecting-ip": "192.168.1.7"}),
    ],
    ids=[
        "in earnest",
        "from elsewhere",
        "listening to others",
        *(f"through a proxy that says {one}" for one in "abcde"),
    ],
)
def test_nobody_looks_as_anybody_but_in_the_demo_on_this_machine(reader, where, headers):
    one = reader(**where)
    answer = one.post("/sign-in/demo", "/sign-in", headers=headers, person="p0001")
    assert answer.status_code == 404
    assert one.token is None
    shown = one.ask("GET", "/sign-in", headers={**headers, "accept": "text/html"}).text
    assert 'name="person"' not in shown


def test_a_person_who_is_not_there_cannot_be_looked_as(reader):
    one = reader(demo=True)
    assert one.post("/sign-in/demo", "/sign-in", person="nobody").status_code == 403
    assert one.token is None


# Before the first account, and where the server listens


def test_without_any_account_the_page_says_how_to_make_one(reader, ws):
    for name in ("ann", "root"):
        accounts.disable(ws, ADMINISTRATOR, name)
    shown = reader().get("/sign-in").text
    assert "kpiflow user add NAME --admin" in shown
    assert 'name="password"' not in shown
    assert "kpiflow user add NAME --admin" in reader().get("/sign-in?language=zh").text


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org"])
def test_beyond_this_machine_needs_somebody_who_can_sign_in_and_never_the_demo(host, ws, tmp_path):
    with pytest.raises(InvalidInput, match=r"127\.0\.0\.1"):
        only_here(host, demo=True)
    only_here(host, demo=False)
    somebody_signs_in(ws, host)
    create_store(tmp_path / "empty.duckdb")
    empty = Workspace.open(tmp_path / "empty.duckdb")
    with pytest.raises(InvalidInput, match="user add NAME --admin"):
        somebody_signs_in(empty, host)
    somebody_signs_in(empty, "127.0.0.1")
    empty.close()


def test_all_addresses_need_a_name_that_people_use():
    for host in ("0.0.0.0", "::"):
        with pytest.raises(InvalidInput, match="--allow-host"):
            named(host, None, ())
        named(host, "https://goals.example.com", ())
        named(host, None, ("goals.example.com",))
    named("192.168.1.7", None, ())


def test_the_settings_are_read_from_the_environment():
    assert hosts_of(("a",), {"KPIFLOW_HOSTS": "b, c,"}) == ("a", "b", "c")
    assert address_of({}) is None
    assert address_of({"KPIFLOW_ADDRESS": "https://goals.example.com/"}) == "https://goals.example.com"
    for wrong in ("goals.example.com", "ftp://a", "https://a/path", "https://"):
        with pytest.raises(InvalidInput, match="KPIFLOW_ADDRESS"):
            address_of({"KPIFLOW_ADDRESS": wrong})
    whole = {
        "KPIFLOW_OIDC_ISSUER": "https://id.example.com/",
        "KPIFLOW_OIDC_CLIENT_ID": "c",
        "KPIFLOW_OIDC_CLIENT_SECRET": "hush",
    }
    assert provider_of({}) is None
    found = provider_of(whole)
    assert (found.issuer, found.claim) == ("https://id.example.com", "email")
    assert "hush" not in repr(found)
    for missing in whole:
        with pytest.raises(InvalidInput, match=missing):
            provider_of({name: value for name, value in whole.items() if name != missing})
    with pytest.raises(InvalidInput, match="HTTPS"):
        provider_of({**whole, "KPIFLOW_OIDC_ISSUER": "http://id.example.com"})


@pytest.mark.parametrize(
    ("accept", "language", "word"),
    [("zh-CN,zh;q=0.9", "", "密码"), ("en", "zh", "密码"), ("zh", "en", "Password"), ("", "", "Password")],
)
def test_the_page_speaks_the_readers_language(reader, accept, language, word):
    answer = reader().ask(
        "GET", f"/sign-in?language={language}", headers={"accept": "text/html", "accept-language": accept}
    )
    assert word in answer.text


# Tokens of programs


def opens(ws: Workspace, secret: str) -> bool:
    """Whether a token opens anything now."""
    try:
        return bearer_of(ws, secret, "10.0.0.1").asker is not None
    except NotKnown:
        return False


def test_neither_a_new_password_nor_signing_out_ends_tokens_and_the_page_says_so_and_ends_them_all(reader, ws):
    own = [ws.make_api_token(ADMINISTRATOR, name, ["goals:read"], account="ann").secret for name in ("one", "two")]
    other = ws.make_api_token(ADMINISTRATOR, "of root", ["goals:read"], account="root").secret
    one = reader()
    one.sign_in()
    assert "API tokens of yours that count: 2." in one.get("/password").text
    changed = one.post("/password", old=PASSWORD, new=OTHER, again=OTHER)
    assert "API tokens of yours that count: 2." in changed.text, "said where it matters: right after the change"
    one.post("/sign-out-everywhere", "/password")
    assert [opens(ws, secret) for secret in own] == [True, True]
    one.sign_in(password=OTHER)
    done = one.post("/revoke-tokens", "/password")
    assert "Tokens revoked: 2." in done.text
    assert [opens(ws, secret) for secret in (*own, other)] == [False, False, True]
    assert "API tokens of yours" not in one.get("/password").text
    assert session(ws, one.token).account == "ann", "the session goes on"


def test_an_account_that_is_switched_off_takes_its_tokens_with_it_and_gives_them_back(ws):
    secret = ws.make_api_token(ADMINISTRATOR, "one", ["goals:read"], account="ann").secret
    assert opens(ws, secret)
    accounts.disable(ws, ADMINISTRATOR, "ann")
    assert not opens(ws, secret)
    with pytest.raises(Refused):
        ws.make_api_token(ADMINISTRATOR, "two", ["goals:read"], account="ann")
    accounts.enable(ws, ADMINISTRATOR, "ann")
    assert opens(ws, secret)
    assert ws.revoke_api_tokens(ADMINISTRATOR, account="ann", reason="a lost laptop") == 1
    assert ws.revoke_api_tokens(ADMINISTRATOR, account="ann", reason="a lost laptop") == 0
    assert not opens(ws, secret)


def test_nobody_but_who_looks_after_accounts_ends_the_tokens_of_another(ws):
    secret = ws.make_api_token(ADMINISTRATOR, "of root", ["goals:read"], account="root").secret
    ann = Asker("p0101", "ann")
    for name in ("root", "nobody at all"):  # and nothing is told of which accounts there are
        with pytest.raises(Refused, match="manage accounts"):
            ws.revoke_api_tokens(ann, account=name, reason="tried")
    assert ws.revoke_api_tokens(ann, reason="all of mine") == 0
    assert opens(ws, secret)
    with pytest.raises(NotFound, match="Did you mean 'root'"):
        ws.revoke_api_tokens(ADMINISTRATOR, account="rot", reason="tried")
    with pytest.raises(InvalidInput, match="Say why"):
        ws.revoke_api_tokens(ADMINISTRATOR, account="root", reason=" ")
