"""A DuckDB file, or Parquet files, asked by SQL on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from kpiflow.language import Message, msg
from kpiflow.sources.live.asked import Failure, Since, SourceFailed
from kpiflow.sources.live.grouping import GroupedSource

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend as DuckDB

#: What a query calls the rows of Parquet files.
DATA = "data"


class DuckdbSource(GroupedSource):
    """A DuckDB file is opened for reading only. Parquet files are the table `data` of the query; nothing else can be read."""

    kind: Literal["duckdb"] = "duckdb"
    path: str = Field(min_length=1, description="A .duckdb file, or Parquet files such as feeds/*.parquet.")

    summary: ClassVar[Message] = msg("a DuckDB file, or a query over Parquet files")

    @model_validator(mode="after")
    def _names_what_is_read(self) -> DuckdbSource:
        if not self._is_parquet and not (self.table or self.query):
            raise ValueError("a DuckDB file needs a table or a query")
        return self

    @property
    def _is_parquet(self) -> bool:
        return self.path.casefold().endswith((".parquet", ".pq"))

    @contextmanager
    def connected(self, since: Since) -> Iterator[ir.Table]:
        """Give the table or query; the file is let go of afterwards."""
        import ibis  # here, because it takes a fifth of a second that most commands need not pay

        where = since.home / self.path
        there = sorted(where.parent.glob(where.name))
        if not there:
            raise SourceFailed(Failure.NOT_THERE, f"no file {self.path}", again=True)
        connection = ibis.duckdb.connect() if self._is_parquet else ibis.duckdb.connect(where, read_only=True)
        try:
            if self._is_parquet:
                connection.read_parquet([str(path) for path in there], table_name=DATA)
            _close_off(connection, [str(path) for path in there])
            schema, _, table = (self.table or DATA).rpartition(".")
            if self.query:
                yield connection.sql(self.query, schema=_columns(connection, self.query))
            else:
                yield connection.table(table, database=schema or None)
        finally:
            connection.disconnect()


def _columns(connection: DuckDB, query: str) -> ibis.Schema:
    """Return the columns of a query; ibis 12 asks for them in a way that DuckDB 2.0 no longer answers."""
    import ibis  # as above
    from ibis.backends.sql.datatypes import DuckDBType

    described = connection.raw_sql(f"DESCRIBE {query}").fetchall()
    return ibis.schema({name: DuckDBType.from_string(kind) for name, kind, *_ in described})


def _close_off(connection: DuckDB, files: list[str]) -> None:
    """Let a query read these files and no other, load nothing, and open no address."""
    allowed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    for setting in (
        f"SET allowed_paths = [{allowed}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.raw_sql(setting)
