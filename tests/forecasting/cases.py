"""Small pools of goals for the laws: what is asked and a history, as the workspace would hand them over."""

import polars as pl

from kpiflow.forecasting.ends import ASKED, HISTORY


def asked(goals: dict[str, dict[str, object]]) -> pl.DataFrame:
    """What is asked of goals, with the usual where a case says nothing: a rate in weeks, ten weeks to go."""
    usual: dict[str, object] = {
        "pool": "m", "way": "counts", "bucket": "week", "counted": True, "so_far": None, "weight": None,
        "rest_weight": None, "rest": 10.0, "season": 1.0, "scale": 1.0, "over": False, "actual": None,
    }  # fmt: skip
    rows = [{"goal": goal} | usual | said for goal, said in goals.items()]
    return pl.DataFrame(rows, schema=ASKED, orient="row")


def history(buckets: dict[str, list[tuple[float, float] | None]]) -> pl.DataFrame:
    """The history of goals: amount and weight per bucket, the oldest first; None is a bucket without data."""
    rows = [
        (goal, place, float(one[0]), float(one[1]))
        for goal, listed in buckets.items()
        for place, one in enumerate(listed)
        if one is not None
    ]
    return pl.DataFrame(rows, schema=HISTORY, orient="row")


def so_far(listed: list[tuple[float, float] | None]) -> dict[str, object]:
    """What a history adds up to, as the window so far."""
    known = [one for one in listed if one is not None]
    return {"so_far": float(sum(a for a, _ in known)), "weight": float(sum(w for _, w in known))}


def pool(buckets: dict[str, list[tuple[float, float] | None]], **said: object) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is asked and the history of goals whose window is their history."""
    return asked({goal: so_far(listed) | said for goal, listed in buckets.items()}), history(buckets)
