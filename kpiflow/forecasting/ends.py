"""Where each goal ends: what is there so far, and the rest of the period at the level learnt, with an interval.

Rates end at (so far + level × weight of the rest) ÷ (weight so far + weight of the rest): by counts, never a mean of
rates. Amounts end at so far + level × what the rest of the period is asked. The interval takes in how unsure the level
is, the noise of the rest, and what will move all goals alike, which no goal's own history averages away.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpiflow.forecasting.credibility import Array, Levels, levels
from kpiflow.forecasting.ways import Way

#: How likely the end lies inside the interval.
INSIDE = 0.8

#: What must be known before anything is said: weeks, or months where a metric is measured once a month.
NEEDS = {"week": 8, "month": 4}

#: Neighbouring weeks tell much the same, so four of them count as one observation of how much things vary.
ONE_OBSERVATION = {"week": 4.0, "month": 1.0}

#: What a forecast is made of, one row per goal: where it belongs (`pool`: the metric), how it is forecast, what is in
#: the window so far (`so_far` over `weight`), what the rest weighs (null: as much per bucket as the history) and how
#: many buckets it lasts, `season` (what the rest of the last cycle was to its beginning; 1 when not known), `scale` of
#: the metric's measure, and `over` with the actual to repeat when the period has ended.
ASKED = {
    "goal": pl.String, "pool": pl.String, "way": pl.String, "bucket": pl.String, "counted": pl.Boolean,
    "so_far": pl.Float64, "weight": pl.Float64, "rest_weight": pl.Float64, "rest": pl.Float64, "season": pl.Float64,
    "scale": pl.Float64, "over": pl.Boolean, "actual": pl.Float64,
}  # fmt: skip

#: A history: one row per goal and bucket with data (amounts: per bucket since the first with data). `place` counts the
#: pool's buckets from 0, the oldest.
HISTORY = {"goal": pl.String, "place": pl.Int64, "amount": pl.Float64, "weight": pl.Float64}

#: What comes out. `spread` is the standard deviation the interval stands for, `least` and `most` what is possible.
ENDS = {
    "goal": pl.String, "forecast": pl.Float64, "low": pl.Float64, "high": pl.Float64, "spread": pl.Float64,
    "least": pl.Float64, "most": pl.Float64, "method": pl.String, "history": pl.Int64, "needs_history": pl.Int64,
    "absent": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """The history of a pool as matrices goals × buckets, and how long each goal's own is."""

    amounts: Array
    weights: Array
    lengths: NDArray[np.int64]

    @property
    def buckets(self) -> int:
        """How many buckets the pool was measured for."""
        return int(self.amounts.shape[1])


def ends(asked: pl.DataFrame, history: pl.DataFrame, *, inside: float = INSIDE) -> pl.DataFrame:
    """Return a row of ENDS for every goal of `asked` (ASKED), in its order; `history` may have its rows in any order.

    `absent` says why there is no forecast: no_way (the metric cannot be forecast), no_data, too_little, or
    unchanged (a level that never changed: nothing says how it may).
    """
    parts = [_repeated(asked.filter("over"))]
    running = asked.filter(~pl.col("over"))
    parts.append(_silent(running.filter(pl.col("way").is_null()), "no_way"))
    parts += [
        _pool(part, history.join(part.select("goal"), on="goal", how="semi"), inside)
        for part in running.filter(pl.col("way").is_not_null()).partition_by("pool", maintain_order=True)
    ]
    found = pl.concat(parts)
    return asked.select("goal").join(found, on="goal", how="left", maintain_order="left").select(list(ENDS))


def _repeated(over: pl.DataFrame) -> pl.DataFrame:
    """Return the actuals of periods that have ended: what is known is not forecast."""
    known = pl.col("actual").is_not_null()
    return _framed(
        over,
        forecast=pl.col("actual"),
        low=pl.col("actual"),
        high=pl.col("actual"),
        spread=pl.when(known).then(0.0),
        least=pl.col("actual"),
        most=pl.col("actual"),
        method=pl.when(known).then(pl.lit("ended")),
        absent=pl.when(~known).then(pl.lit("no_data")),
    )


def _silent(part: pl.DataFrame, why: str) -> pl.DataFrame:
    return _framed(part, absent=pl.lit(why))


