"""Sources that speak SQL: what is asked is added up where the data lies, so that only sums travel."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from kpiflow.core.live_source import Combine, LiveSource, Per
from kpiflow.sources.live.asked import Fetched, Look, Since

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import ibis.expr.types as ir


class GroupedSource(LiveSource):
    """A table or query of a database. Kinds say how to connect; the rest is the same for all of them."""

    table: str | None = Field(default=None, description="The table or view; in another schema: schema.table.")
    query: str | None = Field(default=None, description="A SELECT instead of a table.")
    per: Per = Field(default=Per.DAY, description="The stretch that values are added up over before they travel.")
    combine: Combine = Field(default=Combine.SUM, description="How several values of a stretch become one.")

    @abstractmethod
    def connected(self, since: Since) -> AbstractContextManager[ir.Table]:
        """Give the table or query to be read, and let go of the connection afterwards."""

    @model_validator(mode="after")
    def _reads_one_thing(self) -> GroupedSource:
        if self.table and self.query:
            raise ValueError("give a table or a query, not both")
        if self.query is not None:
            _only_reads(self.query)
        return self

    def fetch(self, since: Since) -> Fetched:
        """Return what came since the watermark, added up; raises SourceFailed."""
        from kpiflow.sources.live import (
            adding_up,  # here, because ibis takes a fifth of a second that most commands need not pay
        )

        return adding_up.fetched(self, since)

    def look(self, since: Since) -> Look:
        """Return the first rows as they would come in, and the SQL that would run; raises SourceFailed."""
        from kpiflow.sources.live import adding_up  # as above

        return adding_up.looked_at(self, since)


def _only_reads(query: str) -> None:
    """Raise ValueError unless a text is one SELECT that changes nothing."""
    import sqlglot  # here, because only whoever reads a configuration pays for it
    from sqlglot import exp

    changes = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Into, exp.Command)
    try:
        statements = [one for one in sqlglot.parse(query) if one is not None]
    except sqlglot.errors.SqlglotError:
        return  # a dialect this parser does not know: the database itself refuses what is not read
    if len(statements) != 1 or not isinstance(statements[0], exp.Query) or any(statements[0].find_all(*changes)):
        raise ValueError("a query is one SELECT that changes nothing")
