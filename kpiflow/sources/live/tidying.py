"""Rows of a source brought to the tidy form as text: columns found under their names there, fixed ones added."""

from collections.abc import Iterable

import polars as pl

from kpiflow.core.live_source import LiveSource
from kpiflow.errors import suggest
from kpiflow.sources.headings import COLUMNS
from kpiflow.sources.live.asked import Failure, SourceFailed

#: Columns that hold names of ours, which `names` of a source translates.
_NAMED: tuple[str, ...] = ("metric", "unit", "person")


def found_columns(source: LiveSource, there: Iterable[str]) -> dict[str, str]:
    """Return our columns by the name each has there; raises SourceFailed for one that is named and not there."""
    known = list(there)
    named = {ours: theirs for ours, theirs in source.columns if theirs}
    for theirs in [*named.values(), *([source.watermark] if source.watermark else [])]:
        if theirs not in known:
            raise SourceFailed(Failure.NOT_THERE, _missing(theirs, known))
    fixed = {ours for ours, constant in source.fixed if constant}
    return {ours: named.get(ours, ours) for ours in COLUMNS if ours not in fixed and (ours in named or ours in known)}


def tidied(source: LiveSource, rows: pl.DataFrame) -> pl.DataFrame:
    """Return text rows under our own column names, with what is fixed, and names called otherwise there translated."""
    fixed = [pl.lit(constant, pl.String).alias(ours) for ours, constant in source.fixed if constant]
    whole = rows.with_columns(fixed)
    if source.names:
        translated = (pl.col(ours).replace(source.names) for ours in _NAMED if ours in whole.columns)
        whole = whole.with_columns(translated)
    return whole.select(ours for ours in COLUMNS if ours in whole.columns)


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Return every column as text, numbers exactly as they are."""
    return rows.select(pl.all().cast(pl.String))


def _missing(column: str, known: list[str]) -> str:
    near = suggest(column, known)
    return f"no column '{column}'" + (f"; the nearest is '{near}'" if near else f"; there are: {', '.join(known[:12])}")
