"""Where everything was written: the file and line of each definition, row and field.

Floor 5: reads no clock, file or database.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.written import Written
from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg

#: How many rows with one and the same trouble are listed one by one.
LISTED = 100

#: What turns a row (a mapping of its columns) into its message; more arguments have defaults.
Say = Callable[..., Message]


@dataclass(frozen=True)
class Spot:
    """A definition in a file: its path as people know it, and the lines of everything in it."""

    path: str
    written: Written


@dataclass(frozen=True)
class Places:
    """Lines of definitions by (kind, id), and of table rows.

    `rows` has one frame per table, columns path and line, in the order of the company's table.
    `cells` has the lines of single cells (path, line of the row, column) where a row spans several lines.
    `letters` has the letter of each column (path, column) of a sheet, so that its problems name a cell.
    `declared` has ids that were written but could not be understood, so that what refers to them is not reported too;
    `unread` has the kinds and tables of which a whole file could not be read.
    """

    facts: Mapping[tuple[str, str], Spot] = field(default_factory=dict)
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    cells: Mapping[tuple[str, int, str], int] = field(default_factory=dict)
    letters: Mapping[tuple[str, str], str] = field(default_factory=dict)
    declared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def known(self, kind: str, understood: Mapping[str, object]) -> list[str]:
        """Return the ids of a kind, those that could not be understood included."""
        return [*understood, *self.declared.get(kind, ())]

    def problem(self, kind: str, name: str, loc: tuple[object, ...], level: Level, message: Message) -> Problem:
        """Return a problem at a field of a definition, `loc` being the way to it, such as ("sections", 0, "weight")."""
        spot = self.facts.get((kind, name))
        if spot is None:
            return Problem(f"{kind} {name}".strip(), 0, level, message)
        return Problem(spot.path, spot.written.line_of(loc), level, message)

    def table(self, company: Company, name: str) -> pl.DataFrame:
        """Return a table with the columns `path` and `line` beside it."""
        return company.table(name).hstack(self.rows[name])

    def at(self, row: Mapping[str, object], column: str, level: Level, message: Message) -> Problem:
        """Return a problem at a column of a row that has `path` and `line`."""
        path, line = str(row["path"]), int(str(row["line"]))
        letter = self.letters.get((path, column)) or self.letters.get((path, ""))
        cell = f"{letter}{line}" if letter else None
        return Problem(path, self.cells.get((path, line, column), line), level, message, cell)

    def listed(self, bad: pl.DataFrame, column: str, level: Level, say: Say) -> Iterator[Problem]:
        """Yield one problem per row, and one for all the rest when there are very many."""
        for row in bad.head(LISTED).iter_rows(named=True):
            yield self.at(row, column, level, say(row))
        if bad.height > LISTED:
            more = msg("{count} more rows have the same problem as the line above.", count=bad.height - LISTED)
            yield self.at(bad.row(LISTED, named=True), column, level, more)


def nowhere(company: Company) -> Places:
    """Return places for a company that does not come from files: the table's name and the row's number."""
    rows = {
        name: company.table(name).select(path=pl.lit(name), line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
        for name in TABLES
    }
    return Places(rows=rows)
