"""The last word about goals: the newest check-in or remark that says something, for a page of goals at once."""

import datetime
from collections.abc import Collection

import polars as pl

from kpiflow.storage.known import recorded_by
from kpiflow.storage.store import Store


def last_words(store: Store, goals: Collection[str], as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return goal, words, who, person and at: what was said last of each of these goals by the end of a day."""
    until = recorded_by('"at"', as_of)
    with store.read() as cursor:
        cursor.register("asked_goals", pl.DataFrame({"goal": list(goals)}, schema={"goal": pl.String}))
        return cursor.sql(
            f"""WITH said AS (
                    SELECT goal, words, who, person, "at" FROM check_in
                    WHERE words IS NOT NULL AND goal IN (SELECT goal FROM asked_goals) AND {until}
                    UNION ALL
                    SELECT goal, words, who, person, "at" FROM remark
                    WHERE goal IN (SELECT goal FROM asked_goals) AND {until})
                SELECT goal, arg_max(words, "at") AS words, arg_max(who, "at") AS who,
                    arg_max(coalesce(person, ''), "at") AS person, max("at") AS "at"
                FROM said GROUP BY goal"""
        ).pl()
