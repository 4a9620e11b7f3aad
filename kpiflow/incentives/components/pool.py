"""A pool shared out to the last cent: by what each has calculated, by points, or by any other weight.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.errors import InvalidInput
from kpiflow.incentives.components.component import Component, Operand, Reading, must_be, names_of
from kpiflow.incentives.exact import Number, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Share(StrEnum):
    """How much of the pool is shared out."""

    ALL = "all"  # all of it, whatever the weights come to
    AT_MOST = "at_most"  # what was calculated, and in proportion less where that is more than the pool


class Unknown(StrEnum):
    """What happens where somebody's weight is not known."""

    WAITS = "waits"  # nobody is paid from the pool until everybody's is
    LEFT_OUT = "left_out"  # the others share it, and that person gets nothing of it


class Pool(Component):
    """`amount` shared in proportion to `of` among all payees; what they get adds up to it exactly.

    Each gets whole cents (or whatever the line is rounded to), cut off; the cents that remain go one by one to the largest
    parts cut off, then to the larger weight, then to the first person by id. Weights below 0 count as 0; where nobody has
    any, nothing is paid. With `per`, each group (such as each unit) has a pool of its own.
    """

    kind: Literal["pool"]
    amount: Operand = Field(description="What is shared out: the same for everybody (in a group), such as a funding.")
    of: str = Field(description="The weight of each: an amount calculated before, points, or any number.")
    share: Share = Share.ALL
    unknown: Unknown = Unknown.WAITS
    per: str | None = Field(
        default=None, description="A text that makes groups, such as unit; absent: one pool for all."
    )

    @property
    def needs_everybody(self) -> bool:
        """It does."""
        return True

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.amount, self.of, self.per)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money; weights are numbers, and money where no more than they are is paid."""
        must_be(Kind.MONEY, kinds, self.amount)
        must_be(Kind.TEXT, kinds, self.per)
        if self.share is Share.AT_MOST:
            must_be(Kind.MONEY, kinds, self.of)
        if not kinds[self.of].numeric:
            raise UnitError(
                msg("A pool is shared by a number, but '{name}' is {kind}.", name=self.of, kind=CALLED[kinds[self.of]])
            )
        return Kind.MONEY

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
        """The sum of all weights."""
        return {"all": kinds[self.of]}

    def works(self, sheet: Sheet) -> Outcome:
        """Share out in whole steps of the line's rounding; row 1: shared, 2: calculated amounts in full, 3: no weights."""
        kind, pool = sheet.kinds[self.of], same_for_all(sheet, self.amount, self.id, self.per)
        places = sheet.to(Kind.MONEY, self.rounding).places
        step = Kind.MONEY.scale * 10 ** max(-places, 0) // 10 ** max(places, 0)
        mine = sheet.number(self.of).expr
        rows = sheet.columns.select(
            weight=pl.when(mine < 0).then(0).otherwise(mine).cast(pl.Int128),
            pool=pl.when(pool.expr > 0).then(pool.expr).when(pool.expr <= 0).then(0).cast(pl.Int128),
            group=pl.col(self.per) if self.per else pl.lit("all"),
        )
        person = sheet.people if sheet.people is not None else pl.int_range(rows.height, eager=True)
        rows = rows.with_columns(person.alias("person"))
        unit = _common_unit(rows["weight"])
        per = "group" if self.per else None
        rows = rows.with_columns(
            steps=self._to_share(per) // whole(step), weight=pl.col("weight") // whole(unit), all=_sum("weight", per)
        ).with_columns(total=_sum("weight", per))
        Number(pl.lit(0), 0, _most(rows["steps"]) * _most(rows["weight"]), 1)  # refuses what would not fit
        made = _shared(rows, per, waits=self.unknown is Unknown.WAITS)
        names = {name: f"shared:{self.id}:{name}" for name in ("part", "all", "pool", "total")}
        sheet.put(made.select(pl.col(name).alias(kept) for name, kept in names.items()))
        part, total = pl.col(names["part"]), pl.col(names["total"])
        enough = pl.lit(self.share is Share.AT_MOST) & (pl.col(names["all"]) <= pl.col(names["pool"]))
        row = pl.when(part.is_not_null()).then(pl.when(total == 0).then(3).when(enough).then(2).otherwise(1))
        everything = Number(pl.col(names["all"]), 0, _most(made["all"]), kind.scale)
        value = Number(part * whole(step), 0, _most(made["part"]) * step, Kind.MONEY.scale)
        return Outcome(value, row=row, beside={"all": (kind, everything)})

    def says(self, reading: Reading) -> Message:
        """`100,000.00 × 50,000.00 ÷ 120,000.01`."""
        facts = {
            "pool": reading.shown(self.amount, Kind.MONEY),
            "mine": reading.shown(self.of),
            "all": reading.shown(f"{self.id}_all"),
        }
        match reading.row(self.id):
            case None:
                if reading.raw(self.of) is None:
                    return msg("{name} is not known", name=reading.name(self.of))
                return msg("the pool waits: {name} is not known of everybody", name=reading.name(self.of))
            case 2:
                return msg("{mine} in full: all together are {all}, and the pool is {pool}", **facts)
            case 3:
                return msg("nobody has a share in the pool of {pool}", **facts)
        return msg("{pool} × {mine} ÷ {all}", **facts)

    def _to_share(self, per: str | None) -> pl.Expr:
        """Return what is shared out: the pool, or no more than was calculated."""
        if self.share is Share.ALL:
            return pl.col("pool")
        return pl.when(pl.col("pool").is_not_null()).then(pl.min_horizontal(pl.col("pool"), _sum("weight", per)))


