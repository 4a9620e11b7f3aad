"""What changes the store: applying a configuration, loading measurements, exporting and backing up."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpiflow.core.metric import MetricKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.difference import Difference, difference
from kpiflow.definitions.documents import to_documents
from kpiflow.definitions.exporting import export_company
from kpiflow.definitions.reading import read_company
from kpiflow.definitions.reading_workbooks import read_workbook as read_company_workbook
from kpiflow.definitions.reading_workbooks import required
from kpiflow.definitions.schema import write_schemas
from kpiflow.definitions.writing_workbooks import company_workbook
from kpiflow.errors import InvalidInput, Problem
from kpiflow.language import msg
from kpiflow.sources.rejects import write_rejects
from kpiflow.sources.rules import Known
from kpiflow.sources.tidy import read_tidy
from kpiflow.sources.workbooks import read_sheets
from kpiflow.storage.documents import definitions_version, save_definitions
from kpiflow.storage.loads import LoadReport, Source, load
from kpiflow.storage.store import Store
from kpiflow.workspace.books import Books
from kpiflow.workspace.intake.knowing import measured_until
from kpiflow.workspace.letters.renewal import renew_letters


@dataclass(frozen=True)
class Applied:
    """What applying a folder would do or did: the difference, the problems found on the way, and the change's number."""

    difference: Difference
    problems: tuple[Problem, ...]
    change: int | None


@dataclass(frozen=True)
class Loaded:
    """What became of one file: the store's report, and where the rows set aside were written (None: none were)."""

    file: str
    report: LoadReport
    rejects: Path | None


def create_store(path: Path) -> None:
    """Create an empty store at a path where none is; raises StoreError otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Store.create(path).close()


def current_company(ws: Books) -> Company | None:
    """Return the company as it is now, or None before the first."""
    return None if definitions_version(ws.store, None) == 0 else ws.company()


@dataclass(frozen=True, eq=False)
class Planned:
    """What applying a folder would do, worked out and not yet done: making it writes `after`, whatever the files say by then."""

    difference: Difference
    problems: tuple[Problem, ...]
    after: Company
    version: int


def plan_apply(ws: Books, folder: Path, *, complete: bool = False) -> Planned:
    """Work out what applying a folder, or a workbook of tables, would change.

    A workbook is laid over the company there is; `complete` says that its sheets list every row. Raises
    ConfigurationError with all problems when there are errors.
    """
    version = definitions_version(ws.store, None)
    if folder.is_file():
        reading = read_company_workbook(read_sheets(folder), folder.name, ws.company(), complete=complete)
        after = required(reading)
    else:
        reading = read_company(folder)
        after = reading.required()
    return Planned(difference(current_company(ws), after), reading.problems, after, version)


def apply(
    ws: Books,
    folder: Path,
    *,
    who: str,
    reason: str | None = None,
    dry_run: bool = False,
    at: datetime.datetime | None = None,
) -> Applied:
    """Make the store's company equal to a configuration folder or workbook, or with `dry_run` only say what would change.

    Raises ConfigurationError with all problems when the folder has errors, and otherwise as `make_apply` does.
    """
    planned = plan_apply(ws, folder)
    if dry_run:
        return Applied(planned.difference, planned.problems, None)
    return make_apply(ws, planned, who=who, reason=reason, at=at)


def make_apply(
    ws: Books, planned: Planned, *, who: str, reason: str | None = None, at: datetime.datetime | None = None
) -> Applied:
    """Make the store's company what was planned.

    Raises InvalidInput when a target becomes easier without a reason (the original stays readable in the history, and
    the reason beside it), or when the company has changed since it was planned.
    """
    changes = planned.difference
    if changes.empty:
        return Applied(changes, planned.problems, None)
    if changes.eased.height and not (reason or "").strip():
        raise InvalidInput(
            msg(
                "{count} targets become easier to reach, {first} first. Say why with --reason.",
                count=changes.eased["id"].n_unique(),
                first=changes.eased["id"][0],
            )
        )
    documents, tables = to_documents(planned.after)
    moment = at or _now()
    with ws.store.write() as cursor:
        if definitions_version(ws.store, None) != planned.version:
            raise InvalidInput(msg("The plan has changed since this was shown. Look at it again before making it."))
        report = save_definitions(ws.store, documents, tables, who=who, at=moment, reason=reason)
        renew_letters(ws, cursor, who, moment, reason)
    return Applied(changes, planned.problems, report.change)


def load_file(ws: Books, path: Path, *, who: str, rejects: Path, reason: str | None = None) -> Loaded:
    """Load one CSV, Parquet or Excel file in the tidy form: good rows in, bad rows into a file in the folder `rejects`.

    All of it in one transaction: when it cannot be read at all, InvalidInput says why and nothing is loaded; nor is
    anything when the rows set aside cannot be written, for then nobody could correct them.
    """
    reading = read_tidy(path, known_words(ws.company()))
    source = Source(path.name, reading.fingerprint, reading.rows_read, reading.rejected.height)
    aside = None
    with ws.store.write():
        report = load(ws.store, reading.facts, source, who=who, at=_now(), reason=reason)
        if reading.rejected.height:
            aside = rejects / f"{path.stem}.load-{report.load}.rejects.csv"
            write_rejects(reading.rejected, aside)
    return Loaded(path.name, report, aside)


def load_facts(
    ws: Books, facts: pl.DataFrame, source: str, *, who: str, at: datetime.datetime, reason: str | None = None
) -> LoadReport:
    """Load facts already in the tidy form; used by sources that are not files."""
    numbered = facts.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    print_of = f"{source}:{facts.height}"
    return load(ws.store, numbered, Source(source, print_of, facts.height), who=who, at=at, reason=reason)


def known_words(company: Company) -> Known:
    """Return what a measurement may name: metrics with their kind, units and people, and days up to the last one."""
    return Known(
        metrics={
            name: metric.kind.value for name, metric in company.metrics.items() if metric.kind is not MetricKind.DERIVED
        },
        units=frozenset(company.units["unit"]),
        people=frozenset(company.people["person"]),
        until=measured_until(company),
    )


def export_config(ws: Books, folder: Path, *, replace: bool = False) -> Iterable[Path]:
    """Write the company back as a configuration folder, with the schemas its files name; applying it again changes nothing."""
    return [*export_company(ws.company(), folder, replace=replace), *write_schemas(folder / "schema")]


def export_workbook(ws: Books, path: Path, language: str = "en") -> Path:
    """Write the tables of the company into a workbook; applying it again changes nothing."""
    if path.exists():
        raise InvalidInput(
            msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(path))
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(company_workbook(ws.company(), language))
    return path


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
