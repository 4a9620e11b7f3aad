"""What was closed: the closing of a period that counts at a moment, and the rows that were frozen with it."""

import datetime
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from kpiflow.appraisal.appraising import Appraisal
from kpiflow.frames.appraisals import AppraisalParts, Appraisals, AppraisalSections, AppraisalSegments, AppraisalSteps
from kpiflow.frames.results import GoalResults
from kpiflow.storage.closing import Frozen, closings, frozen_rows
from kpiflow.workspace.books import Books


@dataclass(frozen=True)
class Closed:
    """A closing that counts. `known_by` is the instant whose knowledge it froze: read pay of the period as of that instant.

    `asked_by` is who has asked to open the period again, as long as nobody has confirmed it.
    """

    number: int
    period: str
    known_by: datetime.datetime
    who: str
    at: datetime.datetime
    fingerprint: str
    reason: str | None
    version: str
    newest_load: int
    newest_change: int
    asked_by: str | None = None
    asked_at: datetime.datetime | None = None
    asked_because: str | None = None


def closings_known(ws: Books, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return every closing known by then, as `storage.closing.closings` does; cached."""

    def read() -> pl.DataFrame:
        with ws.store.snapshot() as cursor:
            return closings(cursor, ws.believed(as_of))

    return ws.kept(("closings", ws.believed(as_of), ws.known(as_of).closings), read)


def closed(ws: Books, period: str, as_of: datetime.date | None = None) -> Closed | None:
    """Return the closing of a period that counts by then; None when it was not closed, or was opened again."""
    if ws.known(as_of).closings == 0:
        return None
    found = closings_known(ws, as_of).filter(pl.col("period") == period, pl.col("reopened_at").is_null())
    if found.is_empty():
        return None
    row = found.row(-1, named=True)
    own = {name: row[name] for name in Closed.__dataclass_fields__ if name in row}
    return Closed(number=row["closing"], at=row["recorded_at"], **own)


def explained_by(ws: Books, period: str, as_of: datetime.date | None = None) -> datetime.date | None:
    """Return the moment whose rules explain the scores of a period: that of its closing, if it was closed by then."""
    shut = closed(ws, period, as_of)
    return as_of if shut is None else shut.known_by


def closed_periods(ws: Books, as_of: datetime.date | None = None) -> dict[str, Closed]:
    """Return the closing that counts of every period that has one."""
    names = closings_known(ws, as_of)["period"].unique(maintain_order=True)
    found = {period: closed(ws, period, as_of) for period in names}
    return {period: one for period, one in found.items() if one is not None}


def frozen_results(ws: Books, shut: Closed) -> pl.DataFrame:
    """Return the results of goals as they were closed, with the columns of `results`; cached."""
    return ws.kept(("frozen results", shut.number), lambda: _rows(ws, shut.number, Frozen.RESULTS))


def frozen_appraisals(ws: Books, shut: Closed) -> Appraisal:
    """Return everybody's appraisal as it was closed; cached."""

    def read() -> Appraisal:
        return Appraisal(**{name: _rows(ws, shut.number, table) for name, table in parts().items()})

    return ws.kept(("frozen appraisals", shut.number), read)


def parts() -> dict[str, Frozen]:
    """Return the frames that an appraisal is made of, and the table that each is frozen in."""
    return {name: Frozen[name.upper()] for name in Appraisal.__dataclass_fields__}


#: What the rows of each table look like.
SCHEMAS: dict[Frozen, type[dy.Schema]] = {
    Frozen.RESULTS: GoalResults,
    Frozen.PEOPLE: Appraisals,
    Frozen.SECTIONS: AppraisalSections,
    Frozen.STEPS: AppraisalSteps,
    Frozen.SEGMENTS: AppraisalSegments,
    Frozen.PARTS: AppraisalParts,
}


def _rows(ws: Books, number: int, table: Frozen) -> pl.DataFrame:
    """Return frozen rows: the columns of the schema first, then whatever else was frozen."""
    with ws.store.snapshot() as cursor:
        found = frozen_rows(cursor, number, table)
    # Stages hand enums on as words.
    kinds = {
        name: pl.String() if isinstance(kind, pl.Enum) else kind
        for name, kind in SCHEMAS[table].create_empty().schema.items()
    }
    # A column that came into being after the closing is empty for it.
    lacking = [pl.lit(None, kind).alias(name) for name, kind in kinds.items() if name not in found.columns]
    more = [name for name in found.columns if name not in kinds]
    return found.with_columns(lacking).select(*kinds, *more)