def same_for_all(sheet: Sheet, operand: Decimal | str, name: str, per: str | None = None) -> Number:
    """Return an amount that must be the same for everybody, or everybody in a group; raises InvalidInput when it is not."""
    number = sheet.number(operand, Kind.MONEY)
    if isinstance(operand, str):
        values = sheet.columns.lazy().select(value=pl.col(operand), group=pl.col(per) if per else pl.lit("all"))
        apart = values.group_by("group").agg(pl.col("value").drop_nulls().n_unique()).filter(pl.col("value") > 1)
        if not apart.collect().is_empty():
            raise InvalidInput(
                msg(
                    "'{name}' is shared by all, but '{operand}' is not the same for everybody.",
                    name=name,
                    operand=operand,
                )
            )
    return number


def _most(values: pl.Series) -> int:
    """Return the largest of some integers; 0 when there are none."""
    return int(str(values.max() or 0))


def _sum(name: str, per: str | None) -> pl.Expr:
    """Return the sum of a column over the pool a row is in."""
    return pl.col(name).sum().over(per) if per else pl.col(name).sum()


def _common_unit(weights: pl.Series) -> int:
    """Return the largest power of ten that divides all weights, so that products stay small."""
    some, everything = (part.alias("weight").to_frame() for part in (weights.head(1000), weights))
    for power in range(14, 0, -1):
        divides = (pl.col("weight") % whole(10**power) == whole(0)).all()
        if some.select(divides).item() and everything.select(divides).item():
            return int(10**power)
    return 1


def _shared(rows: pl.DataFrame, per: str | None, *, waits: bool) -> pl.DataFrame:
    """Return the rows with `part`, in whole steps: cut off, then one more for the largest parts cut off."""
    some = pl.col("total") > whole(0)
    product = pl.col("steps") * pl.col("weight")
    cut = rows.with_columns(
        part=pl.when(some).then(product // pl.col("total")).when(product.is_not_null()).then(0).cast(pl.Int128),
        rest=pl.when(some).then(product % pl.col("total")).when(product.is_not_null()).then(0).cast(pl.Int128),
    ).with_columns(more=pl.when(some).then(pl.col("steps") - _sum("part", per)).otherwise(0).cast(pl.Int128))
    order = ["rest", "weight", "person"]
    placed = cut.with_row_index("nr").sort(*order, descending=[True, True, False], nulls_last=True)
    position = pl.int_range(pl.len(), dtype=pl.Int64)
    placed = placed.with_columns(place=position.over(per) if per else position).sort("nr")
    one_more = (placed["place"] < placed["more"]) & placed["part"].is_not_null() & (placed["total"] > 0)
    parts = placed.with_columns(part=pl.col("part") + pl.lit(one_more).cast(pl.Int128))
    if waits:
        unknown = pl.col("weight").is_null().any()
        parts = parts.with_columns(part=pl.when(~(unknown.over(per) if per else unknown)).then(pl.col("part")))
    return parts
