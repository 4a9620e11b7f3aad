"""Text files with one row per line: comma, semicolon or tab between cells; UTF-8, UTF-16 with its mark, or GB18030."""

import csv
import io
from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".csv", ".tsv", ".txt")

#: The most columns a table may have: each costs its reader ten kilobytes, used or not, and a line holds a million commas.
MOST_COLUMNS = 2_000


def cells(path: Path) -> Cells:
    """Return the cells of a text file; raises InvalidInput when it is no text, or a quotation mark is never closed."""
    whole = _text(path)
    text = whole.lstrip("\ufeff\r\n")
    above = whole[: len(whole) - len(text)].count("\n")  # blank lines, which move all rows down
    heading = text.lstrip().partition("\n")[0]
    separator = max("\t;,", key=heading.count)
    if not heading:
        raise InvalidInput(msg("{path} is empty.", path=str(path)))
    if (columns := heading.count(separator) + 1) > MOST_COLUMNS:
        raise InvalidInput(
            msg(
                "{path} has {columns} columns; at most {most} are read.",
                path=str(path),
                columns=columns,
                most=MOST_COLUMNS,
            )
        )
    try:
        return Cells(pl.read_csv(text.encode(), separator=separator, infer_schema=False), first_row=2 + above)
    except pl.exceptions.PolarsError:
        return _row_by_row(path, text, separator, above)


def _text(path: Path) -> str:
    """Return the characters of a file, in whichever of the encodings people's spreadsheets write."""
    content = path.read_bytes()
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked, "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text if "\n" in text else text.replace("\r", "\n")  # old spreadsheets end lines so
    raise InvalidInput(
        msg("{path} is not a text file in UTF-8 or GB18030. Save it as CSV UTF-8, then try again.", path=str(path))
    )


def _row_by_row(path: Path, text: str, separator: str, above: int) -> Cells:
    """Read a file that has rows longer than its heading: slower, but only those rows are lost and not the file."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a table: {said}. Is a quotation mark not closed?",
                path=str(path),
                said=str(error),
            )
        ) from error
    while lines and not lines[0]:
        lines.pop(0)
    heading, rows = lines[0], lines[1:]
    width = len(heading)
    padded = [[cell or None for cell in row[:width]] + [None] * (width - len(row)) for row in rows]
    names = [name if name not in heading[:at] else f"{name}_duplicated_{at}" for at, name in enumerate(heading)]
    frame = pl.DataFrame(padded, schema=dict.fromkeys(names, pl.String), orient="row")
    return Cells(frame, first_row=2 + above, too_long=frozenset(at for at, row in enumerate(rows) if len(row) > width))
