"""One goal in full: where it stands, its months, its children, why, and the rows it came from."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.cascade.tree import path_to_root
from kpiflow.core.goal import Commitment, OwnerKind, Rollup
from kpiflow.core.metric import Aggregation
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.formulas import measured_in
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.windows import window
from kpiflow.storage.rows import loads_behind, measurement_rows
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace.answers import Choice, GoalPage
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import explained_by
from kpiflow.workspace.explaining import reasons
from kpiflow.workspace.labels import amount, name_of, with_metric_names, with_owner_names
from kpiflow.workspace.live.silence import silent_said
from kpiflow.workspace.months import over_months
from kpiflow.workspace.results import facts_for, metrics_measured, results
from kpiflow.workspace.unseen import sees_goal, unseen
from kpiflow.workspace.words import STATUS_WORDS, not_begun

#: How many goals are offered to choose from; more are found by their names.
CHOICES = 50

#: How many measurement rows a page shows; the count says how many there are.
ROWS_SHOWN = 100


def goal_page(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> GoalPage:
    """Answer the Goal page; raises NotFound with the nearest goal, or Refused when it is outside the asker's reach."""
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    rows = results(ws, period, as_of)
    row = find(ws, asker, rows, goal)
    near = rows.filter((pl.col("goal") == row["goal"]) | (pl.col("parent") == row["goal"]))
    named = with_metric_names(with_owner_names(near, company), company)
    row = named.filter(pl.col("goal") == row["goal"]).row(0, named=True)
    reach = ws.reach(asker)
    children = _children(visible(named, reach), row)
    only, days = _behind(ws, row, moment, as_of)
    # Everybody may read a unit's goal, and yet not what was measured for each of its people.
    day = ws.believed(as_of)
    loads = loads_behind(ws.store, days, only, as_of=day) if only else pl.DataFrame()
    found = (
        measurement_rows(
            ws.store, days, only, as_of=day, limit=ROWS_SHOWN, people=reach.people, count=int(loads["rows"].sum())
        )
        if only
        else None
    )
    row |= _unmeasured(ws, row, moment, as_of)
    return GoalPage(
        sentence=(*not_begun(moment), *_sentence(row)),
        row=row,
        series=_series(ws, row, moment, as_of),
        cumulative=row["accrual"] == "to_date",
        children=children,
        why=reasons(row, children, loads, ws.rules(explained_by(ws, period, as_of)), moment),
        rows=_shown(found.rows) if found else pl.DataFrame(),
        row_count=found.count if found else 0,
        loads=loads,
        path=_path(rows, row["goal"]),
        silent=silent_said(ws, only.metrics or () if only else (), as_of),
    )


def _unmeasured(ws: Books, row: dict[str, Any], moment: Moment, as_of: datetime.date | None) -> dict[str, Any]:
    """Return what a goal's page says of how fresh its actual is, and of what its formula lacks.

    `absent`: the names of the metrics of its formula that were not measured, where the formula has no value; `age`: how
    many days the newest value lies before `until`, the day looked from or the period's last, of a metric whose actual is
    one value of the period; `fresh_for`: how old it may be.
    """
    found: dict[str, Any] = {"absent": [], "age": None, "fresh_for": None}
    if row["metric"] is None or row["rollup"] != Rollup.OWN.value:
        return found
    metrics = ws.rules(as_of).metrics
    metric = metrics[row["metric"]]
    single = metric.formula is None and metric.time_agg in (Aggregation.FIRST, Aggregation.LAST)
    if single and row["last_day"] is not None:
        age = (moment.until - row["last_day"]).days
        found |= {"age": age, "fresh_for": metric.fresh_for, "until": moment.until}
    if metric.formula is not None and (row["actual"] is None or row["missing"] is not None):
        goal = ws.company(as_of).goals.filter(pl.col("goal") == row["goal"])
        known = facts_for(ws, goal, moment, as_of, alone=True).actuals
        same = known.filter(
            pl.col("scope_kind").cast(pl.String) == row["scope_kind"],
            pl.col("scope").cast(pl.String) == row["scope"],
            pl.col("actual").is_not_null(),
        )
        there = set(same["metric"].cast(pl.String))
        parts = [part for part in measured_in(row["metric"], metrics) if part not in there]
        found["absent"] = [Name(metrics[part].label, metrics[part].label_zh) for part in parts]
    return found


