"""What a changed plan would pay against a published version of it: person by person, on the data there is today."""

import datetime
from decimal import Decimal

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import InvalidInput, NotFound
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.paying import paid_by
from kpiflow.workspace.plans.answers import Impact
from kpiflow.workspace.plans.changes import changes, plan_from
from kpiflow.workspace.plans.published import history, of_plan
from kpiflow.workspace.plans.reading import plan_page


def plan_impact(
    ws: Books,
    asker: Asker,
    plan: str,
    period: str,
    as_of: datetime.date | None = None,
    *,
    against: int | None = None,
) -> Impact:
    """Return what a plan would pay as it is now against a published version, the newest unless `against` names one.

    Only people whose pay the person asking may read are in it. Raises NotFound for a plan or version there is not, and
    InvalidInput when either plan cannot be worked out.
    """
    page = plan_page(ws, asker, plan, as_of)
    old, since = _published_plan(ws, page.plan, as_of, against)
    reach = ws.reach(asker, Topic.PAY)
    key = ("plan impact", page.plan.fingerprint, old.fingerprint, period, ws.versions(as_of))
    rows = ws.kept(key, lambda: _beside(ws, old, page.plan, period, as_of))
    if reach.people is not None:
        rows = rows.filter(pl.col("person").is_in(list(reach.people)))
    moved = pl.col("difference")
    return Impact(
        plan=plan,
        period=period,
        currency=page.plan.currency,
        since=since,
        version=page.plan.version,
        rows=rows,
        before=_sum(rows["before"]),
        after=_sum(rows["after"]),
        more=rows.filter(moved > 0).height,
        less=rows.filter(moved < 0).height,
        changes=changes(old, page.plan, ws.company(as_of)),
    )


def _published_plan(ws: Books, plan: Plan, as_of: datetime.date | None, against: int | None) -> tuple[Plan, int]:
    """Return an approved version of a plan as it was published, the newest or the one asked for."""
    approved = [row for row in of_plan(history(ws, as_of), plan.plan) if row["approved"]]
    found = next((row for row in reversed(approved) if against is None or row["version"] == against), None)
    if found is None and against is None:
        raise InvalidInput(msg("No version of this plan was published yet, so there is nothing to compare it with."))
    if found is None:
        versions = [row["version"] for row in approved]
        raise NotFound(msg("Version {version} of this plan was not published. Published ones: {versions}.",
                           version=against, versions=versions))  # fmt: skip
    return plan_from(str(found["content"])), int(str(found["version"]))


def _beside(ws: Books, old: Plan, new: Plan, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return what both plans pay each person whom one of them reaches."""
    money = pl.Decimal(38, max(2, *(plan.rounding.places for plan in (old, new))))
    paid = [
        paid_by(ws, plan, period, as_of).select("person", pl.col("amount").cast(money).alias(name))
        for name, plan in (("before", old), ("after", new))
    ]
    both = paid[0].join(paid[1], on="person", how="full", coalesce=True)
    difference = pl.col("after").fill_null(Decimal(0)) - pl.col("before").fill_null(Decimal(0))
    people = ws.company(as_of).people.select("person", "label", "label_zh")
    named = both.with_columns(difference=difference).join(people, on="person", how="left")
    ordered = named.sort(pl.col("difference").abs(), "person", descending=[True, False])
    return ordered.select("person", "label", "label_zh", "before", "after", "difference")


def _sum(amounts: pl.Series) -> Decimal:
    return Decimal(str(amounts.drop_nulls().sum() or 0))
