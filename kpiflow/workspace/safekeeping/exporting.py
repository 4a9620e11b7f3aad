"""Everything in open formats, and a store made of it again."""

import datetime
from contextlib import suppress
from pathlib import Path

from kpiflow.errors import StoreError
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.open_formats import export_tables, import_tables
from kpiflow.storage.proving import Progress, Proof, unheard
from kpiflow.workspace.books import Books


def export_data(
    ws: Books,
    folder: Path,
    progress: Progress = unheard,
    *,
    secrets: bool = False,
    who: str = "administrator",
) -> Path:
    """Write every table and file of the store into a new folder; return it. Raises StoreError.

    The journal says so first, and the export with it.
    """
    if not folder.exists():
        at = datetime.datetime.now(datetime.UTC)
        with suppress(StoreError), ws.store.write() as cursor:
            record(cursor, Entry(at, who, "export_data", folder.name, detail={"secrets": secrets}))
    return export_tables(ws.store, folder, progress, secrets=secrets)


def import_data(folder: Path, to: Path, progress: Progress = unheard) -> Proof:
    """Make a new store from an export; raises StoreError for one that is not whole, or when a store is there already."""
    return import_tables(folder, to, progress)
