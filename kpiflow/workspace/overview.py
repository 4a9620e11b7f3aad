"""Where the enterprise stands, what moved, and what needs attention first."""

import datetime
from dataclasses import replace
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, Topic, shared, visible
from kpiflow.cascade.sheet import top_goals
from kpiflow.core.calendar import Period
from kpiflow.core.goal import Commitment, OwnerKind, Rollup
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company
from kpiflow.language import Message, msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.answers import Headline, Overview
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import compared_facts, with_metric_names, with_owner_names
from kpiflow.workspace.paying import cost
from kpiflow.workspace.results import results
from kpiflow.workspace.shortfall import explained
from kpiflow.workspace.treemap import tree_for_picture
from kpiflow.workspace.words import not_begun

#: How many goals the lists of worst and most improved show.
LISTED = 6

_LIST = [
    "goal", "label", "label_zh", "owner", "owner_kind", "owner_label", "owner_label_zh", "actual", "target", "expected",
    "gap", "pace", "points", "change", "status", "measure", "currency", "last_day", "example",
]  # fmt: skip


def overview(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Overview:
    """Answer the Overview page for a person: the enterprise first, then only what the person may see.

    Whoever reads the same is answered the same: the answer is kept by what is read, not by who asks.
    """
    reach, pay = ws.reach(asker), ws.reach(asker, Topic.PAY)
    key = ("overview", shared(reach), pay.people is None, period, ws.versions(as_of))
    return ws.kept(key, lambda: _overview(ws, reach, pay, ws.moment(period, as_of), as_of))


def _overview(ws: Books, reach: Reach, pay: Reach, moment: Moment, as_of: datetime.date | None) -> Overview:
    company, period = ws.company(as_of), moment.period.period
    # Half a million goals have names, changes and much else; they are looked up for the few that are shown.
    now = visible(results(ws, period, as_of), reach)
    before = _before(ws, moment.calendar.previous(moment.period), as_of)
    moved = _moved(now, before, company.profile.enterprise)
    headline = replace(_headline(now, before, company), **_cost(ws, pay, moment, as_of))
    tree = tree_for_picture(now, company)
    measured = (pl.col("metric").is_not_null(), pl.col("rollup") == Rollup.OWN.value)
    # A station's goal and its manager's are the same miss: units speak for both, unless only people may be seen.
    of_units = now.filter(pl.col("owner_kind") == OwnerKind.UNIT.value, *measured)
    listed = _compared(of_units if of_units.height else now.filter(*measured), before)
    behind = listed.filter(pl.col("status").is_in([Status.BEHIND, Status.AT_RISK])).sort("pace", "goal")
    # Silence is no improvement, even where a policy gives points for it.
    heard = listed.filter(~pl.col("status").is_in([Status.NO_DATA, Status.OUTDATED]))
    gained = heard.filter(pl.col("change") > 0).sort(pl.col("change"), "goal", descending=[True, False])
    return Overview(
        sentence=(*not_begun(moment), *_sentence(now, tree, company)),
        headline=headline,
        tree=tree,
        heat=_heat(now, company, ws.unit_tree(as_of)),
        moved=moved,
        worst=_named(behind.head(LISTED), company).select(_LIST),
        improved=_named(gained.head(LISTED), company).select(_LIST),
        period=period,
        period_before=None if before is None else before["period"][0],
        example=company.profile.example,
    )


#: Sums of the same numbers in another order differ in their last digits.
_DUST = 1e-6


def _named(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    return with_metric_names(with_owner_names(rows, company), company)


def _before(ws: Books, period: Period | None, as_of: datetime.date | None) -> pl.DataFrame | None:
    """Return the results of the period before, or None when there is none or nothing was measured in it."""
    if period is None:
        return None
    found = results(ws, period.period, as_of)
    return found if found.height and found["points"].is_not_null().any() else None


def _compared(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Add gap (actual − expected by now), points and score of the period before, and the change in points."""
    gap = pl.col("actual") - pl.col("expected")
    if before is None:
        absent = pl.lit(None, dtype=pl.Float64)
        return now.with_columns(gap=gap, points_before=absent, score_before=absent, change=absent)
    earlier = before.select("goal", points_before="points", score_before="score")
    return now.join(earlier, on="goal", how="left", maintain_order="left").with_columns(
        gap=gap, change=(pl.col("points") - pl.col("points_before")).round(10)
    )


def _enterprise_sheet(rows: pl.DataFrame, enterprise: str) -> pl.DataFrame:
    """Return the goals whose scores make up the enterprise's score, going down past a single objective."""
    own = rows.filter(pl.col("owner") == enterprise, pl.col("owner_kind") == OwnerKind.UNIT.value)
    sheet = own.filter(top_goals(), pl.col("share").is_not_null())
    while sheet.height == 1 and sheet["rollup"][0] == Rollup.CHILDREN.value:
        below = _rolled_up(rows, sheet.row(0, named=True))
        # Goals that the reader may not see would be missing from the sum: then the objective stands for them.
        if below.is_empty() or abs(float(below["score"].sum()) - (sheet["points"][0] or 0.0)) > _DUST:
            break
        sheet = below
    return sheet


def _rolled_up(rows: pl.DataFrame, above: dict[str, Any]) -> pl.DataFrame:
    """Return what an objective rolls up, whoever owns it, each with its weight, share and score in that objective."""
    counts = pl.lit(above["commitment"] != Commitment.COMMITTED.value) | (
        pl.col("commitment") == Commitment.COMMITTED.value
    )
    below = rows.filter(pl.col("parent") == above["goal"], counts).with_columns(
        weight=pl.coalesce("rollup_weight", "weight")
    )
    known = float(below.filter(pl.col("points").is_not_null())["weight"].sum())
    share = pl.when(pl.col("points").is_not_null() & (known > 0)).then(pl.col("weight") / (known or 1.0))
    return below.with_columns(share=share).with_columns(score=pl.col("points") * pl.col("share"))


def _moved(now: pl.DataFrame, before: pl.DataFrame | None, enterprise: str) -> pl.DataFrame:
    """Return what each of the enterprise's goals moved its score by, largest first."""
    sheet = _compared(_enterprise_sheet(now, enterprise), before)
    if before is not None:
        earlier = _enterprise_sheet(before, enterprise).select("goal", score_before="score")
        sheet = sheet.drop("score_before").join(earlier, on="goal", how="left", maintain_order="left")
    change = pl.col("score").fill_null(0.0) - pl.col("score_before").fill_null(0.0)
    scored = None if before is None else before.select("goal", "score").drop_nulls()
    known = scored is not None and now.select("goal").join(scored, on="goal", how="semi").height > 0
    return (
        sheet.select("goal", "label", "label_zh", change=change.round(10)).sort(pl.col("change").abs(), descending=True)
        if known
        else sheet.select("goal", "label", "label_zh", change=pl.lit(None, dtype=pl.Float64)).clear()
    )


def owner_score(rows: pl.DataFrame, owner: str, kind: OwnerKind) -> float | None:
    """Return an owner's score: the sum of the scores of its committed top goals; None without any."""
    mine = rows.filter(
        pl.col("owner") == owner, pl.col("owner_kind") == kind.value, top_goals(), pl.col("commitment") == "committed"
    )
    known = mine["score"].drop_nulls()
    return round(float(known.sum()), 10) if known.len() else None


def _headline(now: pl.DataFrame, before: pl.DataFrame | None, company: Company) -> Headline:
    enterprise = company.profile.enterprise
    measured = now.select("metric", "status").filter(pl.col("metric").is_not_null())
    counts = dict(measured.group_by("status").len().iter_rows())
    top = _enterprise_sheet(now, enterprise)
    weights = float(top["weight"].sum())
    covered = float((top["weight"] * top["coverage"]).sum()) / weights if weights else None
    return Headline(
        # What a policy gives for silence is no score to open a page with.
        score=owner_score(now, enterprise, OwnerKind.UNIT) if covered else None,
        score_before=None if before is None else owner_score(before, enterprise, OwnerKind.UNIT),
        goals=measured.height,
        shares={status.value: counts.get(status.value, 0) / max(measured.height, 1) for status in Status},
        coverage=covered,
    )


def _cost(ws: Books, reach: Reach, moment: Moment, as_of: datetime.date | None) -> dict[str, Any]:
    """Return what the plans of a whole cycle would pay in all, for those who may read everybody's pay; else nothing."""
    found = cost(ws, reach, moment, as_of)
    return {} if found is None else {"pay_total": float(found.total), "currency": found.currency}


def _heat(now: pl.DataFrame, company: Company, tree: pl.DataFrame) -> pl.DataFrame:
    """Return one row per unit and metric, of goals that units own: the enterprise first, the weightiest metric first."""
    order = (
        company.units.join(tree.group_by("unit").agg(depth=pl.col("up").max()), on="unit")
        .sort("depth", "unit")
        .with_row_index("place")
        .select(unit="unit", unit_label="label", unit_label_zh="label_zh", unit_parent="parent", place="place")
    )
    owned = now.filter(
        pl.col("owner_kind") == OwnerKind.UNIT.value,
        pl.col("metric").is_not_null(),
        pl.col("commitment") == Commitment.COMMITTED.value,
    )
    # An owner may have two goals on one metric; the heavier one speaks for the cell.
    single = owned.sort("weight", "goal", descending=[True, False]).unique(["owner", "metric"], keep="first")
    return (
        _named(single, company).join(order, left_on="owner", right_on="unit")
        .with_columns(weighty=pl.col("weight").sum().over("metric"))
        .sort(pl.col("place"), pl.col("weighty"), pl.col("metric"), descending=[False, True, False])
        .select(
            "unit_label", "unit_label_zh", "unit_parent", "metric", "metric_label", "metric_label_zh", "goal", "actual",
            "target", "pace", "points", "status", "measure", "currency", "example", "weighty", unit="owner",
        )
    )  # fmt: skip


def _sentence(now: pl.DataFrame, tree: pl.DataFrame, company: Company) -> tuple[Message, ...]:
    """Say where the enterprise stands on the goal that costs it most, and who explains the miss."""
    own = now.filter(
        pl.col("owner") == company.profile.enterprise,
        pl.col("commitment") == Commitment.COMMITTED.value,
        pl.col("metric").is_not_null(),
        pl.col("pace").is_not_null(),
    )
    if own.is_empty():
        return (msg("Nothing has been measured in this period yet."),)
    short = own.filter(pl.col("status").is_in([Status.BEHIND, Status.AT_RISK]), pl.col("target").is_not_null())
    if short.is_empty():
        return (msg("All {count} goals of the enterprise are on pace.", count=own.height),)
    # The goal that costs most: the points it is short of what its target earns, times its part of the whole.
    first = (
        short.join(tree.select("goal", part="weight"), on="goal", how="left")
        .with_columns(cost=(pl.col("target_points") - pl.col("points")) * pl.col("part").fill_null(0.0))
        .sort("cost", "goal", descending=[True, False])
    )
    told = _named(first.head(1), company)
    row = told.row(0, named=True)
    facts = compared_facts(row)
    said = [
        msg("{metric}: {actual} against at most {target}, {gap} over.", **facts)
        if row["direction"] == "lower"
        else msg("{metric}: {actual} against {target}, {gap} short.", **facts)
    ]
    said.extend(explained(_named(now.filter(pl.col("parent") == row["goal"]), company), told).values())
    said.append(
        msg(
            "{behind} of {count} goals of the enterprise {behind:is|are} behind or at risk.",
            behind=short.height,
            count=own.height,
        )
    )
    return tuple(said)
