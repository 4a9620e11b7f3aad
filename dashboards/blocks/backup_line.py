"""How scheduled backups stand, in a few sentences for whoever looks after the server: the last good one, and what to do."""

from kpiflow.workspace import Message, msg
from kpiflow.workspace.safekeeping.schedule import Standing, State


def backup_said(now: Standing) -> tuple[Message, ...]:
    """Return what there is to say of the backups that the server makes by itself."""
    if now.state is State.OFF:
        return (
            msg("The server makes no backups by itself."),
            msg("Set a folder for them in the settings, `backup_folder`, or have the machine run `kpiflow backup`."),
        )
    said = []
    if now.last is None:
        said.append(msg("There is no backup in {folder} yet.", folder=str(now.folder)))
    else:
        moment = now.last.made_at.astimezone()
        facts = {"day": moment.date(), "time": f"{moment:%H:%M}", "count": now.count, "folder": str(now.folder)}
        said.append(msg("Last good backup: {day}, {time}; {folder} holds {count}.", **facts))
    if now.state is State.LATE:
        said.append(msg("■ That is older than the schedule allows: make one now with `kpiflow backup FILE`."))
    if now.failed is not None:
        said.append(msg("The last try failed: {said} It is tried again by itself.", said=now.failed[1]))
    elif now.next_at is not None:
        said.append(msg("The next one: {day}, {time}.", day=now.next_at.date(), time=f"{now.next_at:%H:%M}"))
    return tuple(said)
