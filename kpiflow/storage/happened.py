"""What is recorded around one goal: the changes that touched it, the loads behind it, proposals and their answers."""

import datetime
from collections.abc import Collection

import polars as pl

from kpiflow.storage.known import known, recorded_by
from kpiflow.storage.selection import Selection, Window, register_series
from kpiflow.storage.store import Store


def changes_told(store: Store, changes: Collection[int], actions: Collection[str]) -> pl.DataFrame:
    """Return change, recorded_at, who, reason, and the action of the journal's line that says what made each.

    Only `actions` count; such a line names the change, or was written by the same hand at the same moment. `action` is
    null where there is none; `applied` says that a whole configuration was compared then.
    """
    with store.snapshot() as cursor:
        cursor.register("asked", pl.DataFrame({"change": list(changes)}, schema={"change": pl.Int64}))
        cursor.register("making", pl.DataFrame({"action": list(actions)}, schema={"action": pl.String}))
        return cursor.sql(
            """WITH said AS (SELECT j.*, try_cast((j.detail->>'$.change') AS BIGINT) AS change
                             FROM journal AS j JOIN making USING (action))
               SELECT c.change, c.recorded_at, c.who, c.reason,
                   (SELECT arg_max(said.action, said.entry) FROM said
                    WHERE said.change = c.change OR (said."at" = c.recorded_at AND said.who = c.who)) AS action,
                   EXISTS (SELECT 1 FROM journal AS j WHERE j.action = 'change' AND j."at" = c.recorded_at
                           AND (j.detail->'$.counts.units') IS NOT NULL) AS applied
               FROM change_entry AS c JOIN asked USING (change) ORDER BY c.change"""
        ).pl()


def loads_told(store: Store, window: Window, only: Selection, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the loads that ever brought or corrected measurements of a window and selection, the newest first.

    load, source, recorded_at, who, reason; rows: how many it brought, whatever became of them; last_day: the latest day
    among these; corrected: how many earlier ones it replaced, and why.
    """
    with store.snapshot() as cursor:
        register_series(cursor, "chosen", only)
        loads, days = known(cursor, "load", as_of), window.until(as_of)
        # Whole months are added up already: a tenth of the rows.
        brought = (
            f"""SELECT load, sum("rows") AS "rows", max(last_day) AS last_day FROM month_sum
                WHERE month BETWEEN DATE '{window.starts}' AND DATE '{window.ends}'"""
            if window.whole_months
            else f"""SELECT load, count(*) AS "rows", max(day) AS last_day FROM measurement WHERE {days.condition}"""
        )
        return cursor.sql(
            f"""WITH brought AS ({brought} AND series IN (SELECT series FROM chosen) GROUP BY load),
                corrected AS (SELECT by_load AS load, count(*) AS corrected, min(reason) AS why FROM superseded
                              WHERE {window.condition} AND series IN (SELECT series FROM chosen) GROUP BY by_load)
                SELECT l.load, l.source, l.recorded_at, l.who, l.reason, b."rows"::BIGINT AS "rows", b.last_day,
                    c.corrected, c.why
                FROM load_entry AS l JOIN brought AS b USING (load) LEFT JOIN corrected AS c USING (load)
                WHERE {loads.condition("load")} ORDER BY l.load DESC"""
        ).pl()


def proposals_told(store: Store, goal: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the proposals of a new target for a goal: line, recorded_at, who, words, before, target, eased, parent."""
    with store.read() as cursor:
        return cursor.sql(
            f"""SELECT l.line, p.recorded_at, p.who, coalesce(l.words, p.words) AS words, l.before, l.target, l.eased,
                    p.goal AS parent
                FROM proposal_line AS l JOIN proposal AS p USING (proposal)
                WHERE l.goal = $goal AND {_by("p.recorded_at", as_of)} ORDER BY l.line""",
            params={"goal": goal},
        ).pl()


def answers_told(store: Store, goal: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return what was answered to the proposals of a goal: answer, recorded_at, who, kind, value, words, target, before."""
    with store.read() as cursor:
        return cursor.sql(
            f"""SELECT a.answer, a.recorded_at, a.who, a.kind, a.value, a.words, l.target, l.before
                FROM answer AS a JOIN proposal_line AS l USING (line)
                WHERE l.goal = $goal AND {_by("a.recorded_at", as_of)} ORDER BY a.answer""",
            params={"goal": goal},
        ).pl()


def splits_told(store: Store, goal: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the proposals that split a goal's own target: proposal, recorded_at, who, words, target, lines."""
    with store.read() as cursor:
        return cursor.sql(
            f"""SELECT p.proposal, p.recorded_at, p.who, p.words, p.target, count(l.line) AS lines
                FROM proposal AS p LEFT JOIN proposal_line AS l USING (proposal)
                WHERE p.goal = $goal AND {_by("p.recorded_at", as_of)} GROUP BY ALL ORDER BY p.proposal""",
            params={"goal": goal},
        ).pl()


def _by(column: str, as_of: datetime.date | None) -> str:
    """Return the SQL condition that something was recorded by the end of a day."""
    return recorded_by(column, as_of)
