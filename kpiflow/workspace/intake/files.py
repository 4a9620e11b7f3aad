"""A workbook that came as bytes or lies in a folder, read once and within bounds."""

import hashlib
import tempfile
from pathlib import Path

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.workbooks import Workbook, read_workbook
from kpiflow.workspace.books import Books

#: The most bytes a file may have on its way in through a page: a year of a large company's months has a tenth of it.
MOST_BYTES = 20 * 2**20

#: The endings of files that are taken in.
ENDINGS = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "txt")


def workbook(ws: Books, content: bytes, name: str) -> Workbook:
    """Return the sheets of a file that came as bytes; raises InvalidInput when it is too large or cannot be read."""
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            msg(
                "{name} has {size} MB; at most {limit} MB are taken.",
                name=Path(name).name,
                size=round(len(content) / 2**20, 1),
                limit=MOST_BYTES // 2**20,
            )
        )
    key = ("workbook", hashlib.sha256(content).hexdigest(), Path(name).name)
    return ws.kept(key, lambda: _read(content, Path(name).name))


def _read(content: bytes, name: str) -> Workbook:
    """Read bytes by way of a file of the same name: what is said about it names it so."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (name or "file.xlsx")
        path.write_bytes(content)
        return read_workbook(path)
