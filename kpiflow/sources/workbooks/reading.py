"""Reading any file of sheets by what is in it, whatever its name says, and saying what cannot be seen in it.

Floor 4: knows core and frames. Reads files; knows no store.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path
from types import ModuleType

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.workbooks import binary, limits, ods, texts, xlsx
from kpiflow.sources.workbooks.limits import Broken, damaged, encrypted, too_large
from kpiflow.sources.workbooks.pausing import uncollected
from kpiflow.sources.workbooks.pretending import packed_otherwise, pretending
from kpiflow.sources.workbooks.sheet import Remark, Sheet, Workbook, letters

#: The endings of files that may hold sheets; what is inside decides how each is read.
SUFFIXES: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")

#: How old office files begin, and the name a protected one has inside.
_OLE, _PROTECTED = bytes.fromhex("d0cf11e0a1b11ae1"), "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: str | Path, name: str | None = None) -> Workbook:
    """Read a workbook or text table by what is in it; `name` is what people call it, if not the end of the path.

    Raises InvalidInput when there is no such file, it is encrypted, damaged, too large, or holds no table at all.
    """
    where = Path(path)
    if not where.is_file():
        raise InvalidInput(msg("There is no file {path}.", path=str(path)))
    if where.stat().st_size > limits.MOST_BYTES:
        raise too_large(name or where.name)
    return workbook_of(where.read_bytes(), name or where.name)


def workbook_of(content: bytes, name: str) -> Workbook:
    """Read a workbook that is already in memory, such as an upload; raises as `read_workbook`."""
    if not content.strip():
        raise InvalidInput(msg("{path} is empty.", path=name))
    if len(content) > limits.MOST_BYTES:
        raise too_large(name)
    reader = _reader(content, name)
    try:
        with uncollected():
            sheets, remarks = reader.sheets(io.BytesIO(content), name)
    except (
        Broken,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        KeyError,
        EOFError,
        OverflowError,
    ) as error:
        raise damaged(name) from error
    except (NotImplementedError, RuntimeError) as error:  # packed in a way nobody reads, or with a password
        raise damaged(name) from error
    if not any(sheet.cells for sheet in sheets):
        raise InvalidInput(msg("{path} has no cells with anything in them.", path=name))
    return Workbook(name, tuple(sheets), (*remarks, *unseen(sheets)), hashlib.sha256(content).hexdigest())


def read_sheets(path: str | Path) -> list[Sheet]:
    """Return all sheets of a file, hidden ones too; raises as `read_workbook`."""
    return list(read_workbook(path).sheets)


def unseen(sheets: list[Sheet]) -> tuple[Remark, ...]:
    """Return what is said about hidden sheets, and hidden rows and columns of those shown."""
    remarks = []
    hidden = [sheet.name for sheet in sheets if sheet.hidden]
    if hidden:
        remarks.append(Remark(msg("Hidden sheets are not read: {names}.", names=hidden)))
    for sheet in sheets:
        if sheet.hidden:
            continue
        rows = sorted(row for row in sheet.hidden_rows if any(cell.value is not None for cell in sheet.cells[row - 1]))
        if rows:
            remarks.append(
                Remark(
                    msg(
                        "Sheet {sheet} has hidden rows; they are not read: {rows}.", sheet=sheet.name, rows=spans(rows)
                    ),
                    tuple(sheet.address(row, 1) for row in rows[:5]),
                )
            )
        columns = sorted(sheet.hidden_columns)
        if columns:
            remarks.append(
                Remark(
                    msg(
                        "Sheet {sheet} has hidden columns; they are not read: {columns}.",
                        sheet=sheet.name,
                        columns=", ".join(letters(column) for column in columns),
                    ),
                    tuple(sheet.address(1, column) for column in columns[:5]),
                )
            )
    return tuple(remarks)


def spans(numbers: list[int]) -> str:
    """Return numbers as people list them.

    >>> spans([3, 4, 5, 9])
    '3–5, 9'
    """
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1][-1:] = [parts[-1][-1], number] if len(parts[-1]) == 1 else [number]
        else:
            parts.append([number])
    return ", ".join("–".join(map(str, part)) for part in parts)


def _reader(content: bytes, name: str) -> ModuleType:
    """Return the module that reads such a file; raises InvalidInput for a protected one and for what is no workbook."""
    if content.startswith(_OLE):
        if _PROTECTED in content:
            raise encrypted(name)
        return binary
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                names, other = set(packed.namelist()), packed_otherwise(packed, name)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise damaged(name) from error
        if other is not None:
            raise other
        if "content.xml" in names:
            return ods
        return binary if any(part.endswith("workbook.bin") for part in names) else xlsx
    if (other := pretending(content, name)) is not None:
        raise other
    return texts
