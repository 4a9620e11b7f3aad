"""A part of a list: what comes after a place.

The order is worked out once per question and kept as numbers, not as rows.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, shared, visible
from kpiflow.workspace.books import Books

#: What a choice of goals looks at; the other columns of their results stay where they are.
LOOKED_AT = (
    "at",
    "goal",
    "depth",
    "owner",
    "owner_kind",
    "scope",
    "scope_kind",
    "metric",
    "status",
    "label",
    "label_zh",
)

#: The most rows a part may have.
MOST = 10_000


@dataclass(frozen=True)
class Part:
    """Which part of a list is wanted: at most `most` rows, after the place that the part before named as its `after`."""

    after: tuple[Any, ...] = ()
    most: int = 500

    @property
    def offset(self) -> int:
        """How many rows come before, in a list whose places are counted."""
        return int(self.after[0]) if self.after else 0


@dataclass(frozen=True, eq=False)
class Listed:
    """One part of a list, and where the next begins (None: this was the last). `total`: rows in all, where it is known."""

    rows: pl.DataFrame
    after: tuple[Any, ...] | None
    total: int | None = None


FIRST = Part()

#: Chooses and orders rows that have a column `at`.
Choose = Callable[[pl.DataFrame], pl.DataFrame]


def picked(ws: Books, key: Hashable, rows: pl.DataFrame, choose: Choose, part: Part) -> Listed:
    """Return a part of the rows that are chosen; `key` tells this choice of these rows from every other.

    Only the numbers of the chosen rows are kept: the wide rows of a large company lie in memory once.
    """
    order = ws.kept(("list", key), lambda: choose(rows.with_row_index("at")).select("at"))["at"]
    return _cut(rows, part, order)


def whole(rows: pl.DataFrame, part: Part) -> Listed:
    """Return a part of rows that are in their order already."""
    return _cut(rows, part, None)


def _cut(rows: pl.DataFrame, part: Part, order: pl.Series | None) -> Listed:
    total, first = rows.height if order is None else order.len(), part.offset
    found = rows.slice(first, part.most) if order is None else rows[order.slice(first, part.most)]
    end = first + found.height
    return Listed(found, (end,) if end < total else None, total)


def after_keys(rows: pl.DataFrame, part: Part, keys: list[str]) -> Listed:
    """Return a part read with one row more than wanted, whose next place is the keys of its last row."""
    more, found = rows.height > part.most, rows.head(part.most)
    return Listed(found, tuple(found.select(keys).row(-1)) if more else None)


def sight_of(reach: Reach) -> Hashable:
    """Return what tells one reach from another in a key."""
    return shared(reach)


def seen_by(reach: Reach, *conditions: pl.Expr) -> Choose:
    """Return a choice of the goal rows that may be read and fit, parents before children."""

    def choose(rows: pl.DataFrame) -> pl.DataFrame:
        return visible(rows.select(LOOKED_AT), reach).filter(*conditions).sort("depth", "goal").select("at")

    return choose
