"""PostgreSQL for real: only sums travel, they are exact, sessions only read, and errors say what to do without secrets."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from kpiflow.core.live_source import Columns
from kpiflow.sources.live import Failure, Since, SourceFailed
from kpiflow.sources.live.postgresql import PostgresqlSource
from kpiflow.sources.live.sql import SqlSource
from tests.sources.live.postgres import Meter

ROWS = 200_000
HERE = Since(Path())
DAYS = [datetime.date(2026, 1, 1) + datetime.timedelta(days=one) for one in range(20)]
UNITS = ["EWR", "JFK", "LGA"]


def rows():
    """What stands in the warehouse: cents that no binary fraction can hold, in no order."""
    draw = random.Random(20260101)
    for number in range(ROWS):
        day = draw.choice(DAYS)
        at = datetime.datetime.combine(day, datetime.time(draw.randrange(24)))
        yield (
            number, draw.choice(UNITS), at, Decimal(draw.randrange(1, 10_000_000)) / 100, draw.random(), draw.randrange(2), 1
        )  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(postgres):
    postgres.run(
        "CREATE SCHEMA ops",
        "CREATE TABLE ops.flown (id int, place text, at timestamp, cost numeric, weight double precision, ontime int, flown int)",
        "CREATE SEQUENCE ops.counter",
        "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA ops TO reader; GRANT SELECT ON ops.flown TO reader",
    )
    with (
        psycopg.connect(postgres.address) as session,
        session.cursor() as cursor,
        cursor.copy("COPY ops.flown FROM STDIN") as copy,
    ):
        for row in rows():
            copy.write_row(row)
    return postgres


def source(server, **more):
    said = {
        "source": "flown", "label": "Flown", "connection": server.address.replace("postgres@", "reader@"), "table": "ops.flown",
        "columns": {"unit": "place", "day": "at", "value": "cost"}, "fixed": {"metric": "cost"}, "timeout": "20s",
    }  # fmt: skip
    return PostgresqlSource(**said | more)


def summed(value):
    """The same sums, worked out row by row in Python."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows():
        found[row[1], row[2].date().isoformat()] += value(row)
    return found


def test_only_sums_travel_and_they_are_exact(warehouse):
    meter = Meter(warehouse.port)
    asked = source(warehouse, connection=f"postgresql://reader@127.0.0.1:{meter.port}/postgres")
    (part,) = asked.fetch(HERE).parts
    meter.close()
    assert part.rows.height == len(DAYS) * len(UNITS)
    assert {
        (unit, day): Decimal(value) for unit, day, value in part.rows.select("unit", "day", "value").rows()
    } == summed(lambda row: row[3])
    assert part.behind.sum() == ROWS
    assert set(part.rows["metric"]) == {"cost"}
    # 200,000 rows take several millions of bytes; sixty sums a few thousand, the catalogue's answers about columns included.
    assert meter.received < 40_000


def test_a_ratio_comes_as_two_sums_of_counts(warehouse):
    counts = {"unit": "place", "day": "at", "numerator": "ontime", "denominator": "flown"}
    (part,) = source(warehouse, columns=counts).fetch(HERE).parts
    on_time, flown = summed(lambda row: row[5]), summed(lambda row: row[6])
    assert {
        (unit, day): (Decimal(top), Decimal(base))
        for unit, day, top, base in part.rows.select("unit", "day", "numerator", "denominator").rows()
    } == {key: (on_time[key], flown[key]) for key in flown}


def test_binary_numbers_are_rounded_row_by_row_and_then_added_exactly(warehouse):
    (part,) = (
        source(warehouse, columns={"unit": "place", "day": "at", "value": "weight"}, per="month").fetch(HERE).parts
    )
    total = sum(Decimal(value) for value in part.rows["value"])
    exact = sum(Decimal(repr(row[4])).quantize(Decimal("0.000001")) for row in rows())
    assert set(part.rows["day"]) == {"2026-01-01"}
    assert total == exact


def test_a_query_is_added_up_like_a_table(warehouse):
    query = "SELECT place AS unit, at::date AS day, cost::numeric(12,2) AS value FROM ops.flown WHERE mod(id, 2) = 0"
    bare = {"columns": {}, "table": None, "query": query}
    (part,) = source(warehouse, **bare).fetch(HERE).parts
    assert part.behind.sum() == ROWS // 2
    with pytest.raises(ValueError, match="of kind postgresql"):
        SqlSource(source="g", label="G", connection=warehouse.address, query=query)
    shown = source(warehouse, **bare).look(HERE)
    assert shown.rows.height == 10
    assert "SUM" in shown.question
    assert "GROUP BY" in shown.question


def test_the_session_only_reads(warehouse):
    sly = source(warehouse).model_copy(
        update={
            "table": None,
            "columns": Columns(),
            "query": "SELECT nextval('ops.counter')::text AS unit, DATE '2026-01-01' AS day, 1 AS value",
        }
    )
    with pytest.raises(SourceFailed) as failed:
        sly.model_copy(update={"connection": warehouse.address}).fetch(HERE)
    assert "read-only" in failed.value.said
    with pytest.raises(ValueError, match="changes nothing"):
        source(warehouse, table=None, query="DELETE FROM ops.flown")


@pytest.mark.parametrize(
    ("more", "kind", "word"),
    [
        ({"table": "ops.flwn"}, Failure.NOT_THERE, "flwn"),
        ({"columns": {"unit": "plce", "value": "cost", "day": "at"}}, Failure.NOT_THERE, "place"),
        ({"columns": {"unit": "place", "value": "cost", "day": "place"}}, Failure.NOT_UNDERSTOOD, "date"),
        ({"table": None, "query": "SELECT pg_sleep(3)::text AS unit, 1 AS value", "timeout": "1s", "columns": {}},
         Failure.UNREACHABLE, "timeout"),
        ({"connection": "postgresql://reader@127.0.0.1:1/postgres"}, Failure.UNREACHABLE, "refused"),
        ({"connection": "${NOT_SET_ANYWHERE}"}, Failure.NO_SECRET, "NOT_SET_ANYWHERE"),
    ],
)  # fmt: skip
def test_why_it_failed_is_told_apart(warehouse, more, kind, word):
    with pytest.raises(SourceFailed) as failed:
        source(warehouse, **more).fetch(HERE)
    assert failed.value.kind is kind
    assert word in failed.value.said


def test_no_word_of_a_secret_is_said(warehouse, monkeypatch):
    monkeypatch.setenv("WAREHOUSE", "postgresql://geheim-name:geheim-wort@127.0.0.1:1/geheim")
    with pytest.raises(SourceFailed) as failed:
        source(warehouse, connection="${WAREHOUSE}").fetch(HERE)
    assert "geheim-wort" not in str(failed.value)
    assert "geheim-name" not in str(failed.value)
    assert source(warehouse, connection="${WAREHOUSE}").secrets() == ("WAREHOUSE",)


def test_an_address_names_its_password_and_never_holds_it(warehouse, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("p@ss/word\n", encoding="utf-8")
    monkeypatch.setenv("PG_PASSWORD_FILE", str(tmp_path / "secret"))
    asked = source(warehouse, connection=f"postgresql://reader:${{PG_PASSWORD}}@127.0.0.1:{warehouse.port}/postgres")
    assert asked.look(HERE).rows.height == 10
    for inline in ("postgresql://me:geheim@h/d", "postgresql://h/d?password=geheim"):
        with pytest.raises(ValueError, match="never written here") as refused:
            source(warehouse, connection=inline)
        assert "geheim" not in str(refused.value.errors(include_input=False, include_url=False))
