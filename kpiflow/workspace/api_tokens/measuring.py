"""Measurements that programs send: held to the rules of every intake, good rows in, bad rows told with what each broke."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources.received import ENDINGS, Bounds, TooMuch, received
from kpiflow.sources.tidy import Reading, judged_cells
from kpiflow.storage.loads import LoadReport, Source, load
from kpiflow.workspace.api_tokens.once import Answer, Repeat, answered_before, once
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.commands import known_words

__all__ = ["ENDINGS", "Answer", "Bounds", "NotTaken", "Sent", "TooMuch", "Wish", "required", "write_measurements"]

#: How many rows that were not taken are told one by one; all of them are counted.
TOLD = 1_000

#: The most characters of a reason.
LONGEST_REASON = 500


@dataclass(frozen=True)
class Sent:
    """A body of measurements: the file it is kept in, its SHA-256, and the name of what sent it."""

    path: Path
    fingerprint: str
    name: str


@dataclass(frozen=True)
class Wish:
    """How a body is to be taken: `atomic` all of it or nothing, `dry_run` only said what would be, `reason` for corrections.

    `locale` is the language of what is said about bad rows.
    """

    atomic: bool = False
    dry_run: bool = False
    reason: str | None = None
    locale: str = "en"
    bounds: Bounds = field(default_factory=Bounds)


class NotTaken(InvalidInput):
    """Measurements of which none were taken; `report` is what would have been answered otherwise."""

    def __init__(self, message: Message, report: dict[str, Any]) -> None:
        super().__init__(message)
        self.report = report


class _Undone(Exception):
    """Undoes the transaction of a dry run."""


def required(ws: Books, asker: Asker) -> None:
    """Raise Refused unless the person asking may send measurements, many or one at a time."""
    many = ws.may(asker, "load_measurements")
    if not many.allowed and not ws.may(asker, "record_measurement").allowed:
        many.require()


def write_measurements(ws: Books, asker: Asker, sent: Sent, wish: Wish, repeat: Repeat | None = None) -> Answer:
    """Load the good rows of a body and return a report: counts as those of `kpiflow load`, and the rows not taken.

    Raises Refused; KeyUsed; TooMuch, or InvalidInput, when it cannot be read; NotTaken when no row is good, or with
    `atomic` when one is bad. Then nothing is written. Who may only record measurements sends one at a time.
    """
    required(ws, asker)
    if wish.reason is not None and len(wish.reason) > LONGEST_REASON:
        raise InvalidInput(msg("Say why, in at most {limit} characters.", limit=LONGEST_REASON))
    if not wish.dry_run and (before := answered_before(ws, asker, repeat)) is not None:
        return before
    cells = received(sent.path, wish.bounds)
    reading = judged_cells(cells, known_words(ws.company()), fingerprint=sent.fingerprint, locale=wish.locale)
    if reading.rows_read > 1:
        ws.may(asker, "load_measurements").require()
    _worth_taking(reading, wish, cells.first_row)
    if wish.dry_run:
        return Answer(200, _tried(ws, asker, sent, reading, wish) | _rejections(reading, cells.first_row))

    def make() -> Answer:
        report = _loaded(ws, asker, sent, reading, wish)
        return Answer(200, _counts(report) | _rejections(reading, cells.first_row))

    return once(ws, asker, repeat, make)


def _worth_taking(reading: Reading, wish: Wish, first_row: int) -> None:
    """Raise InvalidInput for a body without rows, NotTaken when none of its rows are to be taken."""
    if not reading.rows_read:
        raise InvalidInput(msg("The body has no rows."))
    bad = reading.rejected.height
    counts = {
        "load": None, "read": reading.rows_read, "added": 0, "unchanged": 0, "superseded": 0, "rejected": bad,
        "dry_run": wish.dry_run,
    } | _rejections(reading, first_row)  # fmt: skip
    if wish.atomic and bad:
        raise NotTaken(
            msg("{bad} of {read} rows are not right, so none was taken.", bad=bad, read=reading.rows_read), counts
        )
    if bad == reading.rows_read:
        raise NotTaken(msg("None of the {read} rows could be taken.", read=reading.rows_read), counts)


def _loaded(ws: Books, asker: Asker, sent: Sent, reading: Reading, wish: Wish) -> LoadReport:
    source = Source(sent.name, sent.fingerprint, reading.rows_read, reading.rejected.height)
    return load(ws.store, reading.facts, source, who=asker.name, at=ws.signed_in.now(), reason=wish.reason)


def _tried(ws: Books, asker: Asker, sent: Sent, reading: Reading, wish: Wish) -> dict[str, Any]:
    """Load and undo it: what it would do is then known to the row."""
    counts: dict[str, Any] = {}
    with suppress(_Undone), ws.store.write():
        counts = _counts(_loaded(ws, asker, sent, reading, wish))
        raise _Undone
    return counts | {"load": None, "dry_run": True}


def _counts(report: LoadReport) -> dict[str, Any]:
    return {
        "load": report.load, "read": report.read, "added": report.added, "unchanged": report.unchanged,
        "superseded": report.superseded, "rejected": report.rejected, "dry_run": False,
    }  # fmt: skip


def _rejections(reading: Reading, first_row: int) -> dict[str, Any]:
    """Return the first rows that were not taken: index from 0 in the body, row as `kpiflow load` counts, rules and words."""
    told = reading.rejected.head(TOLD).select(
        (pl.col("row") - first_row).alias("index"), "row", pl.col("rule").str.split(", ").alias("rules"), "message"
    )
    return {"rejections": told.to_dicts(), "rejections_left_out": max(0, reading.rejected.height - TOLD)}
