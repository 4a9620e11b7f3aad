"""How much of everything the store holds."""

from collections.abc import Mapping

from kpiflow.storage.store import Store
from kpiflow.storage.webhooks import read_webhooks


def counted(store: Store) -> Mapping[str, float]:
    """Return the rows of all loads by what became of them, the loads, deliveries that wait or were given up, and bytes."""
    with store.read() as cursor:
        loads, added, superseded, rejected = cursor.sql(
            """SELECT count(*), coalesce(sum(rows_added), 0), coalesce(sum(rows_superseded), 0),
                   coalesce(sum(rows_rejected), 0) FROM load_entry"""
        ).fetchall()[0]
    webhooks = read_webhooks(store)
    beside = store.path.with_name(f"{store.path.name}.wal")
    return {
        "loads": loads,
        "load_rows_added": added,
        "load_rows_superseded": superseded,
        "load_rows_rejected": rejected,
        "webhook_events_waiting": int(webhooks["waiting"].sum()),
        "webhook_events_given_up": int(webhooks["given_up"].sum()),
        "store_bytes": store.path.stat().st_size,
        "store_log_bytes": beside.stat().st_size if beside.exists() else 0,
    }
