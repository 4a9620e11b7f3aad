"""People whose score rests on few cases: a rate over eight flights says little about anybody's work.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Collection

import polars as pl

from kpiflow.core.fairness import FairnessRules
from kpiflow.core.goal import Commitment, OwnerKind, Rollup


def thin_data(results: pl.DataFrame, means: Collection[str], rules: FairnessRules) -> pl.DataFrame:
    """Return person, share (of the weight of their measured goals), goals, goal (the thinnest), and its cases.

    A rate is thin below `fewest_cases` in its denominator, a mean (of the metrics in `means`) below `fewest_values` values.
    Counts are never thin: no complaint at all is a result. The most affected come first.
    """
    mine = results.filter(
        pl.col("owner_kind") == OwnerKind.PERSON.value,
        pl.col("commitment") == Commitment.COMMITTED.value,
        pl.col("rollup") == Rollup.OWN.value,
        pl.col("points").is_not_null(),
        pl.col("weight") > 0,
    )
    rate, mean = pl.col("denominator").is_not_null(), pl.col("metric").is_in(list(means))
    cases = pl.when(rate).then(pl.col("denominator")).when(mean).then(pl.col("rows"))
    fewest = pl.when(rate).then(rules.fewest_cases).when(mean).then(rules.fewest_values)
    thin = cases < fewest
    part = pl.when(pl.col("thin")).then(pl.col("weight")).otherwise(0.0).sum() / pl.col("weight").sum()
    # In the order of goals, so that the first of several equally thin ones is the same every time.
    sheet = mine.with_columns(cases=cases.cast(pl.Float64), thin=thin.fill_null(value=False)).sort("goal")
    found = sheet.group_by("owner").agg(
        share=part,
        goals=pl.col("thin").sum().cast(pl.Int64),
        goal=pl.col("goal").filter("thin").sort_by(pl.col("cases").filter("thin"), maintain_order=True).first(),
        cases=pl.col("cases").filter("thin").min(),
    )  # fmt: skip
    asked = found.filter(pl.col("goals") > 0, pl.col("share") >= float(rules.thin_share))
    return asked.rename({"owner": "person"}).sort("share", "cases", "person", descending=[True, False, False])
