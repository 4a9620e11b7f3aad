"""Whether a workbook stays small when it is unpacked: one of a few kilobytes can be made to fill the memory of the machine.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: The most bytes all parts may have together, unpacked; texts may have, repeated in every cell that names them; and a
#: sheet may be high and wide, which its reader sets room aside for whether the cells between are empty or not.
MOST_UNPACKED, MOST_TEXT, MOST_ROWS, MOST_COLUMNS = 64 * 2**20, 256 * 2**20, 50_000, 500

#: More than any part can have: where it ends is seen in the part itself.
_UNKNOWN = 2**62

_PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]*)(\d*)")


def required_small(content: bytes, name: str) -> None:
    """Raise InvalidInput for a workbook that would not stay small, or has a part that cannot be looked into."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = list(_unpacked(packed))
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.", path=name
            )
        ) from error
    tags = sum(part.count(b"<") for part in parts)
    longest = max((len(text) for part in parts if b"<sst" in part for text in part.split(b"</si>")), default=0)
    if parts and (tags * longest > MOST_TEXT or any(_reaches_far(part) for part in parts)):
        raise _too_large()


def _unpacked(packed: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield each part; raises InvalidInput as soon as they are too large together, whatever the archive says of itself."""
    left = MOST_UNPACKED
    for info in packed.infolist():
        info.file_size = _UNKNOWN
        with packed.open(info) as part:
            whole = part.read(left + 1)
        left -= len(whole)
        if left < 0:
            raise _too_large()
        yield whole


def _reaches_far(part: bytes) -> bool:
    """Return whether a cell or row says that it stands far out."""
    return any(
        len(letters) > 3 or len(digits) > 7 or int(digits or 0) > MOST_ROWS or _column(letters) > MOST_COLUMNS
        for letters, digits in set(_PLACE.findall(part))
    )


def _column(letters: bytes) -> int:
    """Return the number of a column.

    >>> _column(b"A"), _column(b"xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large() -> InvalidInput:
    return InvalidInput(
        msg("This workbook is larger inside than a sheet of one goal can be. Export one and fill that.")
    )
