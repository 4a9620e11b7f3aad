"""The store: facts, definitions and the journal in DuckDB, append-only, with every past belief still there to read.

Floor 4: knows core and frames. The only owner of DuckDB; reads the clock only to date its own migrations.
"""

from kpiflow.storage.backup import backup, restore
from kpiflow.storage.documents import (
    ChangeReport,
    Counted,
    Documents,
    definitions_version,
    read_definitions,
    read_table,
    row_history,
    save_definitions,
)
from kpiflow.storage.journal import Entry, read_journal, record
from kpiflow.storage.loads import LoadReport, Source, append, load
from kpiflow.storage.observe import measurements_version, observe
from kpiflow.storage.rows import Fact, Rows, fact_history, load_list, loads_behind, measurement_rows
from kpiflow.storage.selection import Selection, Window
from kpiflow.storage.store import FAILURES, Cursor, Store

__all__ = [
    "FAILURES",
    "ChangeReport",
    "Counted",
    "Cursor",
    "Documents",
    "Entry",
    "Fact",
    "LoadReport",
    "Rows",
    "Selection",
    "Source",
    "Store",
    "Window",
    "append",
    "backup",
    "definitions_version",
    "fact_history",
    "load",
    "load_list",
    "loads_behind",
    "measurement_rows",
    "measurements_version",
    "observe",
    "read_definitions",
    "read_journal",
    "read_table",
    "record",
    "restore",
    "row_history",
    "save_definitions",
]
