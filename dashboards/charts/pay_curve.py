"""The line of a plan's step: what each result earns, with the points as they are written."""

import plotly.graph_objects as go

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg
from kpiflow.workspace.plans.pictures import Line


def draw(line: Line, ink: Ink, language: str) -> go.Figure:
    """Return the figure: the result along the bottom, what it earns up the side."""
    fig = figure(ink, height=210, top=10, bottom=34, left=4)
    xs, ys = zip(*line.corners, strict=True)
    fig.add_trace(go.Scatter(x=xs, y=ys, mode="lines", line={"color": ink.accent, "width": 2}, hoverinfo="skip"))
    marks, earned = zip(*line.points, strict=True)
    said = [f"{shown(x, line, language)} → {words.share(y, language)}" for x, y in line.points]
    fig.add_trace(
        go.Scatter(
            x=marks, y=earned, mode="markers", marker={"color": ink.accent, "size": 8},
            hovertext=said, hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip
    ticks = sorted(set(marks))
    fig.update_xaxes(
        tickmode="array", tickvals=ticks, ticktext=[shown(tick, line, language) for tick in ticks], showgrid=False,
        title={"text": words.say(line.name, language), "font": {"size": 12, "color": ink.quiet}, "standoff": 4},
    )  # fmt: skip
    low, high = min(0.0, *ys), max(ys)
    room = (high - low) * 0.12 or 1.0
    return fig.update_yaxes(tickformat=".0%", nticks=5, range=[low - room * 0.4, high + room])


def shown(value: float, line: Line, language: str) -> str:
    """Return a result in its own unit."""
    if line.kind == "ratio":
        return words.share(value, language)
    if line.kind == "money":
        return words.money(value, line.currency, language)
    return words.say(msg("{value}", value=value), language)


def alt(line: Line, language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    points = [f"{shown(x, line, language)} → {words.share(y, language)}" for x, y in line.points]
    return msg("Line of what {name} earns: {points}.", name=line.name, points=", ".join(points))
