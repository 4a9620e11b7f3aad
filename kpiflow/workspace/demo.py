"""The example company, built from its configuration and the flights of 2013, week by week as it would have come in."""

import datetime
from collections.abc import Callable
from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources.example.invented import invented_facts
from kpiflow.sources.example.reported import REPORTED, reported
from kpiflow.sources.flights import flight_facts
from kpiflow.workspace.appeals.example import write_appeals
from kpiflow.workspace.books import Books
from kpiflow.workspace.calibration.example import write_calibration
from kpiflow.workspace.closing.example import close_quarters
from kpiflow.workspace.commands import apply, create_store, load_facts
from kpiflow.workspace.handing_down.example_proposals import write_proposals
from kpiflow.workspace.letters.example import example_letters
from kpiflow.workspace.live.example import example_pull
from kpiflow.workspace.pay_runs.example import example_run
from kpiflow.workspace.plans.example import example_publication
from kpiflow.workspace.reporting.example_check_ins import write_check_ins, write_questions
from kpiflow.workspace.reviewing.example import example_reviews
from kpiflow.workspace.scenarios.example import example_scenarios

#: When the example's plan was made: before its year began.
PLANNED = datetime.datetime(2012, 12, 17, 9, 0, tzinfo=datetime.UTC)

#: How the journal calls whoever built it.
WHO = "example"

#: The hour of a Monday at which the week before was recorded.
SIX = datetime.time(6)

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

    Recorded times are those of the example: each week's facts are recorded on the Monday after it, so that any day of
    2013 can be looked at as it was known then.
    """
    progress(msg("Creating the store"), 0.0)
    create_store(path)
    ws = Books.open(path)
    try:
        progress(msg("Applying the configuration"), 0.05)
        apply(ws, config_folder(), who=WHO, at=PLANNED, reason="The plan for 2013")
        example_publication(ws)
        progress(msg("Drawing up and signing the letters"), 0.08)
        example_letters(ws)
        progress(msg("Reading 336,776 flights"), 0.1)
        # What people report comes in as their check-ins, made between the weeks' loads.
        invented = invented_facts().filter(~pl.col("metric").is_in(REPORTED))
        facts = pl.concat([flight_facts(), invented], how="diagonal_relaxed").sort("day", maintain_order=True)
        waiting = reported()
        weeks = facts.with_columns(recorded=_recorded()).partition_by("recorded", maintain_order=True, as_dict=True)
        for number, ((recorded,), week) in enumerate(weeks.items(), start=1):
            progress(
                msg("Loading week {week} of {weeks}", week=number, weeks=len(weeks)), 0.15 + 0.85 * number / len(weeks)
            )
            write_check_ins(ws, waiting.filter(pl.col("at").dt.date() < recorded))
            waiting = waiting.filter(pl.col("at").dt.date() >= recorded)
            at = datetime.datetime.combine(recorded, SIX, tzinfo=datetime.UTC)
            last = week.select(pl.col("day").max().cast(pl.String)).item()
            load_facts(ws, week.drop("recorded"), f"week to {last}", who=WHO, at=at)
        write_check_ins(ws, waiting)
        write_questions(ws)
        example_pull(ws)
        write_proposals(ws)
        example_scenarios(ws)
        close_quarters(ws)
        write_calibration(ws)
        write_appeals(ws)
        example_reviews(ws)
        example_run(ws)
        progress(msg("Done"), 1.0)
    finally:
        ws.close()


def _recorded() -> pl.Expr:
    """Return the Monday after each day."""
    return pl.col("day") + pl.duration(days=8 - pl.col("day").dt.weekday().cast(pl.Int64))


def is_example(path: Path) -> bool:
    """Return whether a store holds an example company, the only kind that may be built again over the old one."""
    ws = Books.open(path)
    try:
        return not ws.is_empty() and ws.company().profile.example
    finally:
        ws.close()
