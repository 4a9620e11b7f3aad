"""Which scores are asked for: a filter that can be written into an address, a journal and an exported file."""

import unicodedata
from dataclasses import dataclass, fields
from typing import Any, Self

import polars as pl

from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg

#: What a list can be ordered by, and whether it goes down unless said otherwise.
ORDERS: dict[str, bool] = {
    "score": True, "change": True, "coverage": False, "name": False, "unit": False, "grade": False, "missing": True,
}  # fmt: skip

#: How many rows a page may have.
FEWEST, MOST = 25, 100


@dataclass(frozen=True)
class Wanted:
    """A filter on scores; absent leaves that side free.

    `unit` includes the units below it. `below` keeps people whose coverage is under it (0.8 is 80 %; who has no coverage
    at all is under any). `missing` keeps those with a goal that has no data of its own. `text` is looked for in names and
    ids, whatever its case or width. `scored` keeps those with (True) or without (False) a score.
    """

    unit: str | None = None
    role: str | None = None
    grade: str | None = None
    scorecard: str | None = None
    below: float | None = None
    missing: bool = False
    scored: bool | None = None
    text: str | None = None

    def said(self) -> dict[str, Any]:
        """Return what is set, as it is written down."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in found.items()
            if value not in (None, False, "") or (value is False and name == "scored")
        }

    @classmethod
    def from_said(cls, said: dict[str, Any]) -> Self:
        """Return the filter that was written down."""
        return cls(**{field.name: said[field.name] for field in fields(cls) if field.name in said})


@dataclass(frozen=True)
class Page:
    """Which part of a list: the order, and where it begins. `first` is rounded down to a whole page."""

    order: str = "score"
    down: bool | None = None
    number: int = 1
    size: int = 50

    def checked(self) -> "Page":
        """Return the page with everything in its bounds; raises NotFound for an order that there is not."""
        if self.order not in ORDERS:
            raise not_found(msg("order"), self.order, ORDERS)
        down = ORDERS[self.order] if self.down is None else self.down
        return Page(self.order, down, max(1, self.number), min(MOST, max(FEWEST, self.size)))


#: No filter, and the first page in the usual order.
EVERYBODY, FIRST_PAGE = Wanted(), Page()


def folded(text: str) -> str:
    """Return a text without the differences of case and width: `ＡＤＡ` and `Ada` are `ada`."""
    return unicodedata.normalize("NFKC", text).lower()


def kept(rows: pl.DataFrame, wanted: Wanted, tree: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that fit a filter; `tree` has unit and ancestor. Raises InvalidInput for a share that is none."""
    conditions = [
        pl.col(name) == value
        for name, value in (("role", wanted.role), ("grade", wanted.grade), ("scorecard", wanted.scorecard))
        if value is not None
    ]
    if wanted.unit is not None:
        below = tree.filter(pl.col("ancestor") == wanted.unit)["unit"]
        conditions.append(pl.col("unit").is_in(below.implode()))
    if wanted.below is not None:
        if not 0 <= wanted.below <= 1:
            raise InvalidInput(msg("Coverage is a share between 0 and 1, and {value} is not.", value=wanted.below))
        conditions.append(pl.col("coverage").fill_null(0.0) < wanted.below)
    if wanted.missing:
        conditions.append(pl.col("missing") > 0)
    if wanted.scored is not None:
        conditions.append(pl.col("score").is_not_null() == wanted.scored)
    conditions += [pl.col("search").str.contains(word, literal=True) for word in folded(wanted.text or "").split()]
    return rows.filter(conditions) if conditions else rows


def ordered(rows: pl.DataFrame, page: Page) -> pl.DataFrame:
    """Return the rows of one page, absent values last, people of the same value by id."""
    column = {"name": "label", "unit": "unit_label"}.get(page.order, page.order)
    first, down = (page.number - 1) * page.size, bool(page.down)
    listed = rows.select("person", column).with_row_index("at")
    # Only the column that decides is sorted; the wide rows are then picked.
    chosen = listed.sort(column, "person", descending=[down, False], nulls_last=True)["at"].slice(first, page.size)
    return rows[chosen]
