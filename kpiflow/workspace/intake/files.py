"""A workbook that came as bytes or lies in a folder, read once and within bounds."""

import hashlib
from pathlib import Path

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.workbooks import Workbook, read_workbook, tables_apart, workbook_of
from kpiflow.workspace.books import Books

#: The most bytes a file may have on its way in through a page: a year of a large company's months has a tenth of it.
MOST_BYTES = 20 * 2**20

#: The endings of files that are taken in.
ENDINGS = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "txt")


def workbook(ws: Books, content: bytes, name: str, *, apart: bool = True) -> Workbook:
    """Return the sheets of a file that came as bytes; raises InvalidInput when it is too large or cannot be read.

    With `apart`, several tables in one sheet are sheets of their own.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            msg(
                "{name} has {size} MB; at most {limit} MB are taken.",
                name=Path(name).name,
                size=round(len(content) / 2**20, 1),
                limit=MOST_BYTES // 2**20,
            )
        )
    key = ("workbook", hashlib.sha256(content).hexdigest(), Path(name).name, apart)
    ready = tables_apart if apart else _as_it_is
    return ws.kept(key, lambda: ready(workbook_of(content, Path(name).name or "file.xlsx")))


def _as_it_is(book: Workbook) -> Workbook:
    return book


def workbook_at(ws: Books, path: Path) -> Workbook:
    """Return the sheets of a file on this machine, which may be larger than one that comes through a page; raises InvalidInput."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        return tables_apart(read_workbook(path))
    return workbook(ws, path.read_bytes(), path.name)
