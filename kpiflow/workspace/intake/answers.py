"""What is said of a workbook on its way in: what was understood of its sheets, what would be loaded, and what was."""

import datetime
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpiflow.errors import Problem
from kpiflow.language import Message
from kpiflow.sources.workbooks import Column, LeftOut, Mapping, Planned, Question, Remark, Sheet
from kpiflow.storage.loads import LoadReport

__all__ = [
    "Column", "LeftOut", "Looked", "Mapping", "Planned", "Preview", "Question", "Remark", "SavedMapping", "Sheet", "SheetLook",
    "Tables", "Taken", "Ways",
]  # fmt: skip


@dataclass(frozen=True)
class Ways:
    """How the sheets of a workbook are read: a mapping by the name of its sheet. Sheets that are not in it are not read."""

    sheets: Words[str, Mapping] = field(default_factory=dict)

    def with_sheet(self, name: str, mapping: Mapping | None) -> "Ways":
        """Return it with a sheet read so, or not read."""
        left = {one: way for one, way in self.sheets.items() if one != name}
        return Ways(left if mapping is None else {**left, name: mapping})


@dataclass(frozen=True)
class SheetLook:
    """What was understood of one sheet. `mapping` is None when there is no table in it; then `remarks` says why.

    `questions` wait for a person; `guesses` say what was found out and why. `by` is the saved mapping that fits, or
    the template the sheet is made by; None: it was found anew.
    """

    sheet: Sheet
    mapping: Mapping | None
    questions: tuple[Question, ...] = ()
    guesses: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    by: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as they are understood."""
        return self.mapping.columns if self.mapping else ()


@dataclass(frozen=True)
class Looked:
    """What was understood of a workbook: each sheet that is shown, what to know of the file, and its fingerprint."""

    name: str
    sheets: tuple[SheetLook, ...]
    remarks: tuple[Remark, ...]
    fingerprint: str

    def sheet(self, name: str) -> SheetLook:
        """Return what was understood of a sheet by its name."""
        return next(one for one in self.sheets if one.sheet.name == name)

    @property
    def ways(self) -> Ways:
        """How its sheets would be read without another word."""
        return Ways({one.sheet.name: one.mapping for one in self.sheets if one.mapping is not None})


@dataclass(frozen=True, eq=False)
class Preview:
    """What loading would do; nothing is written.

    `facts` has metric, unit, person, day, entry, value, numerator, denominator, row, cell, sheet, state (new, unchanged,
    superseded), before and before_base. `rejected` has sheet, cell, row, rule, message, and the words as they are written.
    """

    name: str
    facts: pl.DataFrame
    rejected: pl.DataFrame
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[tuple[str, Question], ...] = ()
    remarks: tuple[Remark, ...] = ()
    targets: tuple[Planned, ...] = ()
    ways: Ways = field(default_factory=Ways)

    @property
    def read(self) -> int:
        """How many facts and rows set aside there are."""
        return self.facts.height + self.rejected.height

    def count(self, state: str) -> int:
        """Return how many facts are of a state: new, unchanged or superseded."""
        return self.facts.filter(pl.col("state") == state).height

    @property
    def waiting(self) -> tuple[tuple[str, Question], ...]:
        """The questions that have to be answered before their rows count."""
        return tuple((sheet, one) for sheet, one in self.questions if one.needed)


@dataclass(frozen=True, eq=False)
class Taken:
    """What a load did: its counts, the rows set aside and the file they went to, and the name its mapping was saved under."""

    name: str
    report: LoadReport
    rejected: pl.DataFrame
    saved: str | None = None
    aside: Path | None = None


@dataclass(frozen=True)
class SavedMapping:
    """The newest version of a mapping that was saved: how the sheets are read, who said so and for which file."""

    name: str
    version: int
    who: str
    at: datetime.datetime
    file: str
    mappings: tuple[Mapping, ...]
    headings: tuple[str, ...] = ()
    loads: int = 0
    number: int = 0


@dataclass(frozen=True)
class Tables:
    """What a workbook of goals and organisation would change: sentences, the problems on the way; `planned` makes it."""

    name: str
    said: tuple[Message, ...]
    problems: tuple[Problem, ...]
    eased: int
    planned: object | None
    complete: bool = False
    touched: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to make."""
        return self.planned is not None and bool(self.said)
