"""Measurements that were sent: which media types are taken, and how much of one body is unpacked before it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources import arrow, csv, json, parquet
from kpiflow.sources.panics import answered_panics
from kpiflow.sources.reader import Cells, Reader

#: The ending under which a body of each media type is kept while it is read.
ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "application/json": ".json",
        "application/x-ndjson": ".ndjson",
        "application/jsonl": ".ndjson",
        "text/csv": ".csv",
        "application/vnd.apache.parquet": ".parquet",
        "application/vnd.apache.arrow.stream": ".arrows",
        "application/vnd.apache.arrow.file": ".arrow",
    }
)

_READERS: tuple[Reader, ...] = (arrow, csv, json, parquet)

#: What a message about the file says in its place: whoever sent it knows no path of ours.
BODY = msg("The body")


@dataclass(frozen=True)
class Bounds:
    """How much of one body is unpacked: its rows and columns, the bytes of one cell, and of all cells together."""

    rows: int = 2_000_000
    columns: int = 100
    cell: int = 1_000
    unpacked: int = 1 << 30


class TooMuch(InvalidInput):
    """More than is taken at once; sending it in parts helps."""


def received(path: Path, bounds: Bounds) -> Cells:
    """Return the cells of a body that was kept in a file, its ending one of ENDINGS.

    Small bodies can stand for enormous tables: what a file says of its own size is looked at before it is unpacked.
    Raises TooMuch, or InvalidInput when it is not what its media type says.
    """
    reader = next(one for one in _READERS if path.suffix in one.SUFFIXES)
    try:
        with answered_panics():
            _weigh(path, bounds)
            found = reader.cells(path)
    except InvalidInput as error:
        raise type(error)(_of_body(error.message)) from error
    except (pl.exceptions.PolarsError, pa.ArrowException, ValueError, OSError, MemoryError) as error:
        said = (str(error).splitlines() or ["?"])[0]
        raise InvalidInput(msg("The body cannot be read: {said}", said=said.replace(str(path), "…"))) from error
    _rows(found.frame.height, bounds)
    strange = next((name for name in found.frame.columns if not name.isprintable()), None)
    if strange is not None:
        raise InvalidInput(msg("The name of a column has characters that cannot be seen: {name}.", name=repr(strange)))
    longest = found.frame.select(pl.all().str.len_bytes().max()).row(0) if found.frame.width else ()
    if max((one or 0 for one in longest), default=0) > bounds.cell:
        raise TooMuch(msg("A cell has more than {limit} bytes; none of the columns needs so many.", limit=bounds.cell))
    return found


def _weigh(path: Path, bounds: Bounds) -> None:
    """Look at what a body says of its own size; raises TooMuch."""
    if path.suffix == ".csv":
        with path.open("rb") as content:
            heading = content.readline(1 << 20)
        _columns(max(heading.count(mark) for mark in (b",", b";", b"\t")) + 1, bounds)
    elif path.suffix == ".parquet":
        about = pq.read_metadata(path)
        _rows(about.num_rows, bounds)
        _columns(about.num_columns, bounds)
        _unpacked(sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups)), bounds)
    elif path.suffix in arrow.SUFFIXES:
        _weigh_arrow(path, bounds)


def _weigh_arrow(path: Path, bounds: Bounds) -> None:
    """Count an Arrow body batch by batch; raises TooMuch at the first that is too much."""
    with pa.OSFile(str(path)) as content:
        if path.suffix == ".arrow":
            file = pa.ipc.open_file(content)
            schema, batches = file.schema, (file.get_batch(at) for at in range(file.num_record_batches))
        else:
            stream = pa.ipc.open_stream(content)
            schema, batches = stream.schema, iter(stream)
        _columns(len(schema.names), bounds)
        rows = unpacked = 0
        for batch in batches:
            rows, unpacked = rows + batch.num_rows, unpacked + batch.nbytes
            _rows(rows, bounds)
            _unpacked(unpacked, bounds)


def _rows(count: int, bounds: Bounds) -> None:
    if count > bounds.rows:
        raise TooMuch(msg("The body has {count} rows; at most {most} are taken at once. Send it in parts.",
                          count=count, most=bounds.rows))  # fmt: skip


def _columns(count: int, bounds: Bounds) -> None:
    if count > bounds.columns:
        raise TooMuch(msg("The body has {count} columns; at most {most} are taken.", count=count, most=bounds.columns))


def _unpacked(size: int, bounds: Bounds) -> None:
    if size > bounds.unpacked:
        raise TooMuch(
            msg("Unpacked, the body has more than {most} MB. Send it in parts.", most=bounds.unpacked // 2**20)
        )


def _of_body(said: Message) -> Message:
    """Return what was said about a file as said about the body."""
    return Message(said.text, {**said.facts, "path": BODY}) if "path" in said.facts else said
