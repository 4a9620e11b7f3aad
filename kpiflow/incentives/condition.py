"""A condition on one input or component, with what was needed and what there was.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.exact import exceeds
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Sheet
from kpiflow.language import Message, msg


class Condition(Fact):
    """Exactly one comparison of `of`: with a number, or with words."""

    of: str = Field(description="What is compared, such as attainment:GOAL, count:METRIC or grade.")
    at_least: Exact | None = Field(default=None, description="It is met from this number on.")
    more_than: Exact | None = Field(default=None, description="It is met above this number.")
    at_most: Exact | None = Field(default=None, description="It is met up to and with this number.")
    less_than: Exact | None = Field(default=None, description="It is met below this number.")
    one_of: tuple[str, ...] = Field(default=(), description="It is met by any of these words, such as grades.")
    none_of: tuple[str, ...] = Field(default=(), description="It is met by every word but these.")

    @model_validator(mode="after")
    def _one_comparison(self) -> "Condition":
        numbers = (self.at_least, self.more_than, self.at_most, self.less_than)
        if sum(number is not None for number in numbers) + bool(self.one_of) + bool(self.none_of) != 1:
            raise ValueError(
                "a condition has exactly one of at_least, more_than, at_most, less_than, one_of and none_of"
            )
        return self

    @property
    def edge(self) -> Decimal | None:
        """The number it compares with."""
        return next((n for n in (self.at_least, self.more_than, self.at_most, self.less_than) if n is not None), None)


def fits_kind(condition: Condition, kinds: Mapping[str, Kind]) -> None:
    """Raise UnitError when a number is compared with words or the other way round."""
    kind = kinds[condition.of]
    if condition.edge is not None and not kind.numeric:
        raise UnitError(
            msg("'{name}' is {kind}: compare it with one_of or none_of.", name=condition.of, kind=CALLED[kind])
        )
    if condition.edge is None and kind is not Kind.TEXT:
        raise UnitError(
            msg(
                "'{name}' is {kind}: compare it with at_least, more_than, at_most or less_than.",
                name=condition.of,
                kind=CALLED[kind],
            )
        )


def holds(condition: Condition, sheet: Sheet) -> pl.Expr:
    """Return whether it holds for each person; absent where what it compares is absent."""
    if condition.edge is None:
        found = pl.col(condition.of).is_in(list(condition.one_of or condition.none_of))
        return found if condition.one_of else ~found
    had, edge = sheet.short(condition.of), sheet.short(condition.edge, sheet.kinds[condition.of])
    if condition.at_least is not None:
        return ~exceeds(edge, had)
    if condition.more_than is not None:
        return exceeds(had, edge)
    return ~exceeds(had, edge) if condition.at_most is not None else exceeds(edge, had)


def needed(condition: Condition, edge: object) -> Message:
    """Say what a condition asks for; `edge` is its number in the unit of what it compares."""
    words = ", ".join(condition.one_of or condition.none_of)
    if condition.at_least is not None:
        return msg("at least {edge}", edge=edge)
    if condition.more_than is not None:
        return msg("more than {edge}", edge=edge)
    if condition.at_most is not None:
        return msg("at most {edge}", edge=edge)
    if condition.less_than is not None:
        return msg("less than {edge}", edge=edge)
    return msg("one of {words}", words=words) if condition.one_of else msg("none of {words}", words=words)