def _framed(part: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Return a row of ENDS per goal with these columns; the others are null."""
    given = {name: columns.get(name, pl.lit(None)).cast(kind) for name, kind in ENDS.items() if name != "goal"}
    return part.select("goal", **given)


def _pool(part: pl.DataFrame, history: pl.DataFrame, inside: float) -> pl.DataFrame:
    """Return the ends of the goals of one pool that has not ended."""
    bucket, kind = part["bucket"][0], part["way"][0]
    known = _matrices(part, history)
    needs = NEEDS[bucket]
    enough = known.lengths >= needs
    with np.errstate(all="ignore"):
        found = _stays(part, known, inside) if kind == Way.LEVEL else _goes_on(part, known, inside)
    why = np.where(known.lengths == 0, "no_data", "too_little")
    # What never changed says nothing about how it may change: no interval would be honest.
    still = enough & (found["spread"] == 0) & (part["rest"].fill_null(0.0).to_numpy() > 0) & (kind == Way.LEVEL)
    enough, why = enough & ~still, np.where(still, "unchanged", why)
    columns = {name: pl.Series(name, np.where(enough, values, np.nan)).fill_nan(None) for name, values in found.items()}
    said = pl.DataFrame(
        {
            "goal": part["goal"],
            **columns,
            "method": pl.repeat("level" if kind == Way.LEVEL else "credibility", part.height, eager=True),
            "history": pl.Series(known.lengths),
            "needs_history": pl.repeat(needs, part.height, dtype=pl.Int64, eager=True),
            "absent": pl.Series(why, dtype=pl.String),
            "enough": pl.Series(enough),
        }
    )
    # A rate of nothing: data there was, but nothing counted, so far or to come.
    there = pl.col("enough") & pl.col("forecast").is_not_null()
    empty = pl.when("enough").then(pl.lit("no_data")).otherwise("absent")
    return said.with_columns(method=pl.when(there).then("method"), absent=pl.when(~there).then(empty)).select(
        list(ENDS)
    )


def _matrices(part: pl.DataFrame, history: pl.DataFrame) -> _Known:
    """Return a pool's history as matrices; a goal's own begins with the first bucket it has data in."""
    first = int(history["place"].min() or 0)  # type: ignore[arg-type]
    buckets = int(history["place"].max() or 0) - first + 1 if history.height else 0  # type: ignore[arg-type]
    lines = part.select("goal").with_row_index("line")
    placed = history.join(lines, on="goal").filter(pl.col("weight") > 0)
    line, place = placed["line"].to_numpy(), placed["place"].to_numpy() - first
    amounts, weights = np.zeros((part.height, buckets)), np.zeros((part.height, buckets))
    amounts[line, place], weights[line, place] = placed["amount"].to_numpy(), placed["weight"].to_numpy()
    begun = np.argmax(weights > 0, axis=1) if buckets else np.zeros(part.height)
    lengths = np.where((weights > 0).any(axis=1), buckets - begun, 0).astype(np.int64)
    return _Known(amounts, weights, lengths)


def _goes_on(part: pl.DataFrame, known: _Known, inside: float) -> dict[str, Array]:
    """Return the ends of rates and amounts: what is there, and the rest at the level learnt."""
    found = levels(known.amounts, known.weights, part["counted"].to_numpy())
    by_counts = part["way"][0] == Way.COUNTS
    so_far, weight, rest, season, scale = (
        part[name].fill_null(0.0).to_numpy() for name in ("so_far", "weight", "rest", "season", "scale")
    )
    per_bucket = known.weights.sum(axis=1) / np.maximum(known.lengths, 1)
    to_come = np.where(part["rest_weight"].is_null(), per_bucket * rest, part["rest_weight"].fill_null(0.0).to_numpy())
    # What never was below nothing, or never more than all there was, will not be so at the end.
    floor = 0.0 if (known.amounts >= 0).all() else -np.inf
    ceiling = 1.0 if by_counts and (known.amounts <= known.weights).all() else np.inf
    level = np.clip(found.level * season, floor, ceiling)
    sigma = np.sqrt(_variance(found, known.buckets, to_come, rest))
    reach = _quantile(inside, known.buckets / ONE_OBSERVATION[part["bucket"][0]] - 1)

    def at(rate: Array) -> Array:
        total = so_far + rate * to_come
        return total / (weight + to_come) * scale if by_counts else total * scale

    one = np.ones(len(level))
    return {
        "forecast": at(level),
        "low": at(np.clip(level - reach * sigma, floor, ceiling)),
        "high": at(np.clip(level + reach * sigma, floor, ceiling)),
        "spread": (at(level + reach * sigma) - at(level)) / NormalDist().inv_cdf(0.5 + inside / 2),
        "least": at(floor * one),
        "most": at(ceiling * one),
    }


def _variance(found: Levels, buckets: int, to_come: Array, rest: Array) -> Array:
    """Return the variance of the rest's mean rate: all alike (so far and to come), the level's own, and the noise."""
    alike = found.common * (1 / max(buckets, 1) + np.where(rest > 0, 1 / np.maximum(rest, 1e-9), 0.0))
    noise = np.where(to_come > 0, found.noise / np.maximum(to_come, 1e-300), 0.0)
    total: Array = alike + found.unsure + noise
    return total


def _stays(part: pl.DataFrame, known: _Known, inside: float) -> dict[str, Array]:
    """Return the ends of levels: the latest value, as unsure as values changed from one to the next."""
    there = known.weights > 0
    places = np.arange(known.buckets)
    latest = np.maximum.accumulate(np.where(there, places, 0), axis=1)
    held = np.take_along_axis(known.amounts, latest, axis=1)
    begun = np.maximum.accumulate(there, axis=1)
    steps = np.where(begun[:, :-1], np.diff(held, axis=1), 0.0)
    per_bucket = (steps**2).sum(axis=1) / np.maximum(begun[:, :-1].sum(axis=1), 1)
    last, scale = held[:, -1] if known.buckets else np.zeros(part.height), part["scale"].to_numpy()
    sigma = np.sqrt(per_bucket * part["rest"].fill_null(0.0).to_numpy())
    reach = _quantile(inside, known.buckets / ONE_OBSERVATION[part["bucket"][0]] - 1)
    floor = 0.0 if (known.amounts >= 0).all() else -np.inf
    one = np.ones(part.height)
    return {
        "forecast": last * scale,
        "low": np.maximum(last - reach * sigma, floor) * scale,
        "high": (last + reach * sigma) * scale,
        "spread": reach * sigma * scale / NormalDist().inv_cdf(0.5 + inside / 2),
        "least": floor * one,
        "most": np.inf * one,
    }


def _quantile(inside: float, freedom: float) -> float:
    """Return how many standard deviations an interval reaches: Student's t, by the expansion of Cornish and Fisher.

    (M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", 26.7.5.)
    """
    n, z = max(freedom, 2.0), NormalDist().inv_cdf(0.5 + inside / 2)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
