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
from kpiflow.incentives.exact import Number, literal, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Matrix(Component):
    """A ratio from two results. Each line and column begins at its number, which belongs to it; before the first: 0."""

    kind: Literal["matrix"]
    down: str = Field(description="The result that chooses the line.")
    across: str = Field(description="The result that chooses the column.")
    down_from: tuple[Exact, ...] = Field(min_length=1, description="Where each line begins, going up.")
    across_from: tuple[Exact, ...] = Field(min_length=1, description="Where each column begins, going up.")
    cells: tuple[tuple[Exact, ...], ...] = Field(description="One list of ratios per line.")

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
        inside = (line > 0) & (column > 0)
        row = pl.when(inside).then((line - 1) * len(self.across_from) + column).when(inside.is_not_null()).then(0)
        ratios = [literal(cell, Kind.RATIO) for cells in self.cells for cell in cells]
        value: pl.Expr = whole(0)
        for n, ratio in enumerate(ratios, start=1):
            value = pl.when(row == n).then(ratio.expr).otherwise(value)
        known = pl.when(row.is_not_null()).then(value)
        edges = [0, *(ratio.low for ratio in ratios)]
        return Outcome(Number(known, min(edges), max(edges), Kind.RATIO.scale), row=row)

    def says(self, reading: Reading) -> Message:
        """`line 2, column 3: 0.24`."""
        row = reading.row(self.id)
        facts = {"down": named(reading, self.down), "across": named(reading, self.across)}
        if row is None:
            return msg("{down} by {across} is in no cell", **facts)
        if row == 0:
            return msg("{down} by {across} lies before the first cell: 0", **facts)
        line, column = divmod(row - 1, len(self.across_from))
        return msg(
            "{down} by {across} is line {line}, column {column}: {gives}",
            line=line + 1,
            column=column + 1,
            gives=self.cells[line][column],
            **facts,
        )

    @staticmethod
    def _place(sheet: Sheet, name: str, edges: tuple[Exact, ...]) -> pl.Expr:
        """Return which line or column a result is in, from 1; 0 before the first."""
        had, kind = sheet.number(name).expr, sheet.kinds[name]
        return pl.sum_horizontal(
            [(had >= literal(edge, kind).expr).cast(pl.Int32) for edge in edges], ignore_nulls=False
        )
