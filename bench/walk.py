"""How most trackers do it: every check-in reads its siblings and writes the goal above, one after another up to the root."""

import sqlite3

import polars as pl

from bench.policy import CYCLE, ENDS, STARTS
from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.tree import with_depth
from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules

#: Goals on each level from the root down; the lowest check in.
TREE = (1, 10, 100, 1_000, 10_000)


def tree(levels: tuple[int, ...] = TREE) -> pl.DataFrame:
    """Return goals of a tree, the lowest with points, with the columns that rolling up reads."""
    parts = []
    for level, count in enumerate(levels):
        n, lowest = pl.int_range(count, dtype=pl.Int64), level == len(levels) - 1
        above = pl.lit(None, dtype=pl.String)
        if level:
            above = pl.lit(f"g{level - 1}-") + (n * levels[level - 1] // count).cast(pl.String)
        points = ((n * 7919) % 1200 / 10) if lowest else pl.lit(None, dtype=pl.Float64)
        parts.append(
            pl.select(
                goal=pl.lit(f"g{level}-") + n.cast(pl.String), parent=above, weight=(1 + n % 5).cast(pl.Float64),
                points=points, pace=points / 100, coverage=pl.lit(1.0 if lowest else 0.0),
                rollup=pl.lit("own" if lowest else "children"),
            )
        )  # fmt: skip
    same = {
        "commitment": pl.lit("committed"), "rollup_weight": pl.lit(None, dtype=pl.Float64), "blocked": pl.lit(False),
        "rows": pl.lit(1, dtype=pl.Int64), "last_day": pl.lit(ENDS), "outdated": pl.lit(False),
        "missing": pl.lit(None, dtype=pl.String), "status": pl.lit("no_data"),
    }  # fmt: skip
    return pl.concat(parts).with_columns(**same)


def rolled_up(goals: pl.DataFrame) -> pl.DataFrame:
    """Our way: the whole tree, level by level."""
    calendar = Calendar(cycles=(Cycle(cycle=CYCLE, starts=STARTS),))
    moment = Moment(calendar, calendar.period(CYCLE), ENDS)
    return roll_up(with_depth(goals), Rules(calendar, {}), moment).select("goal", "points")


class Tracker:
    """A tracker's table in SQLite, in memory and with an index on the parent; all check-ins are one transaction."""

    def __init__(self, goals: pl.DataFrame) -> None:
        """Fill the table; the goals above the lowest have no points yet."""
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE TABLE goal (goal TEXT PRIMARY KEY, parent TEXT, weight REAL, points REAL)")
        self._connection.execute("CREATE INDEX below ON goal (parent)")
        rows = goals.select("goal", "parent", "weight", "points").iter_rows()
        self._connection.executemany("INSERT INTO goal VALUES (?, ?, ?, NULL)", (row[:3] for row in rows))
        lowest = goals.filter(pl.col("points").is_not_null())
        self._reports = lowest.select("goal", "points").rows()

    def check_in_all(self) -> None:
        """Let every lowest goal report its points once; each report is carried up to the root."""
        ask = self._connection.execute
        for goal, points in self._reports:
            ask("UPDATE goal SET points = ? WHERE goal = ?", (points, goal))
            (above,) = ask("SELECT parent FROM goal WHERE goal = ?", (goal,)).fetchone()
            while above is not None:
                below = ask(
                    "SELECT weight, points FROM goal WHERE parent = ? AND points IS NOT NULL", (above,)
                ).fetchall()
                mean = sum(weight * gained for weight, gained in below) / sum(weight for weight, _ in below)
                ask("UPDATE goal SET points = ? WHERE goal = ?", (mean, above))
                (above,) = ask("SELECT parent FROM goal WHERE goal = ?", (above,)).fetchone()
        self._connection.commit()

    def points(self) -> pl.DataFrame:
        """Return goal and points."""
        return pl.DataFrame(
            self._connection.execute("SELECT goal, points FROM goal").fetchall(),
            orient="row",
            schema=["goal", "points"],
        )
