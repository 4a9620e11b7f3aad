"""The least a component or the total may be.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from typing import Literal

import polars as pl

from kpiflow.incentives.components.component import Reading
from kpiflow.incentives.components.limit import Limit
from kpiflow.incentives.exact import exceeds, larger
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Floor(Limit):
    """The greater of `of` and `at` (times `base`, when there is one)."""

    kind: Literal["floor"]

    def works(self, sheet: Sheet) -> Outcome:
        """Take the greater."""
        value, limit = sheet.short(self.changed), self.limit(sheet)
        beyond = exceeds(limit, value)
        row = pl.when(~beyond).then(1).when(beyond).then(2)
        return Outcome(larger(value, limit), row=row)

    def says(self, reading: Reading) -> Message:
        """`not less than 1,000.00`."""
        limit = self.limit_said(reading)
        if reading.row(self.id) == 2:
            return msg("{value} is less than {limit}: raised", value=reading.shown(self.changed), limit=limit)
        return msg("{value} is not less than {limit}", value=reading.shown(self.changed), limit=limit)
