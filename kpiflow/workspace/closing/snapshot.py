"""What a closing freezes: every number of a period as known at an instant, and the fingerprints of what it rests on."""

import datetime
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

import polars as pl

from kpiflow.storage.closing import Frozen, Prints, combined, fingerprint_of
from kpiflow.workspace.appraisals import appraisals_known
from kpiflow.workspace.books import Books
from kpiflow.workspace.closing.frozen import parts
from kpiflow.workspace.results import results_known

#: The packages whose arithmetic a score comes from.
ARITHMETIC = ("core", "frames", "scoring", "cascade", "appraisal")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The rows to freeze, by table."""

    rows: dict[Frozen, pl.DataFrame]

    @property
    def goals(self) -> pl.DataFrame:
        """The results of goals."""
        return self.rows[Frozen.RESULTS]

    @property
    def people(self) -> pl.DataFrame:
        """The appraisals of people."""
        return self.rows[Frozen.PEOPLE]


def snapshot(ws: Books, period: str, as_of: datetime.date | None) -> Snapshot:
    """Return every number of a period as known then, worked out from the store."""
    found = {Frozen.RESULTS: results_known(ws, period, as_of)}
    appraised = appraisals_known(ws, period, as_of)
    found |= {table: getattr(appraised, name) for name, table in parts().items()}
    # As words: what was an enum is read back as its word.
    words = pl.selectors.enum() | pl.selectors.categorical()
    return Snapshot({table: frame.with_columns(words.cast(pl.String)) for table, frame in found.items()})


@dataclass(frozen=True)
class RowPrints:
    """The fingerprints of frozen rows: goals, people, and the sections and whatever else of people."""

    results: str
    people: str
    sections: str


def row_prints(rows: dict[Frozen, pl.DataFrame]) -> RowPrints:
    """Return the fingerprints of frozen rows."""
    marks = {table: fingerprint_of(frame) for table, frame in rows.items()}
    others = [marks[table] for table in Frozen if table in marks and table not in (Frozen.RESULTS, Frozen.PEOPLE)]
    return RowPrints(marks[Frozen.RESULTS], marks[Frozen.PEOPLE], combined(*others))


def whole_print(period: str, known_by: datetime.datetime, rests_on: Prints, rows: RowPrints, code: str) -> str:
    """Return the one fingerprint of a closing: of the period, the instant, what it rests on, its rows and the code."""
    return combined(
        period, known_by.isoformat(), rests_on.measurements, rests_on.definitions, rests_on.rules, code,
        rows.results, rows.people, rows.sections,
    )  # fmt: skip


def program() -> str:
    """Return the version of KPIFlow."""
    return version("kpiflow")


@cache
def code_print() -> str:
    """Return the fingerprint of the program text that scores and appraises."""
    whole = sha256()
    for name in ARITHMETIC:
        for path, content in sorted(_sources(files("kpiflow").joinpath(name), name)):
            whole.update(f"{path} {sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def _sources(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        here = f"{path}/{entry.name}"
        if entry.is_dir():
            found.extend(_sources(entry, here))
        elif entry.name.endswith(".py"):
            found.append((here, entry.read_bytes()))
    return found
