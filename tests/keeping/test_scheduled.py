"""Backups that the server makes by itself: when, how many stay, what is told of them, and what becomes of a failure."""

import datetime
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboards.blocks.backup_line import backup_said
from kpiflow.errors import InvalidInput, StoreError
from kpiflow.language import render
from kpiflow.storage import Store
from kpiflow.storage.backup import verify
from kpiflow.web import health
from kpiflow.web.backing_up import backing_up
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.gauges import gauges
from kpiflow.workspace.safekeeping import schedule, scheduled
from kpiflow.workspace.safekeeping.schedule import Plan, State, kept, plan_of, prune
from tests.storage.facts import F, put

NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
#: Every hour at its beginning: the same by every clock of whole hours.
HOURLY = "0 * * * *"


class Clock:
    """A clock that stands where a test puts it."""

    def __init__(self, ws: Workspace) -> None:
        """Stand at noon."""
        self.at = NOON
        ws.signed_in.now = lambda: self.at


@pytest.fixture
def ws(store: Store, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose backups go to a folder of their own, every hour, and of which three are kept."""
    opened = Workspace(store)
    opened.backup_plan = Plan(tmp_path / "backups", HOURLY, 3)
    return opened


@pytest.fixture(autouse=True)
def by_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Schedules are read by the machine's clock; here it goes by UTC."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def clock(ws: Workspace) -> Clock:
    return Clock(ws)


def step(ws: Workspace) -> Path | None:
    """Look once whether it is time, as the worker does."""
    return scheduled.back_up_when_due(ws, lambda: False)


def test_one_is_made_for_each_time_the_schedule_asks_and_each_can_be_read_back(ws, clock):
    made = {}
    for minutes in range(0, 300, 7):
        clock.at = NOON + datetime.timedelta(minutes=minutes)
        if (path := step(ws)) is not None:
            made[clock.at] = path
    # The first at once, then one after each full hour, which is what this line of cron means.
    assert [at.hour for at in made] == [12, 13, 14, 15, 16]
    assert all(at.minute < 7 for at in made)
    newest = list(made.values())[-3:]
    assert [one.path for one in kept(ws.backup_plan, ws.store.path)] == newest[::-1], "the newest three are kept"
    for path in newest:
        assert verify(path).made_at is not None
        assert path.stat().st_mode & 0o077 == 0, "nobody else's business"


def test_nothing_else_in_the_folder_is_touched(ws, clock, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    stem = ws.store.path.stem
    others = ["by hand.duckdb", f"{stem}-before-the-move.duckdb", "other-20200101T000000Z.duckdb", f"{stem}-20200101T000000Z.txt",
              "20200101T000000Z.duckdb", f"x{stem}-20200101T000000Z.duckdb"]  # fmt: skip
    for name in others:
        (folder / name).write_text("somebody else's")
    old = [f"{stem}-2019010{day}T000000Z.duckdb" for day in range(1, 6)]
    torn = [f"{stem}-20190109T000000Z.duckdb.partial", f"{stem}-20190109T000000Z.duckdb.partial.wal"]
    for name in (*old, *torn):
        (folder / name).write_text("ours")
    made = step(ws)
    assert {path.name for path in folder.iterdir()} == {*others, made.name, *old[-2:]}


def test_what_is_kept_is_never_less_than_the_one_just_made(ws, clock):
    ws.backup_plan.keep = 1
    for hour in range(3):
        clock.at = NOON + datetime.timedelta(hours=hour, minutes=1)
        made = step(ws)
        assert [one.path for one in kept(ws.backup_plan, ws.store.path)] == [made]
    assert prune(ws.backup_plan, ws.store.path) == []


def test_a_failure_is_told_to_everybody_who_asks_deletes_nothing_and_is_tried_again(ws, clock, tmp_path):
    good = step(ws)
    moved = tmp_path / "away"
    (tmp_path / "backups").rename(moved)
    (tmp_path / "backups").write_text("a file where the folder was")
    clock.at = NOON + datetime.timedelta(hours=2, minutes=30)
    with pytest.raises(StoreError, match="cannot be used"):
        step(ws)
    now = ws.backup_standing(ADMINISTRATOR)
    assert (now.state, now.failed[0]) == (State.LATE, clock.at)
    said = " ".join(render(one, "en") for one in backup_said(now))
    assert "The last try failed" in said
    clock.at += datetime.timedelta(minutes=1)
    assert step(ws) is None, "not at every look"
    (tmp_path / "backups").unlink()
    moved.rename(tmp_path / "backups")
    clock.at += scheduled.LATER
    made = step(ws)
    assert (ws.backup_standing(ADMINISTRATOR).state, ws.backup_standing(ADMINISTRATOR).failed) == (State.GOOD, None)
    assert [one.path for one in kept(ws.backup_plan, ws.store.path)] == [made, good]


def test_a_late_one_is_seen_in_the_figures_and_in_the_health_and_stops_nobody(ws, clock):
    site = Site(ws, lambda _: "overview")
    site.beside.append(type("Worker", (), {"alive": True})())
    asked = TestClient(Starlette(routes=health.routes(site)))
    step(ws)
    ws.backup_plan.cron = "0 */6 * * *"
    for hours, late in ((5.9, 0), (6.1, 0), (6.9, 0), (7.1, 1)):  # asked for at six, and late an hour after
        clock.at = NOON + datetime.timedelta(hours=hours)
        found = gauges(ws)
        assert (found["backup_late"], found["backups_kept"]) == (late, 1)
        assert found["backup_age_seconds"] == pytest.approx(hours * 3600)
        assert schedule.is_due(ws.backup_plan, ws.store.path, clock.at) == (hours > 6)
    answer = asked.get("/health/ready")
    assert (answer.status_code, answer.json()["backups"]) == (200, "late")
    step(ws)
    assert gauges(ws)["backup_late"] == 0
    assert asked.get("/health/ready").json()["backups"] == "good"
    ws.backup_plan = Plan()
    assert not {name for name in gauges(ws) if name.startswith("backup")}
    assert asked.get("/health/ready").json()["backups"] == "off"


def test_the_worker_makes_one_beside_the_server_and_gives_up_when_it_stops(ws, caplog):
    caplog.set_level(logging.INFO, "kpiflow.backups")
    put(ws.store, [F(unit=f"u{n}") for n in range(50)])
    until = time.monotonic() + 60
    with backing_up(ws, looks=0.01) as keeper:
        while not kept(ws.backup_plan, ws.store.path) and time.monotonic() < until:
            time.sleep(0.01)
        assert keeper.alive
    assert not keeper.alive
    [one] = kept(ws.backup_plan, ws.store.path)
    assert verify(one.path).rows > 50
    assert "schedule" in {row[2] for row in rows(ws)}
    one.path.unlink()
    with pytest.raises(StoreError, match="stopped before"):
        scheduled.back_up_when_due(ws, lambda: True)
    assert list((one.path.parent).iterdir()) == []


def rows(ws: Workspace) -> list[tuple]:
    """The lines of the journal about backups."""
    with ws.store.read() as cursor:
        return cursor.execute("SELECT entry, action, who FROM journal WHERE action = 'backup'").fetchall()


@pytest.mark.parametrize(
    "wrong",
    [
        {"KPIFLOW_BACKUP_SCHEDULE": "daily"}, {"KPIFLOW_BACKUP_SCHEDULE": "61 2 * * *"},
        {"KPIFLOW_BACKUP_SCHEDULE": "* * * * * *"}, {"KPIFLOW_BACKUP_KEEP": "0"}, {"KPIFLOW_BACKUP_KEEP": "many"},
    ],
)  # fmt: skip
def test_a_schedule_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        plan_of(wrong)
