"""The API opens to a token that counts, for what it was made for, and shows its owner's rows: every route, walked."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from kpiflow.access.scopes import SCOPES
from kpiflow.errors import KPIFlowError
from kpiflow.web.api.app import document
from kpiflow.workspace import ADMINISTRATOR, Asker, Said
from kpiflow.workspace.sign_in import accounts
from tests.api.conftest import Programs, opened
from tests.security.test_store import INJECTED, counted

#: How each route is asked: its path with what stands in it. A new route without a line here fails.
ASKED: dict[tuple[str, str], str] = {
    ("GET", "/"): "/",
    ("GET", "/periods"): "/periods",
    ("GET", "/units"): "/units",
    ("GET", "/people"): "/people",
    ("GET", "/metrics"): "/metrics",
    ("GET", "/goals"): "/goals?period=2013",
    ("GET", "/attainment"): "/attainment?period=2013",
    ("GET", "/tree"): "/tree?period=2013",
    ("GET", "/goals/{goal}"): "/goals/{goal}?period=2013",
    ("GET", "/scores"): "/scores?period=2013",
    ("GET", "/appraisals/{person}"): "/appraisals/{person}?period=2013",
    ("GET", "/statements"): "/statements?period=2013",
    ("GET", "/statement-lines"): "/statement-lines?period=2013",
    ("GET", "/statements/{person}"): "/statements/{person}?period=2013",
    ("GET", "/letters"): "/letters?period=2013",
    ("GET", "/letters/{owner_kind}/{owner}"): "/letters/person/{person}?period=2013",
    ("GET", "/check-ins"): "/check-ins?goal={goal}",
    ("POST", "/check-ins"): "/check-ins",
    ("GET", "/measurements"): "/measurements?metric=ontime_rate&unit=EWR-UA",
    ("POST", "/measurements"): "/measurements",
    ("GET", "/journal"): "/journal",
    ("GET", "/webhooks"): "/webhooks",
    ("POST", "/webhooks"): "/webhooks",
    ("DELETE", "/webhooks/{webhook}"): "/webhooks/1",
    ("POST", "/webhooks/{webhook}/test"): "/webhooks/1/test",
    ("GET", "/webhooks/{webhook}/deliveries"): "/webhooks/1/deliveries",
    ("POST", "/webhooks/{webhook}/deliveries/{event}"): "/webhooks/1/deliveries/1",
}
#: Open to anybody: which addresses there are.
OPEN = {("GET", "/")}

#: A person out of everybody's reach but those above, one who is not there, and a goal of each.
THERE, NOT_THERE = "p0102", "p0192"

ALL = tuple(scope.name for scope in SCOPES)


@pytest.fixture(scope="module")
def programs(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The API on a copy of the example company."""
    found = opened(Path(shutil.copy(demo_store, tmp_path_factory.mktemp("api") / "mine.duckdb")))
    yield found
    found.ws.close()


def ask(programs: Programs, method: str, path: str, token: str | None = None, **given: object):
    """One request as a program makes it."""
    headers = {**({"authorization": f"Bearer {token}"} if token is not None else {}), **given.pop("headers", {})}
    with TestClient(programs.app, base_url="http://localhost") as client:
        return client.request(method, f"/api/v1{path}", headers=headers, **given)


def made(programs: Programs, person: str, *scopes: str) -> tuple[str, str, int]:
    """The secret of a new token, its account and its number."""
    account = f"made-{person}-{len(accounts.accounts(programs.ws, ADMINISTRATOR))}"
    accounts.add(programs.ws, ADMINISTRATOR, account, person=person, password="seven blue kites")
    token = programs.ws.make_api_token(Asker(person=person, account=account), "tried", scopes or ("goals:read",))
    return token.secret, account, token.token


def at(path: str, who: str = "p0101") -> str:
    return path.format(goal=f"{who}-ontime", person=who)


@pytest.fixture(scope="module")
def paths():
    """The routes as the document has them, made once: making it takes longer than to ask a route."""
    return document()["paths"]


def test_every_route_is_walked_here(paths):
    there = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert there == set(ASKED), "Say in ASKED how it is asked."


@pytest.mark.parametrize("route", ASKED, ids=" ".join)
def test_no_route_answers_without_a_token_or_to_a_cookie(programs, route):
    path = at(ASKED[route])
    wrong = (
        {},
        {"cookie": "kpiflow_session=" + "a" * 43},
        {"authorization": "Basic cm9vdDpyb290"},
        {"authorization": "Bearer"},
    )
    for headers in wrong:
        answer = ask(programs, route[0], path, headers=headers)
        assert (answer.status_code == 200) == (route in OPEN), answer.text[:200]
        if route not in OPEN:
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("route", [one for one in ASKED if one not in OPEN], ids=" ".join)
def test_a_token_for_something_else_opens_no_route(programs, paths, route):
    scope = paths[route[1]][route[0].lower()]["x-scope"]
    others = [one for one in ("goals:read", "pay:read") if one != scope][:1]
    key = f"only {others}"
    if key not in programs.tokens:
        programs.tokens[key] = made(programs, "p0005", *others)[0]
    answer = ask(programs, route[0], at(ASKED[route]), programs.tokens[key])
    assert answer.status_code == 403
    assert scope in answer.text


