"""A declared rounding as a step of its own, such as to whole yuan at the end.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.incentives.components.component import Modifier, Reading
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class RoundOff(Modifier):
    """`of`, rounded as `rounding` says."""

    kind: Literal["round"]
    rounding: RoundTo | None = RoundTo()

    @model_validator(mode="after")
    def _says_how(self) -> "RoundOff":
        if self.rounding is None:
            raise ValueError("a round step says how: rounding: {places: 0, mode: half_up}")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the name it uses."""
        return (self.changed,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it rounds."""
        return same_kind([kinds[self.changed]])

    def works(self, sheet: Sheet) -> Outcome:
        """Leave the value as it is: emitting it rounds it."""
        return Outcome(sheet.number(self.changed))

    def says(self, reading: Reading) -> Message:
        """`16,499.87 rounded to the nearest 10, halves up`."""
        how = rounding_said(self.rounding or RoundTo())
        return msg("{value} rounded {how}", value=reading.shown(self.changed), how=how)


def rounding_said(to: RoundTo) -> Message:
    """Say how something is rounded, such as `to the nearest 0.01, halves up`."""
    step = f"{Decimal(1).scaleb(-to.places):f}"
    match to.mode:
        case Rounding.HALF_UP:
            return msg("to the nearest {step}, halves up", step=step)
        case Rounding.HALF_EVEN:
            return msg("to the nearest {step}, halves to the even one", step=step)
        case Rounding.UP:
            return msg("up to the next {step}", step=step)
    return msg("down to the {step} before", step=step)
