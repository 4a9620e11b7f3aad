"""Random small companies: units, people, metrics of every kind, goals with every setting, measurements with gaps."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import strategies as st

from kpiflow.core.calendar import Calendar, PeriodKind, Window
from kpiflow.core.goal import Accrual, Commitment, GoalKind
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import BUILT_IN, Phasing
from kpiflow.core.status import DEFAULT_RULES, StatusRule
from kpiflow.frames.goals import ANCHORS, Goals, Targets
from kpiflow.frames.measurements import Observed
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.curves import CURVES
from kpiflow.scoring.gathering import actuals, gather
from kpiflow.scoring.leaves import NO_MONTHS, Facts, in_play
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.monthly import in_band, last_known
from kpiflow.scoring.reference import Fact
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.windows import Window as Days
from kpiflow.scoring.windows import settle, window
from tests.scoring.curve_samples import SAMPLES

CALENDAR = Calendar(
    cycles=[{"cycle": "2013", "starts": "2013-01-01"}, {"cycle": "2014", "starts": "2014-01-01", "pattern": "4-4-5"}]
)


def metric(name, direction="higher", **settings):
    return Metric(
        **({"metric": name, "label": name, "definition": name, "measure": "count", "direction": direction} | settings)
    )


METRICS = [
    metric("rate", measure="percent", kind="ratio"),
    metric("errors", "lower", measure="per_10k", kind="ratio", fresh_for=20),
    metric("sales"),
    metric("incidents", "lower", fresh_for=40),
    metric("headcount", "within", kind="snapshot", time_agg="last"),
    metric("opening", "within", kind="snapshot", time_agg="first", tree_agg="mean"),
    metric("survey", measure="score", time_agg="mean", tree_agg="mean"),
    metric("stock", time_agg="mean", tree_agg="sum"),
    metric("visits", time_agg="sum", tree_agg="mean"),
    metric("slowest", "lower", time_agg="max", tree_agg="max"),
    metric("fastest", "lower", time_agg="min", tree_agg="min"),
    metric("latest", time_agg="last", tree_agg="max"),
    metric("total", kind="cumulative"),
    metric("rolling", kind="cumulative", window={"months": 3}),
    metric("per_head", kind="derived", formula="sales / headcount"),
    metric("gap", kind="derived", formula="survey - opening * 0.1"),
    metric(
        "composite",
        kind="derived",
        formula="max(sales, 10) * 1.05 - incidents if rate >= 50 and sales > 3 else min(rate, 40)",
    ),
]
RATIOS = {"rate", "errors"}
PHASINGS = BUILT_IN | {
    "season": Phasing(phasing="season", label="season", index=[0, 1, 1, 2, 3, 0, 0, 4, 1, "0.5", 2, 6]),
}
STATUSES = (
    DEFAULT_RULES,
    (
        StatusRule(status="on_pace", measure="pace", at_least="100%", commitment="committed"),
        StatusRule(status="on_pace", measure="attainment", at_least="70%"),
        StatusRule(status="at_risk", measure="points", at_least=60),
        StatusRule(status="behind"),
    ),
)


@dataclass(frozen=True)
class Small:
    """A company, what was measured, and when it is looked at."""

    rules: Rules = field(repr=False)  # long, and the same in every example but for the statuses
    moment: Moment = field(repr=False)
    units: pl.DataFrame
    goals: pl.DataFrame
    targets: pl.DataFrame
    facts: list[Fact]


def decimals(low, high):
    return st.decimals(low, high, places=1).map(lambda number: float(number) + 0.0)


def some(strategy, often=3):
    """Mostly absent: the default is what most companies leave in place."""
    return st.one_of(*[st.none()] * often, strategy)


@st.composite
def goal_rows(draw, units, people):
    rows, count = [], draw(st.integers(1, 9))
    for number in range(count):
        owner = draw(st.sampled_from([("unit", unit) for unit in units] + [("person", one) for one in people]))
        scope = draw(st.one_of(st.just(owner), st.sampled_from([("unit", units[0]), ("person", people[0])])))
        objective = draw(st.integers(0, 3)) == 0
        rollup = (
            draw(st.sampled_from(["children", "worst"]))
            if objective
            else draw(st.sampled_from(["own", "own", "own", "children", "worst"]))
        )
        rows.append(
            {
                "goal": f"g{number}",
                "cycle": draw(st.sampled_from(["2013", "2013", "2013", "2014"])),
                "parent": draw(st.one_of(st.none(), st.sampled_from([row["goal"] for row in rows]))) if rows else None,
                "owner": owner[1],
                "owner_kind": owner[0],
                "scope": scope[1],
                "scope_kind": scope[0],
                "kind": "objective"
                if objective
                else draw(st.sampled_from([k.value for k in GoalKind if k != "objective"])),
                "label": "goal",
                "label_zh": None,
                "metric": None if objective else draw(st.sampled_from([one.metric for one in METRICS])),
                "weight": draw(st.sampled_from([0.0, 1.0, 1.0, 2.0, 12.5, 30.0])),
                "rollup_weight": draw(some(st.sampled_from([0.0, 1.0, 5.0]))),
                **{name: None if objective else draw(some(decimals(-5, 60), often=1)) for name in ANCHORS},
                "attainment": draw(some(st.sampled_from(sorted(CONVENTIONS)))),
                "curve": draw(some(st.sampled_from([sample.curve for sample in SAMPLES]), often=1)),
                "phasing": draw(some(st.sampled_from(sorted(PHASINGS)))),
                "accrual": draw(some(st.sampled_from([kind.value for kind in Accrual]))),
                "rollup": rollup,
                "missing": draw(st.sampled_from(["exclude", *sorted(BY_NAME)])),
                "commitment": draw(st.sampled_from(["committed", "committed", *[kind.value for kind in Commitment]])),
                "stage": draw(st.sampled_from(["active", "active", "active", "agreed", "draft"])),
                "supports": None,
            }
        )
    return Goals.cast(
        pl.DataFrame(
            rows, schema_overrides=dict.fromkeys((*ANCHORS, "rollup_weight"), pl.Float64), infer_schema_length=None
        )
    )


@st.composite
def measured(draw, units, people):
    days = st.dates(datetime.date(2012, 12, 1), datetime.date(2014, 6, 30))
    found = {}
    for _ in range(draw(st.integers(0, 30))):
        name = draw(st.sampled_from([one.metric for one in METRICS if one.formula is None]))
        unit, person = draw(st.sampled_from(units)), draw(st.one_of(st.none(), st.sampled_from(people)))
        day, entry = draw(days), draw(st.sampled_from(["", "", "a", "b"]))
        base = draw(st.integers(0, 40)) if name in RATIOS else None
        amount = (
            Fraction(draw(st.integers(0, base))) if base is not None else Fraction(draw(st.decimals(-2, 40, places=1)))
        )
        found[name, unit, person, day, entry] = Fact(
            name, unit, person, day, amount, None if base is None else Fraction(base), entry
        )
    return list(found.values())


@st.composite
def small_companies(draw):
    units = [f"u{number}" for number in range(draw(st.integers(1, 5)))]
    parents = [None, *(draw(st.sampled_from(units[:number])) for number in range(1, len(units)))]
    people = [f"p{number}" for number in range(draw(st.integers(1, 3)))]
    goals = draw(goal_rows(units, people))
    period = draw(
        st.sampled_from([name for name in CALENDAR.periods if name.startswith("2013")] + ["2014", "2014-Q1", "2014-01"])
    )
    as_of = draw(st.dates(datetime.date(2012, 12, 25), datetime.date(2014, 6, 30)))
    explicit = goals.filter(pl.col("phasing") == "explicit", pl.col("metric").is_not_null())["goal"].to_list()
    kind = draw(st.sampled_from(list(PeriodKind)))
    fitting = [p.period for p in CALENDAR.periods.values() if p.kind is kind] + ["2013", "2013-01", "2013-Q1"]
    written = {(g, p) for g in explicit for p in fitting if draw(st.integers(0, 5)) > 0}
    targets = Targets.cast(
        pl.DataFrame(
            [
                {
                    "goal": g,
                    "period": p,
                    "target": draw(decimals(0, 60)),
                    "threshold": draw(some(decimals(0, 60), 1)),
                    "stretch": None,
                }
                for g, p in sorted(written)
            ],
            schema={
                "goal": pl.String,
                "period": pl.String,
                "target": pl.Float64,
                "threshold": pl.Float64,
                "stretch": pl.Float64,
            },
            orient="row",
        )
    )
    rules = Rules(
        CALENDAR,
        {one.metric: one for one in METRICS},
        {str(sample.curve): sample for sample in SAMPLES},
        PHASINGS,
        draw(st.sampled_from(STATUSES)),
    )
    moment = Moment(CALENDAR, CALENDAR.period(period), as_of)
    facts = draw(measured(units, people))
    return Small(
        rules,
        moment,
        pl.DataFrame({"unit": units, "parent": parents}, schema={"unit": pl.String, "parent": pl.String}),
        goals,
        targets,
        facts,
    )


def as_rows(facts) -> pl.DataFrame:
    """Return facts as the table they would be loaded from."""
    return pl.DataFrame(
        [
            (
                f.metric,
                f.unit,
                f.person,
                f.day,
                f.entry,
                Decimal(f.amount.numerator) / f.amount.denominator,
                None if f.base is None else Decimal(int(f.base)),
            )
            for f in facts
        ],
        orient="row",
        schema={
            "metric": pl.String,
            "unit": pl.String,
            "person": pl.String,
            "day": pl.Date,
            "entry": pl.String,
            "amount": pl.Decimal(18, 6),
            "base": pl.Decimal(18, 6),
        },
    )


def observed(rows: pl.DataFrame, windows: list[Window], as_of: datetime.date) -> pl.DataFrame:
    """Add rows up as the store does."""
    parts = []
    for days in windows:
        inside = rows.filter(pl.col("day").is_between(days.starts, min(days.ends, as_of))).sort("day", "entry")
        parts.append(
            inside.group_by("metric", "unit", "person")
            .agg(
                amount=pl.col("amount").sum().cast(pl.Float64),
                base=pl.when(pl.col("base").is_not_null().any()).then(pl.col("base").sum()).cast(pl.Float64),
                rows=pl.len().cast(pl.Int64),
                last_day=pl.col("day").max(),
                low=pl.col("amount").min().cast(pl.Float64),
                high=pl.col("amount").max().cast(pl.Float64),
                first=pl.col("amount").first().cast(pl.Float64),
                last=pl.col("amount").last().cast(pl.Float64),
            )
            .with_columns(window=pl.lit(days.window))
        )
    return Observed.cast(pl.concat(parts)) if parts else Observed.create_empty()


def windows_of(settled: pl.DataFrame, small: Small) -> list[Days]:
    """Return the distinct windows these goals need."""
    names = settled.filter(pl.col("metric").is_not_null())["window"].unique().sort().to_list()
    return [window(name, small.moment) for name in names]


def facts_of(small: Small) -> Facts:
    """Return what scoring needs, the months included."""
    rows = as_rows(small.facts)
    settled = settle(in_play(small.goals, small.moment), small.rules)
    found = observed(rows, windows_of(settled, small), small.moment.as_of)
    measured = actuals(found, small.units, small.rules.metrics)
    return Facts(measured, small.targets, monthly(small, rows, settled))


def monthly(small: Small, rows: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Return in_band and the last value known, as a caller of scoring has to provide them."""
    asking = settled.filter(pl.col("metric").is_not_null())
    if asking.is_empty():
        return NO_MONTHS
    months = [
        period
        for period in small.rules.calendar.periods.values()
        if period.kind is PeriodKind.MONTH and period.starts <= small.moment.until
    ]
    seen = observed(rows, [Window(month.period, month.starts, month.ends) for month in months], small.moment.as_of)
    actuals = gather(seen, small.units, small.rules.metrics).rename({"window": "month"})
    calendar = pl.DataFrame(
        [(m.period, m.starts, m.ends) for m in months],
        orient="row",
        schema={"month": pl.String, "starts": pl.Date, "ends": pl.Date},
    )
    begins = pl.DataFrame(
        [(name, window(name, small.moment).starts) for name in asking["window"].unique()],
        orient="row",
        schema={"window": pl.String, "begins": pl.Date},
    )
    joined = (
        asking.select("goal", "metric", "window", pl.col("scope_kind").cast(pl.String), "scope", "low", "high")
        .join(begins, on="window")
        .join(actuals, on=["metric", "scope_kind", "scope"])
        .join(calendar, on="month")
    )
    within = in_band(joined.filter(pl.col("starts") >= pl.col("begins")))
    before = last_known(joined.filter(pl.col("ends") < pl.col("begins")))
    return asking.select("goal").join(within, on="goal", how="left").join(before, on="goal", how="left")


assert {type(sample) for sample in SAMPLES} == set(CURVES), "a new curve needs a sample in curve_samples.py"
