"""Webhooks against a real receiver: signed as the specification says, tried again, never led astray, lost by no kill."""

import base64
import datetime
import hashlib
import hmac
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from kpiflow.cli.main import app
from kpiflow.errors import InvalidInput, NotFound
from kpiflow.storage import read_journal
from kpiflow.storage import webhooks as storage_of_webhooks
from kpiflow.storage.webhooks import utc
from kpiflow.web.api.app import api
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import apply, create_store, load_facts
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.webhooks.addresses import is_allowed
from kpiflow.workspace.webhooks.delivering import deliver_due
from kpiflow.workspace.webhooks.off_track import look
from kpiflow.workspace.webhooks.terms import Terms, networks_of, terms_of
from tests.webhooks.receiver import Heard, Receiver, receiving

HERE = Terms(networks_of("127.0.0.0/8"), first_wait=0.001)
PLAN = "service_bonus_2013"
OTHER = Asker(account="other", machine=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example's organisation and nothing measured."""
    path = tmp_path_factory.mktemp("webhooks") / "store.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        apply(ws, config_folder(), who="test")
    return path


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy, whose webhooks may reach this machine."""
    path = tmp_path / "store.duckdb"
    path.write_bytes(made.read_bytes())
    with closing(Workspace.open(path)) as opened:
        opened.webhook_terms = HERE
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens."""
    with receiving() as one:
        yield one


def published(ws: Workspace) -> None:
    """Put the example's plan forward and approve it as somebody else."""
    ws.publish_plan(ADMINISTRATOR, PLAN, reason="tried")
    ws.approve_plan(OTHER, PLAN)


def delivered(ws: Workspace) -> None:
    """Deliver until nothing is due, as the worker does."""
    for _ in range(5):
        soonest = deliver_due(ws, lambda: False)
        if soonest is None or soonest > datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5):
            return


def is_signed(heard: Heard, secret: str) -> bool:
    """The check as the specification words it, written out by hand."""
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.{heard.body.decode()}"
    key = base64.b64decode(secret.split("_", 1)[1])
    expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in heard.headers["webhook-signature"].split(" ")


def test_an_event_is_signed_tried_again_after_an_error_and_told_once(ws, receiver):
    made = ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/hook?key=1", ["plan.published", "period.closed"])
    ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/other", ["period.closed"])
    receiver.answers = [(500, {}), (302, {"location": f"{receiver.address}/elsewhere"})]
    published(ws)
    delivered(ws)
    delivered(ws)
    assert [one.path for one in receiver.heard] == ["/hook?key=1"] * 3, "not to the others, and no redirect is followed"
    assert all(is_signed(one, made.secret) for one in receiver.heard)
    assert not is_signed(replace(receiver.heard[0], body=receiver.heard[0].body + b" "), made.secret)
    assert len({one.headers["webhook-id"] for one in receiver.heard}) == 1, (
        "one event, one id, however often it is sent"
    )
    assert len({one.body for one in receiver.heard}) == 1
    told = json.loads(receiver.heard[0].body)
    assert told["type"] == "plan.published"
    assert (told["data"]["plan"], told["data"]["version"]) == (PLAN, 1)
    stand = ws.webhook_deliveries(ADMINISTRATOR).row(0, named=True)
    assert (stand["outcome"], stand["tries"], stand["status"]) == ("delivered", 3, 204)
    again = ws.redeliver(ADMINISTRATOR, 1, stand["event"])
    assert again.delivered
    assert receiver.heard[3].headers["webhook-id"] == stand["id"]
    delivered(ws)
    assert len(receiver.heard) == 4
    with pytest.raises(NotFound):
        ws.redeliver(ADMINISTRATOR, 2, stand["event"])


