"""What a unit has to report in a period: the places its goals are measured at, one line each."""

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.goal import Stage
from kpiflow.core.metric import MetricKind
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.books import Books

#: The goals that measurements are asked for.
_LIVE = (Stage.AGREED.value, Stage.ACTIVE.value)

#: The columns of what is asked for.
COLUMNS = (
    "goal", "label", "label_zh", "metric", "metric_label", "metric_label_zh", "measure", "metric_kind", "unit", "person",
    "person_label", "person_label_zh", "target",
)  # fmt: skip


def asked_for(ws: Books, unit: str, period: str, *, below: bool = False) -> tuple[Period, pl.DataFrame]:
    """Return the period and what is to be reported: the COLUMNS, one row per metric, unit and person.

    Goals of the unit and of its people in the period's cycle; with `below` those of the units below too. A goal that adds
    up goals of the same metric below it is not asked for: its number comes from theirs, and would count twice.
    Raises NotFound for an unknown unit or period.
    """
    company = ws.company()
    if unit not in company.units["unit"]:
        raise not_found(msg("unit"), unit, company.units["unit"])
    when = company.calendar.period(period)
    tree = ws.unit_tree(None)
    units = tree.filter(pl.col("ancestor") == unit)["unit"] if below else pl.Series([unit])
    at = _assigned(company, when)
    goals = company.goals.filter(
        (pl.col("cycle") == when.cycle) & pl.col("metric").is_not_null() & pl.col("stage").cast(pl.String).is_in(_LIVE)
    )
    added_up = goals.filter(pl.col("parent").is_not_null()).select(goal="parent", metric="metric").unique()
    own = goals.join(added_up, on=["goal", "metric"], how="anti", maintain_order="left")
    person = pl.col("scope_kind").cast(pl.String) == "person"
    placed = (
        own.with_columns(person=pl.when(person).then("scope"))
        .join(at, on="person", how="left", maintain_order="left")
        .with_columns(unit=pl.when(person).then("at").otherwise("scope"))
        .filter(pl.col("unit").is_in(units.implode()))
        .join(_metrics(company), on="metric", maintain_order="left")
        .join(
            company.people.select("person", person_label="label", person_label_zh="label_zh"),
            on="person", how="left", maintain_order="left",
        )
    )  # fmt: skip
    order = pl.col("unit", "person", "metric")
    return when, placed.unique(["metric", "unit", "person"], keep="first", maintain_order=True).sort(order).select(
        COLUMNS
    )


def _assigned(company: Company, when: Period) -> pl.DataFrame:
    """Return person and unit (`at`) of the last assignment that touches the period."""
    touching = company.assignments.filter(
        (pl.col("starts") <= when.ends) & (pl.col("ends").is_null() | (pl.col("ends") >= when.starts))
    )
    return touching.sort("starts").unique("person", keep="last").select("person", at="unit")


def _metrics(company: Company) -> pl.DataFrame:
    """Return the metrics that are measured: metric, its labels, measure and kind."""
    rows = [
        (name, one.label, one.label_zh, one.measure.value, one.kind.value)
        for name, one in company.metrics.items()
        if one.kind is not MetricKind.DERIVED
    ]
    columns = ("metric", "metric_label", "metric_label_zh", "measure", "metric_kind")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
