"""Rows of text made into typed tables: numbers, days and words, each wrong cell reported at its line.

Floor 5: reads no clock, file or database.
"""

from collections.abc import Iterator

import dataframely as dy
import polars as pl

from kpiflow.definitions.company import KEYS, TABLES
from kpiflow.definitions.places import Places
from kpiflow.definitions.sentences import unknown_word
from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg

#: What a sign after a number divides it by.
_SIGNS = pl.DataFrame({"sign": ["", "%", "‰", "‱"], "divisor": [1.0, 100.0, 1000.0, 10000.0]})

#: A number with or without thousands separators, and perhaps a sign.
NUMBER = r"^([-+]?(?:\d{1,3}(?:[,_]\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)\s*([%‰‱]?)$"


def number(text: pl.Expr) -> pl.Expr:
    """Return the number in a text without its sign, as Float64; null where it is none."""
    plain = text.str.extract(NUMBER, 1).str.replace_all("[,_]", "")
    value = plain.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def sign(text: pl.Expr) -> pl.Expr:
    """Return the sign after a number: "", %, ‰ or ‱."""
    return text.str.extract(NUMBER, 2).fill_null("")


def share(text: pl.Expr) -> pl.Expr:
    """Return the number in a text with its sign applied: "80%" is 0.8."""
    return number(text) / sign(text).replace_strict(_SIGNS["sign"], _SIGNS["divisor"], return_dtype=pl.Float64)


def parsed(column: dy.Column, text: pl.Expr) -> pl.Expr:
    """Return the typed value of a cell's text, null where it cannot be understood."""
    match column:
        case dy.Enum():
            return pl.when(text.is_in(list(column.categories))).then(text).cast(column.dtype)
        case dy.Float64():
            return share(text)
        case dy.Decimal():
            money = text.str.extract(NUMBER, 1).str.replace_all("[,_]", "")
            fits = money.str.contains(r"^[-+]?\d{1,16}(\.\d{1,2}0*)?$") & (sign(text) == "")
            return pl.when(fits).then(money).cast(column.dtype, strict=False)
        case dy.Date():
            return pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text).str.to_date("%Y-%m-%d", strict=False)
        case _:
            return text


def cell_problems(table: str, text: pl.DataFrame, typed: pl.DataFrame, places: Places) -> Iterator[Problem]:
    """Yield a problem for each cell that was written but not understood, or lies outside its bounds."""
    for name, column in TABLES[table].columns().items():
        bad = text.filter(text[name].is_not_null() & typed[name].is_null())
        if bad.height:
            yield from places.listed(
                bad, name, Level.ERROR, lambda row, name=name, column=column: _wrong(row[name], name, column)
            )
        low, high = getattr(column, "min", None), getattr(column, "max", None)
        if low is not None:
            below = text.filter((typed[name] < low).fill_null(False))
            said = msg("'{field}' must be at least {bound}.", field=name, bound=low)
            yield from places.listed(below, name, Level.ERROR, lambda _, said=said: said)
        if high is not None:
            above = text.filter((typed[name] > high).fill_null(False))
            said = msg("'{field}' must be at most {bound}.", field=name, bound=high)
            yield from places.listed(above, name, Level.ERROR, lambda _, said=said: said)


def _wrong(word: str, name: str, column: dy.Column) -> Message:
    """Return what is wrong with a cell that could not be understood."""
    match column:
        case dy.Enum():
            return unknown_word(name, word, list(column.categories))
        case dy.Decimal():
            return msg("'{word}' is not an amount of money; write it as 12500.00.", word=word)
        case dy.Date():
            return msg("'{word}' is not a day; write it as 2026-01-31.", word=word)
        case _:
            return msg("'{word}' is not a number that '{field}' takes.", word=word, field=name)


def missing_problems(table: str, text: pl.DataFrame, optional: frozenset[str], places: Places) -> Iterator[Problem]:
    """Yield a problem for each cell that must be there and is not."""
    for name, column in TABLES[table].columns().items():
        if column.nullable or name in optional:
            continue
        said = msg("'{field}' is missing here.", field=name)
        yield from places.listed(text.filter(text[name].is_null()), name, Level.ERROR, lambda _, said=said: said)


def repeated_problems(table: str, typed: pl.DataFrame, places: Places) -> Iterator[Problem]:
    """Yield a problem for each row whose key another row above it has already."""
    keys = list(KEYS[table])
    first = pl.concat_str(pl.col("path"), pl.col("line"), separator=":").first().over(keys)
    marked = typed.with_columns(first=first, number=pl.int_range(pl.len()).over(keys))
    again = marked.filter(pl.all_horizontal(pl.col(keys).is_not_null()) & (pl.col("number") > 0))
    yield from places.listed(
        again,
        keys[0],
        Level.ERROR,
        lambda row: msg(
            "'{name}' is defined twice; the first is at {place}.",
            name=" ".join(str(row[key]) for key in keys),
            place=row["first"],
        ),
    )


def settled(table: str, typed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table in its schema, sorted by its key and without repeated rows, and path and line of its rows.

    Rows without a key or a needed day are left out; other gaps get a stand-in, for their problem is reported already.
    """
    columns = TABLES[table].columns()
    dates = [name for name, column in columns.items() if isinstance(column, dy.Date) and not column.nullable]
    keys = list(KEYS[table])
    whole = typed.drop_nulls([*keys, *dates]).unique(keys, keep="first", maintain_order=True).sort(keys)
    filled = whole.with_columns(
        pl.col(name).fill_null(column.categories[0] if isinstance(column, dy.Enum) else "")
        if isinstance(column, dy.Enum | dy.String)
        else pl.col(name).fill_null(0)
        for name, column in columns.items()
        if not column.nullable and name not in dates
    )
    frame = filled.select(pl.col(name).cast(column.dtype) for name, column in columns.items())
    return frame, filled.select("path", "line")


def in_order(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table in its schema and sorted by its key, as every company holds it."""
    columns = TABLES[table].columns()
    typed = frame.select(pl.col(name).cast(column.dtype) for name, column in columns.items())
    first, *more = KEYS[table]
    # As the store gives them back, rows are in order already; looking costs a fiftieth of sorting.
    return typed if not more and typed[first].is_sorted() else typed.sort(first, *more)
