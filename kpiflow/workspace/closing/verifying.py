"""Whether a closed result still holds: its rows as they were written, and each number worked out again from the store."""

from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, msg
from kpiflow.storage.closing import Frozen, Prints, frozen_rows, prints
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.answers import ClosingVerified
from kpiflow.workspace.closing.frozen import SCHEMAS, closed, closings_known
from kpiflow.workspace.closing.snapshot import code_print, program, row_prints, snapshot, whole_print

#: How many differences are told.
TOLD = 20

_DIFFERENCE = dict.fromkeys(("table", "id", "column", "frozen", "recomputed"), pl.String())


def verify(ws: Books, asker: Asker, period: str, number: int | None = None) -> ClosingVerified:
    """Work a closed period out again as known then and compare every number to the last digit.

    `number` is a closing of the period, also one that was opened again; absent: the one that counts. Raises Refused,
    NotFound, or InvalidInput for a period that was never closed.
    """
    ws.may(asker, "read_scores").require()
    ws.moment(period, None)
    row = _record(ws, period, number)
    known_by = row["known_by"]
    with ws.store.snapshot() as cursor:
        frozen = {table: frozen_rows(cursor, row["closing"], table) for table in Frozen}
        rests_on = prints(cursor, known_by)
    again = snapshot(ws, period, known_by)
    frozen = {table: rows for table, rows in frozen.items() if table in again.rows}
    marks = row_prints(frozen)
    then = (row["measurements"], row["definitions"], row["rules"])
    parts = [_compared(table, rows, again.rows[table]) for table, rows in frozen.items()]
    differences, found = pl.concat([part for part, _ in parts]), sum(count for _, count in parts)
    result = {
        "intact": (marks.results, marks.people, marks.sections) == (row["results"], row["people"], row["sections"])
        and whole_print(period, known_by, Prints(*then), marks, row["code"]) == row["fingerprint"],
        "same": found == 0,
        "rests": (rests_on.measurements, rests_on.definitions, rests_on.rules) == then,
        "same_code": row["code"] == code_print(),
    }
    compared = sum(rows.height * (rows.width - len(SCHEMAS[table].primary_key())) for table, rows in frozen.items())
    first = differences.head(TOLD)
    return ClosingVerified(
        sentence=_sentence(row, result, compared, found, first),
        closing=row["closing"],
        period=period,
        compared=compared,
        found=found,
        differences=first,
        **result,
    )


def _record(ws: Books, period: str, number: int | None) -> dict[str, Any]:
    """Return the record of the closing that is meant."""
    rows = closings_known(ws).filter(pl.col("period") == period)
    if number is None:
        counting = closed(ws, period)
        number = counting.number if counting else (rows["closing"].max() if rows.height else None)  # type: ignore[assignment]
    if number is None:
        raise InvalidInput(msg("{period} was never closed, so there is nothing to verify.", period=period))
    found = rows.filter(pl.col("closing") == number)
    if found.is_empty():
        raise not_found(msg("closing of this period"), str(number), [str(one) for one in rows["closing"]])
    return found.row(0, named=True)


def _compared(table: Frozen, frozen: pl.DataFrame, again: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the first values that differ between two states of a table, and how many there are in all."""
    if frozen.is_empty() and again.is_empty():
        return pl.DataFrame(schema=_DIFFERENCE), 0
    keys = SCHEMAS[table].primary_key()
    kinds = {**again.schema, **frozen.schema}
    old, new = (_whole(frame, kinds) for frame in (frozen, again))
    columns = [name for name in kinds if name not in keys]
    both = old.with_columns(was=True).join(
        new.with_columns(was=True), on=keys, how="full", coalesce=True, suffix=" again", nulls_equal=True,
        maintain_order="left_right",
    )  # fmt: skip
    apart = [
        both.filter(pl.col(name).ne_missing(pl.col(f"{name} again"))).select(
            table=pl.lit(table.value),
            id=pl.concat_str([pl.col(key).cast(pl.String) for key in keys], separator=" "),
            column=pl.lit("" if name == "was" else name),
            frozen=pl.col(name).cast(pl.String),
            recomputed=pl.col(f"{name} again").cast(pl.String),
        )
        for name in ["was", *columns]
    ]
    listed = pl.concat(apart)
    return listed.head(TOLD), listed.height


def _whole(frame: pl.DataFrame, kinds: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return a frame with all columns of a table, in its types; a column that it lacks is empty."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in kinds.items()
    )


def _sentence(
    row: dict[str, Any], result: dict[str, bool], compared: int, found: int, first: pl.DataFrame
) -> tuple[Message, ...]:
    """Return the outcome in words, the worst first."""
    facts = {"period": row["period"], "number": row["closing"]}
    said = []
    if not result["intact"]:
        said.append(
            msg(
                "The frozen rows of closing {number} of {period} are not those that were written: somebody changed the store.",
                **facts,
            )
        )
    if found:
        one = first.row(0, named=True)
        said.append(
            msg(
                "{count} {count:value differs|values differ} when worked out again, first {column} "
                "of {id}: {frozen} was closed, {recomputed} comes out.",
                count=found,
                column=one["column"] or one["table"],
                id=one["id"],
                frozen=one["frozen"] or "–",
                recomputed=one["recomputed"] or "–",
            )
        )
    if not result["rests"]:
        said.append(msg("What was measured or defined by then is not what it was: its fingerprint differs."))
    if not said:
        said.append(
            msg(
                "Closing {number} of {period} holds: all {count} values come out again, to the last digit.",
                **facts,
                count=compared,
            )
        )
    if not result["same_code"]:
        said.append(
            msg(
                "It was closed with KPIFlow {then} and worked out again with {now}, whose arithmetic is written differently.",
                then=row["version"],
                now=program(),
            )
        )
    return tuple(said)
