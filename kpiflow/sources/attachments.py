"""Files people attach: taken only when the content is what the name says, of a kind that is listed here, and not too large.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: The most bytes a file may have unless somebody says otherwise: 10 MB.
LIMIT = 10 * 1024 * 1024

#: The most characters of a file's name, its ending included.
LONGEST_NAME = 120

#: How the bytes of a text may be written: by nearly everybody, by old spreadsheets, by Windows in China.
_TEXTS = ("utf-8-sig", "gb18030")

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Attachment:
    """A file that was taken: a clean name, the media type its content has, its bytes and their fingerprint."""

    name: str
    media: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its media type, and how its content is known."""

    media: str
    known: Callable[[bytes], bool]


def attachment(name: str, content: bytes, *, limit: int = LIMIT) -> Attachment:
    """Return a file made safe to keep; raises InvalidInput when it is too large, empty, or not what its name says."""
    clean = clean_name(name)
    if not content:
        raise InvalidInput(msg("{name} is empty.", name=clean))
    if len(content) > limit:
        raise InvalidInput(
            msg(
                "{name} has {size} MB; at most {limit} MB are taken.",
                name=clean,
                size=round(len(content) / 2**20, 1),
                limit=round(limit / 2**20, 1),
            )
        )
    ending = clean.rpartition(".")[2].lower() if "." in clean else ""
    kind = KINDS.get(ending)
    if kind is None:
        raise InvalidInput(
            msg(
                "{name} is not of a kind that is taken. Give one of: {kinds}.",
                name=clean,
                kinds=", ".join(sorted(KINDS)),
            )
        )
    if not kind.known(content):
        raise InvalidInput(
            msg(
                "{name} says it is {ending}, but its content is not. Save it again as what it is.",
                name=clean,
                ending=ending,
            )
        )
    return Attachment(clean, kind.media, content, hashlib.sha256(content).hexdigest())


def clean_name(name: str) -> str:
    r"""Return a file's name without folders, invisible characters or anything a terminal or browser would act on.

    >>> clean_name("..\\evil\u202Efdp.exe"), clean_name("/etc/pass wd.txt"), clean_name("  ")
    ('evilfdp.exe', 'pass wd.txt', 'file')
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    safe = re.sub(r'[<>:"|?*]', "_", seen).strip(" .")
    stem, dot, ending = safe.rpartition(".")
    if not dot:
        return safe[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip() or 'file'}.{ending}"


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    """Return whether the content begins as files of the kind do."""
    return lambda content: content.startswith(marks)


def _webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _text(content: bytes) -> bool:
    """Return whether the bytes are words and numbers. UTF-16 is told by its mark; anything else has no bytes of zero."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _TEXTS
    for encoding in encodings:
        try:
            return _CONTROLS.search(content.decode(encoding)) is None
        except UnicodeDecodeError:
            continue
    return False


def _office(part: str) -> Callable[[bytes], bool]:
    """Return whether the content is an Office file with its main part where it belongs, and without macros.

    Only the list of parts is read, nothing is unpacked: a file cannot blow up here.
    """

    def known(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                parts = {name.casefold() for name in packed.namelist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        macros = any(name.endswith("vbaproject.bin") for name in parts)
        return {"[content_types].xml", part} <= parts and not macros

    return known


_OFFICE = "application/vnd.openxmlformats-officedocument"

#: The kinds of file that are taken, by the ending of the name.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "pdf": Kind("application/pdf", _begins(b"%PDF-")),
        "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
        "jpg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
        "jpeg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
        "webp": Kind("image/webp", _webp),
        "txt": Kind("text/plain", _text),
        "csv": Kind("text/csv", _text),
        "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
        "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _office("word/document.xml")),
    }
)