def test_it_is_given_up_after_the_stated_time_and_a_receiver_that_is_gone_ends_it(ws, receiver):
    ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/a", ["plan.published"])
    ws.webhook_terms = replace(HERE, first_wait=60.0, tried_for=datetime.timedelta(seconds=61 * 2))
    receiver.answers = [(500, {}), (500, {}), (410, {})]
    published(ws)
    delivered(ws)
    assert ws.webhook_deliveries(ADMINISTRATOR)["outcome"].to_list() == ["failed"]
    # The next wait, four minutes, would end after the time in which it is tried.
    with ws.store.write() as cursor:
        cursor.execute(
            """INSERT INTO webhook_try
               SELECT event, webhook, 2, "at", outcome, status, said, took_ms, ? FROM webhook_try""",
            [utc(datetime.datetime.now(datetime.UTC))],
        )
    delivered(ws)
    assert ws.webhook_deliveries(ADMINISTRATOR)["outcome"].to_list() == ["given_up"]
    assert ws.webhooks(ADMINISTRATOR)["given_up"].to_list() == [1]
    assert not ws.test_webhook(ADMINISTRATOR, 1).delivered
    assert ws.webhooks(ADMINISTRATOR)["ended_by"].to_list() == ["webhooks"]
    with pytest.raises(InvalidInput, match="has ended"):
        ws.test_webhook(ADMINISTRATOR, 1)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/x", "https://", "hook", "https://user:word@127.0.0.1/", "https://127.0.0.1/#x",
        "http://8.8.8.8/", "https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
        "https://[64:ff9b::7f00:1]/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://localhost/",
        "https://100.64.0.1/", "https://224.0.0.1/", "https://[2002:7f00:1::]/", "https://255.255.255.255/",
        "https://1.1.1.1:99999/", "https://1.1.1.1/\nx",
    ],
)  # fmt: skip
def test_what_only_this_machine_reaches_is_not_reached_for_others(ws, url):
    ws.webhook_terms = Terms()
    with pytest.raises(InvalidInput):
        ws.add_webhook(ADMINISTRATOR, url, ["period.closed"])
    assert ws.webhooks(ADMINISTRATOR).is_empty()


def test_the_address_is_looked_at_again_at_every_try(ws, receiver):
    ws.add_webhook(ADMINISTRATOR, receiver.address, ["plan.published"])
    ws.webhook_terms = Terms()  # as if the name led somewhere else by now
    answer = ws.test_webhook(ADMINISTRATOR, 1)
    assert not answer.delivered
    assert "not on the public internet" in answer.said
    assert receiver.heard == []


def test_networks_are_opened_by_setting():
    terms = terms_of({"KPIFLOW_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8", "KPIFLOW_WEBHOOK_DAYS": "2"})
    assert terms.tried_for == datetime.timedelta(days=2)
    near = [ip_address(one) for one in ("10.1.9.9", "fd00::5", "10.2.0.1")]
    assert [is_allowed(one, terms.networks) for one in near] == [True, True, False]
    with pytest.raises(InvalidInput, match=r"no network"):
        terms_of({"KPIFLOW_WEBHOOK_NETWORKS": "office"})
    with pytest.raises(InvalidInput, match="above 0"):
        terms_of({"KPIFLOW_WEBHOOK_DAYS": "-1"})


def answered_well(ws: Workspace, day: int, good: int, of: int) -> None:
    """Load one survey of Endeavor Air's passengers at Newark: so many of so many were satisfied."""
    facts = {
        "metric": "satisfaction", "unit": "EWR-9E", "person": None, "day": datetime.date(2013, 12, day), "entry": "",
        "value": None, "numerator": good, "denominator": of,
    }  # fmt: skip
    exact = pl.Decimal(18, 6)
    frame = pl.DataFrame([facts]).cast({"person": pl.String, "value": exact, "numerator": exact, "denominator": exact})
    load_facts(ws, frame, str(day), who="test", at=datetime.datetime.now(datetime.UTC))


def _reader(ws: Workspace) -> str:
    """An account of the executive, who reads every goal."""
    return accounts.add(ws, ADMINISTRATOR, "reader", person="p0001", password="seven blue kites")


def test_goals_that_turn_off_track_are_told_once_and_again_when_they_turn_again(ws, receiver):
    """80 % at least of the target of 82 by the company's rules; the goals are those above the one station's survey."""
    answered_well(ws, 20, 10, 100)  # 10 %: off track before anybody listens
    ws.add_webhook(ADMINISTRATOR, receiver.address, ["goal.off_track"])
    assert look(ws) is None, "what was off track before is not news"
    answered_well(ws, 21, 900, 900)  # 91 %
    assert look(ws) is None, "on track is not told"
    answered_well(ws, 22, 0, 1000)  # 45 %
    assert look(ws) is not None
    assert look(ws) is None, "told once"
    answered_well(ws, 23, 0, 100)
    assert look(ws) is None, "it was off track already"
    answered_well(ws, 24, 20_000, 20_000)
    answered_well(ws, 25, 0, 30_000)
    assert look(ws) is None, "between two looks it turned and turned back"
    answered_well(ws, 26, 300_000, 300_000)
    assert look(ws) is None
    answered_well(ws, 27, 0, 900_000)
    assert look(ws) is not None, "off track again is told again"
    delivered(ws)
    first, second = (json.loads(one.body)["data"] for one in receiver.heard)
    above = ["ewr-9e-satisfaction", "ewr-satisfaction", "nyc-satisfaction"]
    assert first["goals"] == second["goals"] == above
    assert (first["period"], first["count"]) == ("2013", 3)
    # What the event says of the rest is an address that the API answers, with more than the event was about.
    maker = ws.make_api_token(ADMINISTRATOR, "reads", ["goals:read"], account=_reader(ws))
    client = TestClient(api(Site(ws, lambda _: "overview")), headers={"Authorization": f"Bearer {maker.secret}"})
    listed = [row["goal"] for one in first["more"] for row in client.get(one.removeprefix("/api/v1")).json()["items"]]
    assert set(above) <= set(listed)


