"""Units, people, metrics and periods as lists: the plan is shared, people are listed to whoever may read their rows."""

import datetime

import polars as pl

from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.part import FIRST, Listed, Part, whole


def units(ws: Books, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
    """Return unit, parent, kind, label and label_zh of every unit; everybody may read the plan of units."""
    ws.may(asker, "read_goals").require()
    return whole(ws.company(as_of).units.select("unit", "parent", "kind", "label", "label_zh").sort("unit"), part)


def people(
    ws: Books, asker: Asker, as_of: datetime.date | None = None, *, unit: str | None = None, part: Part = FIRST
) -> Listed:
    """Return the people whose rows the person asking may read, with the unit, role and manager they have on the day.

    person, label, label_zh, unit, role, manager (null where outside reach), fte, starts, ends; `unit` with those below it.
    """
    ws.may(asker, "read_goals").require()
    within = ws.reach(asker).people
    found = ws.company(as_of).people.select("person", "label", "label_zh")
    placed = found.join(assigned(ws, as_of), on="person", how="left").sort("person")
    if within is not None:
        known = list(within)
        manager = pl.when(pl.col("manager").is_in(known)).then("manager")
        placed = placed.filter(pl.col("person").is_in(known)).with_columns(manager=manager)
    if unit is not None:
        placed = placed.filter(pl.col("unit").is_in(units_below(ws, unit, as_of).implode()))
    return whole(placed, part)


def assigned(ws: Books, as_of: datetime.date | None) -> pl.DataFrame:
    """Return person, unit, role, manager, fte, starts and ends of the assignment each person has on a day; the newest one."""
    day = ws.day(as_of)
    open_ = (pl.col("starts") <= day) & (pl.col("ends").is_null() | (pl.col("ends") >= day))
    found = ws.company(as_of).assignments.filter(open_).sort("person", "starts")
    columns = ("person", "unit", "role", "manager", "fte", "starts", "ends")
    return found.unique("person", keep="last", maintain_order=True).select(columns)


def units_below(ws: Books, unit: str, as_of: datetime.date | None) -> pl.Series:
    """Return a unit and every unit below it; raises NotFound for one that there is not."""
    known = ws.company(as_of).units["unit"]
    if unit not in known:
        raise not_found(msg("unit"), unit, known)
    return ws.unit_tree(as_of).filter(pl.col("ancestor") == unit)["unit"]


def metrics(ws: Books, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
    """Return every metric with its definition, measure, direction and how it adds up; everybody may read them."""
    ws.may(asker, "read_goals").require()
    rows = [
        (
            one.metric, one.label, one.label_zh, one.definition, one.definition_zh, one.measure.value, one.currency,
            one.direction.value, one.kind.value, one.time_agg.value, one.tree_agg.value, one.formula, one.fresh_for,
            one.version, one.example,
        )
        for one in ws.company(as_of).metrics.values()
    ]  # fmt: skip
    return whole(pl.DataFrame(rows, schema=METRIC, orient="row").sort("metric"), part)


#: The columns of the list of metrics.
METRIC: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(
        ("metric", "label", "label_zh", "definition", "definition_zh", "measure", "currency", "direction", "kind",
         "time_agg", "tree_agg", "formula"), pl.String),
    "fresh_for": pl.Int64, "version": pl.Int64, "example": pl.Boolean,
}  # fmt: skip


def periods(ws: Books, asker: Asker, as_of: datetime.date | None = None, part: Part = FIRST) -> Listed:
    """Return period, kind, cycle, starts and ends of every period of the company's calendar, in order of time."""
    ws.may(asker, "read_goals").require()
    found = [
        (one.period, one.kind.value, one.cycle, one.starts, one.ends)
        for one in ws.company(as_of).calendar.periods.values()
    ]
    schema = {**dict.fromkeys(("period", "kind", "cycle"), pl.String), "starts": pl.Date, "ends": pl.Date}
    listed = pl.DataFrame(found, schema=schema, orient="row")
    return whole(listed.sort("starts", "ends", descending=[False, True]), part)
