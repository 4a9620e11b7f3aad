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
from kpiflow.errors import BrokenRule
from kpiflow.incentives.components import AnyComponent
from kpiflow.incentives.components.component import Operand
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg


class Who(Fact):
    """Who a plan pays: people who fit every list that is not empty."""

    roles: tuple[str, ...] = Field(default=(), description="People assigned to these roles; empty: any role.")
    units: tuple[str, ...] = Field(default=(), description="These units and everything below them.")
    grades: tuple[str, ...] = Field(
        default=(), description="People whose appraisal ended in these grades; empty: any grade."
    )


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


class Expected(Fact):
    """One of several people of an example: what is known of them beside what all share, and what they must get."""

    given: dict[str, Given] = Field(default_factory=dict, description="Inputs of their own, by name.")
    segments: tuple[dict[str, Given], ...] = Field(default=(), description="Inputs of each dated segment, in order.")
    pays: Exact | None = Field(description="The amount, exactly; null: nothing can be paid out.")
    expect: dict[str, Operand | None] = Field(
        default_factory=dict, description="Values of components on the way, by id."
    )


class Example(Fact):
    """Inputs and what they must pay; run by `kpiflow plan test` and by `kpiflow check`."""

    name: str = Field(default="", description="What it shows.")
    given: dict[str, Given] = Field(default_factory=dict, description="The inputs, by name.")
    segments: tuple[dict[str, Given], ...] = Field(
        default=(), description="For a plan paid by segments: the inputs of each dated segment, in order."
    )
    people: tuple[Expected, ...] = Field(
        default=(), description="Several payees who share a pool; each has what is given, and inputs of their own."
    )
    pays: Exact | None = Field(
        description="The amount, exactly (of all people together, where there are several); "
        "null: nothing can be paid out because an input is missing."
    )
    expect: dict[str, Operand | None] = Field(
        default_factory=dict,
        description="Values of components on the way, by id; `<id>_left` and the like too. Of several people: of each of them.",
    )
    why: str = Field(default="", description="Where the expected amount comes from.")

    @property
    def each(self) -> tuple[Expected, ...]:
        """Its payees: the people it names, of each of whom all that it expects must hold, or the one it is about."""
        if not self.people:
            return (Expected(segments=self.segments, pays=self.pays, expect=self.expect),)
        return tuple(one.model_copy(update={"expect": {**self.expect, **one.expect}}) for one in self.people)


class Exchange(Fact):
    """What one unit of another currency is in the plan's, as stated on a day."""

    rate: Exact = Field(gt=0, description="Units of the plan's currency for one unit of the other.")
    day: datetime.date = Field(description="The day the rate is of.")
    source: str = Field(default="", description="Who stated it.")


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
    segments: bool = Field(
        default=False,
        description="Payees come as one row per person and dated segment; a `fold` step adds the segments up.",
    )
    budget: Exact | None = Field(
        default=None,
        ge=0,
        description="The most that all payouts of a run may come to; a run says when they exceed it.",
    )
    inputs: dict[str, Literal["money", "ratio", "points", "count", "days", "number", "text", "date"]] = Field(
        default_factory=dict, description="Columns of its own that the payees bring, with their kind."
    )
    called: dict[str, Named] = Field(
        default_factory=dict,
        description="What people call its own inputs, such as {quota: {label: Quota, label_zh: 定额}}; else by their names.",
    )
    currencies: dict[str, str] = Field(
        default_factory=dict,
        description="Inputs that are in another currency than the plan's, such as {sales: USD}; `exchange` steps convert them.",
    )
    exchange: dict[str, Exchange] = Field(
        default_factory=dict, description="The rates used, by currency, each with its day."
    )
    absent: dict[str, Operand] = Field(
        default_factory=dict,
        description="What an input counts as where nothing is known of it; otherwise nothing is paid out.",
    )
    components: tuple[AnyComponent, ...] = Field(min_length=1, description="The steps, in the order they are worked.")
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Plan":
        ids = [component.id for component in self.components]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise BrokenRule(msg("Each component needs an id of its own; twice: {ids}.", ids=", ".join(twice)))
        if self.ends and self.ends < self.starts:
            raise ValueError("a plan ends on or after the day it starts")
        return self

    @property
    def declared(self) -> dict[str, Kind]:
        """The kinds of its own inputs."""
        return {name: Kind(kind) for name, kind in self.inputs.items()}

    @property
    def fingerprint(self) -> str:
        """A short hash of everything that decides an amount; the same plan has the same one on every machine.

        What is left at its default is left out, so that a field added to the language changes no published plan.
        """
        text = self.model_dump_json(exclude={"label", "label_zh", "called", "examples"}, exclude_defaults=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
