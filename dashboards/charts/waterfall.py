"""What moved: from the score of the period before to the score now, goal by goal."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from kpiflow.workspace import Message, msg

#: Goals shown one by one; the rest are one bar, so that the bars still add up.
SHOWN = 8


def draw(
    moved: pl.DataFrame, before: float, now: float, ink: Ink, language: str, *, names: tuple[str, str]
) -> go.Figure:
    """Return the figure: `moved` has goal, label, change; names are those of the period before and of this one."""
    steps = _with_rest(named(moved, language), words.say(msg("all others"), language))
    labels = [names[0], *steps["label"].to_list(), names[1]]
    texts = [
        words.points(before, language),
        *(words.points(change, language, signed=True) for change in steps["change"]),
    ]
    fig = figure(ink, height=max(420, 40 * len(labels)), top=4, bottom=30)
    fig.add_trace(
        go.Waterfall(
            orientation="h",
            width=0.62,
            y=list(range(len(labels))),
            x=[before, *steps["change"].to_list(), now],
            measure=["absolute", *["relative"] * steps.height, "total"],
            text=[*texts, words.points(now, language)],
            textposition="outside",
            textfont={"color": ink.text},
            customdata=[None, *steps["goal"].to_list(), None],
            hovertext=labels,
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
            connector={"line": {"color": ink.line, "width": 1}},
            increasing={"marker": {"color": ink.fill("on_pace")}},
            decreasing={"marker": {"color": ink.fill("behind")}},
            totals={"marker": {"color": ink.accent}},
            cliponaxis=False,
        )
    )
    return _frame(fig, labels, _reach(before, steps["change"].to_list()))


def _with_rest(moved: pl.DataFrame, rest: str) -> pl.DataFrame:
    kept = moved.select(pl.col("goal"), pl.col("label"), pl.col("change")).filter(pl.col("change") != 0)
    if kept.height <= SHOWN:
        return kept
    others = kept.slice(SHOWN).select(goal=pl.lit(None, pl.String), label=pl.lit(rest), change=pl.col("change").sum())
    return kept.head(SHOWN).vstack(others.head(1))


def _reach(before: float, changes: list[float]) -> tuple[float, float]:
    """Return the ends of the axis: near the bars, not at zero, because the change is the subject."""
    heights = [before]
    for change in changes:
        heights.append(heights[-1] + change)
    low, high = min(heights), max(heights)
    room = max(high - low, 1.0) * 0.45
    return max(low - room, 0.0), high + room


def _frame(fig: go.Figure, labels: list[str], reach: tuple[float, float]) -> go.Figure:
    fig.update_yaxes(
        tickmode="array", tickvals=list(range(len(labels))), ticktext=labels, autorange="reversed", showgrid=False
    )
    return fig.update_xaxes(range=reach, showgrid=True, nticks=5)


def alt(before: float, now: float, language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    return msg(
        "Waterfall: the score went from {before} to {now}.",
        before=words.points(before, language),
        now=words.points(now, language),
    )
