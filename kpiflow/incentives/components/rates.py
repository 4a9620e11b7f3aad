"""Commission rates by the height of an amount: each slice at its own rate (marginal), or all at the rate reached (flat).

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Reading, names_of
from kpiflow.incentives.curve import Tie
from kpiflow.incentives.exact import Number, chosen, count_of, larger, literal, minus, narrowed, plus, times, whole
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Spread(StrEnum):
    """What a rate applies to."""

    MARGINAL = "marginal"  # the slice of the amount inside its tier
    FLAT = "flat"  # the whole amount, at the rate of the tier reached
    INTERPOLATED = "interpolated"  # the whole amount, at a rate on the line between two tiers


class Earlier(StrEnum):
    """What the rate reached now means for what was credited before (flat and interpolated)."""

    KEEP = "keep"  # earlier amounts keep the rate they had; they only lift the rate of this one
    RECALCULATE = "recalculate"  # everything at the rate reached now, less everything at the rate reached before


class Tier(Fact):
    """A rate and the amount it starts from."""

    above: Exact = Field(ge=0)
    rate: Exact


class Rates(Component):
    """Money: `of` at the rates of its tiers. `before` is what earlier periods have used up of the tiers.

    Marginal: each slice at its own rate. Flat: all of it at the rate of the tier reached. Interpolated: all of it at a rate
    on the line between the tier reached and the next, to ten places; from the last tier on, at its rate.
    """

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
    earlier: Earlier | None = Field(
        default=None,
        description="With before, for flat and interpolated rates: what becomes of what was credited earlier.",
    )

    @model_validator(mode="after")
    def _tiers_go_up(self) -> "Rates":
        edges = [tier.above for tier in self.tiers]
        if edges[0] != 0 or any(one >= other for one, other in pairwise(edges)):
            raise ValueError("the first tier is above 0 and each next one above the last")
        whole_amount = self.before is not None and self.spread is not Spread.MARGINAL
        if whole_amount != (self.earlier is not None):
            raise ValueError(
                "rates on the whole amount with an amount credited earlier (before) say earlier: keep or recalculate; "
                "marginal rates fill slices and need neither"
            )
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
        earlier = sheet.number(self.before) if self.before else None
        both = amount if earlier is None else sheet.held(plus(earlier, amount))
        tier = self._reached(both)
        if self.spread is Spread.MARGINAL:
            paid = self._slices(both)
            return Outcome(paid if earlier is None else minus(paid, self._slices(earlier)), row=tier)
        rate = sheet.held(self._rate(both))
        beside = {"rate": (Kind.RATIO, rate)}
        if earlier is None or self.earlier is Earlier.KEEP:
            return Outcome(times(amount, rate), row=tier, beside=beside)
        before = sheet.held(times(earlier, sheet.held(self._rate(earlier))))
        return Outcome(minus(times(both, rate), before), row=tier, beside=beside)

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """The rate reached, where all is paid at one."""
        return {} if self.spread is Spread.MARGINAL else {"rate": Kind.RATIO}

    def says(self, reading: Reading) -> Message:
        """`6,000.00 at marginal rates, tier 2`."""
        tier, amount = reading.row(self.id), reading.shown(self.of)
        if tier is None:
            return msg("{name} is not known", name=reading.name(self.of))
        if self.spread is not Spread.MARGINAL:
            return self._at_one_rate(reading, tier)
        facts = {"amount": amount, "rate": self.tiers[tier - 1].rate, "tier": tier}
        if self.before:
            return msg("{amount} in slices after {before}, the last at {rate} (tier {tier})",
                       before=reading.shown(self.before), **facts)  # fmt: skip
        return msg("{amount} in slices, the last at {rate} (tier {tier})", **facts)

    def _at_one_rate(self, reading: Reading, tier: int) -> Message:
        """Say the whole amount at one rate, and what came before."""
        rate = reading.shown(f"{self.id}_rate")
        facts = {"amount": reading.shown(self.of), "rate": rate, "tier": tier}
        if self.before is None and self.spread is Spread.FLAT:
            return msg("{amount} × {rate}, the rate of tier {tier}", **facts)
        if self.before is None:
            return msg("{amount} × {rate}, on the line from tier {tier}", **facts)
        facts["before"] = reading.shown(self.before)
        if self.earlier is Earlier.KEEP:
            return msg("{amount} × {rate}, the rate reached after {before} (tier {tier})", **facts)
        return msg("({before} + {amount}) × {rate} (tier {tier}), less {before} at the rate reached before", **facts)

    def _rate(self, amount: Number) -> Number:
        """Return the rate of the tier each amount lies in, or on the line to the next one, to ten places."""
        tier = self._reached(amount)
        kind = Kind.RATIO
        if self.spread is Spread.FLAT:
            rate = literal(self.tiers[0].rate, kind)
            for n, one in enumerate(self.tiers[1:], start=2):
                rate = chosen(tier >= n, literal(one.rate, kind), rate)
            return replace(rate, expr=pl.when(tier.is_not_null()).then(rate.expr))
        last = literal(self.tiers[-1].rate, kind)
        rate = last
        for n, (one, other) in enumerate(pairwise(self.tiers), start=1):
            low, rise = literal(one.above, Kind.MONEY), literal(other.rate - one.rate, kind)
            run = literal(other.above, Kind.MONEY).low - low.low
            top = Number((amount.expr - low.expr).clip(whole(0), whole(run)), 0, run, 1)
            line = narrowed(times(top, rise), kind.scale, count_of(run))
            rate = chosen(tier == n, plus(literal(one.rate, kind), line), rate)
        return replace(rate, expr=pl.when(tier.is_not_null()).then(rate.expr))

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
