"""An incentive plan: who it is for, its components in the order they are worked out, and worked examples.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
import hashlib
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.company import RoundTo
from kpiflow.core.fact import Exact, Fact, Named
from kpiflow.incentives.components import AnyComponent
from kpiflow.incentives.components.component import Operand
from kpiflow.incentives.kinds import Kind


class Who(Fact):
    """Who a plan pays: people who fit every list that is not empty."""

    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = Field(default=(), description="These units and everything below them.")
    grades: tuple[str, ...] = ()


def _day(value: object) -> object:
    """Take a day written as a text as the day it is, and everything else as an operand."""
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


#: A value of an example: a number, a word or a day; null stands for "not known".
Given = Annotated[
    datetime.date | Operand | None,
    BeforeValidator(_day),
    PlainSerializer(lambda value: value.isoformat() if isinstance(value, datetime.date) else value),
]


class Example(Fact):
    """Inputs and what they must pay; run by `kpiflow plan test` and by `kpiflow check`."""

    name: str = Field(default="", description="What it shows.")
    given: dict[str, Given] = Field(description="The inputs, by name.")
    pays: Exact | None = Field(
        description="The amount, exactly; null: nothing can be paid out because an input is missing."
    )
    expect: dict[str, Exact] = Field(default_factory=dict, description="Values of components on the way, by id.")
    why: str = Field(default="", description="Where the expected amount comes from.")


class Plan(Named):
    """A plan. The written order of its components is the order of operations; the last one is what is paid."""

    plan: str = Field(pattern=r"^[A-Za-z][\w.-]*$", description="Its id.")
    version: int = Field(default=1, ge=1, description="Raised with every published change.")
    who: Who = Who()
    starts: datetime.date = Field(description="The first day it is valid.")
    ends: datetime.date | None = Field(default=None, description="The last day it is valid.")
    every: PeriodKind = Field(
        default=PeriodKind.YEAR, description="How long a period it pays for; for any other it pays nothing."
    )
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO code of the money it pays in.")
    rounding: RoundTo = Field(
        default=RoundTo(), description="How every amount of money is rounded, once, where it is emitted."
    )
    inputs: dict[str, Literal["money", "ratio", "points", "count", "days", "number", "text", "date"]] = Field(
        default_factory=dict, description="Columns of its own that the payees bring, with their kind."
    )
    absent: dict[str, Operand] = Field(
        default_factory=dict,
        description="What an input counts as where nothing is known of it; otherwise nothing is paid out.",
    )
    components: tuple[AnyComponent, ...] = Field(min_length=1)
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Plan":
        ids = [component.id for component in self.components]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"each component needs an id of its own; twice: {', '.join(twice)}")
        if self.ends and self.ends < self.starts:
            raise ValueError("a plan ends on or after the day it starts")
        return self

    @property
    def declared(self) -> dict[str, Kind]:
        """The kinds of its own inputs."""
        return {name: Kind(kind) for name, kind in self.inputs.items()}

    @property
    def fingerprint(self) -> str:
        """A short hash of everything that decides an amount; the same plan has the same one on every machine."""
        text = self.model_dump_json(exclude={"label", "label_zh", "examples"})
        return hashlib.sha256(text.encode()).hexdigest()[:12]
