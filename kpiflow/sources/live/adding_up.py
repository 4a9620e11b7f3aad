"""The one question to every database, through ibis: sums per metric, unit, person and stretch, of what was touched."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import polars as pl

from kpiflow.core.live_source import Combine, Per, length
from kpiflow.sources.headings import COLUMNS
from kpiflow.sources.live.asked import Fetched, Look, Part, Since, SourceFailed
from kpiflow.sources.live.failing import failure_of
from kpiflow.sources.live.grouping import GroupedSource
from kpiflow.sources.live.tidying import as_text, found_columns, tidied
from kpiflow.sources.rules import NUMBERS

#: Exact sums of values with six digits after the point.
_EXACT = "decimal(38, 6)"

#: How many rows are shown by `check`.
_FIRST = 10

#: For how many rows a sum stands, beside the columns of the tidy form.
_BEHIND = "rows_behind"

#: Rows without a number come apart from the others, so that they are set aside and the others go in.
INCOMPLETE = "incomplete"


def fetched(source: GroupedSource, since: Since) -> Fetched:
    """Return what came since the watermark, added up; raises SourceFailed."""
    with _asked(source, since) as table:
        # Asked first: what comes in between the two questions lies behind the watermark and is read again.
        newest = _newest(source, table)
        rows = pl.DataFrame(pl.from_arrow(grouped(source, table, since).to_pyarrow()))
    rows = rows.sort(pl.exclude(_BEHIND), nulls_last=True)
    part = Part(source.table or "query", tidied(source, as_text(rows.drop(_BEHIND))), rows[_BEHIND])
    return Fetched((part,), {} if newest is None else {"watermark": newest})


def looked_at(source: GroupedSource, since: Since) -> Look:
    """Return the first rows as they would come in, and the SQL that would run; raises SourceFailed."""
    with _asked(source, since) as table:
        asked = grouped(source, table, since)
        rows = pl.DataFrame(pl.from_arrow(asked.limit(_FIRST).to_pyarrow()))
        question = str(ibis.to_sql(asked))
    return Look(tidied(source, as_text(rows.drop(_BEHIND))), question)


@contextmanager
def _asked(source: GroupedSource, since: Since) -> Iterator[ir.Table]:
    """Give the table, turning what drivers raise into why the source failed."""
    try:
        with source.connected(since) as table:
            yield table
    except SourceFailed:
        raise
    except Exception as error:  # every driver has its own; `failure_of` knows the words of each
        raise failure_of(error, source) from error


def grouped(source: GroupedSource, table: ir.Table, since: Since) -> ir.Table:
    """Return the question: sums per metric, unit, person and stretch, of the stretches touched since the watermark."""
    found = found_columns(source, table.columns)
    columns = {ours: table[theirs] for ours, theirs in found.items()}
    keys: dict[str, Any] = {
        ours: columns[ours].cast("string") for ours in ("metric", "unit", "person", "entry") if ours in columns
    }
    numbers = {ours: _exact(columns[ours]) for ours in NUMBERS if ours in columns}
    if "day" in columns:
        keys["day"] = _stretch(columns["day"], source.per)
    incomplete = ibis.or_(*(number.isnull() for number in numbers.values())) if numbers else ibis.literal(value=True)
    named = table.select(**keys, **numbers, touched=_touched(source, table, since), lacking=incomplete)
    if "watermark" in since.state and source.watermark:
        named = _of_touched(named, source.per)
    if source.per is Per.NONE:
        return named.select(*keys, *numbers, **{_BEHIND: ibis.literal(1, "int64")})
    plain = named.entry if "entry" in keys else ibis.literal("")
    entry = ibis.ifelse(named.lacking, ibis.literal(INCOMPLETE), plain.fill_null(""))
    grouping = named.select(*(key for key in keys if key != "entry"), *numbers, entry=entry)
    by = [key for key in COLUMNS if key in grouping.columns and key not in numbers]
    sums = {name: _combined(grouping[name], name, source.combine).cast(_EXACT) for name in numbers}
    return grouping.group_by(by).aggregate(**sums, **{_BEHIND: grouping.count()})


def _exact(column: Any) -> Any:
    """Return a column of numbers as exact decimals, null where it is no finite number."""
    if column.type().is_floating():
        column = ibis.ifelse(column.isnan() | column.isinf(), ibis.null(column.type()), column)
    return column.cast(_EXACT)


def _stretch(day: Any, per: Per) -> Any:
    """Return the first day of the stretch that each day lies in."""
    date = day.cast("date")
    units = {Per.WEEK: "W", Per.MONTH: "M"}
    return date.truncate(units[per]).cast("date") if per in units else date


def _combined(numbers: Any, name: str, combine: Combine) -> Any:
    if name != "value" or combine is Combine.SUM:
        return numbers.sum()
    return numbers.min() if combine is Combine.MIN else numbers.max()


def _touched(source: GroupedSource, table: ir.Table, since: Since) -> Any:
    """Return whether a row came since the watermark, or lies so little behind it that it may have come in late."""
    known = since.state.get("watermark")
    if source.watermark is None or known is None:
        return ibis.literal(value=True)
    column = table[source.watermark]
    return column >= floor_of(str(known), source.reread, column.type())


def floor_of(known: str, reread: str, kind: dt.DataType) -> Any:
    """Return the literal from which on rows are read again: the watermark, less the time that rows may be late by."""
    if kind.is_integer() or kind.is_decimal() or kind.is_floating():
        return ibis.literal(int(known)) if kind.is_integer() else ibis.literal(known).cast(kind)
    if kind.is_date():
        return ibis.literal(datetime.date.fromisoformat(known) - length(reread))
    if kind.is_timestamp():
        return ibis.literal(datetime.datetime.fromisoformat(known) - length(reread)).cast(kind)
    return ibis.literal(known)


def _of_touched(named: ir.Table, per: Per) -> ir.Table:
    """Return the rows of every stretch in which one row is new: a sum of a part of them would be wrong."""
    if per is Per.NONE or "day" not in named.columns:
        return named.filter(named.touched)
    stretches = named.filter(named.touched).select("day").distinct()
    return named.filter(named.day.isin(stretches.day) | (named.day.isnull() & named.touched))


def _newest(source: GroupedSource, table: ir.Table) -> str | None:
    """Return the highest watermark there is as text, None without one."""
    if source.watermark is None:
        return None
    found_columns(source, table.columns)
    newest = table.aggregate(newest=table[source.watermark].max()).to_pyarrow()["newest"][0].as_py()
    return newest.isoformat() if isinstance(newest, datetime.date) else None if newest is None else str(newest)
