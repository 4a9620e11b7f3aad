"""Compensation for a loss, taken out of the wage: only with evidence, and only as far as the law that is named lets it.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.errors import BrokenRule, suggest
from kpiflow.incentives.components.component import Component, Operand, Reading, must_be, names_of
from kpiflow.incentives.exact import Number, larger, literal, minus, narrowed, nothing, plus, smaller, times, whole
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.legal import LEGAL_CAPS, LegalCap
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class WageRecovery(Component):
    """The part of `loss` that may be taken out of this month's `wage` by `legal_cap`, as an amount above 0 of its own.

    Where `evidence` is empty nothing is taken. With `carries` what the law leaves over is taken in later months:
    `<id>_left`. It is never part of a bonus: name it in a sum, or make it a plan of its own, and let payroll deduct it.
    """

    kind: Literal["wage_recovery"]
    loss: Operand = Field(description="The loss the person has to make good, as established.")
    legal_cap: str = Field(description="The law that limits it, such as CN-20; see the guide to plans.")
    evidence: str = Field(description="A text input that names the inquiry or the signed statement.")
    wage: str = Field(default="salary_month", description="The month's wage.")
    minimum_wage: Operand | None = Field(default=None, description="The local minimum wage, where the law protects it.")
    other_deductions: Operand = Field(default=Decimal(0), description="What else is deducted in the same period.")
    carries: bool = Field(default=False, description="What is left over is taken in later months.")

    @model_validator(mode="after")
    def _is_lawful(self) -> "WageRecovery":
        if self.legal_cap not in LEGAL_CAPS:
            near = suggest(self.legal_cap, LEGAL_CAPS)
            known = ", ".join(LEGAL_CAPS)
            raise BrokenRule(
                msg("Legal_cap is one of {known}. Did you mean '{near}'?", known=known, near=near)
                if near
                else msg("Legal_cap is one of {known}.", known=known)
            )
        if self.cap.keeps_minimum and self.minimum_wage is None:
            said = msg("{cap} protects the minimum wage: say what it is under minimum_wage.", cap=self.legal_cap)
            raise BrokenRule(said)
        if self.carries and self.cap.one_off:
            said = msg("{cap} allows one deduction, so nothing may be carried into later months.", cap=self.legal_cap)
            raise BrokenRule(said)
        return self

    @property
    def cap(self) -> LegalCap:
        """What the law says."""
        return LEGAL_CAPS[self.legal_cap]

    @property
    def keeps(self) -> bool:
        """Only when the rest is taken later."""
        return self.carries

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        carried = f"carried:{self.id}" if self.carries else None
        return names_of(self.loss, self.evidence, self.wage, self.minimum_wage, self.other_deductions, carried)

    def may_lack(self) -> tuple[str, ...]:
        """Without evidence nothing is taken."""
        return (self.evidence,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.loss, self.wage, self.minimum_wage, self.other_deductions)
        must_be(Kind.TEXT, kinds, self.evidence)
        return Kind.MONEY

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """What is not taken."""
        return {"left": Kind.MONEY}

    def limits(self, sheet: Sheet) -> dict[int, Number]:
        """Return what the law lets be taken, by the row that says so."""
        wage = sheet.number(self.wage)
        found = {3: narrowed(times(wage, literal(self.cap.share, Kind.RATIO)), Kind.MONEY.scale)}
        if self.cap.keeps_minimum and self.minimum_wage is not None:
            found[4] = minus(wage, sheet.number(self.minimum_wage, Kind.MONEY))
        if self.cap.all_deductions is not None:
            most = narrowed(times(wage, literal(self.cap.all_deductions, Kind.RATIO)), Kind.MONEY.scale)
            found[5] = minus(most, sheet.number(self.other_deductions, Kind.MONEY))
        return found

    def works(self, sheet: Sheet) -> Outcome:
        """Take the least of loss and limits; row 1: no evidence, 2: the whole loss, 3: share, 4: minimum, 5: all deductions."""
        none = nothing(Kind.MONEY.scale)
        owed = larger(sheet.number(self.loss, Kind.MONEY), none)
        if self.carries:
            owed = plus(owed, sheet.number(f"carried:{self.id}"))
        least = owed
        row: pl.Expr = pl.when(owed.expr.is_not_null()).then(pl.lit(2))
        for n, limit in self.limits(sheet).items():
            floored = larger(limit, none)
            row = pl.when(floored.expr < least.expr).then(pl.lit(n)).otherwise(row)
            least = smaller(least, floored)
        proven = pl.col(self.evidence).is_not_null() & (pl.col(self.evidence) != "")
        taken = Number(
            pl.when(proven).then(least.expr).when(owed.expr.is_not_null()).then(whole(0)), 0, least.high, least.scale
        )
        left = minus(owed, sheet.cut(taken, None, self.rounding))
        row = pl.when(~proven).then(pl.lit(1)).when(least.expr.is_not_null()).then(row)
        return Outcome(taken, row=row, beside={"left": (Kind.MONEY, left)})

    def says(self, reading: Reading) -> Message:
        """`3,000.00 lost; at most 20 % of 5,000.00 (China: …): 1,000.00`."""
        loss: object = reading.shown(self.loss, Kind.MONEY)
        if self.carries and reading.raw(f"carried:{self.id}"):
            loss = msg("{loss} and {carried} from before", loss=loss, carried=reading.shown(f"carried:{self.id}"))
        facts = {
            "loss": loss,
            "left": reading.shown(f"{self.id}_left"),
            "place": self.cap.place,
            "rule": self.cap.rule,
            "source": self.cap.source,
        }
        match reading.row(self.id):
            case None:
                return msg("the loss, the wage or what limits it is not known")
            case 1:
                return msg("no evidence is on record, so nothing is taken")
            case 2:
                return msg("{loss}, within what the law allows ({place}: {rule}; {source})", **facts)
            case 3:
                return msg("{loss}, but at most {share} of {wage}; {left} is not taken ({place}: {rule}; {source})",
                           share=reading.shown(self.cap.share, Kind.RATIO), wage=reading.shown(self.wage), **facts)  # fmt: skip
            case 4:
                least = reading.shown(self.minimum_wage or Decimal(0), Kind.MONEY)
                return msg("{loss}, but {least} of {wage} remains; {left} is not taken ({place}: {rule}; {source})",
                           least=least, wage=reading.shown(self.wage), **facts)  # fmt: skip
        return msg("{loss}, but all deductions come to at most {share} of {wage}; {left} is not taken ({place}: {rule}; {source})",
                   share=reading.shown(self.cap.all_deductions or Decimal(0), Kind.RATIO),
                   wage=reading.shown(self.wage), **facts)  # fmt: skip
