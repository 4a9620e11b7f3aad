"""Whether a workbook of measurements can be unpacked at all: one of a few kilobytes can be made to fill the memory of a machine.

Floor 4: knows core and frames. Reads no store.
"""

import re
import zipfile
import zlib
from pathlib import Path

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: The most bytes a file may have, and all of its parts unpacked; the most cells a sheet may have room for, empty or not; and
#: the most bytes that its texts may have, repeated in every cell that names them.
MOST_BYTES, MOST_UNPACKED, MOST_ROOM, MOST_TEXT = 128 * 2**20, 512 * 2**20, 12_000_000, 2 * 2**30

#: How much is unpacked at once.
_CHUNK = 2**18

#: Where a cell says it stands, and how much of a piece is looked at again with the next.
_PLACE, _OVERLAP = re.compile(rb"<(?:\w+:)?c\b[^>]{0,200}?\br\s*=\s*[\"']\s*([A-Za-z]{1,8})(\d{1,10})"), 256


def required_bounded(path: Path) -> None:
    """Raise InvalidInput for a workbook that would take too much room once it is read; other files are left alone.

    The reader sets room aside for every cell up to the last one, empty or not; so the last row and column count.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path.name)
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as packed:
            _looked_through(packed, path.name)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.",
                path=str(path),
            )
        ) from error


def _looked_through(packed: zipfile.ZipFile, name: str) -> None:
    """Unpack every part within bounds, keeping none of it, and see how far the cells of each sheet reach."""
    cells = longest = 0
    left = MOST_UNPACKED
    for info in packed.infolist():
        rows = columns = text = 0
        tail = b""
        with packed.open(info) as part:
            while piece := part.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise _too_large(name)
                for letters, digits in set(_PLACE.findall(tail + piece)):
                    rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                cells += piece.count(b"<c ")
                *ended, rest = piece.split(b"</si>")
                if ended:
                    longest = max(longest, text + len(ended[0]), *map(len, ended[1:]))
                text = len(rest) if ended else text + len(rest)
                tail = piece[-_OVERLAP:]
        if rows * columns > MOST_ROOM:
            raise _too_large(name)
    if cells * longest > MOST_TEXT:
        raise _too_large(name)


def _column(letters: bytes) -> int:
    """Return the number of a column.

    >>> _column(b"A"), _column(b"xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(name: str) -> InvalidInput:
    return InvalidInput(
        msg(
            "{path} is larger inside than a workbook of measurements can be. Delete what is not needed, or load it as CSV or"
            " Parquet in the tidy form.",
            path=name,
        )
    )
