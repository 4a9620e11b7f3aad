"""How likely an end reaches an anchor: read off the normal curve that the interval stands for."""

from math import erf, sqrt

import numpy as np
import polars as pl

from kpiflow.forecasting.credibility import Array

#: The normal curve is looked up at this many points between −6 and 6 and drawn straight between: 1e-6 apart at most.
_GRID = np.linspace(-6, 6, 4001)
_NORMAL = np.array([(1 + erf(x / sqrt(2))) / 2 for x in _GRID])


def chances(ends: pl.DataFrame) -> pl.DataFrame:
    """Return `ends` with p_target, p_stretch and p_threshold; null without an end or without that anchor.

    Needs forecast, spread, least, most, better (+1: higher is better, −1: lower is), target, stretch, threshold, low_edge
    and high_edge (the band of a goal that is to stay within one: then p_target is the chance to end inside it), and
    `grain`: the size of the steps the value moves in, 0 for none. What is certain is 0 or 1.
    """
    forecast, spread, least, most, grain = (
        ends[name].fill_null(np.nan).to_numpy() for name in ("forecast", "spread", "least", "most", "grain")
    )
    rises = ends["better"].fill_null(1.0).to_numpy() > 0

    def below(edge: Array, half: Array) -> Array:
        """How likely the end is at most the edge, with half a step for what moves in steps."""
        with np.errstate(all="ignore"):
            z = (edge + half - forecast) / spread
        sure = np.where(forecast <= edge, 1.0, 0.0)
        found = np.where(spread > 0, np.interp(z, _GRID, _NORMAL), sure)
        return np.where(edge < least, 0.0, np.where(edge >= most, 1.0, found))

    def reaches(name: str) -> pl.Series:
        edge = ends[name].fill_null(np.nan).to_numpy()
        # Exactly at the edge counts as reached, whichever way is better.
        at_most = below(edge, grain / 2)
        met = 1 - np.where(spread > 0, below(edge, -grain / 2), np.where(forecast >= edge, 0.0, 1.0))
        met = np.where(edge <= least, 1.0, met)
        found = np.where(rises, met, at_most)
        return pl.Series(np.where(np.isnan(edge) | np.isnan(forecast), np.nan, found)).fill_nan(None)

    low, high = (ends[name].fill_null(np.nan).to_numpy() for name in ("low_edge", "high_edge"))
    inside = below(high, grain / 2) - np.where(spread > 0, below(low, -grain / 2), np.where(forecast < low, 1.0, 0.0))
    band = pl.Series(np.where(np.isnan(forecast), np.nan, inside)).fill_nan(None)
    found = {f"p_{name}": reaches(name) for name in ("target", "stretch", "threshold")}
    found["p_target"] = ends["target"].is_null().to_frame("none").select(
        pl.when("none").then(pl.lit(band)).otherwise(pl.lit(found["p_target"]))
    ).to_series()  # fmt: skip
    return ends.with_columns(**found)
