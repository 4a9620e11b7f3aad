"""Writing over the API: whose token may, what is taken and counted, once however often it is sent, and what is refused."""

import base64
import datetime
import io
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kpiflow.storage import read_journal
from kpiflow.web.api.app import api
from kpiflow.web.api.buckets import Rate
from kpiflow.web.api.limits import Allowed, Limits, allowed_of
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.api_tokens.measuring import Bounds
from kpiflow.workspace.commands import apply, create_store
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.sign_in import accounts

PASSWORD = "seven blue kites"
FREE = Rate(0, 1)
ROW = {"metric": "flights_operated", "unit": "EWR-UA", "day": "2013-01-31", "value": 118}
BAD = ROW | {"unit": "EWR-UX"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example's organisation: an administrator, an inspector and a duty manager have accounts."""
    path = tmp_path_factory.mktemp("writing") / "store.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        apply(ws, config_folder(), who="test")
        accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password=PASSWORD)
        accounts.add(ws, ADMINISTRATOR, "inspector", person="p0011", password=PASSWORD)
        accounts.add(ws, ADMINISTRATOR, "duty", person="p0112", password=PASSWORD)
    return path


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy of that store."""
    with closing(Workspace.open(Path(shutil.copy(made, tmp_path / "store.duckdb")))) as opened:
        yield opened


def client(ws: Workspace, allowed: Allowed | None = None) -> TestClient:
    """A client of the API alone, as it is mounted, by default without rates."""
    within = allowed or Allowed(FREE, FREE, FREE)
    return TestClient(Limits(api(Site(ws, lambda _: "overview")), within))


@pytest.fixture(scope="module")
def untouched(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, dict[str, str]]]:
    """A workspace in which everything is refused, so that one is enough, and the header of a token that may write."""
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("untouched") / "store.duckdb"))
    with closing(Workspace.open(path)) as opened:
        yield opened, key(opened, "root")


@pytest.fixture
def asked(ws: Workspace) -> TestClient:
    """A client that holds no token yet."""
    return client(ws)


def key(ws: Workspace, account: str, *scopes: str) -> dict[str, str]:
    """The header of a new token of an account."""
    name = f"{account} {ws.api_tokens(ADMINISTRATOR).height}"
    made = ws.make_api_token(ADMINISTRATOR, name, scopes or ["measurements:write", "check-ins:write"], account=account)
    return {"Authorization": f"Bearer {made.secret}"}


def loads(ws: Workspace) -> int:
    """How many loads the store has had."""
    with ws.store.read() as cursor:
        return int(cursor.sql("SELECT count(*) FROM load_entry").fetchall()[0][0])


def facts(ws: Workspace) -> dict[tuple[str, str, str], float]:
    """What counts in the store: unit, day and entry, and the value."""
    with ws.store.read() as cursor:
        rows = cursor.sql(
            """SELECT s.unit, m.day::VARCHAR, m.entry, m.amount::DOUBLE FROM measurement AS m JOIN series AS s USING (series)
               WHERE NOT EXISTS (SELECT 1 FROM superseded AS o WHERE o.series = m.series AND o.day = m.day
                                 AND o.entry = m.entry AND o.load = m.load)"""
        ).fetchall()
    return {row[:3]: row[3] for row in rows}


def test_only_a_token_in_the_header_lets_anybody_in(ws, asked):
    secret = key(ws, "root")["Authorization"].removeprefix("Bearer ")
    for headers in ({}, {"Authorization": f"Basic {secret}"}, {"Authorization": secret}, {"Authorization": "Bearer"},
                    {"Cookie": f"kpiflow_session={secret}"}, {"X-Api-Key": secret}):  # fmt: skip
        answer = asked.post(f"/measurements?access_token={secret}", json=[ROW], headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert secret not in answer.text
    twice = [("Authorization", f"Bearer {secret}"), ("Authorization", f"Bearer {secret}")]
    assert asked.post("/measurements", json=[ROW], headers=twice).status_code == 401
    wrong = asked.post("/measurements", json=[ROW], headers={"Authorization": "Bearer kpf_wrong"})
    assert wrong.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert loads(ws) == 0
    assert asked.post("/measurements", json=[ROW], headers={"authorization": f"bEARER  {secret}"}).status_code == 200


def test_neither_the_scope_alone_nor_the_right_alone_is_enough(ws, asked):
    lacks = asked.post("/measurements", json=[ROW], headers=key(ws, "root", "goals:read", "check-ins:write"))
    assert (lacks.status_code, lacks.json()["scope"]) == (403, "measurements:write")
    assert 'scope="measurements:write"' in lacks.headers["www-authenticate"]
    for scopes in (["measurements:write"], []):
        answer = asked.post("/measurements", json=[ROW], headers=key(ws, "duty", *scopes))
        assert (answer.status_code, answer.json()["detail"]) == (403, "None of your roles may load measurements.")
    with pytest.raises(Exception, match="None of your roles"):
        ws.write_measurements(Asker("p0112"), None, None)
    assert loads(ws) == 0


def test_whoever_records_by_hand_sends_one_at_a_time(ws, asked):
    headers = key(ws, "inspector")
    assert asked.post("/measurements", json=ROW, headers=headers).json()["added"] == 1
    assert asked.post("/measurements", json=[ROW, ROW | {"day": "2013-02-01"}], headers=headers).status_code == 403
    assert loads(ws) == 1
    assert read_journal(ws.store, action="load")["who"].to_list() == ["p0011"]


def test_the_report_says_what_became_of_each_row(ws, asked):
    headers = key(ws, "root")
    rows = [ROW, BAD, ROW | {"day": "2013-02-30"}, ROW | {"day": "2013-02-01", "value": "many"}]
    answer = asked.post("/measurements", json=rows, headers=headers).json()
    counts = {name: answer[name] for name in ("read", "added", "unchanged", "superseded", "rejected", "dry_run")}
    assert counts == {"read": 4, "added": 1, "unchanged": 0, "superseded": 0, "rejected": 3, "dry_run": False}
    assert [(one["index"], one["row"], one["rules"]) for one in answer["rejections"]] == [
        (1, 2, ["unknown_unit"]),
        (2, 3, ["bad_day"]),
        (3, 4, ["value_not_a_number"]),
    ]
    assert answer["rejections"][0]["message"] == "There is no unit 'EWR-UX'. Did you mean 'EWR-VX'?"
    chinese = asked.post("/measurements", json=[ROW, BAD], headers=headers | {"Accept-Language": "zh"}).json()
    assert chinese["unchanged"] == 1
    assert "没有" in chinese["rejections"][0]["message"]
    corrected = asked.post("/measurements?reason=Counted+again", json=[ROW | {"value": 119}], headers=headers).json()
    assert corrected["superseded"] == 1
    assert facts(ws) == {("EWR-UA", "2013-01-31", ""): 119.0}


def test_all_or_nothing_and_trying_write_nothing(ws, asked):
    headers, lines = key(ws, "root"), read_journal(ws.store).height
    atomic = asked.post("/measurements?atomic=true", json=[ROW, BAD], headers=headers)
    assert (atomic.status_code, atomic.json()["rejected"], atomic.json()["added"]) == (422, 1, 0)
    assert atomic.headers["content-type"] == "application/problem+json"
    none = asked.post("/measurements", json=[BAD, BAD | {"day": "2013-02-01"}], headers=headers)
    assert (none.status_code, none.json()["rejected"]) == (422, 2)
    dry = asked.post("/measurements?dry_run=true", json=[ROW, BAD], headers=headers | {"Idempotency-Key": "a"}).json()
    assert (dry["load"], dry["added"], dry["rejected"], dry["dry_run"]) == (None, 1, 1, True)
    assert (loads(ws), facts(ws), read_journal(ws.store).height - lines) == (0, {}, 0)
    assert asked.post("/measurements", json=[ROW, BAD], headers=headers | {"Idempotency-Key": "a"}).json()["load"] == 1


UNITS, DAYS = ("EWR-UA", "JFK-B6", "nowhere"), ("2013-01-01", "2013-01-02", "2013-02-30")
ROWS = st.lists(
    st.fixed_dictionaries(
        {"metric": st.just("flights_operated"), "unit": st.sampled_from(UNITS), "day": st.sampled_from(DAYS)},
        optional={"value": st.integers(-5, 5), "entry": st.sampled_from(["", "b"])},
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_counts_add_up_and_the_store_holds_what_they_say(ws, asked, bodies):
    """Against the plainest reading: a row counts with a known unit, a day and a value, when no other is about the same."""
    headers, known = key(ws, "root"), facts(ws)
    try:
        for body in bodies:
            fact = [(one["unit"], one["day"], one.get("entry", "")) for one in body]
            named = [one["unit"] in UNITS[:2] and one["day"] in DAYS[:2] for one in body]
            about = [one for one, there in zip(fact, named, strict=True) if there]
            good = [
                there and "value" in row and about.count(one) == 1
                for one, there, row in zip(fact, named, body, strict=True)
            ]
            if not any("value" in row for row in body):
                assert asked.post("/measurements", json=body, headers=headers).status_code == 422, "no column of values"
                continue
            expected = {"added": 0, "unchanged": 0, "superseded": 0, "rejected": good.count(False)}
            for one, row, fine in zip(fact, body, good, strict=True):
                if fine:
                    became = (
                        "added" if one not in known else "unchanged" if known[one] == row["value"] else "superseded"
                    )
                    expected[became] += 1
                    known[one] = float(row["value"])
            answer = asked.post("/measurements", json=body, headers=headers).json()
            assert {name: answer[name] for name in expected} == expected
            assert answer["read"] == len(body) == sum(expected.values())
            assert [one["index"] for one in answer["rejections"]] == [at for at, fine in enumerate(good) if not fine]
            assert facts(ws) == known
    finally:
        for number in ws.api_tokens(ADMINISTRATOR).filter(pl.col("state") == "counts")["token"]:
            ws.revoke_api_token(ADMINISTRATOR, number, reason="the example is over")


def bodies(rows: list[dict[str, object]]) -> dict[str, bytes]:
    """The same rows in every form that is taken."""
    frame = pl.DataFrame(rows).with_columns(pl.col("day").str.to_date(), pl.col("value").cast(pl.Float64))
    lines = "\n".join(json.dumps(row) for row in rows) + "\n\n"
    made = {
        "application/json": json.dumps(rows).encode(),
        "application/x-ndjson": lines.encode(),
        "application/jsonl; charset=utf-8": lines.encode(),
    }
    writers = {
        "text/csv; header=present": frame.write_csv,
        "application/vnd.apache.parquet": frame.write_parquet,
        "application/vnd.apache.arrow.stream": frame.write_ipc_stream,
        "application/vnd.apache.arrow.file": frame.write_ipc,
    }
    for media, write in writers.items():
        out = io.BytesIO()
        write(out)
        made[media] = out.getvalue()
    return made


def test_the_same_rows_in_every_form_are_the_same_facts(ws, asked):
    headers = key(ws, "root")
    rows = [ROW | {"day": f"2013-01-{day:02}", "value": day / 10, "entry": "a"} for day in range(1, 8)]
    first = True
    for media, body in bodies(rows).items():
        answer = asked.post("/measurements", content=body, headers=headers | {"content-type": media})
        assert answer.status_code == 200, (media, answer.text)
        assert (answer.json()["added"], answer.json()["unchanged"]) == ((7, 0) if first else (0, 7)), media
        first = False
    assert len(facts(ws)) == 7


def test_numbers_are_kept_as_they_were_sent(ws, asked):
    body = '[{"metric": "flights_operated", "unit": "EWR-UA", "day": "2013-01-31", "value": 123456789012.123457}]'
    assert asked.post("/measurements", content=body, headers=key(ws, "root") | JSON).status_code == 200
    with ws.store.read() as cursor:
        assert str(cursor.sql("SELECT amount FROM measurement").fetchall()[0][0]) == "123456789012.123457"


def test_the_same_key_is_one_load_also_after_a_restart(ws, asked):
    headers = key(ws, "root") | {"Idempotency-Key": "run-7"}
    first = asked.post("/measurements", json=[ROW, BAD], headers=headers)
    assert "idempotency-replayed" not in first.headers
    again = asked.post("/measurements", json=[ROW, BAD], headers=headers)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    with closing(Workspace.open(ws.store.path)) as restarted:
        later = client(restarted).post("/measurements", json=[ROW, BAD], headers=headers)
        assert (later.status_code, later.json()) == (200, first.json())
    for other in ({"json": [ROW]}, {"json": [ROW, BAD], "params": {"atomic": "true"}}):
        answer = asked.post("/measurements", headers=headers, **other)
        assert answer.status_code == 422
        assert "another request" in answer.json()["detail"]
    assert loads(ws) == 1
    others = asked.post("/measurements", json=[ROW, BAD], headers=key(ws, "root") | {"Idempotency-Key": "run-8"})
    assert others.json()["unchanged"] == 1
    assert (
        asked.post("/measurements", json=ROW, headers=key(ws, "inspector") | {"Idempotency-Key": "run-7"}).status_code
        == 200
    )


def test_a_key_is_forgotten_after_a_week_and_free_after_a_refusal(ws, asked, monkeypatch):
    headers = key(ws, "root") | {"Idempotency-Key": "run-7"}
    assert asked.post("/measurements", json=[BAD], headers=headers).status_code == 422
    assert asked.post("/measurements", json=[ROW], headers=headers).json()["load"] == 1
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=7, minutes=1)
    monkeypatch.setattr(type(ws.signed_in), "now", lambda _: soon)
    assert asked.post("/measurements", json=[ROW], headers=headers).json()["load"] == 2


def test_the_same_key_at_once_is_one_load(ws, asked):
    headers = key(ws, "root") | {"Idempotency-Key": "at-once"}
    with ThreadPoolExecutor(6) as several:
        answers = list(several.map(lambda _: asked.post("/measurements", json=[ROW, BAD], headers=headers), range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert loads(ws) == 1


@pytest.mark.parametrize("given", ["", "a b", "é".encode(), "x" * 201])
def test_a_key_that_is_none_is_refused(ws, asked, given):
    answer = asked.post("/measurements", json=[ROW], headers=key(ws, "root") | {"Idempotency-Key": given})
    assert answer.status_code == 422
    assert loads(ws) == 0


def packed(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, row_group_size=1 << 22)
    return out.getvalue()


PARQUET = "application/vnd.apache.parquet"
MANY = packed(pl.DataFrame({name: ["x"] * 2_500 for name in ("metric", "unit", "day", "value")}))
WIDE = ",".join(f"c{at}" for at in range(100_000)) + "\n1\n"
LONG = packed(pl.DataFrame({"metric": ["m"], "unit": ["u" * 5_000], "day": ["2013-01-01"], "value": [1]}))


@pytest.mark.parametrize(
    ("media", "body", "status", "match"),
    [
        ("", b"[]", 415, "A body of no type"),
        ("application/xml", b"<a/>", 415, "application/xml"),
        ("application/x-www-form-urlencoded", b"a=1", 415, "not taken here"),
        ("application/json", b"", 422, "not JSON"),
        ("application/json", b"[]", 422, "no column metric|no rows"),
        ("application/json", b'"text"', 422, "list of objects"),
        ("application/json", b"[1]", 422, "row 1 is no object"),
        ("application/json", b"[{]", 422, "line 1, character 3"),
        ("application/json", b"\xff\xfe", 422, "no UTF-8"),
        ("application/json", b"[" * 100_000, 422, "too deep"),
        ("application/json", b'[{"metric": "\\ud800", "unit": "a", "day": "b", "value": 1}]', 422, "half a character"),
        ("application/json", b'[{"metric": ["a"], "unit": "a", "day": "b", "value": 1}]', 422, "no plain value"),
        ("application/json", b'[{"metrc": "a", "unit": "a", "day": "b", "value": 1}]', 422, "Did you mean 'metric'"),
        ("application/json", b'[{"\\u0000row": "a", "unit": "a", "day": "b", "value": 1}]', 422, "cannot be seen"),
        ("application/json", json.dumps([{f"c{at}": 1} for at in range(200)]).encode(), 422, "different names"),
        ("application/json", b'[{"metric":"flights_operated","unit":"EWR-UA","day":"2013-01-31","value":NaN}]', 422, "NaN"),
        ("application/json", b'[{"metric":"flights_operated","unit":"EWR-UA","day":"2013-01-31","value":1e999}]', 422, "1e999"),
        ("application/json", b'[{"metric":"flights_operated","unit":"EWR-UA","day":"9999-01-31","value":1}]', 422, "9999"),
        ("application/x-ndjson", b'{"metric": "a"}\n{"metric"', 422, "line 2"),
        ("text/csv", b"metric,unit\x00,day,value\n", 422, "UTF-8"),
        ("text/csv", WIDE.encode(), 413, "100,000 columns"),
        ("text/csv", b"", 422, "is empty"),
        (PARQUET, b"PAR1", 422, "cannot be read"),
        (PARQUET, MANY, 413, "2,500 rows"),
        (PARQUET, LONG, 413, "more than 1,000 bytes"),
        ("application/vnd.apache.arrow.stream", b"\xff" * 64, 422, "cannot be read"),
        ("application/vnd.apache.arrow.file", b"ARROW1\0\0", 422, "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words_and_writes_nothing(untouched, media, body, status, match):
    ws, may = untouched
    narrow = client(ws, Allowed(FREE, FREE, FREE, bounds=Bounds(rows=2_000)))
    answer = narrow.post("/measurements", content=body, headers=may | {"content-type": media})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.text
    assert any(one in said for one in match.split("|")), said
    assert "/tmp" not in said
    assert loads(ws) == 0


def test_a_body_is_refused_as_soon_as_it_is_too_large(ws):
    narrow = client(ws, Allowed(FREE, FREE, FREE, body=10_000))
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for at in range(1_000):
            sent.append(at)
            yield b"x" * 1_000

    headers = key(ws, "root")
    said = narrow.post("/measurements", content=b"x" * 10_001, headers=headers | JSON)
    streamed = narrow.post("/measurements", content=endless(), headers=headers | JSON)
    packed_ = narrow.post("/measurements", json=[ROW], headers=headers | {"content-encoding": "gzip"})
    small = narrow.post("/check-ins", content=b" " * ((16 << 20) + 1), headers=headers | JSON)
    assert [one.status_code for one in (said, streamed, packed_, small)] == [413, 413, 415, 413]
    assert packed_.headers["accept-encoding"] == "identity"
    assert {one.headers["content-type"] for one in (said, streamed, packed_, small)} == {"application/problem+json"}
    assert narrow.post("/measurements", json=[ROW], headers=headers).status_code == 200


def test_too_many_requests_wait_and_every_answer_says_how_many_are_left(ws):
    slow = client(ws, Allowed(Rate(0.001, 5), Rate(0.001, 2), Rate(0.001, 9)))
    mine, other = key(ws, "root"), key(ws, "inspector")
    first = slow.post("/measurements", json=[ROW], headers=mine)
    assert first.headers["ratelimit-policy"] == '"writes";q=2;w=2000'
    assert first.headers["ratelimit"].startswith('"writes";r=1;')
    assert slow.post("/measurements", json=[ROW], headers=mine).status_code == 200
    third = slow.post("/measurements", json=[ROW], headers=mine)
    assert (third.status_code, third.headers["content-type"]) == (429, "application/problem+json")
    assert 1 <= int(third.headers["retry-after"]) <= 1000
    assert slow.post("/measurements", json=ROW, headers=other).status_code == 200, "another token has its own"
    assert slow.get("/", headers=mine).status_code == 200, "and reading its own"
    for _ in range(4):
        slow.get("/openapi.json")
    assert slow.post("/measurements", json=ROW, headers=other).status_code == 429, "an address has one for all"


def test_limits_are_set_in_the_environment():
    given = {"KPIFLOW_API_READS": "50/100", "KPIFLOW_API_WRITES": "0", "KPIFLOW_API_ROWS": "10"}
    found = allowed_of(given)
    assert (found.reads, found.writes.per_second, found.bounds.rows) == (Rate(50, 100), 0, 10)
    assert allowed_of({}) == Allowed()
    for name, text in (("KPIFLOW_API_READS", "fast"), ("KPIFLOW_API_BODY_MB", "0"), ("KPIFLOW_API_ADDRESS", "5/0")):
        with pytest.raises(Exception, match=name):
            allowed_of({name: text})


def test_a_check_in_is_made_once_as_the_person_by_the_rules_of_the_screen(ws, asked):
    headers = key(ws, "duty")
    given = {"goal": "p0112-handover", "step": 2, "confidence": 8, "words": "Both weeks done."}
    first = asked.post("/check-ins", json=given, headers=headers | {"Idempotency-Key": "k"})
    assert first.status_code == 201, first.text
    again = asked.post("/check-ins", json=given, headers=headers | {"Idempotency-Key": "k"})
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, first.json(), "true")
    rows = ws.check_ins(Asker("p0112"), "p0112-handover").rows
    assert rows.select("who", "step", "words").rows() == [("p0112", 2, "Both weeks done.")]
    other = asked.post("/check-ins", json=given | {"step": 3}, headers=headers | {"Idempotency-Key": "k"})
    assert other.status_code == 422
    corrected = asked.post("/check-ins", json=given | {"step": 3}, headers=headers)
    assert (corrected.status_code, corrected.json()["needs"]) == (409, "reason")
    back = given | {"step": 1, "reason": "It was too early"}
    unusual = asked.post("/check-ins", json=back, headers=headers)
    assert (unusual.status_code, unusual.json()["needs"]) == (409, "sure")
    assert asked.post("/check-ins", json=back | {"sure": True}, headers=headers).status_code == 201


def test_a_check_in_for_somebody_else_a_missing_goal_or_a_wrong_form_is_refused(ws, asked):
    headers = key(ws, "duty")
    statuses = [
        (404, {"goal": "p0101-handover", "step": 2}),  # somebody else's, and one that is not there: told apart nowhere
        (404, {"goal": "p0112-handovr", "step": 2}),
        (422, {"goal": "p0112-handover", "step": 2, "person": "p0101"}),
    ]
    for status, asked_for in statuses:
        assert asked.post("/check-ins", json=asked_for, headers=headers).status_code == status
    for wrong in (
        {"step": 9},
        {"value": 3},
        {},
        {"words": "x" * 2001},
        {"step": "NaN"},
        {"day": "2013-02-30", "step": 1},
    ):
        assert asked.post("/check-ins", json={"goal": "p0112-handover", **wrong}, headers=headers).status_code == 422, (
            wrong
        )
    deep = asked.post("/check-ins", content=b"[" * 100_000, headers=headers | JSON)
    assert deep.status_code == 400
    assert ws.check_ins(Asker("p0112"), "p0112-handover").rows.is_empty()


def test_evidence_goes_with_a_check_in_and_is_what_its_name_says(ws, asked):
    headers = key(ws, "duty")
    note = base64.b64encode(b"Two weeks without a gap.\n").decode()
    said = {"goal": "p0112-handover", "words": "See the note."}
    kept = asked.post("/check-ins", json=said | {"files": [{"name": "note.txt", "content": note}]}, headers=headers)
    assert kept.status_code == 201, kept.text
    assert ws.evidence(Asker("p0112"), kept.json()["evidence"][0]).content == b"Two weeks without a gap.\n"
    for file in (
        {"name": "note.pdf", "content": note},
        {"name": "note.txt", "content": "§"},
        {"name": "a.exe", "content": note},
    ):
        assert asked.post("/check-ins", json=said | {"files": [file]}, headers=headers).status_code == 422
    six = [{"name": f"{at}.txt", "content": note} for at in range(6)]
    assert asked.post("/check-ins", json=said | {"files": six}, headers=headers).status_code == 422


def test_a_closed_account_writes_nothing_from_that_moment(ws, asked):
    headers = key(ws, "root")
    assert asked.post("/measurements", json=[ROW], headers=headers).status_code == 200
    accounts.set_roles(ws, ADMINISTRATOR, "root", [])
    assert asked.post("/measurements", json=[ROW], headers=headers).status_code == 403
    accounts.disable(ws, ADMINISTRATOR, "root")
    assert asked.post("/measurements", json=[ROW], headers=headers).status_code == 401
    assert loads(ws) == 1
