"""A person many times over: each copy's goals end differently, and all copies are scored, appraised and paid at once."""

from collections.abc import Sequence

import polars as pl

#: What stands between a name and the number of its copy; no id has it.
MARK = "\x1f"


def copied(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Return goals' results so many times, as goals of copied owners below each other, with the number as `copy`.

    What lies above these goals is not copied.
    """
    there = rows["goal"].implode()
    number = pl.lit(MARK) + pl.col("copy").cast(pl.String)
    copies = pl.DataFrame({"copy": range(count)}, schema={"copy": pl.UInt32})
    return copies.join(rows, how="cross").with_columns(
        pl.col("goal", "owner") + number,
        *(
            pl.when(pl.col(above).is_in(there)).then(pl.col(above) + number).otherwise(above).alias(above)
            for above in ("parent", "sheet")
        ),
    )


def name_of(original: str, number: int) -> str:
    """Return what a copy of a person or a goal is called."""
    return f"{original}{MARK}{number}"


def under_names(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return one person's rows once for each name."""
    people = pl.DataFrame({"person": names}, schema={"person": pl.String})
    return people.join(rows.drop("person"), how="cross").select(rows.columns)


def original(name: str) -> pl.Expr:
    """Return a column of names of copies as the names they are copies of."""
    return pl.col(name).str.split(MARK).list.first()
