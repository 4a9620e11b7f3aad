"""One ratio for everybody that makes all awards together fit the money there is.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Operand, Reading, must_be, names_of
from kpiflow.incentives.components.pool import same_for_all
from kpiflow.incentives.exact import TEN_PLACES, Number, larger, literal, nothing, rounded, smaller
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class AdjustmentFactor(Component):
    """`budget` ÷ the sum of `of` over all payees, between `lowest` and `highest`. Multiply each award by it.

    Each award is rounded on its own, so the sum may miss the budget by some cents; a pool divides it to the cent. Unknown
    for anybody, it is unknown for all. Negative awards count as 0; where nobody has any, it is `highest`.
    """

    kind: Literal["adjustment_factor"]
    of: str = Field(description="The award of each, before it is adjusted.")
    budget: Operand = Field(description="The money there is for all of them.")
    lowest: Exact = Field(default=Decimal(0), ge=0, description="The least the factor may be.")
    highest: Exact = Field(default=Decimal(1), gt=0, description="1: awards are cut to fit, but never raised.")

    @model_validator(mode="after")
    def _in_order(self) -> "AdjustmentFactor":
        if self.lowest > self.highest:
            raise ValueError("lowest must not be above highest")
        return self

    @property
    def needs_everybody(self) -> bool:
        """It does."""
        return True

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.budget)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio, from money."""
        must_be(Kind.MONEY, kinds, self.of, self.budget)
        return Kind.RATIO

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """The sum of all awards."""
        return {"all": Kind.MONEY}

    def works(self, sheet: Sheet) -> Outcome:
        """Add up, divide once, keep within the bounds; row 1 is between them, 2 at the lowest, 3 at the highest."""
        award, budget = sheet.number(self.of), same_for_all(sheet, self.budget, self.id)
        one = pl.when(award.expr < 0).then(0).otherwise(award.expr).cast(pl.Int128)
        total = pl.when(award.expr.is_null().any()).then(None).otherwise(one.sum())
        most = max(award.high, 0) * max(sheet.height, 1)
        everything = Number(total, 0, most, award.scale)
        lowest, highest = literal(self.lowest, Kind.RATIO), literal(self.highest, Kind.RATIO)
        ratio = rounded(budget, everything, Kind.RATIO.scale, TEN_PLACES)
        kept = larger(smaller(ratio, highest), lowest)
        empty = everything.expr == nothing(1).expr
        value = pl.when(empty).then(highest.expr).when(~empty).then(kept.expr)
        row = (
            pl.when(empty | (ratio.expr >= highest.expr)).then(3).when(ratio.expr <= lowest.expr).then(2)
            .when(ratio.expr.is_not_null()).then(1)
        )  # fmt: skip
        return Outcome(
            Number(value, min(kept.low, highest.low), max(kept.high, highest.high), Kind.RATIO.scale),
            row=row,
            beside={"all": (Kind.MONEY, everything)},
        )

    def says(self, reading: Reading) -> Message:
        """`100,000.00 ÷ 120,000.01`."""
        facts = {"budget": reading.shown(self.budget, Kind.MONEY), "all": reading.shown(f"{self.id}_all")}
        match reading.row(self.id):
            case None:
                return msg("not everybody's award is known")
            case 2:
                return msg("{budget} ÷ {all}, but at least {lowest}", lowest=self.lowest, **facts)
            case 3:
                return msg("{budget} ÷ {all}, but at most {highest}", highest=self.highest, **facts)
        return msg("{budget} ÷ {all}", **facts)
