"""Columns put beside a table: looked up once per run of equal values, or scattered to their rows."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.frames.beside import by_runs, scattered


@given(st.lists(st.sampled_from(["a", "b", None])))
def test_by_runs_gives_what_the_work_gives_value_by_value(values: list[str | None]) -> None:
    column = pl.Series("word", values, dtype=pl.String)
    seen: list[str | None] = []

    def doubled(words: pl.Series) -> pl.Series:
        seen.extend(words)
        return words + words

    assert by_runs(column, doubled).to_list() == [None if value is None else value * 2 for value in values]
    assert len(seen) == sum(n == 0 or values[n - 1] != value for n, value in enumerate(values))


def test_scattered_rows_lie_at_their_places_and_leave_the_others_empty() -> None:
    values = pl.DataFrame({"word": ["a", "b"], "number": [1, None]})
    found = scattered(values, pl.Series([3, 0], dtype=pl.UInt32), 4)
    assert found.rows() == [("b", None), (None, None), (None, None), ("a", 1)]
    assert scattered(values.clear(), pl.Series([], dtype=pl.UInt32), 2).rows() == [(None, None), (None, None)]
