"""The months of a period that are still to come: what is asked of each, and where it is forecast to end."""

import datetime
from typing import Any

import polars as pl

from kpiflow.cascade.results import placed
from kpiflow.core.goal import Accrual
from kpiflow.scoring.leaves import in_play, settled
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.months import months_begun
from kpiflow.workspace.outlooks.forecasts import forecasts

#: What a month ahead says.
AHEAD = {"period": pl.String, "target": pl.Float64, "forecast": pl.Float64, "low": pl.Float64, "high": pl.Float64}


def months_ahead(
    ws: Books, asker: Asker, row: dict[str, Any], moment: Moment, as_of: datetime.date | None = None
) -> pl.DataFrame:
    """Return AHEAD for the months of the period that have not begun, in order; `row` is a goal's forecast.

    What piles up goes from where it stands to the period's forecast in a straight line, its interval opening on the way.
    Any other month is forecast for itself; as one month ahead is as unknown as the next, the last one speaks for all.
    """
    begun = {month.period for month in months_begun(moment)}
    to_come = [month for month in moment.calendar.months(moment.period) if month.period not in begun]
    if not to_come or row["absent"] is not None or moment.over:
        return pl.DataFrame(schema=AHEAD)
    goals = ws.company(as_of).goals.filter(pl.col("goal") == row["goal"])
    rules, targets = ws.rules(as_of), ws.company(as_of).targets
    if row["accrual"] == Accrual.TO_DATE.value:
        so_far, until = row["actual"] or 0.0, moment.until
        parts = [(month.ends - until).days / (moment.period.ends - until).days for month in to_come]
        ends = [
            tuple(so_far + part * (row[name] - so_far) for name in ("forecast", "forecast_low", "forecast_high"))
            for part in parts
        ]
    else:
        last = forecasts(ws, asker, to_come[-1].period, [row["goal"]], as_of)
        ends = [last.select("forecast", "low", "high").row(0) if last.height else (None, None, None)] * len(to_come)
    rows = []
    for month, end in zip(to_come, ends, strict=True):
        there = Moment(moment.calendar, month, month.ends)
        asks = placed(settled(in_play(goals, there), rules), targets, rules, there)["target"]
        rows.append((month.period, asks[0] if asks.len() else None, *end))
    return pl.DataFrame(rows, orient="row", schema=AHEAD)
