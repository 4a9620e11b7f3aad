"""Commission rates by the height of an amount: each slice at its own rate (marginal), or all at the rate reached (flat).

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Reading, names_of
from kpiflow.incentives.curve import Tie
from kpiflow.incentives.exact import Number, larger, literal, minus, narrowed, plus, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Spread(StrEnum):
    """What a rate applies to."""

    MARGINAL = "marginal"  # the slice of the amount inside its tier
    FLAT = "flat"  # the whole amount, at the rate of the tier reached


class Tier(Fact):
    """A rate and the amount it starts from."""

    above: Exact = Field(ge=0)
    rate: Exact


class Rates(Component):
    """Money: `of` at the rates of its tiers. `before` is what earlier periods have used up of the tiers (marginal only)."""

    kind: Literal["rates"]
    of: str = Field(description="The amount of money the rates apply to, such as amount:sales.")
    tiers: tuple[Tier, ...] = Field(min_length=1)
    spread: Spread = Spread.MARGINAL
    tie: Tie = Field(
        default=Tie.UPPER, description="For flat rates: an amount on an edge belongs to the tier above or below."
    )
    before: str | None = Field(
        default=None, description="An amount already credited earlier, which fills the tiers first."
    )

    @model_validator(mode="after")
    def _tiers_go_up(self) -> "Rates":
        edges = [tier.above for tier in self.tiers]
        if edges[0] != 0 or any(one >= other for one, other in pairwise(edges)):
            raise ValueError("the first tier is above 0 and each next one above the last")
        if self.before and self.spread is Spread.FLAT:
            raise ValueError("an amount credited earlier (before) fills slices: use spread: marginal")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.before)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        for name in self.reads():
            if kinds[name] is not Kind.MONEY:
                raise UnitError(
                    msg(
                        "Rates apply to an amount of money, but '{name}' is {kind}.",
                        name=name,
                        kind=CALLED[kinds[name]],
                    )
                )
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Add up the slices, or take the rate reached."""
        amount = sheet.number(self.of)
        tier = self._reached(amount)
        if self.spread is Spread.FLAT:
            total = None
            for n, one in enumerate(self.tiers, start=1):
                part = times(amount, literal(one.rate, Kind.RATIO))
                total = part if total is None else _chosen(tier >= n, part, total)
            assert total is not None
            return Outcome(narrowed(total, Kind.MONEY.scale), row=tier)
        if self.before is None:
            return Outcome(self._slices(amount), row=tier)
        earlier = sheet.number(self.before)
        both = plus(earlier, amount)
        return Outcome(minus(self._slices(both), self._slices(earlier)), row=self._reached(both))

    def says(self, reading: Reading) -> Message:
        """`6,000.00 at marginal rates, tier 2`."""
        tier = reading.row(self.id)
        if tier is None:
            return msg("{name} is not known", name=reading.name(self.of))
        rate = self.tiers[tier - 1].rate if tier else self.tiers[0].rate
        if self.spread is Spread.FLAT:
            return msg(
                "{amount} × {rate}, the rate of tier {tier}", amount=reading.shown(self.of), rate=rate, tier=tier
            )
        return msg(
            "{amount} in slices, the last at {rate} (tier {tier})", amount=reading.shown(self.of), rate=rate, tier=tier
        )

    def _slices(self, amount: Number) -> Number:
        """Return every slice at its own rate: the first rate on all, then the difference on what lies above each edge."""
        total, rate = None, self.tiers[0].rate
        for n, tier in enumerate(self.tiers):
            above = (
                larger(minus(amount, literal(tier.above, Kind.MONEY)), literal(tier.above * 0, Kind.MONEY))
                if n
                else amount
            )
            part = times(above, literal(tier.rate - rate if n else tier.rate, Kind.RATIO))
            rate = tier.rate
            total = part if total is None else plus(total, part)
        assert total is not None
        return narrowed(total, Kind.MONEY.scale)

    def _reached(self, amount: Number) -> pl.Expr:
        """Return the number of the tier each amount lies in, from 1."""
        reached = pl.lit(1, dtype=pl.Int32)
        for tier in self.tiers[1:]:
            edge = literal(tier.above, Kind.MONEY).expr
            reached = reached + ((amount.expr >= edge) if self.tie is Tie.UPPER else (amount.expr > edge)).cast(
                pl.Int32
            )
        return pl.when(amount.expr.is_not_null()).then(reached)


def _chosen(when: pl.Expr, one: Number, other: Number) -> Number:
    """Return one number where a condition holds, else the other."""
    return Number(
        pl.when(when).then(one.expr).otherwise(other.expr),
        min(one.low, other.low),
        max(one.high, other.high),
        one.scale,
    )
