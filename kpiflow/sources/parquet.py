"""Parquet files; rows are counted from 1, since they have no row of headings."""

from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".parquet", ".pq")


def cells(path: Path) -> Cells:
    """Return the cells of a Parquet file as text; raises InvalidInput when it is none or has nested columns."""
    try:
        found = pl.read_parquet(path)
        return Cells(found.select(pl.all().cast(pl.String)), first_row=1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a Parquet file of plain columns: {said}",
                path=str(path),
                said=str(error).splitlines()[0],
            )
        ) from error
