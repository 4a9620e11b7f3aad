"""Writes the tables of the example company into its config folder, the same bytes every time.

To write them again after a change here: `python -m kpiflow.sources.example.tables config`.
Floor 4: knows core and frames, and the counts of the real flights. Reads no clock and no store.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl

from kpiflow.sources.example.goals import goals, targets
from kpiflow.sources.example.organisation import assignments, people, units

#: What makes each table, by the name of its file.
TABLES: dict[str, Callable[[], pl.DataFrame]] = {
    "units.csv": units,
    "people.csv": people,
    "assignments.csv": assignments,
    "goals.csv": goals,
    "targets.csv": targets,
}


def written(file: str) -> str:
    """Return one table as the CSV text of its file; whole numbers are written without a point."""
    frame = TABLES[file]()
    plain = [_plain(name) for name, kind in frame.schema.items() if kind == pl.Float64]
    return frame.with_columns(plain).write_csv()


def write_tables(folder: Path) -> None:
    """Write every table into `folder`, over what is there."""
    for file in TABLES:
        (folder / file).write_text(written(file), encoding="utf-8", newline="\n")


def _plain(name: str) -> pl.Expr:
    """Return a column of numbers as people write them: at most four decimals, none that say nothing."""
    text = pl.col(name).round(4).cast(pl.Decimal(18, 4)).cast(pl.String)
    return text.str.strip_chars_end("0").str.strip_chars_end(".").alias(name)


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]))
