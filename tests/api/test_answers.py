"""Every answer of every reading route, as each role, is what the document says of its status and media type: no field more."""

import copy
import datetime
import json
from dataclasses import dataclass

import httpx2
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from kpiflow.access.scopes import SCOPES
from kpiflow.web.api.app import document
from kpiflow.workspace import Asker
from kpiflow.workspace.webhooks.terms import Terms, networks_of
from tests.api.conftest import Programs
from tests.rights import by_hand

ROLES = tuple(by_hand.PEOPLE)
READING = tuple((path, verbs["get"]) for path, verbs in document()["paths"].items() if "get" in verbs)

#: What places in an address are asked for, and what to a list is sent beside nothing: a filter that leaves some rows.
PLACES = {
    "goal": ("nyc-ontime", "p0201-training", "nothing"),
    "person": ("p0201", "p0101", "p0001", "nobody"),
    "owner_kind": ("person", "unit"),
    "owner": ("p0201", "EWR", "nobody"),
    "webhook": ("1", "2"),
}
FILTERS = {
    "unit": "EWR", "status": "behind", "text": "on", "root": "nyc-ontime", "levels": "1", "scored": "true", "goal": "nyc-ontime",
    "plan": "service_bonus_2013", "person": "p0201", "run": "1", "version": "1", "action": "load", "metric": "ontime_rate",
    "first": "2013-03-01", "role": "station_manager", "skip": "0",
}  # fmt: skip

FORMATS = FormatChecker(["date"])


@FORMATS.checks("date-time", ValueError)
def moment(value: object) -> bool:
    """Whether a text is a moment with its zone, as RFC 3339 writes it."""
    return not isinstance(value, str) or ("T" in value and datetime.datetime.fromisoformat(value).tzinfo is not None)


@dataclass(frozen=True)
class Asked:
    """A question, whose it was, and what was answered."""

    role: str
    operation: dict
    path: str
    answer: httpx2.Response


@pytest.fixture(scope="module")
def said() -> dict:
    """The document, with every object closed: nothing may come that it does not name."""
    made = copy.deepcopy(document())
    for model in made["components"]["schemas"].values():
        if "properties" in model:
            model["additionalProperties"] = False
    return made


def addresses(path: str) -> list[str]:
    """The address of a route for each thing it is tried on."""
    found = [path]
    for name, words in PLACES.items():
        place = "{" + name + "}"
        found = [one.replace(place, word) for one in found for word in (words if place in one else ("",))]
    return found


def questions(operation: dict) -> list[str]:
    """What is sent to a route beside its address: nothing, another day or period, each filter, and what it refuses."""
    takes = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    found = ["", *(f"?{name}={word}" for name, word in FILTERS.items() if name in takes)]
    if "as_of" in takes:
        found += ["?as_of=2013-06-30", "?as_of=2010-01-01", "?as_of=yesterday"]
    if "period" in takes:
        found += ["?period=2013-Q2", "?period=2031"]
    return [*found, "?limit=3", "?limit=0", "?cursor=AAAA"] if "cursor" in takes else found


@pytest.fixture(scope="module")
def asked(programs: Programs) -> list[Asked]:
    """Every question to every reading route as each role, with one webhook there to be listed."""
    found = []
    administrator = Asker(by_hand.PEOPLE["administrator"])
    usual = programs.ws.webhook_terms
    programs.ws.webhook_terms = Terms(networks_of("127.0.0.0/8"))
    made = programs.ws.add_webhook(administrator, "http://127.0.0.1:9/closed", ["period.closed"])
    programs.ws.test_webhook(administrator, made.webhook)
    programs.ws.webhook_terms = usual
    for role, person in by_hand.PEOPLE.items():
        programs.token(person)
        asker = Asker(person, f"of-{person}")
        everything = programs.ws.make_api_token(asker, "all", tuple(scope.name for scope in SCOPES)).secret
        for path, operation in READING:
            for address in addresses(path):
                for query in questions(operation):
                    headers = {"authorization": f"Bearer {everything}"}
                    answer = programs.get(None, f"{address}{query}", **headers)
                    found.append(Asked(role, operation, f"{address}{query}", answer))
                    if "etag" in answer.headers and not query:
                        again = programs.get(None, address, if_none_match=answer.headers["etag"], **headers)
                        found.append(Asked(role, operation, address, again))
            unscoped = programs.get(person, addresses(path)[0], accept="image/png")
            found.append(Asked(role, operation, path, unscoped))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_what_the_document_says_of_it(role, asked, said):
    for one in asked:
        if one.role == role:
            assert faults(one, said) == [], f"{one.path} {one.answer.status_code}"


