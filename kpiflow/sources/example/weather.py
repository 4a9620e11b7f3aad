"""The hourly weather of 2013 at the three airports, laid out as the feed of a live source: real, like the flights.

Floor 4: reads one file of an installed package and writes one; knows no clock and no store.
"""

from pathlib import Path

import polars as pl

from kpiflow.sources.flights import data_folder

#: Where the feed lies, from the folder of the store.
FEED = Path("feeds") / "weather.parquet"


def observations() -> pl.DataFrame:
    """Return origin, observed_at (local time) and visibility (miles): 26,115 observations."""
    read = pl.read_csv(data_folder() / "weather.csv", null_values=["", "NA"], infer_schema=False)
    hours = (pl.col(part).cast(pl.Int32) for part in ("year", "month", "day", "hour"))
    return read.select(
        "origin",
        pl.datetime(*hours).alias("observed_at"),
        pl.col("visib").cast(pl.Float64).alias("visibility"),
    ).sort("observed_at", "origin")


def write_feed(folder: Path) -> Path:
    """Write the feed into the folder of a store."""
    path = folder / FEED
    path.parent.mkdir(parents=True, exist_ok=True)
    observations().write_parquet(path)
    return path
