"""Rows written to stdout as a table, JSON or CSV, and words to stderr."""

import csv
import datetime
import json
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpiflow.cli.options import Format
from kpiflow.frames.inert import inert_text
from kpiflow.language import Message, Name, render

#: What a terminal acts on instead of showing it: a reason or a file's name could move the cursor or retitle the window.
_ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

#: Narration and progress: never stdout, which is data.
STDERR = Console(stderr=True, highlight=False, soft_wrap=True)


def say(message: Message, locale: str = "en", style: str | None = None) -> None:
    """Say something to the person at the terminal."""
    STDERR.print(Text(shown(render(message, locale)), style=style or ""))


def write(rows: Sequence[Mapping[str, Any]], form: Format, columns: Sequence[str] | None = None) -> None:
    """Write rows to stdout. JSON has every column with null for absent; tables show `columns` only."""
    if form is Format.JSON:
        _json([{key: plain(value) for key, value in row.items()} for row in rows])
    elif form is Format.CSV:
        names = list(rows[0]) if rows else list(columns or ())
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if row[name] is None else inert(plain(row[name])) for name in names] for row in rows])
    else:
        _table(rows, columns or (list(rows[0]) if rows else []))


def write_one(thing: Mapping[str, Any]) -> None:
    """Write one thing with its parts to stdout as JSON, with null for absent."""
    _json(plain(dict(thing)))


def tell(messages: Sequence[Message], locale: str = "en") -> None:
    """Write sentences to stdout, one per line: they are the answer here, not narration."""
    for message in messages:
        put(f"{render(message, locale)}\n")


def put(text: str) -> None:
    """Write text to stdout as it is, but for what a terminal would act on."""
    sys.stdout.write(shown(text))


def shown(text: str) -> str:
    r"""Return a text that a terminal shows and does not act on; what it would have acted on becomes the sign for unknown.

    >>> shown("\x1b[2Jgone")
    '\ufffd[2Jgone'
    """
    return _ACTED_ON.sub("\ufffd", text)


def _json(thing: Any) -> None:
    """Write JSON; signs that a terminal acts on are written by their number, which reads back as the same text."""
    written = json.dumps(thing, ensure_ascii=False, indent=1)
    sys.stdout.write(_ACTED_ON.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written) + "\n")


def plain(value: Any) -> Any:
    """Return a value as JSON writes it; money stays exact, as a text of digits."""
    match value:
        case Decimal():
            return format(value, "f")
        case datetime.date() | datetime.datetime():
            return value.isoformat()
        case Message() | Name():
            return render(value, "en")
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case _:
            return value


def inert(value: Any) -> Any:
    """Return a text that a spreadsheet will not take for a formula; numbers stay numbers."""
    if isinstance(value, str):
        return shown(inert_text(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    numeric = {name for name in columns if all(isinstance(row.get(name), int | float | Decimal | None) for row in rows)}
    for name in columns:
        table.add_column(name, justify="right" if name in numeric else "left", no_wrap=name in ("goal", "person"))
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 220).print(table)


def _cell(value: Any) -> Text:
    if value is None:
        return Text("–")
    if isinstance(value, float):
        return Text(f"{value:,.4f}".rstrip("0").rstrip("."))
    return Text(shown(str(plain(value))))
