"""A synthetic company of any size: five levels of units, five goals for everybody, objectives rolled up to the top."""

from dataclasses import dataclass

import polars as pl

from bench.policy import CYCLE, METRICS, policy
from kpiflow.definitions.columns import in_order
from kpiflow.definitions.company import TABLES, Company

#: At scale 1: people, and how many units each level has from the top down; a team has twenty people.
PEOPLE, LEVELS = (
    100_000,
    (("enterprise", 1), ("division", 10), ("department", 100), ("section", 1_000), ("team", 5_000)),
)

#: Measurements of each metric of each person in the year: 100,000 × 5 × 120 is 60 million.
EACH = 120

#: Levels whose units have goals of their own on every metric, beside the objective that rolls up what is below.
MEASURED = ("enterprise", "division", "department")


@dataclass(frozen=True)
class Size:
    """How large a company is."""

    people: int
    units: tuple[tuple[str, int], ...]

    @property
    def series(self) -> int:
        """How many combinations of metric and person are measured."""
        return self.people * len(METRICS)

    @property
    def measurements(self) -> int:
        """How many measurements there are in the year."""
        return self.series * EACH


def size(scale: float) -> Size:
    """Return the sizes at a scale; every level keeps at least one unit."""
    return Size(max(40, round(PEOPLE * scale)), tuple((kind, max(1, round(count * scale))) for kind, count in LEVELS))


def company(of: Size) -> Company:
    """Return the definitions of a company of this size: policies, organisation and goals."""
    units = _units(of)
    staff = _staff(of)
    goals = pl.concat([_personal(staff), _objectives(units), _measured(units)], how="diagonal")
    tables = {"units": units, "people": _people(staff), "assignments": _assignments(staff), "goals": _filled(goals)}
    return policy(
        **{name: _typed(name, frame) for name, frame in tables.items()}, targets=TABLES["targets"].create_empty()
    )


def _typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table in the columns, types and order of its schema, as every company holds it; absent columns are null."""
    kinds = TABLES[table].create_empty().schema
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in kinds.items() if name not in frame.columns]
    return in_order(table, frame.with_columns(absent))


def _units(of: Size) -> pl.DataFrame:
    """Return the units level by level; a unit's parent is the one above it in proportion to the sizes of the levels."""
    parts, above = [], None
    for kind, count in of.units:
        number = pl.int_range(count, dtype=pl.Int64)
        parent = pl.lit(None, dtype=pl.String) if above is None else _unit(above[0], number * above[1] // count)
        level = pl.select(unit=_unit(kind, number), parent=parent, kind=pl.lit(kind))
        parts.append(level.with_columns(label=pl.col("kind").str.to_titlecase() + " " + pl.col("unit")))
        above = (kind, count)
    return pl.concat(parts)


def _unit(kind: str, number: pl.Expr) -> pl.Expr:
    """Return the id of a unit, such as T00042."""
    return pl.lit(kind[:3].upper()) + number.cast(pl.String).str.zfill(5)


def _staff(of: Size) -> pl.DataFrame:
    """Return n, person and unit: everybody, spread over the teams in order."""
    n = pl.int_range(of.people, dtype=pl.Int64)
    kind, teams = of.units[-1]
    return pl.select(n=n, person=pl.lit("p") + n.cast(pl.String).str.zfill(6), unit=_unit(kind, n * teams // of.people))


def _people(staff: pl.DataFrame) -> pl.DataFrame:
    """Return people; every tenth was hired in the year and every fiftieth left in it."""
    n = pl.col("n")
    hired = pl.when(n % 10 == 0).then(pl.date(int(CYCLE), 1 + n % 12, 15)).otherwise(pl.date(2015, 1 + n % 12, 1))
    left = pl.when(n % 50 == 7).then(pl.date(int(CYCLE), 6, 30))
    salary = (pl.lit(6_000) + (n * 37) % 9_000).cast(pl.Decimal(18, 2))
    return staff.select(
        "person", label=pl.lit("Person ") + n.cast(pl.String), hired=hired, left=left, salary_month=salary,
        bonus_share=0.1 + (n % 3) * 0.05,
    )  # fmt: skip


def _assignments(staff: pl.DataFrame) -> pl.DataFrame:
    """Return one assignment for everybody."""
    return staff.select("person", "unit", role=pl.lit("specialist"), fte=pl.lit(1.0), starts=pl.date(int(CYCLE), 1, 1))


def _asked() -> pl.DataFrame:
    """Return the metrics, numbered from 0, with what is asked of one person."""
    return pl.DataFrame(
        [(m.metric, m.label, float(m.weight), m.threshold, m.target, m.stretch, m.curve) for m in METRICS],
        orient="row", schema=["metric", "name", "weight", "threshold", "target", "stretch", "curve"],
    ).with_row_index("m")  # fmt: skip


def _personal(staff: pl.DataFrame) -> pl.DataFrame:
    """Return five goals for everybody, below the objective of their team."""
    goals = staff.join(_asked(), how="cross")
    easier = 1 + (pl.col("n") % 21 - 10) / 200
    return goals.select(
        goal=pl.col("person") + "-" + (pl.col("m") + 1).cast(pl.String), parent=pl.col("unit") + "-all",
        owner="person", owner_kind=pl.lit("person"), scope="person", scope_kind=pl.lit("person"), kind=pl.lit("kpi"),
        label=pl.col("name") + " · " + pl.col("person"), metric="metric", weight="weight",
        **{name: (pl.col(name) * easier).round(2) for name in ("threshold", "target", "stretch")},
        curve="curve", rollup=pl.lit("own"),
    )  # fmt: skip


def _objectives(units: pl.DataFrame) -> pl.DataFrame:
    """Return one objective for every unit, which rolls up everything below it."""
    return units.select(
        goal=pl.col("unit") + "-all", parent=pl.col("parent") + "-all", owner="unit", owner_kind=pl.lit("unit"),
        scope="unit", scope_kind=pl.lit("unit"), kind=pl.lit("objective"), label=pl.lit("Everything · ") + pl.col("unit"),
        weight=pl.lit(100.0), rollup=pl.lit("children"),
    )  # fmt: skip


def _measured(units: pl.DataFrame) -> pl.DataFrame:
    """Return a goal per metric for the upper units, measured for their whole subtree; amounts have no target."""
    upper = units.filter(pl.col("kind").is_in(MEASURED)).join(_asked(), how="cross")
    rate = pl.col("metric").is_in([metric.metric for metric in METRICS if metric.is_ratio])
    return upper.filter(rate).select(
        goal=pl.col("unit") + "-" + (pl.col("m") + 1).cast(pl.String), parent=pl.col("unit") + "-all", owner="unit",
        owner_kind=pl.lit("unit"), scope="unit", scope_kind=pl.lit("unit"), kind=pl.lit("kpi"),
        label=pl.col("name") + " · " + pl.col("unit"), metric="metric", weight="weight", threshold="threshold",
        target="target", stretch="stretch", curve="curve", rollup=pl.lit("own"),
    )  # fmt: skip


def _filled(goals: pl.DataFrame) -> pl.DataFrame:
    """Return goals with the settings that are the same for all of them."""
    return goals.with_columns(
        cycle=pl.lit(CYCLE), missing=pl.lit("exclude"), commitment=pl.lit("committed"), stage=pl.lit("active")
    )
