"""How much of everything there is, as numbers about the process and the store; nothing of what stands in it."""

from collections.abc import Mapping

from kpiflow.storage.counting import counted
from kpiflow.workspace.books import Books


def gauges(ws: Books) -> Mapping[str, float]:
    """Return each number by its name: sessions, writes, rows loaded, webhooks, kept answers, bytes of the store."""
    answers, held = ws.kept_now()
    signed_in = ws.signed_in
    with signed_in.lock:
        sessions = sum(signed_in.lasts(one) for one in signed_in.sessions.values())
    return {
        "sessions_open": sessions,
        "store_writes": ws.store.writes,
        "answers_kept": answers,
        "answers_kept_bytes": held,
        **counted(ws.store),
    }


def answers(ws: Books) -> bool:
    """Return whether the store answers a question."""
    with ws.store.read() as cursor:
        return bool(cursor.sql("SELECT count(*) > 0 FROM migration").fetchall()[0][0])