KILLED = """
import os, signal, sys
from pathlib import Path
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
ws = Workspace.open(Path(sys.argv[1]))
ws.publish_plan(ADMINISTRATOR, "service_bonus_2013", reason="tried")
if sys.argv[2] == "inside":
    with ws.store.write():
        ws.approve_plan(Asker(account="other", machine=True), "service_bonus_2013")
        os.kill(os.getpid(), signal.SIGKILL)
ws.approve_plan(Asker(account="other", machine=True), "service_bonus_2013")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("when", "events"), [("inside", 0), ("after", 1)])
def test_a_kill_leaves_neither_a_change_without_its_event_nor_an_event_without_its_change(ws, receiver, when, events):
    ws.add_webhook(ADMINISTRATOR, receiver.address, ["plan.published"])
    path = ws.store.path
    ws.close()
    ran = subprocess.run([sys.executable, "-c", KILLED, str(path), when], capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    with closing(Workspace.open(path)) as again:
        again.webhook_terms = HERE
        with again.store.read() as cursor:
            assert cursor.sql("SELECT count(*) FROM plan_approval").fetchall() == [(events,)]
        delivered(again)
    assert len(receiver.heard) == events


def test_no_secret_and_no_path_of_a_webhook_is_in_the_journal_or_in_a_list(ws, receiver):
    made = ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/T0SECRETPATH", ["period.closed"])
    ws.test_webhook(ADMINISTRATOR, 1)
    ws.end_webhook(ADMINISTRATOR, 1, reason="tried")
    with ws.store.read() as cursor:
        kept = str(cursor.sql("SELECT * FROM journal ORDER BY entry DESC LIMIT 3").fetchall())
    assert re.findall(r"(?:add|test|end)_webhook", kept) == ["end_webhook", "test_webhook", "add_webhook"]
    shown = kept + repr(made) + str(ws.webhooks(ADMINISTRATOR).drop("url").to_dicts())
    assert made.secret not in shown
    assert "T0SECRETPATH" not in shown


def test_the_page_of_the_documentation_verifies_a_signature(ws, receiver):
    """The lines of docs/webhooks.md as they stand there."""
    page = (Path(__file__).parents[2] / "docs/webhooks.md").read_text(encoding="utf-8")
    lines = re.search(r"```python\n(.*?def is_genuine.*?)```", page, re.DOTALL)[1]
    told: dict = {}
    exec(lines, told)
    made = ws.add_webhook(ADMINISTRATOR, receiver.address, ["period.closed"])
    ws.test_webhook(ADMINISTRATOR, 1)
    heard = receiver.heard[0]
    assert told["is_genuine"](made.secret, heard.headers, heard.body)
    assert not told["is_genuine"](made.secret, heard.headers, heard.body + b" ")
    assert not told["is_genuine"](made.secret, heard.headers | {"webhook-timestamp": "1"}, heard.body)


def test_the_api_and_the_command_line_do_the_same(ws, receiver, monkeypatch):
    """One webhook from being added to its end, by whoever holds a token with the scope; nobody else gets that far."""
    accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password="seven blue kites")
    accounts.add(ws, ADMINISTRATOR, "duty", person="p0112", password="seven blue kites")
    keys = {
        (name, scope): ws.make_api_token(ADMINISTRATOR, f"{name} {scope}", [scope], account=name).secret
        for name, scope in (("root", "webhooks:manage"), ("root", "goals:read"), ("duty", "webhooks:manage"))
    }
    client = TestClient(api(Site(ws, lambda _: "overview")))

    def ask(method: str, path: str = "", who: tuple[str, str] = ("root", "webhooks:manage"), **given: object) -> Any:
        return client.request(method, f"/webhooks{path}", headers={"Authorization": f"Bearer {keys[who]}"}, **given)

    asked = {"url": receiver.address, "events": ["period.closed"]}
    assert [ask("POST", who=one, json=asked).status_code for one in list(keys)[1:]] == [403, 403]
    assert ask("POST", json=asked | {"events": ["period.close"]}).json()["suggestion"] == "period.closed"
    assert ask("POST", json=asked | {"url": "https://10.0.0.1/"}).status_code == 422
    made = ask("POST", json=asked)
    assert made.status_code == 201
    assert ask("POST", "/1/test").json()["delivered"]
    assert is_signed(receiver.heard[0], made.json()["secret"])
    assert ask("POST", "/1/deliveries/1").json()["delivered"]
    [row] = ask("GET", "/1/deliveries").json()["items"]
    assert (row["id"], row["outcome"], row["tries"]) == (receiver.heard[1].headers["webhook-id"], "delivered", 4)
    listed = ask("GET").json()["items"]
    assert [one["url"] for one in listed] == [receiver.address]
    assert made.json()["secret"] not in str(listed)
    assert ask("DELETE", "/1").status_code == 204
    assert ask("DELETE", "/1").status_code == 422
    assert ask("POST", "/7/test").status_code == 404
    ws.close()
    monkeypatch.setenv("KPIFLOW_STORE", str(ws.store.path))
    monkeypatch.setenv("KPIFLOW_WEBHOOK_NETWORKS", "127.0.0.1")
    line = CliRunner()
    added = line.invoke(app, ["webhook", "add", receiver.address, "--event", "plan.published"])
    assert added.stdout.startswith("whsec_")
    assert line.invoke(app, ["webhook", "test", "2"]).exit_code == 0
    assert is_signed(receiver.heard[2], added.stdout.strip())
    receiver.answers = [(500, {})]
    assert line.invoke(app, ["webhook", "redeliver", "2", "2"]).exit_code == 1
    assert json.loads(line.invoke(app, ["webhook", "deliveries", "2", "--format", "json"]).stdout)[0]["status"] == 500
    assert line.invoke(app, ["webhook", "end", "2"]).exit_code == 0
    assert [
        row["ended"] is None for row in json.loads(line.invoke(app, ["webhook", "list", "--format", "json"]).stdout)
    ] == [
        False,
        False,
    ]


def test_a_new_secret_signs_beside_the_old_one_for_as_long_as_is_said(ws, receiver):
    old = ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/hook", ["plan.published"]).secret

    def signers(*known: str) -> list[bool]:
        """Which secrets the newest message is signed with."""
        assert ws.test_webhook(ADMINISTRATOR, 1).delivered
        count = receiver.heard[-1].headers["webhook-signature"].count("v1,")
        found = [is_signed(receiver.heard[-1], one) for one in known]
        assert count == sum(found), "and with no other"
        return found

    new = ws.rotate_webhook(ADMINISTRATOR, 1, hours=24).secret
    assert signers(old, new) == [True, True]
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=25)
    published(ws)
    assert storage_of_webhooks.waiting(ws.store, later)["secrets"].to_list() == [[new]], (
        "a day later the old one is over"
    )
    third = ws.rotate_webhook(ADMINISTRATOR, 1, hours=0).secret
    assert signers(old, new, third) == [False, False, True], "with no hours the others end at once"
    fourth = ws.rotate_webhook(ADMINISTRATOR, 1, hours=1).secret
    assert signers(old, new, third, fourth) == [False, False, True, True]
    lines = read_journal(ws.store).filter(pl.col("action") == "rotate_webhook")
    assert lines.height == 3
    assert not any(secret in str(lines.rows()) for secret in (old, new, third, fourth))
    for hours in (-1, 721):
        with pytest.raises(InvalidInput):
            ws.rotate_webhook(ADMINISTRATOR, 1, hours=hours)
    ws.end_webhook(ADMINISTRATOR, 1)
    with pytest.raises(InvalidInput):
        ws.rotate_webhook(ADMINISTRATOR, 1)
    with pytest.raises(NotFound):
        ws.rotate_webhook(ADMINISTRATOR, 2)


def test_deliveries_are_listed_page_by_page(ws, receiver):
    for name in ("a", "b"):
        ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/{name}", ["plan.published"])
    for number in (1, 2, 1, 2, 1):
        ws.test_webhook(ADMINISTRATOR, number)
    published(ws)
    whole = ws.webhook_deliveries(ADMINISTRATOR).select("event", "webhook").rows()
    assert len(whole) == 5 + 2 == ws.webhook_delivery_count(ADMINISTRATOR)
    pages = [
        ws.webhook_deliveries(ADMINISTRATOR, limit=3, skip=skip).select("event", "webhook").rows()
        for skip in (0, 3, 6, 9)
    ]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [row for page in pages for row in page] == whole
