"""A bonus bank: a share of a declared bonus is kept, losses are charged to it, and a part of what is in it is paid each time.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Keeper, Operand, Reading, must_be, names_of
from kpiflow.incentives.components.limit import edge_kinds, edge_of, edge_said
from kpiflow.incentives.exact import Number, count_of, larger, literal, minus, narrowed, nothing, plus, smaller, times
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class BonusBank(Keeper):
    """Of the part of `of` above a point, `share` goes to the bank; one part in `parts` of a positive balance is paid now.

    A negative bonus is charged to the bank whole, and nothing is paid; a negative balance is repaid first by what goes in.
    Of what the bank held before, the share `forfeits` falls away first, a malus: a number, or a step such as a table over
    restated results; a debt stays whole. What is paid, left and forfeited adds up to the bonus and the balance before.
    """

    kind: Literal["bonus_bank"]
    above: Operand = Field(default=Decimal(0), description="The point; with base, so many times it.")
    base: str | None = Field(default=None, description="What the point is a multiple of, such as the target bonus.")
    share: Exact = Field(default=Decimal(1), ge=0, le=1, description="Which share of what lies above goes to the bank.")
    only_repays: bool = Field(default=False, description="It goes in only as far as it repays a negative balance.")
    forfeits: Operand | None = Field(
        default=None, description="Which share of the balance from before falls away, from 0 to 1; absent: none of it."
    )
    parts: int = Field(
        default=3, ge=1, le=100, description="One part in so many of a positive balance is paid each time."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.above, self.base, self.forfeits, self.carried)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.changed)
        must_be(Kind.RATIO, kinds, self.forfeits)
        return same_kind([Kind.MONEY, *edge_kinds(kinds, self.above, self.base)])

    def works(self, sheet: Sheet) -> Outcome:
        """Put in, repay, pay out; row 1 pays from the bank, in row 2 there is nothing in it."""
        bonus, before, none = sheet.number(self.changed), self._before(sheet), nothing(Kind.MONEY.scale)
        edge = larger(edge_of(sheet, self.above, self.base, Kind.MONEY), none)
        beyond = sheet.held(larger(minus(bonus, edge), none))
        put = sheet.held(narrowed(times(beyond, literal(self.share, Kind.RATIO)), Kind.MONEY.scale))
        if self.only_repays:
            put = smaller(put, larger(minus(none, before), none))
        bank = sheet.held(plus(plus(before, put), smaller(bonus, none)))
        direct = minus(larger(bonus, none), put)
        parts = count_of(self.parts)
        paid, over = sheet.held(plus(times(direct, parts), larger(bank, none))), parts
        emitted = sheet.cut(paid, over, self.rounding)
        left = minus(plus(bonus, before), emitted)
        row = pl.when(bank.expr > none.expr).then(1).when(bank.expr <= none.expr).then(2)
        return Outcome(paid, over, row=row, beside={"left": (Kind.MONEY, left)})

    def _before(self, sheet: Sheet) -> Number:
        """Return what the bank held before, less what of it falls away."""
        held = sheet.number(self.carried)
        if self.forfeits is None:
            return held
        none, all_of_it = literal(Decimal(0), Kind.RATIO), literal(Decimal(1), Kind.RATIO)
        share = smaller(larger(sheet.number(self.forfeits), none), all_of_it)
        gone = times(larger(held, nothing(Kind.MONEY.scale)), share)
        return sheet.held(narrowed(minus(held, gone), Kind.MONEY.scale))

    def says(self, reading: Reading) -> Message:
        """`50 % of what is above 24,000.00 goes to the bank (before: 3,000.00); one part in 3 of it is paid`."""
        facts = {
            "put": self._said_put(reading),
            "before": self._said_before(reading),
            "left": reading.shown(self.left),
        }
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.changed))
            case 1:
                return msg(
                    "{put}; it held {before}, one part in {parts} of it is paid, {left} stays",
                    parts=self.parts,
                    **facts,
                )
        return msg("{put}; it held {before}, nothing is paid from it, it now holds {left}", **facts)

    def _said_put(self, reading: Reading) -> Message:
        """Say what goes to the bank: a share of what lies above a point, or a loss whole."""
        facts = {
            "bonus": reading.shown(self.changed),
            "share": reading.shown(self.share, Kind.RATIO),
            "edge": edge_said(reading, self.above, self.base, Kind.MONEY),
        }
        bonus = reading.raw(self.changed)
        if isinstance(bonus, Decimal) and bonus < 0:
            return msg("{bonus} is charged to the bank whole", bonus=facts["bonus"])
        if self.only_repays:
            return msg(
                "{bonus}, of which {share} of what lies above {edge} goes to the bank as far as it is in debt", **facts
            )
        return msg("{bonus}, of which {share} of what lies above {edge} goes to the bank", **facts)

    def _said_before(self, reading: Reading) -> object:
        """`6,000.00, of which 30 % is forfeited`, or the bare balance."""
        held = reading.shown(self.carried)
        if self.forfeits is None:
            return held
        return msg("{held}, of which {share} is forfeited", held=held, share=reading.shown(self.forfeits, Kind.RATIO))
