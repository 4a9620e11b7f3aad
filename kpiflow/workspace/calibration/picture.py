"""How grades are distributed per unit, role or rater, beside everybody's, and who is more or less generous than the scores."""

import datetime

import polars as pl

from kpiflow.appraisal.distribution import Quota, quotas
from kpiflow.appraisal.leniency import counted, leniency
from kpiflow.appraisal.pooling import pooled
from kpiflow.core.distributing import TargetDistribution
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import By, Distribution, Owed
from kpiflow.workspace.calibration.graded import counts_of, graded, grades_of, person_names, readable
from kpiflow.workspace.labels import name_of

#: At most so many groups are drawn; the largest count most.
GROUPS = 24

#: A group of fewer people says little and could show single people: it is merged, or left out of the leniency.
FEWEST = 3

#: Units offered to choose from.
UNITS = 300


def distribution(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    *,
    by: By = By.UNIT,
    unit: str | None = None,
    target: str | None = None,
) -> Distribution:
    """Answer how grades are distributed; raises Refused, or NotFound for a period, unit or target that there is not."""
    ws.may(asker, "read_scores").require()
    company = ws.company(as_of)
    chosen = target_named(company, target) if target else next(iter(company.distributions.values()), None)
    everybody = readable(ws, asker, graded(ws, period, as_of))
    everybody = everybody.filter(pl.col("scale") == _scale_of(everybody, chosen))
    tree = ws.unit_tree(as_of)
    if unit is not None:
        if unit not in company.units["unit"]:
            raise not_found(msg("unit"), unit, company.units["unit"])
        below = tree.filter(pl.col("ancestor") == unit)["unit"]
        everybody = everybody.filter(pl.col("unit").is_in(below.implode()))
    scale = _scale_of(everybody, chosen)
    grades = grades_of(company.grades[scale]) if scale in company.grades else ()
    minimum = max(FEWEST, chosen.minimum if chosen else 1)
    placed, merged = _grouped(everybody, company, tree, by=by, unit=unit, minimum=minimum)
    largest = placed.group_by("group").len().sort("len", "group", descending=[True, False]).head(GROUPS)["group"]
    kept = placed.filter(pl.col("group").is_in(largest.implode()))
    names = _names(company, by)
    measured = leniency(kept, "group", company.grades).filter(pl.col("people") >= FEWEST)
    counts = counts_of(everybody, "grade", grades)
    return Distribution(
        sentence=_sentence(everybody.height, counts, measured.join(names, on="group", how="left")),
        period=period,
        by=by,
        unit=unit,
        grades=grades,
        groups=_named(counted(kept, "group", grades), names),
        everybody=counted(everybody.with_columns(all=pl.lit("all")), "all", grades).drop("all"),
        leniency=_named(measured, names),
        merged=tuple(name_of(row) for row in _named(merged, names).iter_rows(named=True)),
        minimum=minimum,
        target=chosen,
        owed=owed(quotas(chosen, grades, everybody.height), counts) if chosen and grades else (),
        targets=tuple(
            Choice(one.distribution, Name(one.label, one.label_zh)) for one in company.distributions.values()
        ),
        units=_units(everybody, company, tree),
        roles=tuple(Choice(one, _role(company, one)) for one in sorted(everybody["role"].unique())),
    )


def owed(parts: tuple[Quota, ...], counts: dict[str, int]) -> tuple[Owed, ...]:
    """Return each part of a target beside what is there."""
    return tuple(Owed(one, sum(counts.get(grade, 0) for grade in one.grades), one.missing(counts)) for one in parts)


def target_named(company: Company, target: str) -> TargetDistribution:
    """Return a target distribution by its id; raises NotFound with the nearest one."""
    if target not in company.distributions:
        raise not_found(msg("target distribution"), target, company.distributions)
    return company.distributions[target]


def _scale_of(rows: pl.DataFrame, chosen: TargetDistribution | None) -> str:
    """Return the scale of the target, or the one most people are on: grades of two scales cannot be compared."""
    if chosen is not None:
        return chosen.scale
    known = rows.drop_nulls("scale").group_by("scale").len().sort("len", "scale", descending=[True, False])
    return str(known["scale"][0]) if known.height else ""


