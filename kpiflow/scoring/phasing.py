"""A cycle's targets as they stand in one period: what is asked of the window, and what should be there by now."""

import datetime
from collections.abc import Iterable

import polars as pl

from kpiflow.core.calendar import Period, Window
from kpiflow.core.goal import Accrual
from kpiflow.core.phasing import Phasing, PhasingKind
from kpiflow.frames.beside import with_known
from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.windows import window

DAY = datetime.timedelta(days=1)

#: The columns that hold an anchor as it stands by now, for the pace: half a year's baseline is half a baseline.
BY_NOW: dict[str, str] = {
    "target": "expected",
    "baseline": "baseline_by_now",
    "low": "low_by_now",
    "high": "high_by_now",
}

#: The anchors that a ramp climbs along; the others stay where they are.
CLIMBING = ("threshold", "target", "stretch")

#: The anchors that may be written down per period.
WRITTEN = ("threshold", "target", "stretch")


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
    """Replace each goal's anchors by those of the window, and add `cycle_target` and the anchors by now (BY_NOW).

    Amounts are multiplied by their portion; a ramp runs from the baseline; explicit targets come from the table.
    """
    joined = with_known(settled, portions(rules, moment), ["phasing", "accrual"])
    any_ramp = bool((joined["ph_kind"] == PhasingKind.RAMP.value).any())
    ramp = pl.col("ph_kind") == PhasingKind.RAMP
    base = pl.col("baseline")

    def in_window(name: str, portion: str) -> pl.Expr:
        if not any_ramp:
            return snap(pl.col(name) * pl.col(portion))
        ramped = base + (pl.col(name) - base) * pl.col(portion) if name in CLIMBING else pl.col(name)
        return snap(pl.when(ramp).then(ramped).otherwise(pl.col(name) * pl.col(portion)))

    phased = joined.with_columns(
        cycle_target=pl.col("target"),
        **{name: in_window(name, "whole") for name in ANCHORS},
        **{column: in_window(name, "now") for name, column in BY_NOW.items()},
    )
    if settled.select((pl.col("phasing") == PhasingKind.EXPLICIT).any()).item():
        phased = _with_explicit(phased, settled, targets, rules, moment)
    return phased.drop("ph_kind", "whole", "now")


def _with_explicit(
    phased: pl.DataFrame, settled: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment
) -> pl.DataFrame:
    """Fill the anchors of goals whose targets are written down per period.

    Anchors that are not written stay the goal's own where the target is a level; where it is an amount they shrink
    with it, for a year's threshold says nothing about a month's amount.
    """
    chosen = settled.filter(pl.col("phasing") == PhasingKind.EXPLICIT).select("goal", "accrues", "window", *ANCHORS)
    written = pl.concat([explicit_targets(part, targets, rules, moment) for part in chosen.partition_by("window")])
    own = chosen.select("goal", *(pl.col(name).alias(f"own_{name}") for name in ANCHORS), explicit=pl.lit(True))
    whole_target = pl.col("own_target")

    def kept(name: str, written_target: str) -> pl.Expr:
        anchor = pl.col(f"own_{name}")
        portion = pl.when(whole_target != 0).then(pl.col(written_target) / whole_target)
        return pl.when("accrues").then(pl.when(anchor == 0).then(0.0).otherwise(anchor * portion)).otherwise(anchor)

    anchors = {
        "target": pl.col("set_target"),
        "expected": pl.col("set_expected"),
        "threshold": pl.coalesce("set_threshold", kept("threshold", "set_target")),
        "stretch": pl.coalesce("set_stretch", kept("stretch", "set_target")),
        **{name: kept(name, "set_target") for name in ("baseline", "low", "high")},
        **{BY_NOW[name]: kept(name, "set_expected") for name in ("baseline", "low", "high")},
    }
    joined = phased.join(written, on="goal", how="left", maintain_order="left").join(
        own, on="goal", how="left", maintain_order="left"
    )
    return joined.with_columns(
        pl.when("explicit").then(snap(value)).otherwise(pl.col(name)).alias(name) for name, value in anchors.items()
    ).select(phased.columns)


def explicit_targets(goals: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return set_target, set_expected, set_threshold and set_stretch of goals that share one window.

    What accrues is added up over the finest kind of period whose written rows fill the window exactly, and the
    running period counts by its days; a window not filled has no target: null. A level is the one written for the
    shortest period that holds the window's last day, and what is expected is the one that holds today.
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
    accrues = pl.col("accrues").fill_null(False)
    rows = targets.join(goals.select("goal", accrues), on="goal").join(calendar, on="period")
    levels = rows.filter(~pl.col("accrues"))
    amounts = _written_amounts(rows.filter("accrues"), days)
    at_end = _written_level(levels, days.ends).select("goal", *(pl.col(name).alias(f"set_{name}") for name in WRITTEN))
    by_now = _written_level(levels, moment.until).select("goal", set_expected="target")
    # What is expected today may be written where nothing is written for the last day yet.
    whole = at_end.join(by_now, on="goal", how="full", coalesce=True)
    return pl.concat([amounts, whole], how="diagonal_relaxed")


def _written_amounts(rows: pl.DataFrame, days: Window) -> pl.DataFrame:
    """Return the sums of what is written for the periods that fill a window, and how much of it belongs to now."""
    inside = rows.filter(pl.col("starts") >= days.starts, pl.col("ends") <= days.ends)
    kinds = inside.group_by("goal", "kind").agg(
        filled=pl.col("days").sum() == (days.ends - days.starts).days + 1, fine=pl.len()
    )
    finest = kinds.filter("filled").sort("fine", descending=True).unique("goal", keep="first").select("goal", "kind")

    def whole(name: str) -> pl.Expr:
        # A sum with a missing part is unknown, not smaller: nulls are never added as 0.
        return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(f"set_{name}")

    return (
        inside.join(finest, on=["goal", "kind"])
        .group_by("goal")
        .agg(*(whole(name) for name in WRITTEN), set_expected=(pl.col("target") * pl.col("elapsed")).sum())
    )


def _written_level(rows: pl.DataFrame, day: datetime.date) -> pl.DataFrame:
    """Return the row of each goal that is written for the shortest period a day lies in."""
    holding = rows.filter(pl.col("starts") <= day, pl.col("ends") >= day)
    return holding.sort("goal", "days").unique("goal", keep="first", maintain_order=True)
