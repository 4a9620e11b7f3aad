"""So much off per incident, up to a most, and never below 0 of the part it is taken from.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Reading, names_of
from kpiflow.incentives.exact import Number, larger, literal, minus, narrowed, smaller, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Affects(StrEnum):
    """What a penalty is taken from."""

    SCORE = "score"
    VARIABLE_PAY = "variable_pay"
    WAGE_RECOVERY = "wage_recovery"  # compensation for loss, out of the wage: law caps it


class Penalty(Modifier):
    """`of` less incidents × `each` (a share of `base`, when there is one), at most `most`, never below 0.

    `wage_recovery` needs a legal cap and an approval step, which this version does not run: it is refused.
    """

    kind: Literal["penalty"]
    incidents: str = Field(description="How many there were, such as count:valid_complaints.")
    each: Exact = Field(gt=0, description="Taken off per incident: money, points, or a share of base.")
    base: str | None = Field(
        default=None, description="What `each` and `most` are shares of; absent: they are amounts."
    )
    most: Exact | None = Field(default=None, gt=0, description="The most that is taken off in all.")
    affects: Affects = Affects.VARIABLE_PAY
    legal_cap: str | None = Field(default=None, description="For wage_recovery: the legal limit that applies.")

    @model_validator(mode="after")
    def _wages_are_protected(self) -> "Penalty":
        if self.affects is Affects.WAGE_RECOVERY and self.legal_cap is None:
            raise ValueError("wage_recovery needs a legal_cap and an approval; use variable_pay or score instead")
        if self.affects is Affects.WAGE_RECOVERY:
            raise ValueError(
                "wage_recovery cannot be run yet: approval of deductions from wages comes later; use variable_pay"
            )
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.incidents, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes: money for variable pay, points for a score."""
        if kinds[self.incidents] not in (Kind.COUNT, Kind.NUMBER):
            raise UnitError(
                msg(
                    "Incidents are a count, but '{name}' is {kind}.",
                    name=self.incidents,
                    kind=CALLED[kinds[self.incidents]],
                )
            )
        kind = same_kind([kinds[self.changed], *([kinds[self.base]] if self.base else [])])
        right = Kind.POINTS if self.affects is Affects.SCORE else Kind.MONEY
        if kind is not right:
            raise UnitError(msg("A penalty on {affects} is taken from {right}, but '{name}' is {kind}.",
                                affects=self.affects.value, right=CALLED[right], name=self.changed, kind=CALLED[kind]))  # fmt: skip
        return kind

    def works(self, sheet: Sheet) -> Outcome:
        """Take off the lesser of incidents × each and the most, as far as there is something to take it from."""
        value, count = sheet.number(self.changed), sheet.number(self.incidents)
        kind = sheet.kinds[self.changed]
        wanted = narrowed(times(self._share(sheet, self.each), count), kind.scale)
        most = None if self.most is None else self._share(sheet, self.most)
        taken = wanted if most is None else smaller(wanted, most)
        nothing = literal(self.each * 0, kind)
        left = larger(minus(value, taken), smaller(value, nothing))
        row = (
            pl.when(count.expr <= pl.lit(0, dtype=pl.Int128)).then(1)
            .when(minus(value, taken).expr < nothing.expr).then(4)
            .when((wanted.expr > most.expr) if most is not None else pl.lit(False)).then(3)
            .when(value.expr.is_not_null() & taken.expr.is_not_null()).then(2)
        )  # fmt: skip
        return Outcome(left, row=row)

    def says(self, reading: Reading) -> Message:
        """`3 × 200.00, at most 1,000.00`."""
        kind = reading.kind(self.changed)
        facts = {"count": reading.shown(self.incidents), "each": self._said(reading, self.each, kind)}
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.incidents))
            case 1:
                return msg("no incident")
            case 3:
                return msg("{count} × {each}, but at most {most}", most=self._said(reading, self.most, kind), **facts)
            case 4:
                return msg("{count} × {each}, but no more than there is", **facts)
        return msg("{count} × {each}", **facts)

    def _share(self, sheet: Sheet, of: Exact) -> Number:
        """Return an amount of the plan, or a share of the base, for everybody."""
        kind = sheet.kinds[self.changed]
        if self.base is None:
            return literal(of, kind)
        return narrowed(times(sheet.number(self.base), literal(of, Kind.RATIO)), kind.scale)

    def _said(self, reading: Reading, of: Exact | None, kind: Kind) -> object:
        """Say an amount of the plan, or a share of the base."""
        if of is None:
            return None
        if self.base is None:
            return reading.shown(of, kind)
        return msg("{product} × {value}", product=reading.shown(of), value=reading.shown(self.base))
