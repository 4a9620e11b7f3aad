"""How deep each goal lies: as walking up to its root counts it, in whatever order goals come; circles are refused."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.cascade.tree import with_depth
from kpiflow.errors import InvalidInput


def goals(parents: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {"goal": list(parents), "parent": list(parents.values())}, schema_overrides={"parent": pl.String}
    )


@st.composite
def forests(draw: st.DrawFn) -> dict[str, str | None]:
    """Goals below each other, below nothing, or below one that is not among them; in any order."""
    count = draw(st.integers(1, 30))
    places = [draw(st.integers(-2, number - 1)) for number in range(count)]
    named = {f"g{n}": {-1: None, -2: "elsewhere"}.get(above, f"g{above}") for n, above in enumerate(places)}
    return {goal: named[goal] for goal in draw(st.permutations(sorted(named)))}


@given(forests())
def test_depth_is_the_number_of_goals_on_the_way_up(parents: dict[str, str | None]) -> None:
    def up(goal: str) -> int:
        above = parents[goal]
        return 0 if above not in parents else 1 + up(str(above))

    assert dict(with_depth(goals(parents)).select("goal", "depth").iter_rows()) == {goal: up(goal) for goal in parents}


@given(forests(), st.integers(1, 5))
def test_goals_above_themselves_are_named(parents: dict[str, str | None], around: int) -> None:
    circle = {f"c{n}": f"c{(n + 1) % around}" for n in range(around)}
    with pytest.raises(InvalidInput, match=r"above themselves: c0") as refused:
        with_depth(goals({**parents, **circle, "below": "c0"}))
    assert not [goal for goal in parents if f" {goal}" in str(refused.value)]


def test_one_long_chain_is_as_deep_as_it_is_long() -> None:
    chain = {f"g{n}": f"g{n - 1}" if n else None for n in range(300)}
    assert with_depth(goals(chain))["depth"].to_list() == list(range(300))
