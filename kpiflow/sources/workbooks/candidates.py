"""What may become a fact, and what cannot be one with its reason.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple

from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.mapping import Role
from kpiflow.sources.workbooks.periods import Written
from kpiflow.sources.workbooks.placing import Placed


class Candidate(NamedTuple):
    """What may become a fact; numbers as exact texts, `row` and `column` of the cell it comes from."""

    metric: str | None
    unit: str | None
    person: str | None
    day: datetime.date | None
    entry: str | None
    value: str | None
    numerator: str | None
    denominator: str | None
    row: int
    column: int


@dataclass(frozen=True)
class Refusal:
    """A cell or row that cannot be a fact: where, why, and its words as they are written."""

    row: int
    column: int
    wrong: Wrong
    words: dict[str, str]


@dataclass
class Group:
    """The columns that make one fact of a row together: those of one metric, unit, person and period.

    `part` is a period whose year each row says for itself.
    """

    named: dict[str, str | None]
    day: datetime.date | None
    first: Placed
    columns: dict[Role, Placed] = field(default_factory=dict)
    part: Written | None = None
