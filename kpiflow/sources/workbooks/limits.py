"""How much of a file is looked at before it is refused: a few kilobytes can be made to fill the memory of a machine.

Floor 4: knows core and frames. Reads no store.
"""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from kpiflow.errors import InvalidInput
from kpiflow.language import msg


class Broken(Exception):
    """A file that is not what it should be; whoever reads it says so to the person."""


#: The most bytes a file may have, and all parts of a packed one together; the most parts.
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 128 * 2**20, 512 * 2**20, 5_000

#: The most rows, columns and filled cells one sheet may have, and the most cells counted with the empty ones between.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_ROOM = 250_000, 2_000, 3_000_000, 12_000_000

#: How much is unpacked at once, and how much of it may wait for the end of a row.
_CHUNK, _MOST_AT_ONCE = 2**18, 2**23


class Parts:
    """The parts of a packed file, handed out in pieces and counted as they are unpacked."""

    def __init__(self, packed: zipfile.ZipFile, name: str) -> None:
        self.packed, self.name, self.left = packed, name, MOST_UNPACKED
        listed = packed.infolist()
        self.names = {info.filename.lstrip("/").casefold(): info for info in listed}
        # What the archive says of itself is looked at first, so that nothing is unpacked to find a bomb that says so.
        if len(listed) > MOST_PARTS or sum(info.file_size for info in listed) > MOST_UNPACKED:
            raise too_large(name)
        if any(info.flag_bits & 1 for info in listed):
            raise encrypted(name)

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lstrip("/").casefold() in self.names

    def pieces(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part; raises InvalidInput as soon as all parts together are too large."""
        info = self.names[part.lstrip("/").casefold()]
        with self.packed.open(info) as content:
            while piece := content.read(_CHUNK):
                self.left -= len(piece)
                if self.left < 0:
                    raise too_large(self.name)
                yield piece


def parsed(
    pieces: Iterator[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through XML; raises Broken for what is none and for any that declares entities, which no spreadsheet writes."""
    parser: XMLParserType = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        raise Broken from error


def elements(pieces: Iterator[bytes], name: str) -> Iterator[Element]:
    """Yield elements as they end, faster than `parsed`; whoever is done with one empties it. Raises as `parsed`.

    Raises InvalidInput when what has not been emptied yet grows large.
    """
    parser: Any = XMLPullParser(("end",))
    head, root = b"", False
    since = 0

    def opened(*_: object) -> None:
        nonlocal root
        root = True

    for piece in pieces:
        if not root:  # a document type stands before the first element, or nowhere
            head += piece
            prolog = ParserCreate()
            prolog.StartDoctypeDeclHandler, prolog.StartElementHandler = _no_doctype, opened
            _checked(prolog, head)
            if len(head) > 4 * _CHUNK:
                raise Broken
        since += len(piece)
        try:
            parser.feed(piece)
        except ParseError as error:
            raise Broken from error
        for _, element in parser.read_events():
            if element.tag.endswith("}row"):
                since = 0
            yield element
        if since > _MOST_AT_ONCE:
            raise too_large(name)
    if not root:
        raise Broken
    try:
        parser.close()
    except ParseError as error:
        raise Broken from error


def _checked(parser: XMLParserType, piece: bytes) -> None:
    try:
        parser.Parse(piece, False)
    except ExpatError as error:
        raise Broken from error


def _no_doctype(*_: object) -> None:
    raise Broken


def local(tag: str) -> str:
    """Return a tag without the prefix of its namespace."""
    return tag.rpartition(":")[2]


def too_large(name: str) -> InvalidInput:
    """Return the error for a file that is larger inside than a sheet people keep by hand."""
    return InvalidInput(
        msg(
            "{path} is too large to be read as a workbook: at most {rows} rows, {columns} columns and {cells} filled cells"
            " a sheet. Delete what is not needed, or load it as CSV or Parquet in the tidy form.",
            path=name,
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
            cells=MOST_CELLS,
        )
    )


def encrypted(name: str) -> InvalidInput:
    """Return the error for a file with a password."""
    return InvalidInput(
        msg("{path} is protected by a password. Open it in Excel, save it without one, then try again.", path=name)
    )


def damaged(name: str) -> InvalidInput:
    """Return the error for a file that is no workbook, or no longer one."""
    return InvalidInput(
        msg("{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.", path=name)
    )
