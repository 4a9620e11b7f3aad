"""An advance on commissions: what is earned is made up to the draw, and the advance is recovered from later earnings.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Keeper, Operand, Reading, must_be, names_of
from kpiflow.incentives.exact import chosen, larger, literal, minus, narrowed, nothing, plus, smaller, times
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Draw(Keeper):
    """`of`, made up to `amount`; what was advanced is owed, and recovered from what later earnings exceed `least` by.

    `<id>_left` is what is still owed. With `recoverable: false` it is a guarantee, and nothing is ever owed.
    """

    kind: Literal["draw"]
    amount: Operand = Field(description="The draw: what is paid at least.")
    recoverable: bool = Field(
        default=True, description="Whether what was paid beyond what was earned is taken from later pay."
    )
    least: Operand | None = Field(
        default=None, description="Recovering leaves at least this much; absent: the draw itself."
    )
    share: Exact = Field(
        default=Decimal(1), gt=0, le=1, description="Which share of what exceeds `least` is recovered."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        if not self.recoverable:
            return names_of(self.changed, self.amount)
        return names_of(self.changed, self.amount, self.least, self.carried)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.changed, self.amount, self.least)
        return Kind.MONEY

    @property
    def keeps(self) -> bool:
        """Only when it is recovered."""
        return self.recoverable

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
        """What is still owed."""
        return super().beside(kinds) if self.recoverable else {}

    def works(self, sheet: Sheet) -> Outcome:
        """Make up or recover; row 1: as earned, 2: made up, 3: some recovered."""
        earned, draw, none = (
            sheet.number(self.changed),
            sheet.number(self.amount, Kind.MONEY),
            nothing(Kind.MONEY.scale),
        )
        short = earned.expr < draw.expr
        if not self.recoverable:
            return Outcome(larger(earned, draw), row=pl.when(short).then(2).when(~short).then(1))
        owed, least = (
            sheet.number(self.carried),
            sheet.number(self.amount if self.least is None else self.least, Kind.MONEY),
        )
        above = sheet.held(larger(minus(earned, least), none))
        room = sheet.held(narrowed(times(above, literal(self.share, Kind.RATIO)), Kind.MONEY.scale))
        back = smaller(owed, room)
        paid = sheet.held(chosen(short, draw, minus(earned, back)))
        left = minus(plus(owed, sheet.cut(paid, None, self.rounding)), earned)
        row = pl.when(short).then(2).when(back.expr > none.expr).then(3).when(back.expr <= none.expr).then(1)
        return Outcome(paid, row=row, beside={"left": (Kind.MONEY, left)})

    def says(self, reading: Reading) -> Message:
        """`3,000.00 earned, made up to 5,000.00; 2,000.00 owed`."""
        facts = {"earned": reading.shown(self.changed), "draw": reading.shown(self.amount, Kind.MONEY)}
        row = reading.row(self.id)
        if row is None:
            return msg("{name} is not known", name=reading.name(self.changed))
        if not self.recoverable:
            if row == 2:
                return msg("{earned} earned, made up to the guaranteed {draw}", **facts)
            return msg("{earned} earned, not less than the guaranteed {draw}", **facts)
        facts |= {"before": reading.shown(self.carried), "left": reading.shown(self.left)}
        match row:
            case 2:
                return msg(
                    "{earned} earned, made up to the draw of {draw}; {before} was owed, {left} is owed now", **facts
                )
            case 3 if self.least is not None or self.share != 1:
                return msg(
                    "{earned} earned, {share} of what exceeds {least} goes to what is owed; {before} was owed, {left} is owed now",
                    share=reading.shown(self.share, Kind.RATIO),
                    least=reading.shown(self.amount if self.least is None else self.least, Kind.MONEY),
                    **facts,
                )
            case 3:
                return msg(
                    "{earned} earned, the draw of {draw} is recovered; {before} was owed, {left} is owed now", **facts
                )
        return msg("{earned} earned, not less than the draw of {draw}; {left} is owed", **facts)
