"""Warehouses asked for sums against asked for every row: `python -m bench.warehouses ROWS`, one line per warehouse.

PostgreSQL comes in a wheel of the tests. Spark lies in an environment of its own beside this one (`bench/spark.lock`) and needs
Java: without either it is left out, and the line says why.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from kpiflow.sources.live import Since
from kpiflow.sources.live.grouping import GroupedSource
from kpiflow.sources.live.postgresql import PostgresqlSource
from kpiflow.sources.live.sql import SqlSource
from tests.sources.live.postgres import running

#: Where `make bench` puts Spark.
SPARK = Path(sys.prefix) / "spark"

#: The numbers of the last run of the bench.
RESULTS = Path(__file__).parent / "results" / "latest.json"

#: What both kinds of source say of the table.
SAID: dict[str, Any] = {
    "source": "flown", "label": "Flown", "columns": {"unit": "place", "day": "day", "value": "cost"},
    "fixed": {"metric": "cost"}, "timeout": "10m",
}  # fmt: skip


def rows(count: int) -> pl.DataFrame:
    """Return what stands in the warehouse: 40 places, a year of days, amounts to the cent."""
    number = pl.int_range(count, dtype=pl.Int64)
    return pl.select(
        pl.format("U{}", number % 40).alias("place"),
        (pl.date(2026, 1, 1) + pl.duration(days=number * 7919 % 365)).alias("day"),
        ((number * 104_729 % 1_000_003).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)).alias("cost"),
    )


def seconds(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a call took, of two the shorter, and what it returned: the first one warms the warehouse."""
    took = []
    for _ in range(2):
        began = time.perf_counter()
        found = function()
        took.append(time.perf_counter() - began)
    return min(took), found


def compared(
    name: str, source: GroupedSource, everything: Callable[[], pl.DataFrame], truth: pl.DataFrame
) -> dict[str, Any]:
    """Ask for sums and for all rows, hold both to the truth, and return what each took."""
    pushed, fetched = seconds(lambda: source.fetch(Since(Path.cwd())))
    (part,) = fetched.parts
    sums = part.rows.select("unit", "day", pl.col("value").cast(pl.Decimal(38, 6))).sort("unit", "day")
    assert sums.equals(truth), f"{name}: the sums are not those of the rows"
    pulled, here = seconds(everything)
    assert here.equals(truth), f"{name}: the rows are not those that were put there"
    return {
        "warehouse": name,
        "rows": int(part.behind.sum()),
        "sums": part.rows.height,
        "pushed_down": pushed,
        "all_rows": pulled,
    }


def summed(found: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of rows that were fetched, added up here."""
    wide = pl.col("cost").cast(pl.Decimal(38, 6)).sum().alias("value")
    return found.group_by(pl.col("place").alias("unit"), pl.col("day").cast(pl.String)).agg(wide).sort("unit", "day")


def postgresql(table: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Any]:
    """Measure a PostgreSQL that is started for it."""
    import ibis
    import psycopg

    with running() as server:
        server.run("CREATE TABLE flown (place text, day date, cost numeric(18,2))")
        with (
            psycopg.connect(server.address) as session,
            session.cursor() as cursor,
            cursor.copy("COPY flown FROM STDIN") as copy,
        ):
            for row in table.iter_rows():
                copy.write_row(row)
        server.run("ANALYZE flown")
        source = PostgresqlSource(**SAID, connection=server.address, table="flown")

        def everything() -> pl.DataFrame:
            with psycopg.connect(server.address) as session:
                asked = ibis.postgres.from_connection(session)
                return summed(pl.DataFrame(pl.from_arrow(asked.table("flown").to_pyarrow())))

        return compared("PostgreSQL", source, everything, truth)


def spark(table: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Any]:
    """Measure a Spark that is started for it, on all cores of this machine."""
    with _session(table) as session:
        import ibis

        class Open(SqlSource):
            """The same source in a session that stays: a new one costs seconds that are not the question's."""

            @contextmanager
            def connected(self, since: Since) -> Iterator[Any]:  # noqa: ARG002
                """Give the table."""
                yield ibis.pyspark.connect(session).table("flown")

        source = Open(**SAID, connection="pyspark://", table="flown")

        def everything() -> pl.DataFrame:
            # Spark's own quickest way out; through ibis the rows would pass pandas one by one.
            return summed(pl.DataFrame(pl.from_arrow(session.table("flown").toArrow())))

        return compared("Spark", source, everything, truth)


@contextmanager
def _session(table: pl.DataFrame) -> Iterator[Any]:
    """Give a Spark session with the table in it."""
    from pyspark.sql import SparkSession

    folder = Path(tempfile.mkdtemp(prefix="kpiflow-spark-"))
    table.write_parquet(folder / "flown.parquet")
    quiet = {"spark.ui.enabled": "false", "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.driver.host": "127.0.0.1",
             "spark.driver.bindAddress": "127.0.0.1", "spark.sql.session.timeZone": "UTC", "spark.log.level": "ERROR"}  # fmt: skip
    builder = SparkSession.builder.master("local[*]").appName("kpiflow")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        session.read.parquet(str(folder / "flown.parquet")).createOrReplaceTempView("flown")
        yield session
    finally:
        session.stop()
        shutil.rmtree(folder, ignore_errors=True)


def left_out() -> str | None:
    """Return why Spark is not measured; None when it can be."""
    if shutil.which("java") is None:
        return "there is no Java on this machine"
    found = sorted(SPARK.glob("lib/python*/site-packages"))
    if not found or not (found[0] / "pyspark").is_dir():
        return "Spark is not installed: `make bench` does it"
    sys.path.append(str(found[0]))
    return None


def main(count: int) -> None:
    """Print a line per warehouse, and add it to the numbers of the last run."""
    table = rows(count)
    truth = summed(table)
    told(postgresql(table, truth))
    why = left_out()
    if why:
        print(f"Spark was left out: {why}.", flush=True)
    else:
        told(spark(table, truth))


def told(found: dict[str, Any]) -> None:
    """Print what one warehouse took, and add it to bench/results/latest.json where a run has written it."""
    pushed, pulled = found["pushed_down"], found["all_rows"]
    print(
        f"{found['warehouse']}: {found['rows']:,} rows as {found['sums']:,} sums in {pushed:.2f} s;"
        f" every row fetched and added up here {pulled:.2f} s ({pulled / pushed:.1f} times as long)",
        flush=True,
    )
    if RESULTS.is_file():
        line = {"name": f"{found['warehouse']}: sums from {found['rows']:,} rows", "value": pushed, "unit": "s",
                "against": "every row fetched", "ratio": pushed / pulled}  # fmt: skip
        RESULTS.write_text(json.dumps([*json.loads(RESULTS.read_text()), line], indent=1) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
