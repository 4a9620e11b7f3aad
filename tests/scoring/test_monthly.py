"""What months tell: how many of them stayed in their band."""

import polars as pl
import pytest

from kpiflow.scoring.monthly import in_band


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(10.0, 20.0, 0.5), (None, 20.0, None), (10.0, None, None), (None, None, None)],
    ids=["both edges", "no lower edge", "no upper edge", "no band"],
)
def test_a_share_needs_both_edges_of_its_band(low: float | None, high: float | None, expected: float | None) -> None:
    # 5 and 25 lie outside on either side, 15 inside and 20 on the edge; of the month without data nothing is known.
    months = pl.DataFrame(
        {"goal": "g", "actual": [5.0, 15.0, 20.0, 25.0, None], "low": low, "high": high},
        schema={"goal": pl.String, "actual": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )
    assert in_band(months)["in_band"].to_list() == [expected]
