"""One goal's targets as a form: what can be changed, how it is spread over the months, and every change so far."""

import datetime

import polars as pl

from kpiflow.cascade.spreading import monthly
from kpiflow.core.metric import Direction
from kpiflow.language import Name
from kpiflow.storage.documents import row_history
from kpiflow.storage.known import known_then
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.making import CHANGE
from kpiflow.workspace.handing_down.planning import Plan, hand, plan_of
from kpiflow.workspace.handing_down.spreads import phasing_of, written_of
from kpiflow.workspace.handing_down.target_answers import TargetForm
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.months import months_begun
from kpiflow.workspace.reporting.sparks import sparks
from kpiflow.workspace.results import results

#: The fields of a goal whose history is told.
TOLD = ("weight", "baseline", "threshold", "target", "stretch", "low", "high", "phasing", "stage")


def target_form(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> TargetForm:
    """Answer one goal's targets; raises NotFound with the nearest goal, or Refused outside the asker's reach."""
    plan, rules = plan_of(ws, asker, goal, period, as_of), ws.rules(as_of)
    kind = str(plan.row["owner_kind"])
    may = hand(ws, asker, CHANGE).on(kind, str(plan.row["owner"]))
    stand = results(ws, period, as_of).filter(pl.col("goal") == plan.goal).select("goal", "actual", "points", "status")
    row = pl.DataFrame([plan.row], infer_schema_length=None).cast({"metric": pl.String})  # absent: it sums up
    row = row.join(stand, on="goal", how="left")
    named = with_metric_names(with_owner_names(row, plan.company), plan.company).row(0, named=True)
    spread = phasing_of(plan, rules) if plan.metric else None
    return TargetForm(
        goal=plan.goal,
        name=plan.name,
        row=named,
        may=may,
        fields=_fields(plan),
        phasing=spread,
        phasings=tuple(Choice(name, Name(one.label, one.label_zh)) for name, one in rules.phasings.items()),
        months=_months(ws, plan, as_of) if plan.metric else pl.DataFrame(),
        written=written_of(plan).select("period", "target").sort("period"),
        history=history(ws, plan),
    )


def _fields(plan: Plan) -> tuple[str, ...]:
    """Return what of a goal can be changed: a band has two ends, an objective only its weight."""
    if plan.metric is None:
        return ("weight",)
    if plan.metric.direction is Direction.WITHIN:
        return ("low", "high", "weight")
    return ("baseline", "threshold", "target", "stretch", "weight")


def _months(ws: Books, plan: Plan, as_of: datetime.date | None) -> pl.DataFrame:
    """Return period, target, part and actual of every month of the cycle."""
    mine = plan.goals.filter(pl.col("goal") == plan.goal)
    asked = monthly(mine, plan.company.targets, ws.rules(as_of), plan.moment)
    begun = [month.period for month in months_begun(plan.moment)]
    drawn = sparks(ws, mine, plan.moment, as_of)["spark"].to_list()
    values = drawn[0] if drawn else []
    reached = dict(zip(begun, values, strict=False))
    done = pl.DataFrame(list(reached.items()), schema={"period": pl.String, "actual": pl.Float64}, orient="row")
    return asked.join(done, on="period", how="left", maintain_order="left").select("period", "target", "part", "actual")


def history(ws: Books, plan: Plan) -> pl.DataFrame:
    """Return at, who, field, before, after and reason of every change of a goal's targets, the newest first.

    What is written per period is told as `target 2013-03`.
    """
    found = [_told(row_history(ws.store, "goals", {"goal": plan.goal}), TOLD)]
    written = row_history(ws.store, "targets", {"goal": plan.goal})
    for (period,), versions in written.partition_by("period", as_dict=True).items():
        found.append(_told(versions.with_columns(pl.col("target").alias(f"target {period}")), (f"target {period}",)))
    rows = pl.concat(found).filter(known_then("at", plan.as_of))
    people = ws.company(plan.as_of).people.select(who="person", name="label", who_zh="label_zh")
    named = rows.join(people, on="who", how="left", maintain_order="left").with_columns(
        pl.coalesce("name", "who").alias("who")
    )
    return named.sort("at", "change", "field", descending=[True, True, False]).drop("change", "name")


def _told(versions: pl.DataFrame, fields: tuple[str, ...]) -> pl.DataFrame:
    """Return a row per field and version that differs from the version before; the first version tells what was set."""
    ordered = versions.sort("change")
    parts = []
    for field in fields:
        now = pl.col(field).cast(pl.String)
        part = ordered.select(
            "change", "who", "reason", at="recorded_at", field=pl.lit(field), before=now.shift(1), after=now
        )
        parts.append(part.filter(pl.col("before").ne_missing(pl.col("after"))))
    return pl.concat(parts)
