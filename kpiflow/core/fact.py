"""The base of every definition: frozen, strict about unknown fields, exact about numbers."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, PlainSerializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kpiflow.errors import BrokenRule
from kpiflow.language import msg

#: What a sign after a number divides it by, so that "80%" is 0.8.
SIGNS: dict[str, int] = {"%": 100, "‰": 1000, "‱": 10000}

_SIGNED = re.compile(r"^\s*(?P<number>[-+]?[\d_,]*\.?\d+(?:[eE][-+]?\d+)?)\s*(?P<sign>[%‰‱]?)\s*$")


def exact(value: object) -> object:
    """Turn what a person wrote (0.8, "80%", "1,200") into a Decimal without passing through a float's binary digits.

    >>> exact("80%"), exact(0.1)
    (Decimal('0.8'), Decimal('0.1'))
    """
    if isinstance(value, bool):
        raise ValueError("expected a number, not yes or no")
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, str):
        match = _SIGNED.match(value)
        if match is None:
            raise BrokenRule(msg("A number such as 80% or 0.8 is expected, not '{word}'.", word=value))
        try:
            return Decimal(match["number"].replace(",", "").replace("_", "")) / SIGNS.get(match["sign"], 1)
        except InvalidOperation as error:
            raise BrokenRule(msg("A number is expected, not '{word}'.", word=value)) from error
    return value


class _NumberAsText:
    """Says in the JSON Schema which texts are numbers: an editor then underlines a name where only a number is taken."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        schema["description"] = 'A number, or a text such as "80%" for 0.8.'  # a field with words of its own keeps them
        for choice in schema.get("anyOf", ()):
            if choice.get("type") == "string":
                choice["pattern"] = r"^\s*[-+]?[\d_,]*\.?\d+([eE][-+]?\d+)?\s*[%‰‱]?\s*$"
        return schema


def _written(value: Decimal) -> int | float:
    """Return the number as JSON and YAML write it."""
    return int(value) if value == value.to_integral_value() else float(value)


#: A number taken exactly as written; "80%" is 0.8.
Exact = Annotated[
    Decimal,
    BeforeValidator(exact),
    PlainSerializer(_written, return_type=int | float),
    _NumberAsText(),
]


class Fact(BaseModel):
    """A definition: compared by value, never changed after it was made, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Named(Fact):
    """A definition that people see: its label in English and, when the company wrote one, in 中文."""

    label: str = Field(description="What people call it.")
    label_zh: str | None = Field(default=None, description="What it is called in 中文.")
