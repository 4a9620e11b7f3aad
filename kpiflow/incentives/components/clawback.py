"""What restated results show was paid too much, taken back from what is paid now, and the rest later.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.incentives.components.component import Keeper, Operand, Reading, must_be, names_of
from kpiflow.incentives.exact import larger, minus, nothing, plus, smaller
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Clawback(Keeper):
    """`of` less what `paid_before` exceeds `recomputed`, and less what an earlier run still asked back; never below 0.

    Fault does not matter. What cannot be taken now stays owed: `<id>_left`. Where the recomputed amount is higher, nothing
    happens: an `adjustment` pays such differences.
    """

    kind: Literal["clawback"]
    paid_before: Operand = Field(description="What was paid for the periods that were restated.")
    recomputed: Operand = Field(description="What they come to on the restated results.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.paid_before, self.recomputed, self.carried)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.changed, self.paid_before, self.recomputed)
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Take what is owed as far as there is something; row 1: nothing owed, 2: all taken, 3: some stays owed."""
        value, none = sheet.number(self.changed), nothing(Kind.MONEY.scale)
        paid, now = sheet.number(self.paid_before, Kind.MONEY), sheet.number(self.recomputed, Kind.MONEY)
        owed = plus(larger(minus(paid, now), none), sheet.number(self.carried))
        taken = smaller(owed, larger(value, none))
        rest = minus(value, taken)
        left = minus(plus(owed, sheet.cut(rest, None, self.rounding)), value)
        row = (
            pl.when(owed.expr == none.expr).then(1).when(owed.expr > taken.expr).then(3)
            .when(owed.expr == taken.expr).then(2)
        )  # fmt: skip
        return Outcome(rest, row=row, beside={"left": (Kind.MONEY, left)})

    def says(self, reading: Reading) -> Message:
        """`5,000.00 was paid, 4,200.00 is right; 0.00 was still owed`."""
        facts = {
            "paid": reading.shown(self.paid_before, Kind.MONEY),
            "now": reading.shown(self.recomputed, Kind.MONEY),
            "before": reading.shown(self.carried),
            "left": reading.shown(self.left),
        }
        match reading.row(self.id):
            case None:
                return msg("what was paid or should have been is not known")
            case 1:
                return msg("{paid} was paid, {now} is right: nothing is taken back", **facts)
            case 3:
                return msg(
                    "{paid} was paid, {now} is right, {before} was owed from before: taken as far as there is, {left} stays "
                    "owed",
                    **facts,
                )
        return msg("{paid} was paid, {now} is right, {before} was owed from before", **facts)
