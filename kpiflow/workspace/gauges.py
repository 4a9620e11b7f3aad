"""How much of everything there is, as numbers about the process and the store; nothing of what stands in it."""

from collections.abc import Mapping

from kpiflow.storage.counting import counted
from kpiflow.workspace.books import Books
from kpiflow.workspace.safekeeping.schedule import State
from kpiflow.workspace.safekeeping.scheduled import standing


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
        **_backups(ws),
    }


def _backups(ws: Books) -> Mapping[str, float]:
    """Return how many scheduled backups there are, whether one is late, and how old the last is; nothing where none are made."""
    now = standing(ws)
    if now.state is State.OFF:
        return {}
    found = {"backups_kept": float(now.count), "backup_late": float(now.state is State.LATE)}
    if now.last is not None:
        found["backup_age_seconds"] = (ws.signed_in.now() - now.last.made_at).total_seconds()
    return found


def answers(ws: Books) -> bool:
    """Return whether the store answers a question."""
    with ws.store.read() as cursor:
        return bool(cursor.sql("SELECT count(*) > 0 FROM migration").fetchall()[0][0])
