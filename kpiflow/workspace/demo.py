"""The example company, built from its configuration and the flights of 2013, month by month as it would have come in."""

import datetime
from collections.abc import Callable
from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources.example.invented import invented_facts
from kpiflow.sources.flights import flight_facts
from kpiflow.workspace.books import Books
from kpiflow.workspace.commands import apply, create_store, load_facts

#: When the example's plan was made: before its year began.
PLANNED = datetime.datetime(2012, 12, 17, 9, 0, tzinfo=datetime.UTC)

#: How the journal calls whoever built it.
WHO = "example"

Progress = Callable[[Message, float], None]


def config_folder() -> Path:
    """Return the example company's configuration: in the working folder, or beside the package's checkout."""
    for folder in (Path.cwd() / "config", Path(__file__).resolve().parents[2] / "config"):
        if (folder / "company.yaml").exists():
            return folder
    raise InvalidInput(
        msg("The example company's configuration folder 'config' is not here. Run this in the project's folder.")
    )


def build_demo(path: Path, progress: Progress) -> None:
    """Create a store at `path` with the example company and its year; `progress` hears each step and the share done.

    Recorded times are those of the example: each month's facts are recorded on the first of the next month, so that
    any day of 2013 can be looked at as it was known then.
    """
    progress(msg("Creating the store"), 0.0)
    create_store(path)
    ws = Books.open(path)
    try:
        progress(msg("Applying the configuration"), 0.05)
        apply(ws, config_folder(), who=WHO, at=PLANNED, reason="The plan for 2013")
        progress(msg("Reading 336,776 flights"), 0.1)
        flights = pl.concat([flight_facts(), invented_facts()], how="diagonal_relaxed").sort("day")
        for month in range(1, 13):
            progress(msg("Loading month {month} of 12", month=month), 0.15 + 0.07 * month)
            facts = flights.filter(pl.col("day").dt.month() == month)
            year, following = divmod(month, 12)
            at = datetime.datetime(2013 + year, following + 1, 1, 6, 0, tzinfo=datetime.UTC)
            load_facts(ws, facts, f"flights-2013-{month:02d}", who=WHO, at=at)
        progress(msg("Done"), 1.0)
    finally:
        ws.close()
