"""Arrow files and streams, as dataframe libraries exchange them; rows are counted from 1."""

from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".arrow", ".arrows", ".feather", ".ipc")

#: What a file begins with; anything else is taken for a stream.
_FILE = b"ARROW1"


def cells(path: Path) -> Cells:
    """Return the cells of an Arrow file or stream as text; raises InvalidInput when it is none or has nested columns."""
    try:
        with path.open("rb") as content:
            is_file = content.read(len(_FILE)) == _FILE
        found = pl.read_ipc(path) if is_file else pl.read_ipc_stream(path)
        return Cells(found.select(pl.all().cast(pl.String)), first_row=1)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as an Arrow file or stream of plain columns: {said}",
                path=str(path),
                said=(str(error).splitlines() or ["?"])[0],
            )
        ) from error
