"""Commission rates by the height of an amount: each slice at its own rate (marginal), or all at the rate reached (flat).

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Reading, named, names_of
from kpiflow.incentives.curve import Tie
from kpiflow.incentives.exact import (
    Number,
    chosen,
    count_of,
    full,
    guarded,
    larger,
    literal,
    minus,
    narrowed,
    nothing,
    plus,
    times,
    whole,
)
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg

#: What a rate may be for besides money: then it is money apiece.
APIECE = (Kind.COUNT, Kind.NUMBER, Kind.DAYS, Kind.POINTS)


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

    above: Exact = Field(ge=0, description="Where the tier begins; with base, so many times it.")
    rate: Exact = Field(description="Which share of the amount, or how much apiece.")


class Rates(Component):
    """Money: `of` at the rates of its tiers. `before` is what earlier periods have used up of the tiers.

    Of an amount of money, a rate is a share; of a count (or a number, days, points) it is so much apiece. With `base`, each
    tier begins at so many times it (50% of a quota), for each person their own; a base below 0 counts as 0.
    Marginal: each slice at its own rate. Flat: all of it at the rate of the tier reached. Interpolated: all of it at a rate
    on the line between the tier reached and the next, to ten places; from the last tier on, at its rate.
    """

    kind: Literal["rates"]
    of: str = Field(description="What the rates apply to: an amount of money such as amount:sales, or a count.")
    tiers: tuple[Tier, ...] = Field(min_length=1)
    base: str | None = Field(
        default=None,
        description="What `above` is a multiple of, such as the quota; absent: it is an amount or a count.",
    )
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
        if self.base is not None and (self.spread is Spread.INTERPOLATED or len(edges) == 1):
            raise ValueError(
                "base is for two tiers or more, marginal or flat; for a rate on a line divide by it (quotient) and use a factor"
            )
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.before, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money or from so many pieces."""
        for name in self.reads():
            if kinds[name] not in (Kind.MONEY, *APIECE):
                raise UnitError(
                    msg(
                        "Rates apply to an amount of money or to a count, but '{name}' is {kind}.",
                        name=name,
                        kind=CALLED[kinds[name]],
                    )
                )
        same_kind(kinds[name] for name in self.reads())
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Add up the slices, or take the rate reached."""
        amount = sheet.number(self.of)
        earlier = sheet.number(self.before) if self.before else None
        both = amount if earlier is None else sheet.held(plus(earlier, amount))
        edges = self._edges(sheet)
        tier = self._reached(both, edges)
        if self.spread is Spread.MARGINAL:
            paid = self._slices(both, edges)
            return Outcome(paid if earlier is None else minus(paid, self._slices(earlier, edges)), row=tier)
        rate = sheet.held(self._rate(both, edges))
        beside = {"rate": (Kind.RATIO, rate)}
        if earlier is None or self.earlier is Earlier.KEEP:
            return Outcome(times(amount, rate), row=tier, beside=beside)
        before = sheet.held(times(earlier, sheet.held(self._rate(earlier, edges))))
        return Outcome(minus(times(both, rate), before), row=tier, beside=beside)

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """The rate reached, where all is paid at one."""
        return {} if self.spread is Spread.MARGINAL else {"rate": Kind.RATIO}

    def says(self, reading: Reading) -> Message:
        """`1,000.00 × 1 % + 500.00 × 2 % (tier 2)`."""
        tier = reading.row(self.id)
        if tier is None:
            lacking = next((name for name in self.reads() if reading.raw(name) is None), self.of)
            return msg("{name} is not known", name=reading.name(lacking))
        if self.spread is not Spread.MARGINAL:
            return self._at_one_rate(reading, tier)
        facts = {"slices": self._slices_said(reading), "tier": self._tier_said(reading, tier)}
        if self.before:
            return msg("{slices}, after {before} ({tier})", before=named(reading, self.before), **facts)
        return msg("{slices} ({tier})", **facts)

    def _tier_said(self, reading: Reading, tier: int) -> Message:
        """Say a tier with where it begins."""
        begins = self.tiers[tier - 1].above
        if tier == 1:
            return msg("tier {tier}", tier=tier)
        edge = reading.shown(begins, reading.kind(self.of))
        if self.base is not None:
            edge = msg("{share} × {base}", share=reading.shown(begins, Kind.RATIO), base=named(reading, self.base))
        if self.tie is Tie.LOWER:
            return msg("tier {tier}, above {edge}", tier=tier, edge=edge)
        return msg("tier {tier}, from {edge}", tier=tier, edge=edge)

    def _slices_said(self, reading: Reading) -> Message:
        """Return each slice of the amount times its rate, those that hold nothing left out."""
        amount, before = (Decimal(reading.raw(name) or 0) if name else Decimal(0) for name in (self.of, self.before))
        base = Decimal(1) if self.base is None else max(Decimal(reading.raw(self.base) or 0), Decimal(0))
        edges = [tier.above * base for tier in self.tiers[1:]]
        kind, said = reading.kind(self.of), None
        for tier, low, high in zip(self.tiers, [None, *edges], [*edges, None], strict=True):
            ends = [one if low is None else max(one, low) for one in (before, before + amount)]
            start, end = ends if high is None else (min(one, high) for one in ends)
            if start == end:
                continue
            value, rate = reading.shown(end - start, kind), self._rate_shown(reading, tier.rate)
            one = msg("{value} × {rate}", value=value, rate=rate)
            said = one if said is None else msg("{sum} + {value}", sum=said, value=one)
        nothing = {"value": reading.shown(amount, kind), "rate": self._rate_shown(reading, self.tiers[0].rate)}
        return said or msg("{value} × {rate}", **nothing)

    def _rate_shown(self, reading: Reading, rate: Decimal) -> object:
        """Return a rate in percent, or as so much money apiece; with all its digits where it has more than cents."""
        if reading.kind(self.of) is Kind.MONEY:
            return reading.shown(rate, Kind.RATIO)
        return reading.shown(rate, Kind.MONEY if rate == round(rate, 2) else Kind.NUMBER)

    def _at_one_rate(self, reading: Reading, tier: int) -> Message:
        """Say the whole amount at one rate, and what came before."""
        rate = self._rate_shown(reading, Decimal(reading.raw(f"{self.id}_rate") or 0))
        place = self._tier_said(reading, tier)
        if self.spread is Spread.INTERPOLATED and tier < len(self.tiers):
            place = self._line_said(reading, tier)
        facts = {"amount": reading.shown(self.of), "rate": rate, "tier": place}
        if self.before is None:
            return msg("{amount} × {rate} ({tier})", **facts)
        facts["before"] = reading.shown(self.before)
        if self.earlier is Earlier.KEEP:
            return msg("{amount} × {rate}, the rate reached after {before} ({tier})", **facts)
        return msg("({before} + {amount}) × {rate} ({tier}), less {before} at the rate reached before", **facts)

    def _line_said(self, reading: Reading, tier: int) -> Message:
        """Say the line between a tier and the next that a rate lies on."""
        (x0, y0), (x1, y1) = (
            (reading.shown(one.above, reading.kind(self.of)), self._rate_shown(reading, one.rate))
            for one in self.tiers[tier - 1 : tier + 1]
        )
        return msg("on the line from {x0} → {y0} to {x1} → {y1}", x0=x0, y0=y0, x1=x1, y1=y1)

    def _edges(self, sheet: Sheet) -> list[Number]:
        """Return where each tier begins: a number of the plan, or so many times the base."""
        kind = sheet.kinds[self.of]
        if self.base is None:
            return [literal(tier.above, kind) for tier in self.tiers]
        base = larger(sheet.short(self.base), nothing(1))
        edges = (guarded(times(base, literal(tier.above, Kind.RATIO)), kind.scale) for tier in self.tiers)
        return [sheet.held(full(edge, kind.scale)) for edge in edges]

    def _rate(self, amount: Number, edges: list[Number]) -> Number:
        """Return the rate of the tier each amount lies in, or on the line to the next one, to ten places."""
        tier = self._reached(amount, edges)
        kind = Kind.RATIO
        if self.spread is Spread.FLAT:
            rate = literal(self.tiers[0].rate, kind)
            for n, one in enumerate(self.tiers[1:], start=2):
                rate = chosen(tier >= n, literal(one.rate, kind), rate)
            return replace(rate, expr=pl.when(tier.is_not_null()).then(rate.expr))
        last = literal(self.tiers[-1].rate, kind)
        rate = last
        for n, (one, other) in enumerate(pairwise(self.tiers), start=1):
            low, rise = edges[n - 1], literal(other.rate - one.rate, kind)
            run = edges[n].low - low.low
            top = Number((amount.expr - low.expr).clip(whole(0), whole(run)), 0, run, 1)
            line = narrowed(times(top, rise), kind.scale, count_of(run))
            rate = chosen(tier == n, plus(literal(one.rate, kind), line), rate)
        return replace(rate, expr=pl.when(tier.is_not_null()).then(rate.expr))

    def _slices(self, amount: Number, edges: list[Number]) -> Number:
        """Return every slice at its own rate: the first rate on all, then the difference on what lies above each edge."""
        total, rate = None, self.tiers[0].rate
        for n, tier in enumerate(self.tiers):
            above = larger(minus(amount, edges[n]), nothing(amount.scale)) if n else amount
            part = times(above, literal(tier.rate - rate if n else tier.rate, Kind.RATIO))
            rate = tier.rate
            total = part if total is None else plus(total, part)
        assert total is not None
        return narrowed(total, Kind.MONEY.scale)

    def _reached(self, amount: Number, edges: list[Number]) -> pl.Expr:
        """Return the number of the tier each amount lies in, from 1."""
        reached = pl.lit(1, dtype=pl.Int32)
        for edge in edges[1:]:
            beyond = amount.expr >= edge.expr if self.tie is Tie.UPPER else amount.expr > edge.expr
            reached = reached + beyond.cast(pl.Int32)
        return pl.when(amount.expr.is_not_null()).then(reached)
