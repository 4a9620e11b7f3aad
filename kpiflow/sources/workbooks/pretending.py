"""Files that are no workbook whatever their name says: what each of them is, and what to do.

Floor 4: knows core and frames. Reads no store.
"""

import re
import zipfile

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg

_DOCUMENT, _PICTURE, _PDF = msg("a document of text or slides"), msg("a picture"), msg("a PDF")

#: How files begin that hold no cells, and how archives do.
_BEGINNINGS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", _PDF), (b"{\\rtf", _DOCUMENT), (b"\x89PNG", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE),
)  # fmt: skip
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def pretending(content: bytes, name: str) -> InvalidInput | None:
    """Return why a file is no workbook by how it begins, None when it may be one."""
    for beginning, what in _BEGINNINGS:
        if content.startswith(beginning):
            return _without_cells(name, what)
    if content.startswith(_ARCHIVES):
        return _archive(name)
    text = re.sub(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0", b"", content[:2048]).lstrip()
    if text.startswith(b"<") or re.match(rb"mime-version:", text, re.IGNORECASE):
        return InvalidInput(
            msg("{path} is a web page or XML under the name of a workbook. Open it in a spreadsheet and save it as .xlsx, "
                "then try again.", path=name)
        )  # fmt: skip
    return None


def packed_otherwise(packed: zipfile.ZipFile, name: str) -> InvalidInput | None:
    """Return why a packed file is no workbook by the names of its parts, None when it may be one."""
    parts = [part.casefold() for part in packed.namelist()]
    if any(part in ("word/document.xml", "ppt/presentation.xml") for part in parts):
        return _without_cells(name, _DOCUMENT)
    if any(part.endswith(".iwa") for part in parts):
        return InvalidInput(msg("{path} is a workbook of Numbers. Export it as .xlsx, then try again.", path=name))
    return None if any(part.endswith((".xml", ".bin")) for part in parts) else _archive(name)


def _without_cells(name: str, what: Message) -> InvalidInput:
    return InvalidInput(
        msg("{path} is {what} and holds no cells. Bring the workbook it was made from.", path=name, what=what)
    )


def _archive(name: str) -> InvalidInput:
    return InvalidInput(msg("{path} is an archive. Unpack it, and bring the workbook that is inside.", path=name))
