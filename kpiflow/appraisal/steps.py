"""The steps that lead from the sections to the final score and grade, one row each, so that every change says why.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from enum import StrEnum

import polars as pl

from kpiflow.frames.appraisals import AppraisalSteps

#: The columns of a frame of steps.
STEPS: dict[str, pl.DataType | type[pl.DataType]] = {
    name: column.dtype for name, column in AppraisalSteps.columns().items()
}


class StepKind(StrEnum):
    """What a step does."""

    SCALE = "scale"  # ratings brought to the scale of their section
    CROSS = "cross"  # others held at base, because one missed its own
    SEGMENTS = "segments"  # the parts of a period put together by days
    COEFFICIENT = "coefficient"
    NO_COEFFICIENT = "no_coefficient"  # not applied, as a cross rule says
    ADJUSTMENT = "adjustment"
    VETO_SCORE = "veto_score"
    VETO_GRADE = "veto_grade"
    CEILING = "ceiling"


#: The order of the kinds within a person's steps.
ORDER = {kind.value: number for number, kind in enumerate(StepKind)}


def no_steps() -> pl.DataFrame:
    """Return a frame of steps without rows."""
    return pl.DataFrame(schema=STEPS)


def steps(rows: pl.DataFrame, kind: StepKind, **given: pl.Expr) -> pl.DataFrame:
    """Return rows as steps of a kind; columns that are not given are absent."""
    known = {"kind": pl.lit(kind.value), "order": pl.lit(0, dtype=pl.Int64)} | given
    absent = {name: pl.lit(None) for name in STEPS if name not in known and name != "person"}
    return rows.select(pl.col("person"), **known, **absent).select(
        pl.col(name).cast(dtype) for name, dtype in STEPS.items()
    )


def in_order(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return steps by person, in the order they are taken, each with its number."""
    every = pl.concat([no_steps(), *parts])
    if every.is_empty():
        return every
    kinds = pl.col("kind").replace_strict(ORDER, return_dtype=pl.Int64)
    # Vetoes and ceilings are numbered in the order they were looked at; kinds come in the order above.
    return (
        every.with_columns(_kind=kinds, _row=pl.int_range(pl.len()))
        .sort("person", "_kind", "order", "_row")
        .with_columns(order=pl.int_range(pl.len()).over("person"))
        .drop("_kind", "_row")
    )
