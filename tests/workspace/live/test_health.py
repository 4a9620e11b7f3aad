"""What is said of sources: an outage blanks nothing, silence is told, strange numbers are a question, nobody else may look."""

import datetime
import threading
from collections import Counter
from decimal import Decimal

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import render
from kpiflow.storage.value_bins import binned_values
from kpiflow.web.pulling import pulling as pulling_beside
from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.live import health, pulling, silence
from kpiflow.workspace.live.answers import Health
from tests.workspace.live.fed import defined, facts, fed, pulled

NOTES = {"source": "notes", "label": "Notes", "kind": "folder", "path": "notes", "every": "15m", "retries": 0,
         "fixed": {"metric": "sales", "unit": "NORTH", "person": "ann"}}  # fmt: skip
#: Half a day from now, whenever that is: no turn comes while a test looks at the next quarter of an hour.
LATER = f"0 {(datetime.datetime.now().hour + 12) % 24} * * *"  # noqa: DTZ005 — by the local clock, as turns are
LEDGER = {"source": "ledger", "label": "Ledger", "kind": "postgresql", "connection": "postgresql://127.0.0.1:1/x", "table": "t",
          "cron": LATER, "retries": 0}  # fmt: skip


@pytest.fixture
def shop(tmp_path):
    ws = fed(tmp_path, NOTES, LEDGER)
    (tmp_path / "notes").mkdir()
    yield ws
    ws.close()


def written(folder, name, *rows):
    lines = "".join(f"{day},{value},{entry}\n" for day, value, entry in rows)
    (folder / "notes" / name).write_text(f"day,value,entry\n{lines}", encoding="utf-8")


def one(ws, name):
    return next(live for live in ws.live_sources(ADMINISTRATOR).sources if live.source == name)


def words(said):
    return " ".join(render(sentence, "en") for sentence in said)


def test_an_outage_blanks_nothing_and_says_since_when(shop, tmp_path):
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    assert one(shop, "notes").health is Health.NEVER
    pulled(shop, "notes")
    before = shop.progress(ADMINISTRATOR, "ann", "2026", datetime.date(2026, 1, 31)).goals
    well = one(shop, "notes")
    assert (well.health, well.newest, well.silent_since) == (Health.WELL, datetime.date(2026, 1, 5), None)
    (tmp_path / "notes").rename(tmp_path / "gone")
    done = shop.pull_source(ADMINISTRATOR, "notes")
    assert done.failure is not None
    assert facts(shop) == {("NORTH", "2026-01-05", ""): Decimal(40)}
    assert shop.progress(ADMINISTRATOR, "ann", "2026", datetime.date(2026, 1, 31)).goals.equals(before)
    silent = one(shop, "notes")
    assert silent.health is Health.SILENT
    assert silent.silent_since == well.last_good
    assert "is not there" in words(silent.said)
    assert "sources.yaml" in words(silent.said)
    (found,) = silence.silences(shop)
    assert (found.source, found.metrics) == ("notes", frozenset({"sales"}))
    (tmp_path / "gone").rename(tmp_path / "notes")
    assert pulled(shop, "notes") == (0, 0, 0, 0, 0)
    assert one(shop, "notes").health is Health.WELL


def test_the_goals_that_a_silent_source_feeds_say_so(shop, tmp_path):
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    pulled(shop, "notes")
    day = datetime.date(2026, 1, 31)
    assert shop.goal(ADMINISTRATOR, "ann-sales", "2026", day).silent == ()
    (tmp_path / "notes").rename(tmp_path / "gone")
    shop.pull_source(ADMINISTRATOR, "notes")
    assert "Notes" in words(shop.goal(ADMINISTRATOR, "ann-sales", "2026").silent)
    assert shop.goal(ADMINISTRATOR, "ann-returns", "2026").silent == ()


def test_whose_turn_has_come(shop, tmp_path):
    now = datetime.datetime(2030, 1, 2, 12)  # noqa: DTZ001 — by the local clock, as runs are dated
    assert [source.source for source in health.due(shop, now)] == ["ledger", "notes"], "what was never asked"
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    pulled(shop, "notes")
    shop.pull_source(ADMINISTRATOR, "ledger")
    begun = shop.source_runs(ADMINISTRATOR, "notes")["begun"][0]
    assert health.due(shop, begun + datetime.timedelta(minutes=14)) == []
    assert [source.source for source in health.due(shop, begun + datetime.timedelta(minutes=15))] == ["notes"]
    assert len(health.due(shop, begun + datetime.timedelta(days=1))) == 2


def test_one_pull_of_a_source_at_a_time(shop, tmp_path, monkeypatch):
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    inside, leave, ended = threading.Event(), threading.Event(), []
    real = pulling.tried

    def slowly(*given):
        inside.set()
        leave.wait(20)
        return real(*given)

    monkeypatch.setattr(pulling, "tried", slowly)
    first = threading.Thread(target=lambda: ended.append(shop.pull_source(ADMINISTRATOR, "notes")))
    first.start()
    inside.wait(20)
    with pytest.raises(InvalidInput, match="being asked already"):
        shop.pull_source(ADMINISTRATOR, "notes")
    leave.set()
    first.join(20)
    assert ended[0].added == 1


