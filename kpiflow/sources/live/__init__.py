"""Live sources: where measurements are fetched from by themselves, one kind per file.

Floor 4, part of sources. Reaches files, databases and addresses; knows no store.
"""

from typing import Annotated

from pydantic import Field

from kpiflow.core.live_source import LiveSource
from kpiflow.sources.live.asked import Failure, Fetched, Look, Part, Since, SourceFailed
from kpiflow.sources.live.connector import Connector
from kpiflow.sources.live.duckdb_file import DuckdbSource
from kpiflow.sources.live.folder import FolderSource
from kpiflow.sources.live.http_json import HttpJsonSource
from kpiflow.sources.live.postgresql import PostgresqlSource
from kpiflow.sources.live.sql import SqlSource

#: Every kind of live source.
CONNECTORS: tuple[type[LiveSource], ...] = (FolderSource, DuckdbSource, PostgresqlSource, HttpJsonSource, SqlSource)

#: Any live source, told apart by its `kind` when it is read from configuration.
AnySource = Annotated[
    FolderSource | DuckdbSource | PostgresqlSource | HttpJsonSource | SqlSource, Field(discriminator="kind")
]

__all__ = [
    "CONNECTORS",
    "AnySource",
    "Connector",
    "Failure",
    "Fetched",
    "Look",
    "Part",
    "Since",
    "SourceFailed",
]
