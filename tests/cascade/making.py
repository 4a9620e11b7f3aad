"""Small companies for the tests of the cascade: metrics, and goals as a table."""

import polars as pl

from kpiflow.core.metric import Metric
from kpiflow.frames.goals import Goals

COUNT = Metric(
    metric="flights", label="Flights", label_zh="航班", definition="Flights.", measure="count", direction="higher"
)
RATE = Metric(
    metric="ontime", label="On time", label_zh="准点率", definition="On time.", measure="percent", direction="higher", kind="ratio",
    step="0.01",
)  # fmt: skip
LATE = Metric(
    metric="late", label="Late", definition="Late.", measure="percent", direction="lower", kind="ratio", step="0.01"
)
MONEY = Metric(
    metric="sales", label="Sales", definition="Sales.", measure="currency", currency="CNY", direction="higher", step="0.01"
)  # fmt: skip
WORST = Metric(
    metric="worst", label="Longest wait", definition="Wait.", measure="minutes", direction="lower", tree_agg="max"
)
COST = Metric(
    metric="unit_cost", label="Unit cost", label_zh="单位成本", definition="Cost.", measure="currency", currency="CNY",
    direction="lower", kind="derived", formula="sales / flights",
)  # fmt: skip
METRICS = {metric.metric: metric for metric in (COUNT, RATE, LATE, MONEY, WORST, COST)}

#: A goal with every column; a test states what differs.
PLAIN: dict[str, object] = dict.fromkeys(Goals.columns()) | {
    "cycle": "2013", "owner_kind": "unit", "scope_kind": "unit", "kind": "kpi", "weight": 1.0, "rollup": "own",
    "missing": "exclude", "commitment": "committed", "stage": "active",
}  # fmt: skip


def goals(*rows: dict[str, object]) -> pl.DataFrame:
    """Return frames.Goals; owner and scope are the goal's id in capitals unless said."""
    filled = []
    for row in rows:
        owner = row.get("owner", str(row["goal"]).upper())
        filled.append(PLAIN | {"label": row["goal"], "owner": owner, "scope": owner} | row)
    return Goals.cast(pl.DataFrame(filled, infer_schema_length=None))