def test_a_token_that_is_cut_changed_expired_or_revoked_opens_nothing(programs, monkeypatch):
    secret, account, number = made(programs, "p0101")
    assert ask(programs, "GET", "/goals?period=2013", secret).status_code == 200
    for wrong in (
        secret[:-1],
        secret + "a",
        secret.swapcase(),
        secret.replace("kpf_", ""),
        " ".join(secret),
        "kpf_" + "a" * 46,
        "a" * 9000,
    ):
        assert ask(programs, "GET", "/goals?period=2013", wrong).status_code in (401, 431), wrong[:20]
    ws = programs.ws
    now = ws.signed_in.now()
    with monkeypatch.context() as later:
        later.setattr(ws.signed_in, "now", lambda: now + timedelta(days=4000))
        assert ask(programs, "GET", "/goals?period=2013", secret).status_code == 401
    ws.revoke_api_token(Asker("p0101", account), number, reason="tried")
    assert ask(programs, "GET", "/goals?period=2013", secret).status_code == 401


def test_a_token_ends_with_its_account_and_is_no_session(programs):
    secret, account, _ = made(programs, "p0101")
    answer = ask(programs, "GET", "/goals?period=2013", headers={"cookie": f"kpiflow_session={secret}"})
    assert answer.status_code == 401
    accounts.disable(programs.ws, ADMINISTRATOR, account)
    assert ask(programs, "GET", "/goals?period=2013", secret).status_code == 401


def test_a_token_is_taken_from_its_header_only(programs):
    secret = programs.token("p0101")
    for path in (f"/goals?period=2013&access_token={secret}", f"/goals?period=2013&token={secret}"):
        answer = ask(programs, "GET", path)
        assert answer.status_code == 401
        assert secret not in answer.text


def test_nobody_makes_a_token_for_more_than_their_own(programs):
    secret, *_ = made(programs, "p0101", *ALL)
    for path in ("/statements/p0102?period=2013", "/appraisals/p0102?period=2013", "/letters/person/p0102?period=2013"):
        assert ask(programs, "GET", path, secret).status_code in (403, 404), path
    assert ask(programs, "POST", "/webhooks", secret, json={"url": "https://a.example", "events": []}).status_code in (
        403,
        422,
    )


@pytest.mark.parametrize("route", [one for one in ASKED if one[0] == "GET" and one not in OPEN], ids=" ".join)
@pytest.mark.parametrize("person", ["p0101", "p0002"])
def test_no_answer_names_a_person_out_of_reach(programs, person, route):
    reach = programs.ws.reach(Asker(person)).people
    answer = ask(programs, "GET", at(ASKED[route], person), programs.token(person))
    if answer.status_code != 200:
        assert answer.status_code in (403, 404)
        return
    named = set(re.findall(r"\bp0\d{3}\b", answer.text))
    # A letter names its other side, a check-in whoever wrote it.
    if reach is not None and route[1] not in ("/letters", "/letters/{owner_kind}/{owner}", "/check-ins"):
        assert named <= reach | {person}, sorted(named - reach)[:5]


@pytest.mark.parametrize("route", [one for one in ASKED if one[0] == "GET" and "{person}" in ASKED[one]], ids=" ".join)
@pytest.mark.parametrize("person", ["p0101", "p0003"])
def test_an_answer_does_not_say_whether_somebody_out_of_reach_is_there(programs, person, route):
    said = []
    for who in (THERE, NOT_THERE):
        answer = ask(programs, "GET", at(ASKED[route], who), programs.token(person))
        said.append((answer.status_code, re.sub(r'"(instance|request)":\s*"[^"]*"', "", answer.text).replace(who, "…")))
    assert said[0] == said[1]