def find(ws: Books, asker: Asker, rows: pl.DataFrame, goal: str) -> dict[str, Any]:
    """Return a goal's row; raises NotFound with the nearest word, or Unseen for whoever may not read all goals."""
    reach = ws.reach(asker)
    found = rows.filter(pl.col("goal") == goal)
    if found.is_empty() and reach.people is None:
        raise not_found(msg("goal in this period"), goal, rows["goal"])
    if found.is_empty() or not sees_goal(reach, row := found.row(0, named=True)):
        raise unseen(goal, visible(rows, reach)["goal"])
    return row


def goal_choices(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None, *, text: str = "", most: int = CHOICES
) -> list[Choice]:
    """Return the first goals a person may open in a period, with their owners: their own first, then from the top down.

    Only goals in whose id, name or owner all words of `text` stand, in either language; at most `most` of them.
    """
    company = ws.company(as_of)
    rows = visible(results(ws, period, as_of), ws.reach(asker))
    if text.strip():
        said = _said(ws, period, as_of)
        fits = said.filter(*(pl.col("said").str.contains(word, literal=True) for word in text.casefold().split()))
        rows = rows.join(fits, on="goal", how="semi", maintain_order="left")
    own = (pl.col("owner") == (asker.person or "")) & (pl.col("owner_kind") == OwnerKind.PERSON.value)
    # Half a million names need not be sorted to find the first fifty from the top.
    levels = (
        rows.group_by("depth").len().sort("depth").with_columns(reached=pl.col("len").cum_sum() - pl.col("len") < most)
    )
    deepest = levels.filter("reached")["depth"].max()
    near = rows.filter(own | (pl.col("depth") <= deepest)) if deepest is not None else rows
    return [
        Choice(row["goal"], name_of(row), name_of(row, "owner_label"))
        for row in near.sort(
            own,
            pl.when(own)
            .then(0)
            .otherwise(pl.col("depth")),  # where theirs hang in the tree is not what matters to them
            pl.col("commitment") == Commitment.COMMITTED.value,
            "weight",
            "goal",
            descending=[True, False, True, True, False],
        )
        .head(most)
        .pipe(with_owner_names, company)
        .iter_rows(named=True)
    ]


