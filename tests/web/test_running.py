"""The server as whoever runs it sees it: its log, its figures, its health, and that it stops without dropping anything."""

import json
import re
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from kpiflow.web.logs import redacted
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.webhooks.terms import Terms, networks_of
from tests.dashboards.conftest import serving
from tests.web.conftest import HTML, PASSWORD
from tests.webhooks.receiver import receiving

pytestmark = pytest.mark.slow

TOKEN = "a-token-for-the-figures"


@dataclass
class Run:
    """What was seen of a server from its start to its end."""

    log: str
    lines: list[dict]
    answers: dict[str, httpx2.Response]
    secrets: dict[str, str]
    code: int
    left: Path
    late: bytes
    heard: int


@pytest.fixture(scope="module")
def run(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A server asked this and that, and then stopped while a request and a delivery are under way."""
    folder = tmp_path_factory.mktemp("run")
    path, says = Path(shutil.copy(made, folder / "store.duckdb")), folder / "log"
    environment = {
        "KPIFLOW_LOG_FORMAT": "json", "KPIFLOW_METRICS_TOKEN": TOKEN, "KPIFLOW_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }  # fmt: skip
    with receiving() as receiver:
        receiver.delay = 2.0
        with closing(Workspace.open(path)) as ws:
            ws.webhook_terms = Terms(networks_of("127.0.0.0/8"))
            secret = ws.add_webhook(ADMINISTRATOR, f"{receiver.address}/SECRETPATH", ["plan.published"]).secret
            ws.publish_plan(ADMINISTRATOR, "service_bonus_2013", reason="tried")
            ws.approve_plan(Asker(account="other", machine=True), "service_bonus_2013")
        with serving(path, demo=False, says=says, **environment) as (address, process):
            answers, session = asked(address)
            receiver.wait_for(1)
            late = stopped_meanwhile(address, process)
            code = process.wait(60)
        log = says.read_text(encoding="utf-8")
        lines = [json.loads(line) for line in log.splitlines()]
        secrets = {"password": PASSWORD, "session": session, "signing": secret, "query": "SECRETGOAL", "path": "SECRETPATH",
                   "figures": TOKEN, "bearer": "kpf_notatoken"}  # fmt: skip
        yield Run(log, lines, answers, secrets, code, path, late, len(receiver.heard))


def asked(address: str) -> tuple[dict[str, httpx2.Response], str]:
    """Ask for everything once; return the answers and the session's token."""
    found = {}
    with httpx2.Client(base_url=address) as client:
        proof = re.search(r'name="proof" value="(\w+)"', client.get("/sign-in").text)[1]
        client.post("/sign-in", data={"proof": proof, "name": "ann", "password": PASSWORD})
        found["page"] = client.get("/goal?goal=SECRETGOAL", headers={**HTML, "X-Request-Id": "from-the-proxy-1"})
        found["welcome"] = client.get("/welcome?token=SECRETGOAL")
        session = client.cookies["kpiflow_session"]
    with httpx2.Client(base_url=address) as client:
        found["api"] = client.get("/api/v1/goals/SECRETGOAL", headers={"Authorization": "Bearer kpf_notatoken"})
        found["ready"] = client.get("/health/ready")
        found["health"] = client.get("/health")
        found["figures"] = client.get("/metrics")
        proxied = {"X-Forwarded-For": "203.0.113.9"}
        found["refused"] = client.get("/metrics", headers=proxied)
        found["wrong"] = client.get("/metrics", headers={**proxied, "Authorization": "Bearer other"})
        found["by token"] = client.get("/metrics", headers={**proxied, "Authorization": f"Bearer {TOKEN}"})
    return found, session


def stopped_meanwhile(address: str, process: object) -> bytes:
    """Ask half a question, have the server stopped, ask the other half; return what comes."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port)) as half:
        half.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nname")
        with closing(socket.create_connection((where.hostname, where.port))) as other:
            other.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            other.recv(100)  # by now the half question has come in, too
        process.send_signal(signal.SIGTERM)
        half.sendall(b"=ann")
        half.settimeout(30)
        return half.recv(100)


def requests(run: Run, path: str) -> list[dict]:
    """The lines about one kind of address."""
    return [line for line in run.lines if line["event"] == "request" and line["path"] == path]


def test_each_request_is_one_line_with_who_asked_and_nothing_of_what(run):
    [page] = requests(run, "/goal")
    assert {"method": "GET", "status": 200, "asker": "p0101", "request": "from-the-proxy-1"}.items() <= page.items()
    assert page["ms"] > 0
    [api] = requests(run, "/api/v1/goals/{goal}")
    assert (api["status"], api["asker"]) == (401, None)
    assert api["request"] == run.answers["api"].headers["x-request-id"]
    [delivery] = [line for line in run.lines if line["event"] == "webhook"]
    assert delivery["outcome"] == "delivered"
    assert delivery["to"].endswith("/…")


def test_no_secret_is_in_the_log(run):
    assert [name for name, secret in run.secrets.items() if secret in run.log] == []


def test_figures_are_for_this_machine_and_for_whoever_has_the_token(run):
    figures = run.answers["figures"].text
    counted = r'kpiflow_requests_total\{method="GET",route="/api/v1/goals/\{goal\}",status="401"\} 1\.0'
    assert re.search(counted, figures)
    assert re.search(r"^kpiflow_sessions_open 1\.0$", figures, re.MULTILINE)
    assert re.search(r"^kpiflow_worker_alive 1\.0$", figures, re.MULTILINE)
    assert [run.answers[name].status_code for name in ("refused", "wrong", "by token")] == [404, 404, 200]
    assert "SECRET" not in figures
    assert "p0101" not in figures


def test_health_says_whether_it_lives_and_whether_it_is_ready(run):
    assert run.answers["health"].json()["status"] == "ok"
    told = run.answers["ready"].json()
    assert (told["status"], told["store"], told["workers"]) == ("ready", True, True)


def test_it_stops_after_what_is_under_way(run):
    assert run.code == 0
    assert run.late.startswith(b"HTTP/1.1 "), "the request that had begun is answered"
    assert run.heard == 1
    assert not run.left.with_name("store.duckdb.wal").exists(), "the store was closed"
    with closing(Workspace.open(run.left)) as ws:
        assert ws.webhook_deliveries(ADMINISTRATOR)["outcome"].to_list() == ["delivered"]


@pytest.mark.parametrize(
    "said",
    [
        "Authorization: Bearer kpf_4f9Secret", "cookie kpiflow_session=Secret; x=1", "GET /welcome?token=Secret&x=1",
        "whsec_Secret is wrong", "client_secret: 'Secret'", '{"password": "Secret"}',
    ],
)  # fmt: skip
def test_secrets_are_taken_out_by_what_they_look_like(said):
    assert "Secret" not in str(redacted({"event": said, "exception": f"Traceback: {said}", "more": {"a": [said]}}))
    assert redacted({"event": "kept", "token": "x", "path": "/goal"}) == {
        "event": "kept",
        "token": "********",
        "path": "/goal",
    }
