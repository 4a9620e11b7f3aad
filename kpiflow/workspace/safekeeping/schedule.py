"""Scheduled backups: where they lie, when the next one is due, how the last one went, and which ones are old enough to go."""

import datetime
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from croniter import croniter

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.storage.holding import log_of

#: When backups are made and how many are kept, unless said otherwise.
SCHEDULE, KEEP = "30 2 * * *", 14

#: How long after its moment a backup may still be under way before it is called late.
GRACE = datetime.timedelta(hours=1)

#: How a backup's name tells when it was made, in UTC: names sort as moments do.
MOMENT = "%Y%m%dT%H%M%SZ"


class State(StrEnum):
    """How scheduled backups stand: `off` without a folder, `late` when the last good one is older than the schedule allows."""

    OFF = "off"
    GOOD = "good"
    LATE = "late"


@dataclass
class Plan:
    """Where and when backups are made and how many are kept; `failed` is the last try, when it failed, and why."""

    folder: Path | None = None
    cron: str = SCHEDULE
    keep: int = KEEP
    failed: tuple[datetime.datetime, Message] | None = None


@dataclass(frozen=True)
class Kept:
    """A backup of the schedule: it has its name only since it was read back and found whole."""

    path: Path
    made_at: datetime.datetime
    size: int


@dataclass(frozen=True)
class Standing:
    """How scheduled backups stand now: the last good one, how many there are, when the next is due, and what went wrong."""

    state: State
    folder: Path | None = None
    last: Kept | None = None
    count: int = 0
    next_at: datetime.datetime | None = None
    failed: tuple[datetime.datetime, Message] | None = None


def plan_of(environment: Mapping[str, str] = os.environ) -> Plan:
    """Return the plan set in the environment; raises InvalidInput for a schedule or a number that is none.

    >>> plan_of({"KPIFLOW_BACKUP_FOLDER": "/backups", "KPIFLOW_BACKUP_KEEP": "7"}).keep
    7
    """
    folder = environment.get("KPIFLOW_BACKUP_FOLDER", "").strip()
    cron = environment.get("KPIFLOW_BACKUP_SCHEDULE", "").strip() or SCHEDULE
    keep = environment.get("KPIFLOW_BACKUP_KEEP", "").strip() or str(KEEP)
    if len(cron.split()) != 5 or not croniter.is_valid(cron):
        raise InvalidInput(
            msg("KPIFLOW_BACKUP_SCHEDULE is '{text}', which is no cron line, such as 30 2 * * *.", text=cron)
        )
    if not keep.isdecimal() or int(keep) < 1:
        raise InvalidInput(msg("KPIFLOW_BACKUP_KEEP is '{text}'. Write a whole number above 0.", text=keep))
    return Plan(Path(folder).expanduser().resolve() if folder else None, cron, int(keep))


def name_at(store: Path, now: datetime.datetime) -> str:
    """Return the name of a backup of a store that is made at a moment."""
    return f"{store.stem}-{now.astimezone(datetime.UTC):{MOMENT}}.duckdb"


def kept(plan: Plan, store: Path) -> list[Kept]:
    """Return the schedule's backups of a store, the newest first; what else lies in the folder is none of ours."""
    found = []
    for path in _named(plan, store, r"\.duckdb"):
        moment = datetime.datetime.strptime(path.name[len(store.stem) + 1 :][:16], MOMENT).replace(tzinfo=datetime.UTC)
        found.append(Kept(path, moment, path.stat().st_size))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def is_due(plan: Plan, store: Path, now: datetime.datetime) -> bool:
    """Return whether a backup is to be made now: none was made since the schedule last asked for one."""
    if plan.folder is None:
        return False
    there = kept(plan, store)
    return not there or there[0].made_at < _before(plan, now)


def standing(plan: Plan, store: Path, now: datetime.datetime) -> Standing:
    """Return how scheduled backups of a store stand at a moment."""
    if plan.folder is None:
        return Standing(State.OFF)
    there = kept(plan, store)
    asked = _before(plan, now)
    late = (not there or there[0].made_at < asked) and now - asked > GRACE
    state = State.LATE if late or (plan.failed is not None and not there) else State.GOOD
    next_at: datetime.datetime = croniter(plan.cron, _local(now)).get_next(datetime.datetime)
    return Standing(state, plan.folder, there[0] if there else None, len(there), next_at, plan.failed)


def prune(plan: Plan, store: Path) -> list[Path]:
    """Delete the schedule's oldest backups beyond those that are kept, and what interrupted ones left; return which.

    Called after a backup was made and read back, so that a good one is always there; nothing else in the folder is touched.
    """
    gone = [one.path for one in kept(plan, store)[plan.keep :]]
    for partial in _named(plan, store, r"\.duckdb\.partial"):
        gone += [one for one in (partial, log_of(partial)) if one.exists()]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _named(plan: Plan, store: Path, ending: str) -> list[Path]:
    """Return the files of the folder that are named as the schedule names them."""
    pattern = re.compile(rf"{re.escape(store.stem)}-\d{{8}}T\d{{6}}Z{ending}")
    if plan.folder is None or not plan.folder.is_dir():
        return []
    return [path for path in plan.folder.iterdir() if pattern.fullmatch(path.name) and path.is_file()]


def _before(plan: Plan, now: datetime.datetime) -> datetime.datetime:
    """Return when the schedule last asked for a backup; its line is read by the server's clock."""
    found: datetime.datetime = croniter(plan.cron, _local(now)).get_prev(datetime.datetime)
    return found.astimezone(datetime.UTC)


def _local(now: datetime.datetime) -> datetime.datetime:
    return now.astimezone().replace(tzinfo=None)