def _said(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return goal and said: the id, names and owner of every goal in both languages, as they are searched; kept."""

    def make() -> pl.DataFrame:
        named = with_owner_names(results(ws, period, as_of), ws.company(as_of))
        words = (pl.col(name).fill_null("") for name in ("goal", "label", "label_zh", "owner_label", "owner_label_zh"))
        return named.select("goal", said=pl.concat_str(words, separator=" ").str.to_lowercase())

    # By the plan alone: what was measured changes no names.
    key = ("said of goals", period, ws.known(as_of).definitions)
    return ws.kept(key, make)


def _children(rows: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """Return the children with their share of this goal's points and what each contributes."""
    counts = row["rollup"] != Rollup.OWN.value
    committed = Commitment.COMMITTED.value
    counted = pl.lit(counts) if row["commitment"] != committed else pl.lit(counts) & (pl.col("commitment") == committed)
    weight = pl.coalesce("rollup_weight", "weight")
    known = pl.when(pl.col("counted") & pl.col("points").is_not_null()).then(weight).otherwise(0.0)
    children = rows.filter(pl.col("parent") == row["goal"]).with_columns(counted=counted)
    total = known.sum()
    if row["rollup"] == Rollup.WORST.value:
        worst = pl.col("points") == pl.col("points").filter("counted").min()
        share = pl.when(pl.col("counted")).then((worst & worst.cum_sum().eq(1)).cast(pl.Float64))
    else:
        share = pl.when(pl.col("counted") & (total > 0)).then(known / total)
    return (
        children.sort("points", "goal", nulls_last=True)
        .with_columns(share=share)
        .with_columns(contribution=(pl.col("points") * pl.col("share")).round(10))
        .select(
            "goal", "label", "label_zh", "owner", "owner_kind", "owner_label", "owner_label_zh", "points", "pace", "status",
            "weight", "share", "contribution", "actual", "target", "measure", "currency", "counted", "example",
        )
    )  # fmt: skip


def _behind(
    ws: Books, row: dict[str, Any], moment: Moment, as_of: datetime.date | None
) -> tuple[Selection | None, Window]:
    """Return which measurements a goal's actual is made of: metrics, units or person, and days."""
    days = window(row["window"] or "period", moment)
    stored = Window(days.window, days.starts, days.ends)
    if row["metric"] is None or row["rollup"] != Rollup.OWN.value:
        return None, stored
    metrics = [metric.metric for metric in metrics_measured(ws.rules(as_of).metrics.values(), [row["metric"]])]
    if row["scope_kind"] == OwnerKind.PERSON.value:
        return Selection(metrics=metrics, people=[row["scope"]]), stored
    tree = ws.unit_tree(as_of)
    units = tree.filter(pl.col("ancestor") == row["scope"])["unit"].to_list()
    return Selection(metrics=metrics, units=units), stored


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Return measurement rows in the words of intake: value, or numerator and denominator."""
    ratio = pl.col("base").is_not_null()
    return rows.with_columns(
        value=pl.when(~ratio).then("amount"), numerator=pl.when(ratio).then("amount"), denominator="base"
    ).select(
        "day",
        "metric",
        "unit",
        "person",
        "value",
        "numerator",
        "denominator",
        "load",
        "source",
        "row",
        "cell",
        "recorded_at",
    )


def _series(ws: Books, row: dict[str, Any], moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return one line per month begun: what was measured and asked, or the points of a goal without a metric."""
    key = ("series", row["goal"], moment.cycle.period, ws.versions(as_of))
    return ws.kept(key, lambda: _months(ws, row, moment, as_of))


def _months(ws: Books, row: dict[str, Any], moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    own = row["rollup"] == Rollup.OWN.value
    months = over_months(ws, ws.company(as_of).goals.filter(pl.col("goal") == row["goal"]), moment, as_of)
    dates = pl.DataFrame(
        [(m.period, m.starts, m.ends) for m in moment.calendar.months(moment.cycle)],
        orient="row",
        schema=["period", "starts", "ends"],
    )
    actual, target = ("actual", "target") if own else ("points", None)
    return (
        months.join(dates, on="period")
        .sort("starts")
        .select(
            "period",
            "starts",
            "ends",
            actual=actual,
            target=pl.col(target) if target else pl.lit(None, dtype=pl.Float64),
            pace="pace",
            points="points",
            status="status",
        )
    )


def _path(rows: pl.DataFrame, goal: str) -> tuple[tuple[str, Name], ...]:
    path = path_to_root(rows, goal)
    above = rows.filter(pl.col("goal").is_in(path)).select("goal", "label", "label_zh")
    names = {row["goal"]: name_of(row) for row in above.iter_rows(named=True)}
    return tuple((step, names[step]) for step in reversed(path) if step in names)


def _sentence(row: dict[str, Any]) -> tuple[Message, ...]:
    word = STATUS_WORDS[row["status"]]
    if row["actual"] is None and row.get("absent"):
        return (
            msg(
                "{goal} cannot be worked out: {absent} {count:has|have} not been measured.",
                goal=name_of(row),
                absent=row["absent"],
                count=len(row["absent"]),
            ),
        )
    if row["actual"] is None and row["points"] is None:
        return (msg("{goal}: nothing measured yet.", goal=name_of(row)),)
    if row["actual"] is None:
        return (
            msg(
                "{goal}: {points} points from what is below it. {status}.",
                goal=name_of(row),
                points=Quantity(row["points"], "points"),
                status=word,
            ),
        )
    if row["expected"] is None:
        return (
            msg(
                "{metric}: {actual}, which earns {points} points. {status}.",
                metric=name_of(row, "metric_label"),
                actual=amount(row, "actual"),
                points=Quantity(row["points"], "points"),
                status=word,
            ),
        )
    gap = dict(row, gap=row["actual"] - row["expected"])
    return (
        msg(
            "{metric}: {actual} against {target} ({gap}). {status}.",
            metric=name_of(row, "metric_label"),
            actual=amount(row, "actual"),
            target=amount(row, "expected"),
            gap=amount(gap, "gap", difference=True, signed=True),
            status=word,
        ),
    )
