"""JSON as programs send it: a list of objects, or one object a line; numbers are kept as they were written."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".json", ".ndjson", ".jsonl")

#: More names than this in one file are no columns of anything: each would cost a column of memory.
MOST_NAMES = 100

#: Numbers stay text: what passes through a float has other last digits than what was sent.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def cells(path: Path) -> Cells:
    """Return the members of the objects in a file as text; raises InvalidInput when it is not of this form."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(msg("{path} is not JSON: it is no UTF-8.", path=str(path))) from error
    rows = _listed(path, text) if path.suffix.casefold() == ".json" else list(_lines(path, text))
    return Cells(_frame(path, rows), first_row=1)


def _listed(path: Path, text: str) -> Sequence[Any]:
    found = _decoded(path, text, 1)
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise InvalidInput(msg("{path} must hold a list of objects, one for each row.", path=str(path)))
    return found


def _lines(path: Path, text: str) -> Iterator[Any]:
    """Yield what each line is; blank ones are left out."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _decoded(path, line, number)


def _decoded(path: Path, text: str, line: int) -> Any:
    try:
        return _DECODER.decode(text.strip())
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise InvalidInput(
            msg("{path} is not JSON: line {line}, character {column}: {said}.",
                path=str(path), line=at, column=error.colno, said=error.msg)
        ) from error  # fmt: skip
    except RecursionError as error:
        raise InvalidInput(msg("{path} has lists within lists too deep to be rows.", path=str(path))) from error


def _frame(path: Path, rows: Sequence[Any]) -> pl.DataFrame:
    names: dict[str, None] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InvalidInput(msg("{path}: row {row} is no object such as {example}.",
                                   path=str(path), row=place + 1, example='{"metric": "…", "unit": "…"}'))  # fmt: skip
        if not row.keys() <= names.keys():
            names.update(dict.fromkeys(row))
        if len(names) > MOST_NAMES:
            raise InvalidInput(
                msg("{path} has more than {most} different names of columns.", path=str(path), most=MOST_NAMES)
            )
    try:
        return pl.DataFrame({name: pl.Series(_texts(path, name, rows), dtype=pl.String) for name in names})
    except UnicodeEncodeError as error:
        raise InvalidInput(msg("{path} has half a character in it, such as \\ud800.", path=str(path))) from error


def _texts(path: Path, name: str, rows: Iterable[dict[str, Any]]) -> list[str | None]:
    """Return one member of every row as text; raises InvalidInput for one that is a list or an object."""
    found = [row.get(name) for row in rows]
    for place, one in enumerate(found):
        if one is None or type(one) is str:
            continue
        if not isinstance(one, bool):
            raise InvalidInput(
                msg("{path}: '{name}' of row {row} is no plain value.", path=str(path), name=name, row=place + 1)
            )
        found[place] = "true" if one else "false"
    return found
