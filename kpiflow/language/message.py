"""A message is an English sentence with named facts; it is turned into words only at the face that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogue (`text` is its English form and its key) with the facts it mentions.

    A fact may be a str (shown as it is), an int, float, Decimal or date (formatted for the language),
    a `Quantity`, a `Name`, or another Message. What agrees with a number names both forms: `{count} {count:goal|goals}`.
    """

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English words, for logs, terminals and exceptions."""
        from kpiflow.language.catalogue import (
            render,  # here, because the catalogue needs this class first
        )

        return render(self, "en")


def msg(text: str, /, **facts: object) -> Message:
    """Build a message; `text` must be a literal so that the catalogue can be checked against the code."""
    return Message(text, facts)


@dataclass(frozen=True)
class Quantity:
    """A number with the measure it is in, such as 73.42 `percent` or 14897.26 `currency` in CNY.

    Measures beyond the metrics' own: `attainment` (a ratio shown as 92.58 %), `part` (a ratio shown as 45 %) and `uncut` (a part
    of a count before it is rounded to whole ones).
    `signed` shows + or −; `difference` shows percentages as percentage points.
    """

    value: float | None
    measure: str = "number"
    currency: str | None = None
    signed: bool = False
    difference: bool = False


@dataclass(frozen=True)
class Name:
    """The name of a unit, person, metric or goal in the languages the company wrote it in."""

    label: str
    label_zh: str | None = None
