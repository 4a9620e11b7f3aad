"""A veto (一票否决) on a grade: where something happened, the grade becomes another, or no better than another.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.incentives.components.component import Component, Reading, must_be
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import literal
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Veto(Component):
    """A grade: `of`, but `becomes` where `when` holds; or no better than `at_best` in an order of grades, best first.

    Later steps read it by its id. A veto on a score or on money is a gate.
    """

    kind: Literal["veto"]
    of: str = Field(default="grade", description="The grade it starts from, or an earlier veto.")
    when: Condition = Field(description="What happened, such as {of: count:serious_incidents, at_least: 2}.")
    becomes: str | None = Field(default=None, description="The grade it becomes.")
    at_best: str | None = Field(default=None, description="The best grade there can be then.")
    order: tuple[str, ...] = Field(default=(), description="For at_best: all grades, best first.")

    @model_validator(mode="after")
    def _one_form(self) -> "Veto":
        if (self.becomes is None) == (self.at_best is None):
            raise ValueError("a veto says either what the grade becomes or what it is at_best")
        if self.at_best is not None and (self.at_best not in self.order or len(set(self.order)) < len(self.order)):
            raise ValueError("at_best needs an order of all grades, best first, with the grade in it once")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return (self.of, self.when.of)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A word, from a word."""
        must_be(Kind.TEXT, kinds, self.of)
        fits_kind(self.when, kinds)
        return Kind.TEXT

    @property
    def better(self) -> tuple[str, ...]:
        """The grades that are too good then."""
        return self.order[: self.order.index(self.at_best)] if self.at_best else ()

    def works(self, sheet: Sheet) -> Outcome:
        """Put the other grade in its place; row 1: stays, 2: changed."""
        happened, had = holds(self.when, sheet), pl.col(self.of)
        word = self.becomes or self.at_best
        changed = happened & ((had != self.becomes) if self.becomes else had.is_in(list(self.better)))
        known = happened.is_not_null() & had.is_not_null()
        text = pl.when(known).then(pl.when(changed).then(pl.lit(word)).otherwise(had))
        row = pl.when(known).then(pl.when(changed).then(2).otherwise(1))
        return Outcome(literal(Decimal(0), Kind.NUMBER), row=row, text=text)

    def says(self, reading: Reading) -> Message:
        """`number of serious incidents at least 2: A becomes D`."""
        row, had = reading.row(self.id), reading.shown(self.of)
        if row is None:
            return msg("{had}: not known whether it stays", had=had)
        edge = None if self.when.edge is None else reading.shown(self.when.edge, reading.kind(self.when.of))
        facts = {"name": reading.name(self.when.of), "needed": needed(self.when, edge),
                 "happened": reading.shown(self.when.of), "had": had, "now": self.becomes or self.at_best}  # fmt: skip
        if row == 1:
            return msg("{had} stays ({name}: {happened}; a veto from {needed})", **facts)
        return msg("{had} becomes {now}, because {name} is {happened} ({needed})", **facts)
