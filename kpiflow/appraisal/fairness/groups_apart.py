"""Whether a recorded group scores or earns other than people in the same roles who are not of it.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.appraisal.fairness.apart import apart, far
from kpiflow.core.fairness import FairnessRules


def groups_apart(people: pl.DataFrame, groups: pl.DataFrame, rules: FairnessRules) -> pl.DataFrame:
    """Return kind, group, people, mean, others, difference and error of the groups that lie far from the others.

    `people` has person, role and value; `groups` has person, kind and group. What a role brings with it is taken off
    first: mean, others and difference are distances from the mean of everybody in the same role.
    """
    usual = pl.col("value").mean().over("role")
    known = people.drop_nulls("value").select("person", value=pl.col("value") - usual)
    found = []
    for kind in groups["kind"].unique().sort():
        members = groups.filter(pl.col("kind") == kind).join(known, on="person", how="inner")
        found.append(far(apart(members, "group", rules.fewest_people)).with_columns(kind=pl.lit(kind)))
    columns = ("kind", "group", "people", "mean", "others", "difference", "error")
    if not found:
        schema = {"kind": pl.String, "group": pl.String, "people": pl.Int64} | dict.fromkeys(columns[3:], pl.Float64)
        return pl.DataFrame(schema=schema)
    return pl.concat(found).select(columns)
