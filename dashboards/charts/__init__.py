"""The kinds of figure, one file each.

A new kind is one file, one line here, and one test of what it shows.
Every `draw` takes facts, the ink of the theme and the language, and returns a `go.Figure` with words on it already;
`plotly.express` is not used: it costs fifteen times as much.
"""

from collections.abc import Callable

import plotly.graph_objects as go

from dashboards.charts import (
    bullet,
    check_ins,
    contributions,
    icicle,
    pay_curve,
    run,
    score_spread,
    score_steps,
    volume,
    waterfall,
)

#: The kinds, by name: what tests walk through and what the recipe in the documentation points at.
CHARTS: tuple[tuple[str, Callable[..., go.Figure]], ...] = (
    ("bullet", bullet.draw),
    ("check_ins", check_ins.draw),
    ("contributions", contributions.draw),
    ("icicle", icicle.draw),
    ("pay_curve", pay_curve.draw),
    ("run", run.draw),
    ("score_spread", score_spread.draw),
    ("score_steps", score_steps.draw),
    ("volume", volume.draw),
    ("waterfall", waterfall.draw),
)
