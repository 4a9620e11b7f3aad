"""A cap whose excess is not lost: it is withheld, and paid as soon as there is room under the cap.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from kpiflow.incentives.components.component import Keeper, Reading, names_of
from kpiflow.incentives.components.limit import Limit
from kpiflow.incentives.exact import exceeds, minus, plus, smaller
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class RefundableCap(Limit, Keeper):
    """The lesser of `at` (times `base`) and `of` with what was withheld before; the rest is withheld: `<id>_left`.

    What is paid and what is withheld add up to `of` and what was withheld before.
    """

    kind: Literal["refundable_cap"]

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return (*super().reads(), *names_of(self.carried))

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        return same_kind([super().gives(kinds), Kind.MONEY])

    def works(self, sheet: Sheet) -> Outcome:
        """Take the lesser; row 1: all of it, 2: some withheld."""
        limit = self.limit(sheet)
        everything = plus(sheet.number(self.changed), sheet.number(self.carried))
        paid = smaller(everything, limit)
        left = minus(everything, sheet.cut(paid, None, self.rounding))
        beyond = exceeds(everything, limit)
        row = pl.when(~beyond).then(1).when(beyond).then(2)
        return Outcome(paid, row=row, beside={"left": (Kind.MONEY, left)})

    def says(self, reading: Reading) -> Message:
        """`30,000.00 + 2,000.00 withheld before is more than 24,000.00: 8,000.00 is withheld`."""
        facts = {
            "value": reading.shown(self.changed),
            "before": reading.shown(self.carried),
            "limit": self.limit_said(reading),
            "left": reading.shown(self.left),
        }
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.changed))
            case 2:
                return msg("{value} + {before} withheld before is more than {limit}: {left} is withheld until there is room",
                           **facts)  # fmt: skip
        return msg("{value} + {before} withheld before is within {limit}", **facts)
