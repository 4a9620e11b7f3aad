"""What the sheets of a statement's workbook share: whose statement it is, the looks of cells, figures as a spreadsheet has them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import Typed
from kpiflow.language import Message, Name
from kpiflow.workspace.pay_runs.answers import Paid

#: The row of the sheet in which the first line of the statement stands, counted from 1.
FIRST = 6

#: Says a message or name in the language, or languages, of the workbook.
Say = Callable[[Message | Name], str]


@dataclass(frozen=True)
class Book:
    """What is being written: the plan with its names resolved, whose statement, and the looks of cells."""

    plan: Plan
    made: Typed
    paid: Paid
    say: Say
    looks: Mapping[str, Any]


def looks_of(book: Any) -> dict[str, Any]:
    """Return how cells look, by what they hold."""
    money, wrap = "#,##0.00", {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, **wrap}),
        "text": book.add_format(wrap),
        "note": book.add_format({"font_color": "#5a6773", **wrap}),
        "input": book.add_format({"bg_color": "#fff7d6", "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "day": book.add_format({"bg_color": "#fff7d6", "num_format": "yyyy-mm-dd", "valign": "top"}),
        "money": book.add_format({"num_format": money, "valign": "top"}),
        "number": book.add_format({"num_format": "0.##########", "valign": "top"}),
        "total": book.add_format({"num_format": money, "bold": True, "top": 1, "valign": "top"}),
    }


def plain(value: object) -> float | str:
    """Return a figure as a spreadsheet holds it; absent is an empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
