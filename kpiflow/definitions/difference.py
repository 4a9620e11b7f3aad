"""What changes from one company to another, field by field, and whether a target becomes easier.

Floor 5: reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.core.metric import Direction, Metric
from kpiflow.definitions.assembling import definitions_of
from kpiflow.definitions.company import KEYS, TABLES, Company
from kpiflow.definitions.plain import plain
from kpiflow.language import Message, msg

#: One row per added or removed thing, and one per changed field. `eased`: the change makes a target easier to reach.
SCHEMA = {
    "kind": pl.String,
    "id": pl.String,
    "change": pl.String,
    "field": pl.String,
    "before": pl.String,
    "after": pl.String,
    "eased": pl.Boolean,
}

#: The word for one row of each table.
ROW: dict[str, str] = {
    "units": "unit",
    "people": "person",
    "assignments": "assignment",
    "goals": "goal",
    "targets": "target",
    "salaries": "salary",
    "inputs": "input",
    "groups": "group",
}

#: Anchors that say how hard a goal is.
HARDNESS = ("target", "threshold", "stretch", "low", "high")


@dataclass(frozen=True)
class Difference:
    """All changes, definitions first, then tables, each sorted by id."""

    changes: pl.DataFrame

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return self.changes.is_empty()

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """How many things of each kind are added, changed and removed."""
        things = self.changes.group_by("kind", "change").agg(pl.col("id").n_unique()).sort("kind", "change")
        return {(kind, change): count for kind, change, count in things.iter_rows()}

    @property
    def eased(self) -> pl.DataFrame:
        """The changes that make a target easier to reach; these need a reason."""
        return self.changes.filter(pl.col("eased"))

    def messages(self, limit: int = 200) -> Iterator[Message]:
        """Yield the changes in words, one for the rest after `limit`."""
        if self.empty:
            yield msg("Nothing changes.")
        for row in self.changes.head(limit).iter_rows(named=True):
            yield _said(row)
        if self.changes.height > limit:
            yield msg("… and {count} more changes.", count=self.changes.height - limit)


def _said(row: Mapping[str, Any]) -> Message:
    kind, name = KIND_WORDS.get(row["kind"], Message(row["kind"])), row["id"]
    match row["change"]:
        case "added":
            return msg("+ {kind} {name}", kind=kind, name=name)
        case "removed":
            return msg("− {kind} {name}", kind=kind, name=name)
    facts = {"kind": kind, "name": name, "field": row["field"], "before": row["before"], "after": row["after"]}
    if row["eased"]:
        return msg("~ {kind} {name}: {field} {before} → {after} (easier to reach)", **facts)
    return msg("~ {kind} {name}: {field} {before} → {after}", **facts)


#: What each kind is called.
KIND_WORDS: dict[str, Message] = {
    "profile": msg("company"),
    "calendar": msg("calendar"),
    "metric": msg("metric"),
    "curve": msg("curve"),
    "phasing": msg("phasing"),
    "status": msg("status rule"),
    "scorecard": msg("scorecard"),
    "grades": msg("grade scale"),
    "distribution": msg("target distribution"),
    "role": msg("role"),
    "plan": msg("plan"),
    "unit": msg("unit"),
    "person": msg("person"),
    "assignment": msg("assignment"),
    "goal": msg("goal"),
    "target": msg("period target"),
    "salary": msg("salary"),
    "input": msg("input of a plan"),
}


def difference(before: Company | None, after: Company) -> Difference:
    """Return what changes; with no company before, everything is added."""
    frames = [_definitions(before, after)]
    metrics = (before.metrics if before is not None else {}) | after.metrics
    for table in TABLES:
        old = before.table(table) if before is not None else after.table(table).clear()
        frames.append(_rows(table, old, after.table(table), _directions(after, metrics)))
    return Difference(pl.concat(frames))


def _definitions(before: Company | None, after: Company) -> pl.DataFrame:
    old = {(kind, name): one for kind, name, one in definitions_of(before)} if before is not None else {}
    new = {(kind, name): one for kind, name, one in definitions_of(after)}
    rows: list[tuple[object, ...]] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in old:
            rows.append((*key, "added", None, None, None, False))
        elif key not in new:
            rows.append((*key, "removed", None, None, None, False))
        elif old[key] != new[key]:
            was, now = dict(_flat(plain(old[key]))), dict(_flat(plain(new[key])))
            rows += (
                (*key, "changed", field, _text(was.get(field)), _text(now.get(field)), False)
                for field in dict.fromkeys([*was, *now])
                if was.get(field) != now.get(field)
            )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _flat(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value below with the way to it, such as sections[0].weight."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f"{way}.{key}" if way else str(key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _flat(one, f"{way}[{number}]")
    else:
        yield way, value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _directions(company: Company, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Return goal and the direction of its metric."""
    ways = pl.DataFrame(
        [(name, metric.direction.value) for name, metric in metrics.items()],
        schema={"metric": pl.String, "direction": pl.String},
        orient="row",
    )
    return company.goals.select("goal", "metric").join(ways, on="metric").select("goal", "direction")


def _rows(table: str, old: pl.DataFrame, new: pl.DataFrame, directions: pl.DataFrame) -> pl.DataFrame:
    """Return the changes of one table, found by joins; a row is the same row as long as its key is."""
    keys = list(KEYS[table])
    name = pl.concat_str([pl.col(key).cast(pl.String) for key in keys], separator=" ")
    frames = []
    for change, these, others in (("added", new, old), ("removed", old, new)):
        only = these.join(others, on=keys, how="anti").select(
            pl.lit(ROW[table]).alias("kind"),
            name.alias("id"),
            pl.lit(change).alias("change"),
            *(pl.lit(None, pl.String).alias(column) for column in ("field", "before", "after")),
            pl.lit(False).alias("eased"),
        )
        frames.append(only)
    both = old.join(new, on=keys, suffix="|new")
    if "goal" in keys:
        both = both.join(directions, on="goal", how="left")
    for field in (column for column in new.columns if column not in keys):
        was, now = pl.col(field), pl.col(f"{field}|new")
        changed = both.filter(was.ne_missing(now)).select(
            pl.lit(ROW[table]).alias("kind"),
            name.alias("id"),
            pl.lit("changed").alias("change"),
            pl.lit(field).alias("field"),
            _shown(was).alias("before"),
            _shown(now).alias("after"),
            (easier(field, was, now) if field in HARDNESS else pl.lit(False)).alias("eased"),
        )
        frames.append(changed)
    return pl.concat(frames).sort("id", "field", nulls_last=True)


def _shown(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String).str.strip_suffix(".0")


def easier(field: str, was: pl.Expr, now: pl.Expr) -> pl.Expr:
    """Return whether an anchor moved to where it is easier to reach; a wider band is easier, a dropped anchor too.

    Needs the column `direction`, that of the goal's metric.
    """
    lower = pl.col("direction") == Direction.LOWER.value
    if field == "low":
        moved = now < was
    elif field == "high":
        moved = now > was
    else:
        moved = pl.when(lower).then(now > was).otherwise(now < was) & (pl.col("direction") != Direction.WITHIN.value)
    return (moved.fill_null(False) | (was.is_not_null() & now.is_null())) & pl.lit(True)
