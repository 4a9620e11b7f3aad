"""How the API answers: formats, pages that stay on one moment, ETags, problems, and what it refuses before anything is asked."""

import csv
import datetime
import io
import json
from decimal import Decimal

import polars as pl
import pytest
from starlette.testclient import TestClient

from kpiflow.frames.measurements import Tidy
from kpiflow.web.api.app import document
from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.commands import load_facts
from kpiflow.workspace.listing import score_rows
from kpiflow.workspace.reporting.spoken import Said

HR = "p0005"
ANY = {"goal": "nyc-ontime", "person": "p0201", "owner_kind": "person", "owner": "p0201"}


def reading_paths() -> list[str]:
    found = document()["paths"]
    return sorted(path.format(**ANY) for path, methods in found.items() if "get" in methods and "webhooks" not in path)


def test_nothing_but_the_index_is_told_without_a_token(programs):
    for path in reading_paths():
        answer = programs.get(None, path)
        if path == "/":
            assert answer.status_code == 200
            continue
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 401


def test_a_cookie_is_no_token(programs):
    client = TestClient(programs.app, base_url="http://localhost", cookies={"kpiflow_session": programs.token(HR)})
    assert client.get("/api/v1/goals").status_code == 401
    assert client.get(f"/api/v1/goals?access_token={programs.token(HR)}").status_code == 401


def test_attainment_is_what_the_command_writes(programs, ws):
    written = {row["goal"]: row for row in score_rows(programs.ws, ADMINISTRATOR, "2013")}
    rows = programs.every(HR, "/attainment?period=2013")
    assert len(rows) == len(written) > 500
    for row in rows:
        plain = json.loads(json.dumps(written[row["goal"]], default=str))
        assert row == {name: plain[name] for name in row}
        assert set(plain) - set(row) == set()