def _grouped(
    rows: pl.DataFrame, company: Company, tree: pl.DataFrame, *, by: By, unit: str | None, minimum: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with their group, and the groups (column group) that were too small and merged into the unit above."""
    nobody = pl.DataFrame(schema={"group": pl.String})
    if by is not By.UNIT:
        column = {By.ROLE: "role", By.RATER: "rater"}[by]
        return rows.with_columns(group=pl.col(column)).drop_nulls("group"), nobody
    here = _here(company, unit)
    children = company.units.filter(pl.col("parent") == here).select(part="unit")
    inside = tree.join(children, left_on="ancestor", right_on="part", how="semi").select("unit", part="ancestor")
    placed = rows.join(inside, on="unit", how="left", maintain_order="left").with_columns(
        pl.col("part").fill_null(here)
    )
    parts = pl.concat([pl.DataFrame({"unit": [here], "parent": [None]}, schema={"unit": pl.String, "parent": pl.String}),
                       children.select(unit="part", parent=pl.lit(here))])  # fmt: skip
    pools = pooled(placed.select(unit="part"), parts, minimum)
    merged = pools.filter(pl.col("unit") != pl.col("pool")).select(group="unit")
    joined = placed.join(pools.select(part="unit", group="pool"), on="part", how="left", maintain_order="left")
    return joined.drop("part"), merged


def _here(company: Company, unit: str | None) -> str:
    """Return the unit looked at: the one asked for, or the top of the organisation."""
    tops = company.units.filter(pl.col("parent").is_null())["unit"].to_list()
    return unit or company.profile.enterprise or next(iter(tops), "")


def _names(company: Company, by: By) -> pl.DataFrame:
    """Return the names of groups."""
    if by is By.UNIT:
        return company.units.select(group="unit", label="label", label_zh="label_zh")
    if by is By.RATER:
        return person_names(company, "group")
    listed = [(role.role, role.label, role.label_zh) for role in company.roles.values()]
    return pl.DataFrame(listed, schema=dict.fromkeys(("group", "label", "label_zh"), pl.String), orient="row")


def _named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return rows.join(names, on="group", how="left", maintain_order="left").with_columns(pl.coalesce("label", "group"))


def _role(company: Company, role: str) -> Name:
    held = company.roles.get(role)
    return Name(held.label, held.label_zh) if held else Name(role)


def _units(rows: pl.DataFrame, company: Company, tree: pl.DataFrame) -> tuple[Choice, ...]:
    """Return the units that somebody graded is in or below, from the top down."""
    present = tree.join(rows.select("unit").unique(), on="unit", how="semi")["ancestor"].unique()
    depth = tree.group_by("unit").agg(depth=pl.col("up").max())
    found = company.units.filter(pl.col("unit").is_in(present.implode())).join(depth, on="unit").sort("depth", "unit")
    return tuple(Choice(row["unit"], name_of(row)) for row in found.head(UNITS).iter_rows(named=True))


def _sentence(people: int, counts: dict[str, int], measured: pl.DataFrame) -> tuple[Message, ...]:
    if not people:
        return (msg("Nobody whose grade you may read has one in this period."),)
    said = [msg("{people} {people:person has|people have} a grade: {grades}.", people=people,
                grades=", ".join(f"{grade} {count}" for grade, count in counts.items()))]  # fmt: skip
    apart = measured.filter(pl.col("leniency") != 0)
    if apart.height:
        first = apart.sort(pl.col("leniency").abs(), descending=True).row(0, named=True)
        facts = {"group": name_of(first), "steps": Quantity(round(abs(first["leniency"]), 2), "number")}
        said.append(
            msg("{group} is {steps} grades more generous than the goals' scores.", **facts)
            if first["leniency"] > 0
            else msg("{group} is {steps} grades stricter than the goals' scores.", **facts)
        )
    return tuple(said)
