"""A cycle's targets as they stand in one period: what is asked of the window, and what should be there by now."""

import datetime
from collections.abc import Iterable

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.goal import Accrual
from kpiflow.core.phasing import Phasing, PhasingKind
from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.windows import window

DAY = datetime.timedelta(days=1)


def share_until(phasing: Phasing, cycle: Period, months: Iterable[Period], until: datetime.date) -> float:
    """Return the share of a cycle's target that belongs before the end of `until`, between 0 and 1.

    Even and ramp count days. Seasonal counts the months' indices, and days inside the running month.
    """
    if phasing.kind is not PhasingKind.SEASONAL:
        return _elapsed(cycle, until)
    total = float(sum(phasing.index))
    return sum(
        float(index) / total * _elapsed(month, until) for index, month in zip(phasing.index, months, strict=True)
    )


def _elapsed(period: Period, until: datetime.date) -> float:
    """Return how much of a period has passed at the end of a day, by days."""
    passed = (min(until, period.ends) - period.starts).days + 1
    return max(0, passed) / period.days


def portions(rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return, per phasing and accrual, the share of the cycle's target in the whole window and by now."""
    months, before = rules.calendar.months(moment.cycle), moment.period.starts - DAY
    rows = []
    for name, phasing in rules.phasings.items():
        if phasing.kind is PhasingKind.EXPLICIT:
            continue
        for accrual in Accrual:
            if phasing.kind is PhasingKind.FLAT:
                whole = now = 1.0
            else:
                # A ramp is a height reached, not an amount piled up: it always counts from the cycle's start.
                from_start = accrual is Accrual.TO_DATE or phasing.kind is PhasingKind.RAMP
                start = 0.0 if from_start else share_until(phasing, moment.cycle, months, before)
                whole = share_until(phasing, moment.cycle, months, moment.period.ends) - start
                now = max(0.0, share_until(phasing, moment.cycle, months, moment.until) - start)
            rows.append((name, accrual.value, phasing.kind.value, whole, now))
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "phasing": pl.String,
            "accrual": pl.String,
            "ph_kind": pl.String,
            "whole": pl.Float64,
            "now": pl.Float64,
        },
    )


def phase(settled: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Replace each goal's anchors by those of the window, and add `cycle_target` and `expected`.

    Amounts are multiplied by their portion; a ramp runs from the baseline; explicit targets come from the table.
    """
    joined = settled.join(portions(rules, moment), on=["phasing", "accrual"], how="left", maintain_order="left")
    ramp = pl.col("ph_kind") == PhasingKind.RAMP
    base = pl.col("baseline")

    def in_window(name: str, portion: str) -> pl.Expr:
        ramped = base + (pl.col(name) - base) * pl.col(portion)
        amount = pl.col(name) * pl.col(portion)
        stays = name in ("baseline", "low", "high")
        return pl.when(ramp).then(pl.col(name) if stays else ramped).otherwise(amount)

    explicit = settled.select((pl.col("phasing") == PhasingKind.EXPLICIT).any()).item()
    phased = joined.with_columns(
        cycle_target=pl.col("target"),
        expected=in_window("target", "now"),
        **{name: in_window(name, "whole") for name in ANCHORS},
    )
    if explicit:
        phased = _with_explicit(phased, settled, targets, rules, moment)
    return phased.drop("ph_kind", "whole", "now")


def _with_explicit(
    phased: pl.DataFrame, settled: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment
) -> pl.DataFrame:
    """Fill the anchors of goals whose targets are written down per period."""
    chosen = settled.filter(pl.col("phasing") == PhasingKind.EXPLICIT).select(
        "goal", "accrues", "window", "baseline", "low", "high", "threshold", "target", "stretch"
    )
    written = pl.concat([explicit_targets(part, targets, rules, moment) for part in chosen.partition_by("window")])
    own = chosen.drop("accrues", "window").rename({name: f"own_{name}" for name in ANCHORS})
    return (
        phased.join(written, on="goal", how="left", maintain_order="left")
        .join(own, on="goal", how="left", maintain_order="left")
        .with_columns(
            target=pl.coalesce("target", "set_target"),
            expected=pl.coalesce("expected", "set_expected"),
            threshold=pl.coalesce("threshold", "set_threshold", "own_threshold"),
            stretch=pl.coalesce("stretch", "set_stretch", "own_stretch"),
            baseline=pl.coalesce("baseline", "own_baseline"),
            low=pl.coalesce("low", "own_low"),
            high=pl.coalesce("high", "own_high"),
        )
        .drop("set_target", "set_expected", "set_threshold", "set_stretch", *(f"own_{name}" for name in ANCHORS))
    )


def explicit_targets(goals: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return set_target, set_expected, set_threshold and set_stretch of goals that share one window.

    The finest kind of period whose written rows fill the window exactly is used. What accrues is added up, and
    the running period counts by its days; a level is the latest one. A window not filled has no target: null.
    """
    days = window(goals["window"][0], moment)
    calendar = pl.DataFrame(
        [
            (p.period, p.kind.value, p.starts, p.ends, p.days, _elapsed(p, moment.until))
            for p in rules.calendar.periods.values()
        ],
        orient="row",
        schema=["period", "kind", "starts", "ends", "days", "elapsed"],
    )
    rows = (
        targets.join(goals.select("goal", "accrues"), on="goal")
        .join(calendar, on="period")
        .filter(pl.col("starts") >= days.starts, pl.col("ends") <= days.ends)
        .sort("goal", "ends")
    )
    kinds = rows.group_by("goal", "kind").agg(
        filled=pl.col("days").sum() == (days.ends - days.starts).days + 1, fine=pl.len()
    )
    finest = kinds.filter("filled").sort("fine", descending=True).unique("goal", keep="first").select("goal", "kind")
    started = pl.col("elapsed") > 0

    def whole(name: str) -> pl.Expr:
        # A sum with a missing part is unknown, not smaller: nulls are never added as 0.
        summed = pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum())
        return pl.when(pl.col("accrues").first()).then(summed).otherwise(pl.col(name).last())

    return (
        rows.join(finest, on=["goal", "kind"])
        .group_by("goal")
        .agg(
            set_target=whole("target"),
            set_expected=pl.when(pl.col("accrues").first())
            .then((pl.col("target") * pl.col("elapsed")).sum())
            .otherwise(pl.col("target").filter(started).last()),
            set_threshold=whole("threshold"),
            set_stretch=whole("stretch"),
        )
    )
