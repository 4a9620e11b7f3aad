"""How workbooks are read: mappings in versions only ever added to, and which cell each measurement stood in."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class NewMapping:
    """One version of a mapping, to be written. `body` is JSON text; `headings` what its columns are called."""

    name: str
    body: str
    headings: Sequence[str]
    file: str
    who: str
    at: datetime.datetime
    closed: bool = False


def add_mapping(cursor: Cursor, said: NewMapping) -> tuple[int, int]:
    """Write the first or next version of the mapping of a name, on the writing cursor; return its number and version."""
    known = cursor.execute(
        "SELECT mapping, max(version) FROM mapping WHERE name = ? GROUP BY mapping ORDER BY mapping DESC LIMIT 1",
        [said.name],
    ).fetchall()
    number, version = known[0] if known else (next_number(cursor, "mapping", "mapping"), 0)
    cursor.execute(
        "INSERT INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, version + 1, wall_clock(said.at), said.who, said.name, said.body, list(said.headings), said.file,
            said.closed,
        ],
    )  # fmt: skip
    return int(number), int(version) + 1


def read_mappings(store: Store, *, closed: bool = False) -> pl.DataFrame:
    """Return the newest version of every mapping, the newest first: the columns of the table and `loads`, how many used it.

    Those set aside are left out unless `closed`.
    """
    with store.snapshot() as cursor:
        return cursor.sql(
            """WITH used AS (SELECT mapping, count(DISTINCT load) AS loads FROM load_mapping GROUP BY mapping)
            SELECT m.*, coalesce(u.loads, 0) AS loads FROM mapping AS m LEFT JOIN used AS u USING (mapping)
            QUALIFY row_number() OVER (PARTITION BY m.mapping ORDER BY m.version DESC) = 1 AND (NOT m.closed OR $closed)
            ORDER BY m.recorded_at DESC, m.mapping DESC""",
            params={"closed": closed},
        ).pl()


def add_places(
    cursor: Cursor, load: int, facts: pl.DataFrame, *, read_by: tuple[int, int] | None = None, body: str | None = None
) -> None:
    """Write where the measurements of a load stood (metric, unit, person, day, entry, cell), and what they were read by."""
    number, version = read_by or (None, None)
    cursor.execute("INSERT INTO load_mapping VALUES (?, ?, ?, ?)", [load, number, version, body])
    cursor.register("placed", facts.select("metric", "unit", "person", "day", "entry", "cell"))
    cursor.execute(
        """INSERT INTO load_cell
           SELECT m.load, m.series, m.day, m.entry, f.cell
           FROM placed AS f
           JOIN series AS s ON s.metric = f.metric AND s.unit = f.unit AND s.person IS NOT DISTINCT FROM f.person
           JOIN measurement AS m ON m.series = s.series AND m.day = f.day AND m.entry = f.entry AND m.load = ?
           ORDER BY m.series, m.day, m.entry""",
        [load],
    )
    cursor.unregister("placed")


def beside_store(store: Store, facts: pl.DataFrame) -> pl.DataFrame:
    """Return facts with `state` (new, unchanged, superseded) and what the store has in their place; nothing is written.

    `before` is the value or numerator there is, `before_base` its denominator; null where there is nothing.
    """
    if facts.is_empty():
        absent = [pl.lit(None, pl.Decimal(18, 6)).alias(name) for name in ("before", "before_base")]
        return facts.with_columns(pl.lit("new").alias("state"), *absent)
    asked = facts.with_row_index("at").with_columns(
        amount=pl.coalesce("value", "numerator"), base=pl.col("denominator")
    )
    first, last = facts.select(first=pl.col("day").min().cast(pl.String), last=pl.col("day").max().cast(pl.String)).row(
        0
    )
    with store.snapshot() as cursor:
        cursor.register("asked", asked.select("at", "metric", "unit", "person", "day", "entry", "amount", "base"))
        found = cursor.sql(
            f"""SELECT a.at, m.amount AS before, m.base AS before_base,
                   m.amount = a.amount AND m.base IS NOT DISTINCT FROM a.base AS same
            FROM asked AS a
            JOIN series AS s ON s.metric = a.metric AND s.unit = a.unit AND s.person IS NOT DISTINCT FROM a.person
            JOIN measurement AS m ON m.series = s.series AND m.day = a.day AND m.entry = a.entry
            WHERE m.day BETWEEN DATE '{first}' AND DATE '{last}' AND NOT EXISTS (
                SELECT 1 FROM superseded AS g
                WHERE g.series = m.series AND g.day = m.day AND g.entry = m.entry AND g.load = m.load)"""
        ).pl()
    there = pl.when(pl.col("same")).then(pl.lit("unchanged")).otherwise(pl.lit("superseded"))
    state = pl.when(pl.col("same").is_null()).then(pl.lit("new")).otherwise(there)
    numbered = facts.with_row_index("at").join(
        found.cast({"at": pl.UInt32}), on="at", how="left", maintain_order="left"
    )
    return numbered.with_columns(state.alias("state")).drop("at", "same")
