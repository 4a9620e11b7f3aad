"""Signing in at an identity provider: a real provider process, and everything that must not come through."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import httpx2
import pytest
from itsdangerous import URLSafeTimedSerializer

from kpiflow.errors import Refused
from kpiflow.web.oidc import _named
from kpiflow.web.settings import Provider
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import session
from tests.web.conftest import HTML, PASSWORD, Reader

pytestmark = pytest.mark.slow

#: One provider that insists on a nonce, as ours always sends one.
PROVIDER = """
import sys
from oidc_provider_mock import User, app
users = [
    User(sub="bob", claims={"email": "Bob@example.com", "email_verified": True}),
    User(sub="carol", claims={"email": "carol@example.com", "email_verified": True}),
    User(sub="eve", claims={"email": "bob@example.com", "email_verified": False}),
    User(sub="nameless", claims={}),
]
app(require_nonce=True, user_claims=users).run(port=int(sys.argv[1]), debug=False, use_reloader=False)
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs as a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", PROVIDER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, "the provider did not start"
            try:
                with urlopen(f"{address}/.well-known/openid-configuration", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def one(reader, ws, issuer) -> Reader:
    """A browser at a site that signs in at the provider; bob has an account, and ann a password."""
    accounts.add(ws, ADMINISTRATOR, "bob@example.com", person="p0002")
    return reader(provider=Provider(issuer, "kpiflow", "hush", label="Example ID"))


def sent(one: Reader, to: str = "/") -> str:
    """Press the button of the provider; return where the browser is sent."""
    answer = one.get("/sign-in/oidc", params={"next": to})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def vouched(at: str, sub: str) -> str:
    """Say at the provider who one is; return where it sends the browser back to, below our address."""
    answer = httpx2.post(at, data={"sub": sub}, follow_redirects=False)
    back = urlsplit(answer.headers["location"])
    assert (back.hostname, back.path) == ("localhost", "/sign-in/oidc/callback")
    return f"{back.path}?{back.query}"


def test_who_has_an_account_is_in_and_lands_where_they_wanted(one, ws):
    assert "Sign in with Example ID" in one.get("/sign-in").text
    back = one.get(vouched(sent(one, "/goal?goal=nyc-ontime"), "bob"))
    assert (back.status_code, back.headers["location"]) == (303, "/goal?goal=nyc-ontime")
    assert session(ws, one.token).person == "p0002"
    assert "HttpOnly" in str(back.headers.get_list("set-cookie"))


def test_what_is_sent_has_state_nonce_and_pkce_and_no_secret(one):
    asked = parse_qs(urlsplit(sent(one)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"] == ["http://localhost/sign-in/oidc/callback"]
    assert "hush" not in str(asked)


def test_the_way_back_never_leads_elsewhere(one):
    assert one.get(vouched(sent(one, "//evil.example"), "bob")).headers["location"] == "/"


def test_the_public_address_is_the_one_the_provider_sends_back_to(reader, issuer):
    behind_proxy = reader(provider=Provider(issuer, "kpiflow", "hush"), address="https://goals.example.com")
    asked = parse_qs(urlsplit(sent(behind_proxy)).query)
    assert asked["redirect_uri"] == ["https://goals.example.com/sign-in/oidc/callback"]


def refused(one: Reader, back: str) -> str:
    """Come back from the provider and not get in; return what the page says."""
    answer = one.get(back)
    assert answer.status_code in (400, 403)
    assert one.token is None
    return re.search(r'role="alert"><p>(.*?)</p>', answer.text)[1]


def test_without_an_account_here_one_is_told_so(one):
    assert "Nobody here has an account named carol@example.com" in refused(one, vouched(sent(one), "carol"))


def test_an_address_that_is_not_verified_is_nobodys(one):
    assert "not verified" in refused(one, vouched(sent(one), "eve"))


def test_a_token_without_the_claim_names_nobody(one):
    assert "email" in refused(one, vouched(sent(one), "nameless"))


def test_a_disabled_account_stays_out(one, ws):
    accounts.disable(ws, ADMINISTRATOR, "bob@example.com")
    assert "disabled" in refused(one, vouched(sent(one), "bob"))


def test_another_claim_can_name_the_account(reader, ws, issuer):
    accounts.add(ws, ADMINISTRATOR, "nameless", person="p0003")
    one = reader(provider=Provider(issuer, "kpiflow", "hush", claim="sub"))
    one.get(vouched(sent(one), "nameless"))
    assert session(ws, one.token).person == "p0003"


def changed(name: str) -> Callable[[str], str]:
    """A change of one fact in the way back."""
    return lambda back: re.sub(rf"{name}=[^&]*", f"{name}=forged", back)


@pytest.mark.parametrize(
    "change",
    [
        changed("state"),
        changed("code"),
        lambda back: back.split("?")[0],
        lambda _: "/sign-in/oidc/callback?error=access_denied&error_description=<b>",
    ],
)
def test_a_forged_way_back_is_refused(one, change):
    said = refused(one, change(vouched(sent(one), "bob")))
    assert "did not work" in said
    assert "<b>" not in said


def test_a_way_back_works_once(one, ws):
    back = vouched(sent(one), "bob")
    assert one.get(back).status_code == 303
    ended = one.token
    one.post("/sign-out", "/password")
    assert session(ws, ended) is None
    assert "did not work" in refused(one, back)


def test_a_way_back_of_another_browser_is_refused(one, reader, issuer):
    """Otherwise a link could sign a reader in as whoever made it."""
    back = vouched(sent(one), "bob")
    other = reader(provider=Provider(issuer, "kpiflow", "hush"))
    sent(other)
    assert "did not work" in refused(other, back)


@pytest.mark.parametrize("nonce", ["another flow's nonce", None])
def test_a_wrong_nonce_is_refused(one, nonce):
    """The ID token of one flow does not fit into another: its nonce is another one's. None: the right one, to compare."""
    back = vouched(sent(one), "bob")
    kept = URLSafeTimedSerializer(one.site.secret, salt="kpiflow.oidc")
    flow = kept.loads(one.client.cookies["kpiflow_oidc"])
    state = next(name for name in flow if name.startswith("_state_"))
    if nonce is not None:
        flow[state]["data"]["nonce"] = nonce
    answer = one.get(back, headers={**HTML, "cookie": f"kpiflow_oidc={kept.dumps(flow)}"})
    assert answer.status_code == (303 if nonce is None else 403)
    assert ("kpiflow_session" in str(answer.headers.get_list("set-cookie"))) == (nonce is None)


def test_the_cookie_of_a_flow_cannot_be_written_by_a_browser(one):
    back = vouched(sent(one), "bob")
    forged = URLSafeTimedSerializer(b"a guess", salt="kpiflow.oidc").dumps({"next": "/"})
    true = one.client.cookies["kpiflow_oidc"]
    assert one.get(back, headers={**HTML, "cookie": f"kpiflow_oidc={forged}"}).status_code == 403
    again = one.get(back, headers={**HTML, "cookie": f"kpiflow_oidc={true}"})
    assert again.status_code == 303, "with the true one it would have"


def test_a_provider_that_signs_as_somebody_else_is_refused(reader, issuer):
    one = reader(provider=Provider(issuer, "kpiflow", "hush"))
    assert _named(one.site, {"userinfo": {"iss": f"{issuer}/", "email": "bob@example.com"}}) == "bob@example.com"
    for claims in ({"iss": "http://evil.example", "email": "bob@example.com"}, {"email": "bob@example.com"}, {}):
        with pytest.raises(Refused):
            _named(one.site, {"userinfo": claims})


def test_a_provider_that_does_not_answer_is_said_politely(reader):
    one = reader(provider=Provider("http://127.0.0.1:9", "kpiflow", "hush"))
    answer = one.get("/sign-in/oidc")
    assert answer.status_code == 403
    assert "did not work" in answer.text


def test_with_a_provider_passwords_still_work(one, ws):
    one.sign_in("ann", PASSWORD)
    assert session(ws, one.token).account == "ann"
