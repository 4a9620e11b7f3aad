"""Any SQL database or warehouse that ibis reaches: Spark, Trino, Snowflake, BigQuery and others, each with its own driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from kpiflow.core.live_source import Address
from kpiflow.language import Message, msg
from kpiflow.sources.live.asked import Failure, Since, SourceFailed
from kpiflow.sources.live.grouping import GroupedSource
from kpiflow.sources.live.secrets import filled_address

if TYPE_CHECKING:
    import ibis.expr.types as ir


class SqlSource(GroupedSource):
    """A warehouse by its address, such as trino://name:${SECRET}@host/catalog.

    Spark is pyspark://, whose master stands in spark-defaults.conf.
    Its driver is installed beside KPIFlow. What is asked is the same for all; each is asked in its own dialect.
    """

    kind: Literal["sql"] = "sql"
    connection: Address = Field(description="The address of the warehouse as ibis writes it; secrets as ${SECRET}.")

    summary: ClassVar[Message] = msg("any SQL warehouse that ibis reaches, such as Spark")

    @model_validator(mode="after")
    def _names_what_is_read(self) -> SqlSource:
        if not (self.table or self.query):
            raise ValueError("a database needs a table or a query")
        if self.connection.startswith(("postgresql://", "postgres://")):
            raise ValueError("a PostgreSQL database is of kind postgresql, whose session can only read")
        return self

    @contextmanager
    def connected(self, since: Since) -> Iterator[ir.Table]:  # noqa: ARG002 — paths play no part here
        """Give the table or query; the session is ended afterwards."""
        import ibis  # here, because it takes a fifth of a second that most commands need not pay
        from ibis.common.exceptions import IbisError

        address = filled_address(self.connection)
        try:
            warehouse = ibis.connect(address)
        except (ImportError, IbisError) as error:
            kind = address.partition("://")[0]
            raise SourceFailed(
                Failure.NOT_THERE, f"the driver for {kind} is not installed: {type(error).__name__}"
            ) from error
        try:
            schema, _, table = str(self.table or "").rpartition(".")
            yield warehouse.sql(self.query) if self.query else warehouse.table(table, database=schema or None)
        finally:
            warehouse.disconnect()
