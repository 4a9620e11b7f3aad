"""Definitions as plain values that JSON and YAML can write, with every number exact.

Floor 5: reads no clock, file or database.
"""

import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel


def plain(value: Any, *, brief: bool = False) -> Any:
    """Return a definition as mappings, lists, texts and numbers; `brief` leaves out what is as it is by default.

    The kind of a union is always kept: without it nobody could tell what the rest means.
    """
    match value:
        case BaseModel():
            found: dict[str, Any] = {}
            for name, field in type(value).model_fields.items():
                one = getattr(value, name)
                if (
                    brief
                    and name != "kind"
                    and not field.is_required()
                    and one == field.get_default(call_default_factory=True)
                ):
                    continue
                found[field.alias or name] = plain(one, brief=brief)
            return found
        case Enum():
            return value.value
        case Decimal():
            return written(value)
        case datetime.date():
            return value
        case dict():
            return {str(plain(key)): plain(one, brief=brief) for key, one in value.items()}
        case list() | tuple():
            return [plain(one, brief=brief) for one in value]
        case set() | frozenset():
            return sorted(plain(one, brief=brief) for one in value)
        case _:
            return value


def written(value: Decimal) -> int | float | str:
    """Return a number as a person would write it, or as text where a float would lose digits.

    >>> written(Decimal("80")), written(Decimal("0.1")), written(Decimal("0.12345678901234567890"))
    (80, 0.1, '0.12345678901234567890')
    """
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
