"""What the rest of a cycle must still bring, or hold, for an anchor such as the target to be reached."""

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.core.metric import Measure
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rounding import snap

#: What `needed_unit` says when no rest of the cycle could still reach what is asked.
OUT_OF_REACH = "out_of_reach"

#: What it says of something counted in ones of which less than one a week is needed: so many in all, not one a week.
IN_ALL = "in_all"


def needed(rows: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """Return needed and needed_unit for each row, from asks (the cycle's anchor) and total (the cycle's actual so far).

    Amounts: what a week must bring (per_week), all of it where a week's part is less than one of what is counted (in_all),
    or may still bring where they are to stay low (remaining). Rates: what the rest must hold (hold), taking it to
    have as many cases a day as the year so far. Null once it is reached, when the cycle is over, or where it cannot be
    said. Needs rollup, metric, accrues, direction, measure and denominator too.
    """
    until = min(moment.as_of, moment.cycle.ends)  # the actual is the whole cycle's, whatever part of it is looked at
    passed, left = (until - moment.cycle.starts).days + 1, (moment.cycle.ends - until).days
    asks, total = pl.col("asks"), pl.col("total")
    lower, accrues = pl.col("direction") == "lower", pl.col("accrues").fill_null(value=False)
    # What has not begun counts as nothing yet: the whole of it is still to come.
    short = snap(asks - total.fill_null(0.0))
    rest = snap((asks * (passed + left) - total * passed) / max(left, 1))
    # Nothing is measured below nothing, and no share of cases is more than all of them.
    beyond = pl.when(lower).then(rest < 0).otherwise((pl.col("measure") == Measure.PERCENT.value) & (rest > 100))
    known = (
        pl.lit(left > 0) & asks.is_not_null() & pl.col("metric").is_not_null() & (pl.col("rollup") == Rollup.OWN.value)
    )
    brings = known & accrues & (pl.col("direction") == "higher") & (short > 0)
    stays, holds = known & accrues & lower, known & ~accrues & total.is_not_null() & pl.col("denominator").is_not_null()
    weekly = short / max(left, 1) * 7
    few = brings & (pl.col("measure") == Measure.COUNT.value) & (weekly < 1)
    return rows.select(
        needed=snap(pl.when(few | stays).then(short).when(brings).then(weekly).when(holds).then(rest)),
        needed_unit=pl.when(few).then(pl.lit(IN_ALL)).when(brings).then(pl.lit("per_week"))
        .when(stays).then(pl.when(short >= 0).then(pl.lit("remaining")).otherwise(pl.lit(OUT_OF_REACH)))
        .when(holds).then(pl.when(beyond).then(pl.lit(OUT_OF_REACH)).otherwise(pl.lit("hold"))),
    )  # fmt: skip
