"""The most a component or the total may be.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from typing import Literal

import polars as pl

from kpiflow.incentives.components.component import Reading
from kpiflow.incentives.components.limit import Limit
from kpiflow.incentives.exact import exceeds, smaller
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Cap(Limit):
    """The lesser of `of` and `at` (times `base`, when there is one)."""

    kind: Literal["cap"]

    def works(self, sheet: Sheet) -> Outcome:
        """Take the lesser."""
        value, limit = sheet.short(self.changed), self.limit(sheet)
        beyond = exceeds(value, limit)
        row = pl.when(~beyond).then(1).when(beyond).then(2)
        return Outcome(smaller(value, limit), row=row)

    def says(self, reading: Reading) -> Message:
        """`at most 24,000.00: not reached`."""
        limit = self.limit_said(reading)
        if reading.row(self.id) == 2:
            return msg("{value} is more than {limit}: capped", value=reading.shown(self.changed), limit=limit)
        return msg("{value} is within {limit}", value=reading.shown(self.changed), limit=limit)
