"""A PostgreSQL database, asked in a session that can only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from kpiflow.core.live_source import Address, length
from kpiflow.language import Message, msg
from kpiflow.sources.live.asked import Since
from kpiflow.sources.live.grouping import GroupedSource
from kpiflow.sources.live.secrets import filled_address

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    import psycopg

#: What an ordinary type is called in the database, precision included.
_TYPES = "SELECT n, format_type(t, m) FROM unnest(%s::text[], %s::oid[], %s::int[]) AS x(n, t, m)"


class PostgresqlSource(GroupedSource):
    """A table, view or query. The session is set to read only, and a statement to end when its time is over.

    A column with a time zone is read in UTC; for days of another place, write a query.
    """

    kind: Literal["postgresql"] = "postgresql"
    connection: Address = Field(
        description="postgresql://name:${SECRET}@host:5432/database, or ${SECRET} for the whole address."
    )

    summary: ClassVar[Message] = msg("a table, view or query of PostgreSQL")

    @model_validator(mode="after")
    def _names_what_is_read(self) -> PostgresqlSource:
        if not (self.table or self.query):
            raise ValueError("a database needs a table or a query")
        return self

    @contextmanager
    def connected(self, since: Since) -> Iterator[ir.Table]:  # noqa: ARG002 — paths play no part here
        """Give the table or query; the session is ended afterwards."""
        import ibis  # here, because both take a third of a second that most commands need not pay
        import psycopg

        patience = length(self.timeout).total_seconds()
        session = psycopg.connect(
            filled_address(self.connection),
            autocommit=True,
            connect_timeout=max(2, int(patience)),
            options=f"-c default_transaction_read_only=on -c statement_timeout={int(patience * 1000)}",
            application_name="kpiflow",
        )
        try:
            asked = ibis.postgres.from_connection(session)
            if self.query:
                yield asked.sql(self.query, schema=_columns(session, self.query))
            else:
                schema, _, table = str(self.table).rpartition(".")
                yield asked.table(table, database=schema or None)
        finally:
            session.close()


def _columns(session: psycopg.Connection, query: str) -> ibis.Schema:
    """Return the columns of a query without making a view for it, which a reader may not."""
    import ibis  # as above
    from ibis.backends.sql.datatypes import PostgresType
    from psycopg import sql

    with session.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM ({}) AS asked LIMIT 0").format(sql.SQL(query)))
        columns = cursor.description or []
        names = [column.name for column in columns]
        kinds = [column.type_code for column in columns]
        modifiers = [_modifier(cursor, at) for at in range(len(columns))]
        found = cursor.execute(_TYPES, [names, kinds, modifiers]).fetchall()
    return ibis.schema({name: PostgresType.from_string(kind) for name, kind in found})


def _modifier(cursor: psycopg.Cursor, at: int) -> int:
    """Return what a column's type says beside its name, such as the digits of a number."""
    return cursor.pgresult.fmod(at) if cursor.pgresult is not None else -1
