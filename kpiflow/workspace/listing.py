"""Results as plain rows, with names that stay the same: what the command line and files show."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic, visible
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.results import results

#: The columns of `score --format json`, in order; the rest of GoalResults follows them.
FIRST = (
    "goal", "parent", "owner", "metric", "period", "actual", "numerator", "denominator", "target", "expected",
    "attainment", "points", "weight", "score", "status", "coverage",
)  # fmt: skip


def score_rows(
    ws: Books, asker: Asker, period: str, *, owner: str | None = None, as_of: datetime.date | None = None
) -> list[dict[str, Any]]:
    """Return the results a person may see, parents before children; raises NotFound for an unknown owner."""
    rows = visible(results(ws, period, as_of), ws.reach(asker))
    if owner is not None:
        company = ws.company(as_of)
        known = [*company.units["unit"], *company.people["person"]]
        if owner not in known:
            raise not_found(msg("unit or person"), owner, known)
        rows = rows.filter(pl.col("owner") == owner)
    rest = [name for name in rows.columns if name not in FIRST and name != "sheet"]
    return rows.sort("depth", "goal").select(*FIRST, *rest).to_dicts()


def appraisal_rows(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[dict[str, Any]]:
    """Return the appraisals a person may see, with names, the best score first."""
    reach, company = ws.reach(asker, Topic.APPRAISALS), ws.company(as_of)
    rows = appraisals(ws, period, as_of).people
    if reach.people is not None:
        rows = rows.filter(pl.col("person").is_in(list(reach.people)))
    named = rows.join(company.people.select("person", "label", "label_zh"), on="person", how="left")
    return named.sort("score", "person", descending=[True, False], nulls_last=True).to_dicts()
