"""Numbers in merged cells: one that stands for several units, metrics or periods at once belongs to none of them alone.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Callable

from kpiflow.language import msg
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.mapping import NAME_ROLES, Role
from kpiflow.sources.workbooks.placing import Placing
from kpiflow.sources.workbooks.sheet import Range, letters

#: The columns that say what a row is of.
_SAYING = (*NAME_ROLES, Role.DAY, Role.KIND)


class Merged:
    """Knows the merged cells of a table that hold one number for several facts."""

    def __init__(self, grid: Grid, placing: Placing, same: Callable[[int, int], bool]) -> None:
        """Look at a table; `same` says of two columns whether their numbers are of the same metric, unit, person and day."""
        self.grid, self.same = grid, same
        self.saying = [one.column for one in placing.columns if one.spec.role in _SAYING]
        below = placing.rows[-1]
        self.areas = {
            (area.top, area.left): area for area in grid.sheet.merged if area.top > below and area.bottom - area.top < 10_000
        }  # fmt: skip

    def wrong(self, row: int, column: int) -> Wrong | None:
        """Return why the number of a cell cannot be told to one fact; None where it stands for that alone."""
        area = self.areas.get((row, column))
        if area is None or not (self._several_columns(area) or self._several_rows(area)):
            return None
        where = f"{letters(area.left)}{area.top}:{letters(area.right)}{area.bottom}"
        return Wrong(
            "merged_numbers",
            msg("The cells {where} are merged: one number stands there for several. Write down what each of them is.", where=where),
        )  # fmt: skip

    def _several_columns(self, area: Range) -> bool:
        columns = range(area.left + 1, min(area.right, self.grid.sheet.width, area.left + 1000) + 1)
        return any(not self.same(area.left, column) for column in columns)

    def _several_rows(self, area: Range) -> bool:
        """Return whether rows of the area say different things of themselves; rows that say nothing belong to the first."""
        first = self._says(area.top)
        return any(any(says) and says != first for says in map(self._says, range(area.top + 1, area.bottom + 1)))

    def _says(self, row: int) -> tuple[object, ...]:
        return tuple(self.grid.filled(row, column).value for column in self.saying)
