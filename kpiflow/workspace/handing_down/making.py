"""Changes of the plan made: exactly what was shown becomes a new version of the goals, with who, when, why and what."""

import datetime
from typing import Any

import polars as pl

from kpiflow.cascade.consequence import applied
from kpiflow.cascade.spreading import Spread, respread, rewritten
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.documents import definitions_version, save_definitions
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.answers import ChangePreview, Made, SplitPreview
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.planning import hand
from kpiflow.workspace.handing_down.splits import SPLIT
from kpiflow.workspace.letters.renewal import renew_letters

#: The action of a changed goal, in roles and in the journal.
CHANGE = "set_target"


def make_split(
    ws: Books,
    asker: Asker,
    shown: SplitPreview,
    *,
    who: str | None = None,
    reason: str | None = None,
    at: datetime.datetime | None = None,
) -> Made:
    """Write a split that was shown: the children's new targets, and in the journal how they came about.

    Raises Refused when no role of the asker may split here, and InvalidInput when a target becomes easier without a
    reason, when the check would call the result an error, or when the plan has changed since it was shown.
    """
    may = hand(ws, asker, SPLIT)
    for kind, owner in _owners(ws, [shown.goal, *shown.effect.changes["goal"]]):
        may.on(kind, owner, own_unit=True).require()
    return _write(ws, shown.effect, SPLIT, {"split": shown.said}, _entry(asker, SPLIT, shown.goal, (who, reason, at)))


def make_change(
    ws: Books,
    asker: Asker,
    shown: ChangePreview,
    *,
    who: str | None = None,
    reason: str | None = None,
    at: datetime.datetime | None = None,
) -> Made:
    """Write a change that was shown, with the new targets below that are part of it; raises as `make_split` does."""
    may = hand(ws, asker, CHANGE)
    for kind, owner in _owners(ws, [shown.goal, *shown.changes["goal"]]):
        may.on(kind, owner).require()
    return _write(ws, shown, CHANGE, {}, _entry(asker, CHANGE, shown.goal, (who, reason, at)))


def _owners(ws: Books, goals: list[str]) -> list[tuple[str, str]]:
    """Return kind and id of the owners of some goals."""
    rows = ws.company().goals.filter(pl.col("goal").is_in(goals))
    return rows.select(pl.col("owner_kind").cast(pl.String), "owner").unique(maintain_order=True).rows()


def _entry(
    asker: Asker, action: str, goal: str, said: tuple[str | None, str | None, datetime.datetime | None]
) -> Entry:
    """Return the journal's line, without what was done: who, when and why as they were given, blanks as nothing."""
    who, reason, at = said
    name = (who or "").strip() or asker.name if asker.machine else asker.name
    return Entry(at or datetime.datetime.now(datetime.UTC), name, action, goal, (reason or "").strip() or None)


def _write(ws: Books, shown: ChangePreview, action: str, more: dict[str, Any], said: Entry) -> Made:
    """Write the changes and the line of the journal as one, if they can be made and the plan is still the one shown."""
    if shown.as_of is not None:
        raise InvalidInput(msg("This was shown as of {day}. A change is made on today's plan.", day=shown.as_of))
    if shown.obstacles:
        raise InvalidInput(shown.obstacles[0])
    eased = shown.changes.filter("eased")
    if shown.months["eased"].any() and said.reason is None:
        raise InvalidInput(
            msg(
                "{count} months ask for less than before, {month} first. Give a reason: it is kept beside the change.",
                count=int(shown.months["eased"].sum()),
                month=shown.months.filter("eased")["period"][0],
            )
        )
    if eased.height and said.reason is None:
        raise InvalidInput(
            msg(
                "{count} targets become easier to reach, {first} first. Give a reason: it is kept beside the change.",
                count=eased["goal"].n_unique(),
                first=eased["goal"][0],
            )
        )
    wanted = shown.changes.select("goal", "field", value="after")
    spread = Spread(
        dict(shown.phasing.select("goal", "after").iter_rows()),
        shown.written.select("goal", "period", target="after"),
    )
    touched = {*wanted["goal"], *spread.goals}
    if spread.goals:
        more = {**more, "phasing": shown.phasing.to_dicts(), "written": shown.written.to_dicts()}
    with ws.store.write() as cursor:
        if definitions_version(ws.store) != shown.version:
            raise InvalidInput(msg("The plan has changed since this was shown. Look at it again before making it."))
        company = ws.company()
        tables = {
            "goals": respread(applied(company.goals, wanted), spread),
            "targets": rewritten(company.targets, spread),
        }
        report = save_definitions(ws.store, None, tables, who=said.who, at=said.at, reason=said.reason)
        if report.change is None and not more:
            return Made(None, None, 0, 0)
        renew_letters(ws, cursor, said.who, said.at, said.reason)
        detail = {"change": report.change, "period": shown.period, "changes": shown.changes.to_dicts(), **more}
        entry = record(cursor, Entry(said.at, said.who, action, said.subject, said.reason, detail))
    return Made(report.change, entry, len(touched), shown.touched if touched else 0)
