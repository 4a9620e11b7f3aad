"""What a reader of one file format is: a module that turns a file into cells of text, without judging them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl


@dataclass(frozen=True)
class Cells:
    """A file's table as text, null where a cell is empty, under the headings of the file.

    `first_row` is the number of its first row as a spreadsheet shows it; `too_long` holds the positions (from 0) of
    rows with more cells than headings.
    """

    frame: pl.DataFrame
    first_row: int = 2
    too_long: frozenset[int] = field(default_factory=frozenset)


class Reader(Protocol):
    """A file format: the endings of its files, and how to read one. Each is a module of this package."""

    SUFFIXES: tuple[str, ...]

    def cells(self, path: Path) -> Cells:
        """Return what is in a file; raises InvalidInput when it is not of this format."""
        ...
