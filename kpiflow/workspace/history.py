"""What happened in the store: the journal, newest first."""

from typing import Any

from kpiflow.storage.journal import read_journal
from kpiflow.workspace.books import Books


def journal_rows(ws: Books, limit: int = 50) -> list[dict[str, Any]]:
    """Return the newest lines of the journal: entry, at, who, action, subject, reason, detail."""
    return read_journal(ws.store, limit=limit).to_dicts()
