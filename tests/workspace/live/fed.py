"""A shop that is fed by live sources, and what its store says afterwards."""

import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import apply, create_store
from tests.workspace.shop import PLANNED, config


def fed(folder: Path, *sources: Mapping[str, object]) -> Workspace:
    """Open a new shop with these sources; relative paths begin at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shop.duckdb"
    create_store(path)
    ws = Workspace.open(path)
    defined(ws, folder, *sources)
    return ws


def defined(ws: Workspace, folder: Path, *sources: Mapping[str, object], **more: object) -> None:
    """Give the shop other sources."""
    written = config(folder / "config", **more)  # type: ignore[arg-type]
    (written / "sources.yaml").write_text(json.dumps({"sources": list(sources)}), encoding="utf-8")
    apply(ws, written, who="planner", at=PLANNED)


def copied(ws: Workspace, folder: Path) -> Workspace:
    """Open a copy of a shop that nobody writes to meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    ws.store.read().execute("CHECKPOINT")
    shutil.copy(ws.store.path, folder / "shop.duckdb")
    return Workspace.open(folder / "shop.duckdb")


def facts(ws: Workspace, metric: str = "sales") -> dict[tuple[str, str, str], Decimal]:
    """What holds now, by unit, day and entry, read with a query of its own."""
    rows = ws.store.read().execute(
        """SELECT s.unit, m.day::VARCHAR, m.entry, m.amount FROM measurement AS m JOIN series AS s USING (series)
           WHERE s.metric = ? AND NOT EXISTS (SELECT 1 FROM superseded AS x WHERE x.series = m.series AND x.day = m.day
                                              AND x.entry = m.entry AND x.load = m.load)""",
        [metric],
    ).fetchall()  # fmt: skip
    assert len({row[:3] for row in rows}) == len(rows), "one fact holds"
    return {(unit, day, entry): amount for unit, day, entry, amount in rows}


def pulled(ws: Workspace, source: str, **more: object) -> tuple[int, int, int, int, int]:
    """Pull; return read, added, unchanged, superseded, rejected."""
    done = ws.pull_source(ADMINISTRATOR, source, **more)  # type: ignore[arg-type]
    assert done.failure is None, str(done.failure)
    assert done.read == done.added + done.unchanged + done.superseded + done.rejected
    return done.read, done.added, done.unchanged, done.superseded, done.rejected
