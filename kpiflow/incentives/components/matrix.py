"""Two results that meet in a cell, such as revenue level by earnings level.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Reading, named
from kpiflow.incentives.curve import Interpolation
from kpiflow.incentives.exact import Number, count_of, full, literal, narrowed, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Matrix(Component):
    """A ratio from two results. Each line and column begins at its number, which belongs to it; before the first: 0.

    With `interpolation: linear` the ratio moves on straight lines to the next line and to the next column, each part of the
    way to ten places; beyond the last line or column the last holds.
    """

    kind: Literal["matrix"]
    down: str = Field(description="The result that chooses the line.")
    across: str = Field(description="The result that chooses the column.")
    down_from: tuple[Exact, ...] = Field(min_length=1, description="Where each line begins, going up.")
    across_from: tuple[Exact, ...] = Field(min_length=1, description="Where each column begins, going up.")
    cells: tuple[tuple[Exact, ...], ...] = Field(description="One list of ratios per line.")

    interpolation: Interpolation = Field(
        default=Interpolation.STEP,
        description="step: the cell holds until the next; linear: straight lines between cells.",
    )

    @model_validator(mode="after")
    def _cells_fit(self) -> "Matrix":
        if len(self.cells) != len(self.down_from) or any(len(line) != len(self.across_from) for line in self.cells):
            raise ValueError("cells has one list per line of down_from, each with one ratio per column of across_from")
        for edges in (self.down_from, self.across_from):
            if any(one >= other for one, other in pairwise(edges)):
                raise ValueError("lines and columns go up: each begins above the one before")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return (self.down, self.across)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio; both results must be numbers."""
        for name in self.reads():
            if not kinds[name].numeric:
                raise UnitError(
                    msg("A matrix needs numbers, but '{name}' is {kind}.", name=name, kind=CALLED[kinds[name]])
                )
        return Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Find line and column; cells are numbered from 1, line by line, and 0 lies before the first line or column."""
        line = self._place(sheet, self.down, self.down_from)
        column = self._place(sheet, self.across, self.across_from)
        # A result before the first line does not make up for one that is not known.
        inside, known = (line > 0) & (column > 0), line.is_not_null() & column.is_not_null()
        row = pl.when(inside).then((line - 1) * len(self.across_from) + column).when(known).then(0)
        if self.interpolation is Interpolation.LINEAR:
            return self._between(sheet, sheet.held_expression(line), sheet.held_expression(column), row)
        ratios = [literal(cell, Kind.RATIO) for cells in self.cells for cell in cells]
        value: pl.Expr = whole(0)
        for n, ratio in enumerate(ratios, start=1):
            value = pl.when(row == n).then(ratio.expr).otherwise(value)
        known = pl.when(row.is_not_null()).then(value)
        edges = [0, *(ratio.low for ratio in ratios)]
        return Outcome(Number(known, min(edges), max(edges), Kind.RATIO.scale), row=row)

    def _between(self, sheet: Sheet, line: pl.Expr, column: pl.Expr, row: pl.Expr) -> Outcome:
        """Return the ratio on straight lines between the four cells around both results."""
        row = sheet.held_expression(row)
        down = self._part(sheet, self.down, self.down_from, line)
        across = self._part(sheet, self.across, self.across_from, column)
        one, value = Kind.RATIO.scale, whole(0)
        for n in range(1, len(self.down_from) * len(self.across_from) + 1):
            here, right, below, beyond = (literal(self.cells[i][j], Kind.RATIO).low for i, j in self._corners(n))
            lines = whole(here * one * one) + down * whole((below - here) * one) + across * whole((right - here) * one)
            lines = lines + down * across * whole(beyond - below - right + here)
            value = pl.when(row == n).then(lines).otherwise(value)
        edges = [0, *(literal(cell, Kind.RATIO).low * one * one for cells in self.cells for cell in cells)]
        known = pl.when(row.is_not_null()).then(value)
        return Outcome(Number(known, min(edges), max(edges), one**3), row=row)

    def _corners(self, row: int) -> list[tuple[int, int]]:
        """Return where a cell is by its number, the one right of it, the one below and the one beyond both; the last stays."""
        line, column = divmod(row - 1, len(self.across_from))
        lines = (line, min(line + 1, len(self.down_from) - 1))
        columns = (column, min(column + 1, len(self.across_from) - 1))
        return [(i, j) for i in lines for j in columns]

    def _part(self, sheet: Sheet, name: str, edges: tuple[Exact, ...], place: pl.Expr) -> pl.Expr:
        """Return how far a result lies on the way from its line or column to the next, in ten places."""
        had, kind = sheet.number(name).expr, sheet.kinds[name]
        found: pl.Expr = whole(0)
        for n, (one, other) in enumerate(pairwise(edges), start=1):
            low, run = literal(one, kind).low, literal(other, kind).low - literal(one, kind).low
            inside = Number((had - whole(low)).clip(whole(0), whole(run)), 0, run, 1)
            part = full(narrowed(inside, Kind.RATIO.scale, count_of(run)), Kind.RATIO.scale)
            found = pl.when(place == n).then(part.expr.cast(pl.Int128)).otherwise(found)
        return sheet.held_expression(found)

    def says(self, reading: Reading) -> Message:
        """`line 2, column 3: 0.24`."""
        row = reading.row(self.id)
        facts: dict[str, object] = {"down": named(reading, self.down), "across": named(reading, self.across)}
        if row is None:
            return msg("{down} by {across} is in no cell", **facts)
        if row == 0:
            return msg("{down} by {across} lies before the first cell: 0", **facts)
        line, column = divmod(row - 1, len(self.across_from))
        if self.interpolation is Interpolation.LINEAR and row < len(self.down_from) * len(self.across_from):
            around = list(dict.fromkeys(self._corners(row)))
            facts["cells"] = [
                msg(
                    "{value} ({down}, {across})",
                    value=reading.shown(self.cells[i][j], Kind.RATIO),
                    **self._at(reading, i, j),
                )
                for i, j in around
            ]
            return msg(
                "{down} by {across}: from line {line}, column {column} on straight lines between {cells}",
                line=line + 1,
                column=column + 1,
                **facts,
            )
        at = self._at(reading, line, column)
        return msg(
            "{down} by {across} is line {line} (from {line_from}), column {column} (from {column_from}): {gives}",
            line=line + 1,
            column=column + 1,
            line_from=at["down"],
            column_from=at["across"],
            gives=self.cells[line][column],
            **facts,
        )

    def _at(self, reading: Reading, line: int, column: int) -> dict[str, object]:
        """Return where a line and a column begin, in the units of both results."""
        return {
            "down": reading.shown(self.down_from[line], reading.kind(self.down)),
            "across": reading.shown(self.across_from[column], reading.kind(self.across)),
        }

    @staticmethod
    def _place(sheet: Sheet, name: str, edges: tuple[Exact, ...]) -> pl.Expr:
        """Return which line or column a result is in, from 1; 0 before the first."""
        had, kind = sheet.number(name).expr, sheet.kinds[name]
        return pl.sum_horizontal(
            [(had >= literal(edge, kind).expr).cast(pl.Int32) for edge in edges], ignore_nulls=False
        )
