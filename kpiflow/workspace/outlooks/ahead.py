"""How the enterprise will end a period: its goals as forecast, the score they come to, and what pay would cost then."""

import datetime
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, Topic, shared
from kpiflow.core.goal import Commitment, OwnerKind, Rollup
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_metric_names
from kpiflow.workspace.months import WHOLE
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.outlooks.what_if import supposed
from kpiflow.workspace.overview import owner_score
from kpiflow.workspace.paying import cost
from kpiflow.workspace.results import results


@dataclass(frozen=True, eq=False)
class Ahead:
    """The enterprise at the end of a period, as forecast.

    goals: goal, label, label_zh, metric, measure, currency, actual, target, status, weight, points, points_then, forecast,
      forecast_low, forecast_high, p_target, method; the enterprise's own measured goals, the heaviest first.
    score_now and score: the enterprise's score as it is and as forecast. pay_now, pay and currency: what all plans cost,
      for those who may read everybody's pay; None in a company too large to forecast everybody while somebody waits.
    """

    goals: pl.DataFrame
    score_now: float | None
    score: float | None
    pay_now: Any = None
    pay: Any = None
    currency: str | None = None


def ahead(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Ahead | None:
    """Answer how the enterprise will end a period; None once it has ended, or where nothing can be forecast."""
    moment = ws.moment(period, as_of)
    if moment.as_of >= moment.period.ends or moment.as_of < moment.period.starts:
        return None
    reach, pay = ws.reach(asker), ws.reach(asker, Topic.PAY)
    key = ("ahead", shared(reach), pay.people is None, period, ws.versions(as_of))
    return ws.kept(key, lambda: _ahead(ws, asker, pay, period, as_of))


def _ahead(ws: Books, asker: Asker, pay: Reach, period: str, as_of: datetime.date | None) -> Ahead | None:
    company, rows = ws.company(as_of), results(ws, period, as_of)
    enterprise = company.profile.enterprise
    own = (pl.col("owner") == enterprise) & (pl.col("owner_kind") == OwnerKind.UNIT.value)
    everybody = rows.height <= WHOLE
    part = rows if everybody else rows.filter(own)
    measured = part.filter(pl.col("metric").is_not_null(), pl.col("rollup") == Rollup.OWN.value)
    found = forecasts(ws, asker, period, measured["goal"].to_list(), as_of).filter(pl.col("forecast").is_not_null())
    if found.is_empty():
        return None
    ends = dict(found.select("goal", "forecast").iter_rows())
    then = supposed(ws, part, period, ends, as_of)
    mine = rows.filter(
        own, pl.col("goal").is_in(measured["goal"].implode()), pl.col("commitment") == Commitment.COMMITTED.value
    )
    columns = ("goal", "forecast", "low", "high", "p_target", "method")
    joined = (
        with_metric_names(mine, company)
        .join(then.select("goal", points_then="points"), on="goal", how="left", maintain_order="left")
        .drop("low", "high")
        .join(found.select(columns).rename({"low": "forecast_low", "high": "forecast_high"}), on="goal", how="left",
              maintain_order="left")
        .sort("weight", "goal", descending=[True, False])
    )  # fmt: skip
    moment = ws.moment(period, as_of)
    now = cost(ws, pay, moment, as_of)
    whole = cost(ws, pay, moment, as_of, then) if everybody and now is not None else None
    return Ahead(
        goals=joined,
        score_now=owner_score(rows, enterprise, OwnerKind.UNIT),
        score=owner_score(then, enterprise, OwnerKind.UNIT),
        pay_now=None if now is None else now.total,
        pay=None if whole is None else whole.total,
        currency=None if now is None else now.currency,
    )