#: Every question of the door about one goal, as its pages and commands ask it.
ABOUT_A_GOAL = {
    "goal": lambda ws, a, goal: ws.goal(a, goal, "2013"),
    "outlook": lambda ws, a, goal: ws.outlook(a, goal, "2013"),
    "reconciliation": lambda ws, a, goal: ws.reconciliation(a, goal, "2013"),
    "timeline": lambda ws, a, goal: ws.timeline(a, goal),
    "check_in_form": lambda ws, a, goal: ws.check_in_form(a, goal),
    "check_in": lambda ws, a, goal: ws.check_in(a, goal, Said(words="tried")),
    "check_ins": lambda ws, a, goal: ws.check_ins(a, goal),
    "ask": lambda ws, a, goal: ws.ask(a, goal, "how so?"),
    "preview_split": lambda ws, a, goal: ws.preview_split(a, goal, "equal", "2013"),
    "preview_change": lambda ws, a, goal: ws.preview_change(a, goal, {"target": 1}, "2013"),
    "drafted": lambda ws, a, goal: ws.drafted(a, goal, "2013"),
    "assignable": lambda ws, a, goal: ws.assignable(a, goal, "2013"),
    "unassign": lambda ws, a, goal: ws.unassign(a, goal),
    "target_form": lambda ws, a, goal: ws.target_form(a, goal, "2013"),
    "over the API": None,
}


@pytest.mark.parametrize("question", ABOUT_A_GOAL)
def test_no_question_says_whether_a_goal_out_of_reach_is_there(programs, question):
    ws, asker = programs.ws, Asker("p0101")
    reach = ws.reach(asker).people
    goals = ws.company().goals.filter(pl.col("owner_kind").cast(pl.String) == "person")
    there = next(row["goal"] for row in goals.iter_rows(named=True) if row["owner"] not in reach)
    absent = there[:-1] + ("x" if there[-1] != "x" else "y")
    assert absent not in ws.company().goals["goal"]
    said = []
    for goal in (there, absent):
        if question == "over the API":
            answers = [
                ask(programs, "GET", path, programs.token("p0101"))
                for path in (f"/goals/{goal}?period=2013", f"/tree?period=2013&root={goal}", f"/check-ins?goal={goal}")
            ]
            found = [(one.status_code, re.sub(r'"(instance|request)":\s*"[^"]*"', "", one.text)) for one in answers]
            assert {status for status, _ in found} == {404}
        else:
            with pytest.raises(KPIFlowError) as refused:
                ABOUT_A_GOAL[question](ws, asker, goal)
            found = [(type(refused.value), str(refused.value))]
        said.append([(kind, re.sub(r"Did you mean '[^']*'", "", text).replace(goal, "…")) for kind, text in found])
    assert said[0] == said[1]


@pytest.mark.parametrize("text", [one for one in INJECTED if "\x00" not in one and len(one) < 100])
def test_no_parameter_becomes_sql_or_a_fault(programs, text):
    token = programs.token("p0001")
    before = counted(programs.ws)
    with TestClient(programs.app, base_url="http://localhost") as client:
        for path, names in {
            "/goals": ("period", "owner", "unit", "metric", "status", "q", "sort", "as_of", "cursor", "limit"),
            "/scores": ("period", "unit", "role", "sort", "as_of", "cursor"),
            "/measurements": ("metric", "unit", "from", "to", "as_of", "cursor"),
            "/journal": ("who", "action", "subject", "since", "cursor"),
        }.items():
            for name in names:
                given = {"period": "2013", name: text} if path in ("/goals", "/scores") else {name: text}
                headers = {"authorization": f"Bearer {token}"}
                answer = client.get(f"/api/v1{path}", params=given, headers=headers)
                assert answer.status_code < 500, f"{path}?{name}: {answer.text[:200]}"
    noted = {"api_token_used"}  # the day a token was last used
    after = counted(programs.ws)
    assert {name for name in after if after[name] != before[name]} <= noted


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/json", b"[" * 100_000), ("application/json", b'{"a":' * 50_000), ("application/json", b"\xff\xfe"),
        ("application/json", b'{"rows": [{"value": NaN}]}'), ("application/json", b'{"rows": [{"value": 1e999}]}'),
        ("text/csv", b"\x00" * 4096),
        ("text/csv", b"a," * 500_000), ("application/vnd.apache.parquet", b"PAR1" + b"\xff" * 100 + b"PAR1"),
        ("application/vnd.apache.arrow.stream", b"\xff\xff\xff\xff\xff\xff\xff\x7f"),
        ("application/xml", b"<!DOCTYPE a>"), ("text/html", b"<a>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/measurements", "/check-ins"])
def test_a_malformed_body_is_refused_and_breaks_nothing(programs, path, media, body):
    if "writer" not in programs.tokens:
        programs.tokens["writer"] = made(programs, "p0001", "measurements:write", "check-ins:write")[0]
    answer = ask(programs, "POST", path, programs.tokens["writer"], content=body, headers={"content-type": media})
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert "Traceback" not in answer.text


def test_an_endless_body_is_cut_off(programs):
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 2**20

    answer = ask(
        programs,
        "POST",
        "/measurements",
        programs.token("p0001"),
        content=endless(),
        headers={"content-type": "text/csv"},
    )
    assert answer.status_code in (403, 413)
