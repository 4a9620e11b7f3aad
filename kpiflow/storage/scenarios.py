"""Scenarios as they were saved: versions only ever added to, and which of them became part of the plan."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class SavedScenario:
    """One version of a scenario, to be written. `edits` is JSON text."""

    name: str
    period: str
    as_of: datetime.date | None
    edits: str
    words: str | None
    shared: bool
    closed: bool
    who: str
    at: datetime.datetime


def add_scenario(cursor: Cursor, said: SavedScenario, scenario: int | None = None) -> tuple[int, int]:
    """Write a new scenario, or the next version of one, on the writing cursor; return its number and version."""
    number = next_number(cursor, "scenario", "scenario") if scenario is None else scenario
    newest = cursor.execute("SELECT coalesce(max(version), 0) FROM scenario WHERE scenario = ?", [number]).fetchall()
    version = int(newest[0][0]) + 1
    cursor.execute(
        "INSERT INTO scenario VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, version, wall_clock(said.at), said.who, said.name, said.period, said.as_of, said.edits, said.words,
            said.shared, said.closed,
        ],
    )  # fmt: skip
    return number, version


def add_applied(cursor: Cursor, scenario: tuple[int, int], change: int, who: str, at: datetime.datetime) -> None:
    """Write that a version of a scenario became part of the plan, with the change it made."""
    cursor.execute("INSERT INTO scenario_applied VALUES (?, ?, ?, ?, ?)", [*scenario, wall_clock(at), who, change])


def read_scenarios(store: Store, scenario: int | None = None, version: int | None = None) -> pl.DataFrame:
    """Return the newest version of every scenario, or one version of one, the newest first.

    The columns of the table, `began_by` and `began_at` (of the first version), and applied_at and applied_by (of the newest
    time that any version was applied).
    """
    with store.snapshot() as cursor:
        return cursor.sql(
            """WITH first AS (SELECT scenario, who AS began_by, recorded_at AS began_at FROM scenario WHERE version = 1),
                applied AS (SELECT scenario, max(recorded_at) AS applied_at, arg_max(who, recorded_at) AS applied_by
                            FROM scenario_applied GROUP BY scenario)
            SELECT s.*, f.began_by, f.began_at, a.applied_at, a.applied_by
            FROM scenario AS s JOIN first AS f USING (scenario) LEFT JOIN applied AS a USING (scenario)
            WHERE ($scenario IS NULL OR s.scenario = $scenario) AND ($version IS NULL OR s.version = $version)
            QUALIFY $version IS NOT NULL OR row_number() OVER (PARTITION BY s.scenario ORDER BY s.version DESC) = 1
            ORDER BY s.scenario DESC""",
            params={"scenario": scenario, "version": version},
        ).pl()