def faults(one: Asked, said: dict) -> list[str]:
    """What of an answer is not as documented; no list when it is."""
    answer = one.answer
    described = one.operation["responses"].get(str(answer.status_code))
    if described is None:
        return [f"the status {answer.status_code} is not documented: {answer.text[:200]}"]
    if "content" not in described:
        return ["there is a body where none is documented"] if answer.content else []
    media = answer.headers["content-type"].partition(";")[0]
    if media not in described["content"]:
        return [f"{media} is not documented"]
    whole = {**described["content"][media]["schema"], "components": said["components"]}
    missing = [name for name in described.get("headers", {}) if name != "Link" and name.lower() not in answer.headers]
    found = Draft202012Validator(whole, format_checker=FORMATS).iter_errors(answer.json())
    return [f"no header {name}" for name in missing] + [f"{error.json_path}: {error.message[:200]}" for error in found]


def test_every_route_was_answered_with_rows_and_refused(asked):
    """Otherwise the test above would hold for a server that answers nothing."""
    full, told = set(), set()
    for one in asked:
        name, status = one.operation["operationId"], one.answer.status_code
        told.add((name, status))
        if status == 200 and one.answer.json().get("items", True):
            full.add(name)
    names = {operation["operationId"] for _, operation in READING}
    assert full == names
    for status in (304, 403, 404, 406, 410, 422):
        expected = {o["operationId"] for _, o in READING if str(status) in o["responses"]}
        assert {name for name, got in told if got == status} & expected, status
    assert {o["operationId"] for _, o in READING if "304" in o["responses"]} == {n for n, got in told if got == 304}


def test_a_renamed_a_missing_and_a_further_field_are_seen(asked, said):
    goals = next(one for one in asked if one.path == "/goals" and one.answer.status_code == 200)
    whole = goals.answer.json()
    first = whole["items"][0]
    for row in (
        {("target_value" if name == "target" else name): word for name, word in first.items()},
        {name: word for name, word in first.items() if name != "status"},
        {**first, "secret": 1},
        {**first, "status": "fine"},
        {**first, "weight": "24"},
        {**first, "goal": None},
    ):
        content = json.dumps({**whole, "items": [row]}).encode()
        other = httpx2.Response(
            200, content=content, headers={**dict(goals.answer.headers), "content-length": str(len(content))}
        )
        assert faults(Asked(goals.role, goals.operation, goals.path, other), said), row


def test_what_a_refused_write_tells_beside_its_words_is_documented(writable, said):
    """Which scope a token lacks, which rows were not right, and what a check-in needs."""
    rows = [{"metric": "nothing", "unit": "EWR", "day": "2013-11-05", "value": 1}]
    step = {"goal": "p0101-handover", "step": 1}
    tried = (
        ("administrator", "measurements:write", "/measurements", rows, 422, "rejections"),
        ("duty_manager", "check-ins:write", "/check-ins", step, 409, "needs"),
        ("duty_manager", "goals:read", "/check-ins", step, 403, "scope"),
    )
    client = TestClient(writable.app, base_url="http://localhost")
    for role, scope, path, body, status, member in tried:
        person = by_hand.PEOPLE[role]
        writable.token(person)
        token = writable.ws.make_api_token(Asker(person, f"of-{person}"), scope, (scope,)).secret
        answer = client.post(f"/api/v1{path}", json=body, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == status, answer.text
        assert answer.json()[member]
        assert faults(Asked(role, said["paths"][path]["post"], path, answer), said) == []
