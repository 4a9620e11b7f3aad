"""The shop with a month closed: late, corrected and changed things can then be tried on it."""

import datetime
import json
from pathlib import Path

import polars as pl

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.closing.closing import close
from kpiflow.workspace.closing.frozen import Closed
from kpiflow.workspace.commands import apply, create_store
from tests.workspace.shop import PLANNED, config, measured, moment

JANUARY, FEBRUARY, MARCH = "2026-01", "2026-02", "2026-03"

#: What was known of January when it was closed.
KNOWN = (
    ("sales", "ann", "2026-01-31", 8),
    ("sales", "ben", "2026-01-31", 9),
    ("sales", "cyd", "2026-01-31", 5),
    ("returns", "ann", "2026-01-31", 3),
    ("returns", "ben", "2026-01-31", 5),
)


def shop(folder: Path, closing: dict[str, object] | None = None, rows: tuple = KNOWN) -> Workspace:
    """Make the shop with January measured; `closing` is how its periods are closed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shop.duckdb"
    create_store(path)
    ws = Workspace.open(path)
    written = config(folder / "config")
    profile = json.loads((written / "company.yaml").read_text(encoding="utf-8"))
    (written / "company.yaml").write_text(json.dumps({**profile, "closing": closing or {}}), encoding="utf-8")
    apply(ws, written, who="planner", at=PLANNED, reason="The first plan")
    measured(ws, "January", "2026-02-02", *rows)
    return ws


def closed_on(ws: Workspace, period: str, day: str) -> Closed:
    """Close a period in the past, as known at ten in the morning of a day."""
    return close(ws, ADMINISTRATOR, period, reason="All reported", who="hr", at=moment(day))


def table(ws: Workspace, name: str) -> pl.DataFrame:
    """Read a table of the store as it is."""
    with ws.store.read() as cursor:
        return cursor.sql(f"SELECT * FROM {name}").pl()


def later(day: str, seconds: int) -> datetime.datetime:
    """Return a moment some seconds after ten o'clock of a day."""
    return moment(day) + datetime.timedelta(seconds=seconds)
