"""Backups that the server makes by itself, and how they stand, for whoever looks after it."""

import datetime
from collections.abc import Callable
from pathlib import Path

from kpiflow.errors import StoreError
from kpiflow.language import Message, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.safekeeping import schedule
from kpiflow.workspace.safekeeping.backups import backup
from kpiflow.workspace.safekeeping.schedule import Standing

#: How the journal calls the schedule.
WHO = "schedule"

#: How long it is until a backup that failed is tried again.
LATER = datetime.timedelta(minutes=15)


class BackupDesk(Books):
    """A store opened for whoever looks after the server."""

    def backup_standing(self, asker: Asker) -> Standing:
        """Return how scheduled backups stand; raises Refused without the right to manage accounts."""
        self.may(asker, "manage_accounts").require()
        return standing(self)


def standing(ws: Books) -> Standing:
    """Return how scheduled backups stand now."""
    return schedule.standing(ws.backup_plan, ws.store.path, _now(ws))


def back_up_when_due(ws: Books, stopping: Callable[[], bool]) -> Path | None:
    """Make a backup when its turn has come, delete those that are too old, and return it; None when it is nobody's turn.

    Raises StoreError when there is none, and remembers why: it is tried again a while later. One that is under way when the
    server stops is given up, and leaves nothing behind.
    """
    plan, now = ws.backup_plan, _now(ws)
    if plan.folder is None or (plan.failed is not None and now - plan.failed[0] < LATER):
        return None

    def heard(said: Message, done: float) -> None:  # noqa: ARG001 — only asks whether to go on
        if stopping():
            raise StoreError(msg("The server stopped before the backup was finished."))

    try:
        if not schedule.is_due(plan, ws.store.path, now):
            return None
        made = backup(ws, plan.folder / schedule.name_at(ws.store.path, now), heard, who=WHO)
        schedule.prune(plan, ws.store.path)
    except OSError as error:
        said = msg("{folder} cannot be used: {said}", folder=str(plan.folder), said=error.strerror or str(error))
        plan.failed = (now, said)
        raise StoreError(said) from error
    except StoreError as error:
        plan.failed = (now, error.message)
        raise
    plan.failed = None
    return made


def _now(ws: Books) -> datetime.datetime:
    return ws.signed_in.now()
