"""How many rows a source brought per day: small, since only a gap or a jump is looked for."""

import datetime
from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg


def draw(days: Sequence[tuple[datetime.date, int]], ink: Ink, language: str) -> go.Figure:
    """Return the figure of rows per day."""
    said = words.say(msg("rows"), language)
    fig = figure(ink, height=120, right=12, top=6)
    fig.add_trace(
        go.Bar(
            x=[day for day, _ in days], y=[rows for _, rows in days], marker={"color": ink.accent},
            hovertemplate=f"%{{y:,}} {said}<extra>%{{x|%Y-%m-%d}}</extra>",
        )
    )  # fmt: skip
    fig.update_xaxes(showgrid=False, nticks=5, tickformat="%Y-%m-%d")
    return fig.update_yaxes(nticks=3, tickformat=",.3~s", rangemode="tozero")


def alt(days: Sequence[tuple[datetime.date, int]]) -> Message:
    """Return the figure in words."""
    rows = [count for _, count in days]
    return msg(
        "Rows per day from {first} to {last}: {least} to {most}.",
        first=days[0][0], last=days[-1][0], least=min(rows), most=max(rows),
    )  # fmt: skip