def test_strange_volume_is_a_question_and_stops_only_where_that_is_said(shop, tmp_path):
    days = [(f"2026-01-{day:02}", 2, entry) for day in range(1, 11) for entry in range(20)]
    written(tmp_path, "a.csv", *days)
    pulled(shop, "notes")
    written(tmp_path, "b.csv", ("2026-01-11", 2, 1))
    done = shop.pull_source(ADMINISTRATOR, "notes")
    assert done.added == 1
    assert "Sales on Jan 11, 2026: 1 rows came" in words(done.drift)
    assert words(one(shop, "notes").drift) == words(done.drift)
    defined(shop, tmp_path, {**NOTES, "stop_on_drift": True}, LEDGER)
    written(tmp_path, "c.csv", ("2026-01-12", 2, 1))
    stopped = shop.pull_source(ADMINISTRATOR, "notes")
    assert stopped.failure is not None
    assert stopped.drift
    assert ("NORTH", "2026-01-12", "1") not in facts(shop)
    assert one(shop, "notes").health is Health.SILENT
    assert shop.pull_source(ADMINISTRATOR, "notes", despite_drift=True).added == 1


def tenths(before, now):
    """Where values lie among the tenths of earlier ones, one by one: the group is how many of the tenths lie below a value."""
    earlier = sorted(before)
    edges = {earlier[-(-tenth * len(earlier) // 10) - 1] for tenth in range(1, 10)}
    places = {True: Counter(), False: Counter()}
    for value, was in [*((one, True) for one in before), *((one, False) for one in now)]:
        places[was][sum(edge < value for edge in edges)] += 1
    groups = sorted(places[True] | places[False])
    return [("sales", group, places[True][group], places[False][group]) for group in groups]


def test_values_spread_otherwise_are_a_question_though_their_mean_stays(shop, tmp_path):
    first = datetime.date(2026, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(35)]
    written(
        tmp_path,
        "a.csv",
        *((day, (number * 7 + place) % 40 + 1, place) for number, day in enumerate(days) for place in range(40)),
    )
    pulled(shop, "notes")
    alike = [float(value) for value in range(1, 41)] * 5  # five Thursdays, each with every value once
    arrived = [1.0] * 20 + [40.0] * 20
    frame = pl.DataFrame({"metric": "sales", "day": datetime.date(2026, 2, 5), "value": arrived})
    assert binned_values(shop.store, "notes", frame, 60).rows() == tenths(alike, arrived)
    assert binned_values(shop.store, "notes", frame, 21).is_empty(), "three Thursdays are too few"
    assert binned_values(shop.store, "others", frame, 60).is_empty(), "what others brought is another history"
    written(tmp_path, "b.csv", *(("2026-02-05", value, place) for place, value in enumerate(range(1, 41))))
    assert shop.pull_source(ADMINISTRATOR, "notes").drift == ()
    written(tmp_path, "c.csv", *(("2026-02-06", value, place) for place, value in enumerate(arrived)))
    done = shop.pull_source(ADMINISTRATOR, "notes")
    assert "Sales up to Feb 6, 2026: its values are spread otherwise than before" in words(done.drift)
    assert len(done.drift) == 1, "rows and mean are as before"


def test_looking_takes_nothing_in(shop, tmp_path):
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    shown = shop.look_at_source(ADMINISTRATOR, "notes")
    assert shown.rows.select("metric", "day", "value").rows() == [("sales", "2026-01-05", "40")]
    assert facts(shop) == {}
    with pytest.raises(InvalidInput, match="cannot be reached"):
        shop.look_at_source(ADMINISTRATOR, "ledger")
    with pytest.raises(NotFound, match="Did you mean 'notes'"):
        shop.look_at_source(ADMINISTRATOR, "note")


def test_only_whoever_manages_sources_may(shop):
    for ask in (
        lambda who: shop.live_sources(who),
        lambda who: shop.look_at_source(who, "notes"),
        lambda who: shop.pull_source(who, "notes"),
        lambda who: shop.source_runs(who),
        lambda who: shop.source_rejects(who, 1),
    ):
        for nobody in (Asker("ann"), Asker("boss"), Asker()):
            with pytest.raises(Refused):
                ask(nobody)


def test_runs_say_who_and_what_and_hold_no_state(shop):
    shop.pull_source(ADMINISTRATOR, "ledger", who="op")
    runs = shop.source_runs(ADMINISTRATOR)
    assert runs.select("source", "who", "by_hand", "failure", "rows_read").rows() == [
        ("ledger", "op", True, "unreachable", 0)
    ]
    assert "state" not in runs.columns
    assert runs["begun"].dtype == pl.Datetime("us")


def test_the_schedule_asks_each_in_turn_and_stops_cleanly(shop, tmp_path):
    written(tmp_path, "a.csv", ("2026-01-05", 40, ""))
    with pulling_beside(shop, looks=0.02, spread=0) as puller:
        for _ in range(500):
            if shop.source_runs(ADMINISTRATOR).height >= 2:
                break
            threading.Event().wait(0.02)
        assert puller.alive
    assert not puller.alive
    assert not any(thread.is_alive() for thread in puller.under_way.values())
    assert facts(shop) == {("NORTH", "2026-01-05", ""): Decimal(40)}
    runs = shop.source_runs(ADMINISTRATOR).sort("source")
    assert runs.select("source", "who", "by_hand", "failure").rows() == [
        ("ledger", "schedule", False, "unreachable"),
        ("notes", "schedule", False, None),
    ]