def test_all_formats_say_the_same(programs):
    path = "/statements?limit=20"
    rows = programs.get(HR, path).json()["items"]
    frames = {
        "application/vnd.apache.parquet": lambda content: pl.read_parquet(io.BytesIO(content)),
        "application/vnd.apache.arrow.stream": lambda content: pl.read_ipc_stream(io.BytesIO(content)),
    }
    for media, read in frames.items():
        answer = programs.get(HR, path, accept=media)
        assert answer.headers["content-type"] == media
        frame = read(answer.content)
        assert frame["payable"].to_list() == [Decimal(row["payable"]) for row in rows]
        assert frame["person"].to_list() == [row["person"] for row in rows]
        assert frame.schema["final_at"].time_zone == "UTC"
    answer = programs.get(HR, path, accept="text/csv;q=0.9, application/json;q=0.3")
    told = list(csv.DictReader(io.StringIO(answer.text)))
    assert [{name: value or None for name, value in row.items()} for row in told] == [
        {name: None if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    assert programs.get(HR, f"{path}&format=csv").text == answer.text
    assert programs.get(HR, path, accept="image/png").status_code == 406
    assert programs.get(HR, "/goals/nyc-ontime", accept="text/csv").status_code == 406


def test_statement_lines_add_up_to_what_is_paid(programs):
    lines = programs.every(HR, "/statement-lines?period=2013", limit=1000)
    for row in programs.every(HR, "/statements?period=2013"):
        mine = [Decimal(line["amount"]) for line in lines if line["person"] == row["person"] and line["amount"]]
        assert sum(mine) == Decimal(row["amount"]), row["person"]
        assert Decimal(row["amount"]) + Decimal(row["adjustment"]) == Decimal(row["payable"])
    whole = programs.get(HR, "/statements/p0201").json()
    assert sum(Decimal(line["amount"]) for line in whole["lines"] if line["amount"]) == Decimal(whole["amount"])


def test_a_walk_stays_on_its_moment_while_others_write(writable):
    first = writable.get(HR, "/check-ins?limit=5").json()
    goals = writable.get(HR, "/attainment?period=2013-Q4&limit=300").json()
    before = {row["goal"]: row for row in writable.every(HR, "/attainment?period=2013-Q4")}
    goal = next(row["goal"] for row in writable.every("p0101", "/goals?owner=p0101") if row["kind"] != "objective")
    writable.ws.check_in(Asker("p0101"), goal, Said(words="Written in between", confidence=3))
    late = {
        "metric": "ontime_rate",
        "unit": "EWR-UA",
        "person": None,
        "day": datetime.date(2013, 10, 15),
        "entry": "late",
    }
    late |= {"value": None, "numerator": Decimal(0), "denominator": Decimal(90_000)}
    at = datetime.datetime.now(datetime.UTC)
    load_facts(writable.ws, Tidy.cast(pl.DataFrame([late])), "late", who="test", at=at)
    found, cursor = list(first["items"]), first["next"]
    while cursor:
        page = writable.get(HR, f"/check-ins?limit=50&cursor={cursor}").json()
        found, cursor = found + page["items"], page["next"]
    assert "Written in between" not in {row["words"] for row in found}
    assert "Written in between" in {row["words"] for row in writable.every(HR, "/check-ins")}
    rest = writable.get(HR, f"/attainment?period=2013-Q4&limit=1000&cursor={goals['next']}")
    walked = {row["goal"]: row for row in [*goals["items"], *rest.json()["items"]]}
    assert walked == before
    assert {row["goal"]: row for row in writable.every(HR, "/attainment?period=2013-Q4")} != before


def test_a_cursor_is_of_one_list_and_one_reader(programs):
    cursor = programs.get(HR, "/goals?period=2013&limit=3").json()["next"]
    assert programs.get(HR, f"/goals?period=2013&limit=9&format=csv&cursor={cursor}").status_code == 200
    for person, path in (
        (HR, f"/goals?period=2013-Q1&limit=3&cursor={cursor}"),
        (HR, f"/tree?period=2013&limit=3&cursor={cursor}"),
        ("p0006", f"/goals?period=2013&limit=3&cursor={cursor}"),
        (HR, f"/goals?period=2013&limit=3&cursor={cursor[:-2]}AA"),
        (HR, "/goals?period=2013&limit=3&cursor=AAAA"),
    ):
        answer = programs.get(person, path)
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:kpiflow:problem:cursor_gone"), path


def test_what_is_unchanged_is_not_sent_again(writable):
    paths = ("/goals?period=2013", "/scores?period=2013", "/goals/nyc-ontime?period=2013", "/check-ins")
    tags = {path: writable.get(HR, path).headers["etag"] for path in paths}
    for path, tag in tags.items():
        again = writable.get(HR, path, if_none_match=f'"other", {tag}')
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = writable.get("p0006", path, if_none_match=tag)
        assert other.status_code == 200, "another reader's answer is another answer"
    assert writable.get(HR, paths[0], if_none_match=tags[paths[0]], accept="text/csv").status_code == 200
    writable.ws.adjust_score(Asker("p0001"), "p0201", "2013", 1, reason="To see the tag change")
    said = {path: writable.get(HR, path, if_none_match=tag).status_code for path, tag in tags.items()}
    assert said == {paths[0]: 304, paths[1]: 200, paths[2]: 304, paths[3]: 304}


def test_any_past_day_can_be_asked_for(programs):
    then = {row["goal"]: row for row in programs.every(HR, "/attainment?period=2013&as_of=2013-06-30")}
    known = {
        row["goal"]: row for row in score_rows(programs.ws, ADMINISTRATOR, "2013", as_of=datetime.date(2013, 6, 30))
    }
    assert {name: row["actual"] for name, row in then.items()} == {name: row["actual"] for name, row in known.items()}
    assert programs.get(HR, "/statements?as_of=2013-12-31").json()["items"] == []
    rows = programs.get(HR, "/measurements?as_of=2013-02-01&limit=10000").json()["items"]
    assert rows
    assert max(row["recorded_at"] for row in rows) < "2013-02-02T15"
    assert programs.get(HR, "/goals?as_of=2999-01-01").status_code == 422


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/goals?perod=2013", 422, "period"),
        ("/goals?period=2013-Q9", 404, "2013-Q"),
        ("/goals?metric=ontme_rate", 404, "ontime_rate"),
        ("/goals?unit=EWRR", 404, "EWR"),
        ("/goals?limit=0", 422, None),
        ("/goals?limit=10001", 422, None),
        ("/goals?as_of=yesterday", 422, None),
        ("/nothing", 404, None),
        ("/goals/", 404, None),
        ("/goals%0A/x", 404, None),
        (f"/goals?text={'x' * 5000}", 414, None),
    ],
)
def test_problems_say_what_to_do(programs, path, status, word):
    answer = programs.get(HR, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    said = answer.json()
    assert said["status"] == status
    assert said["type"].startswith("urn:kpiflow:problem:")
    assert said["detail"]
    if word:
        assert said["suggestion"].startswith(word)


def test_problems_and_reasons_are_said_in_the_language_asked_for(programs):
    answer = programs.get(HR, "/goals?period=2013-Q9", accept_language="zh-CN,zh;q=0.9,en;q=0.5")
    assert answer.headers["content-language"] == "zh"
    assert "没有期间" in answer.json()["detail"]
    page = programs.get(HR, "/goals/nyc-ontime?period=2013", accept_language="zh").json()
    assert page["summary"][0].startswith("到港准点")


def test_methods_head_and_other_sites(programs):
    client = TestClient(programs.app, base_url="http://localhost")
    headers = {"authorization": f"Bearer {programs.token(HR)}"}
    head, get = (client.request(one, "/api/v1/units", headers=headers) for one in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-length", "content-type")} == {
        name: get.headers[name] for name in ("etag", "content-length", "content-type")
    }
    refused = client.delete("/api/v1/units", headers=headers)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    foreign = client.get("/api/v1/units", headers={**headers, "origin": "https://elsewhere.example"})
    assert not [name for name in foreign.headers if name.startswith("access-control")]
    assert client.get("/api/v1/units", headers={**headers, "host": "elsewhere.example"}).status_code == 400
    assert foreign.headers["cache-control"] == "private, no-cache"
