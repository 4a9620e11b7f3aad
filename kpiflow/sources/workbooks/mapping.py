"""How a sheet is read: which column is what, where the period stands, how numbers and days are written; kept for next month.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from enum import StrEnum
from typing import Any

from pydantic import Field

from kpiflow.core.fact import Exact, Fact
from kpiflow.sources.workbooks.periods import DayOf
from kpiflow.sources.workbooks.writing import DayOrder, Notation


class Role(StrEnum):
    """What the cells of a column are."""

    UNIT = "unit"
    PERSON = "person"
    METRIC = "metric"
    DAY = "day"
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    ENTRY = "entry"
    KIND = "kind"  # whether the numbers of the row are measured, planned or worked out
    MEASURE = "measure"  # what the numbers of the row are in: %, 万元, thousands
    TARGET = "target"  # planned, not measured: left out, and offered
    IGNORE = "ignore"


#: The roles whose cells are numbers that become facts.
NUMBER_ROLES: tuple[Role, ...] = (Role.VALUE, Role.NUMERATOR, Role.DENOMINATOR)

#: The roles whose cells are names that are looked up.
NAME_ROLES: tuple[Role, ...] = (Role.METRIC, Role.UNIT, Role.PERSON)


class Source(StrEnum):
    """Where a word that holds for a whole fact stands."""

    COLUMN = "column"  # each row says it
    HEADINGS = "headings"  # each column of numbers says it in its heading
    SECTIONS = "sections"  # a row with nothing else in it says it for the rows below
    TITLE = "title"  # the lines above the table say it
    SHEET = "sheet"  # the name of the sheet says it
    FIXED = "fixed"  # the mapping says it
    MISSING = "missing"  # nothing says it: a person has to


class Layout(StrEnum):
    """The shape of a sheet, for people to recognise; it follows from the columns."""

    LONG = "long"
    PERIODS_ACROSS = "periods_across"
    METRICS_ACROSS = "metrics_across"
    UNITS_ACROSS = "units_across"


class Column(Fact):
    """A column, or several alike that differ in their period alone; found again by its heading, wherever it has moved."""

    heading: str = Field(
        default="", description="The words above it from top to bottom, joined by ' / ', without the period."
    )
    role: Role
    across: bool = Field(default=False, description="Its heading says a period: one column for each month or so.")
    metric: str | None = Field(default=None, description="The metric its heading names, when each column has its own.")
    unit: str | None = Field(default=None, description="The unit its heading names, when each column has its own.")
    person: str | None = Field(default=None, description="The person its heading names, when each column has its own.")
    at: str = Field(default="", description="The letters of the column where it stood; to say what moved.")
    scale: Exact | None = Field(
        default=None, description="What plain numbers in it are multiplied by: 10000 for 万, 0.01 for percent."
    )
    notation: Notation | None = Field(default=None, description="Where it differs from that of the sheet.")
    dates: DayOrder | None = Field(default=None, description="Where it differs from that of the sheet.")


class Mapping(Fact):
    """How one kind of sheet is read; frozen, and the same after a round trip through JSON."""

    sheets: tuple[str, ...] = Field(
        default=(), description="The sheets it was made for; none: every sheet shown that has such columns."
    )
    heading_rows: tuple[int, ...] = Field(
        default=(), description="The rows of the headings when it was made, counted from 1; found again by their words."
    )
    columns: tuple[Column, ...] = ()
    metric_from: Source = Source.MISSING
    unit_from: Source = Source.MISSING
    person_from: Source | None = Field(default=None, description="Nothing: the facts are those of units.")
    period_from: Source = Source.MISSING
    year_from: Source | None = Field(default=None, description="For periods without a year: where the year stands.")
    metric: str | None = Field(default=None, description="For `fixed`: the metric of every number.")
    unit: str | None = Field(default=None, description="For `fixed`: the unit of every number.")
    person: str | None = Field(default=None, description="For `fixed`: the person of every number.")
    period: str | None = Field(default=None, description="For `fixed`: the period, as in 2026-01, 2026-Q1 or a day.")
    year: int | None = Field(default=None, ge=1900, le=2199, description="For `fixed`: the year of the first period.")
    day_of: DayOf = Field(default=DayOf.LAST, description="On which day of its period a number is recorded.")
    notation: Notation = Notation.AUTO
    dates: DayOrder = DayOrder.AUTO
    scale: Exact | None = Field(default=None, description="What plain amounts of money are multiplied by.")
    names: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Confirmed by a person: for `unit`, `person` and `metric`, what is written → whose id it is."
        " An empty id: rows with this name are left out.",
    )
    read_hidden: bool = Field(default=False, description="Whether hidden rows and columns are read as well.")
    each_alone: bool = Field(
        default=False,
        description="Whether numbers under a title such as `YTD` or 累计 are of their own periods all the same.",
    )
    differences: bool = Field(
        default=False,
        description="Whether numbers under such a title add up from the first month of the company's year, and what each month"
        " adds is read.",
    )
    measured_all_the_same: bool = Field(
        default=False, description="Whether numbers under a title such as `Budget` or 目标 are measured."
    )
    kept_rows: tuple[str, ...] = Field(default=(), description="Names that look like totals and are none.")

    @property
    def layout(self) -> Layout:
        """The shape of the sheet."""
        numbers = [column for column in self.columns if column.role in NUMBER_ROLES]
        if any(column.across for column in numbers):
            return Layout.PERIODS_ACROSS
        if any(column.metric for column in numbers):
            return Layout.METRICS_ACROSS
        if any(column.unit or column.person for column in numbers):
            return Layout.UNITS_ACROSS
        return Layout.LONG

    def with_name(self, role: Role | str, written: str, meant: str) -> "Mapping":
        """Return it with one more name confirmed; an empty `meant` leaves the rows with that name out."""
        role = Role(role).value
        return self.changed(names={**self.names, role: {**self.names.get(role, {}), written: meant}})

    def changed(self, **facts: Any) -> "Mapping":
        """Return it with some facts changed and checked."""
        return Mapping.model_validate({**dict(self), **facts})

    def as_json(self) -> str:
        """Return it as JSON without what is as usual; `Mapping.model_validate_json` reads it back."""
        return self.model_dump_json(exclude_defaults=True)
