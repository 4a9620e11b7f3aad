"""What every incentive component is: an id, a label, what it reads, what it gives, how it is worked out and said.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field, PlainSerializer

from kpiflow.core.company import RoundTo
from kpiflow.core.fact import Fact, exact
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, Name, msg


def _operand(value: object) -> object:
    """Take "80%" and 0.8 as numbers and every other text as a name."""
    try:
        return exact(value)
    except ValueError:
        if isinstance(value, str):
            return value
        raise


def _written(value: Decimal | str) -> int | float | str:
    """Return an operand as YAML and JSON write it."""
    if isinstance(value, str):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


#: The name of an input or of an earlier component, or a number.
Operand = Annotated[
    Decimal | str,
    BeforeValidator(_operand),
    PlainSerializer(_written, return_type=int | float | str),
]


class Reading(Protocol):
    """One person's values, ready to be said: numbers with their unit, each exact."""

    def shown(self, operand: Decimal | str, kind: Kind | None = None) -> object:
        """Return a fact for a message: the value of an input or component, or a number of the plan."""

    def raw(self, name: str) -> Decimal | str | None:
        """Return the exact value of an input or component."""

    def kind(self, name: str) -> Kind:
        """Return the kind of an input or component."""

    def row(self, name: str) -> int | None:
        """Return which row of a component was hit, from 1."""

    def of_segments(self, name: str) -> list[object]:
        """Return what a step worked for each segment gave, segment by segment."""

    def name(self, operand: Decimal | str) -> object:
        """Return what people call an input or component."""


def named(reading: Reading, operand: Decimal | str) -> Message:
    """Return an input or component with its value: whoever reads a line need not look up whose figure it is."""
    return msg("{name} {value}", name=reading.name(operand), value=reading.shown(operand))


class Component(Fact):
    """One step of a plan. Its value can be read by later steps under its `id`."""

    kind: str
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Its name within the plan.")
    label: str = Field(default="", description="What people call it; its id when absent.")
    label_zh: str | None = Field(default=None, description="What it is called in 中文.")
    rounding: RoundTo | None = Field(
        default=None, description="How its value is rounded; absent: the plan's rounding for money, ten places else."
    )

    @property
    def named(self) -> Name:
        """What people call it."""
        return Name(self.label or self.id, self.label_zh)

    def reads(self) -> tuple[str, ...]:
        """Return the names of the inputs and components it uses, in order."""
        raise NotImplementedError

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of its value; raises UnitError when what it reads does not fit together."""
        raise NotImplementedError

    def works(self, sheet: Sheet) -> Outcome:
        """Work its value out for everybody on the sheet."""
        raise NotImplementedError

    def says(self, reading: Reading) -> Message:
        """Return its formula with one person's numbers."""
        raise NotImplementedError

    def unmet(self, reading: Reading) -> Message | None:  # noqa: ARG002  (for those that have conditions)
        """Return the nearest condition the person did not meet, when it has any."""
        return None

    def doubts(self) -> list[Message]:
        """Return what is wrong inside it, such as rows that overlap."""
        return []

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (for those that have any)
        """Return what it gives beside its value: `left: money` is the column `<id>_left`, which later steps may read."""
        return {}

    def may_lack(self) -> tuple[str, ...]:
        """Return those of its inputs that may be empty and still mean something."""
        return ()

    @property
    def keeps(self) -> bool:
        """Whether it keeps a balance from run to run: it reads `carried:<id>` and gives `<id>_left`."""
        return False

    @property
    def needs_everybody(self) -> bool:
        """Whether its value for one person depends on all the others, as in a pool."""
        return False


class Modifier(Component):
    """A step that changes one amount: what it adds or takes away is its own line of the statement."""

    of: str | None = Field(default=None, description="What it changes; absent: the last amount of money before it.")

    @property
    def changed(self) -> str:
        """The id of what it changes, once the plan has filled it in."""
        return self.of or ""


class Keeper(Modifier):
    """A modifier that keeps a balance: what it does not pay now it carries into the next run, to the cent."""

    @property
    def keeps(self) -> bool:
        """It does."""
        return True

    @property
    def carried(self) -> str:
        """The input that holds the balance of the last run."""
        return f"carried:{self.id}"

    @property
    def left(self) -> str:
        """The column that holds the balance after this run."""
        return f"{self.id}_left"

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """The balance after this run."""
        return {"left": Kind.MONEY}


def must_be(kind: Kind, kinds: Mapping[str, Kind], *operands: Decimal | str | None) -> None:
    """Raise UnitError when a name is not of a kind; numbers of the plan are taken as what they must be."""
    for name in names_of(*operands):
        if kinds[name] is not kind:
            raise UnitError(
                msg(
                    "'{name}' must be {right}, but it is {kind}.",
                    name=name,
                    right=CALLED[kind],
                    kind=CALLED[kinds[name]],
                )
            )


def names_of(*operands: Decimal | str | None) -> tuple[str, ...]:
    """Return those operands that are names."""
    return tuple(operand for operand in operands if isinstance(operand, str))


def kind_of(operand: Decimal | str, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of an operand; a bare number is a ratio."""
    return Kind.RATIO if isinstance(operand, Decimal) else kinds[operand]
