"""One goal as a bullet: the actual against threshold, target and stretch, where it should be by now, where it will end."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from dashboards import words
from dashboards.charts.paper import Ink, figure
from dashboards.charts.scale import MAIN, anchors, ends
from dashboards.statuses import look
from kpiflow.workspace import Message, msg

#: How much of the width the name of a mark takes on a narrow screen.
NAME = 0.36


def draw(row: Mapping[str, Any], ink: Ink, language: str) -> go.Figure:
    """Return the figure of a goal's row: what is absent from the row is absent from the picture.

    With forecast, forecast_low and forecast_high a whisker shows where the goal will end.
    """
    low, high = ends(row)
    fig = figure(ink, height=182, left=4, right=4, top=4, bottom=56)
    _bands(fig, row, ink, (low, high))
    actual = row.get("actual")
    if actual is not None:
        _actual(fig, row, ink, low)
        _hover_mark(fig, row, ink, language)
        shown = f"<b>{look(row.get('status')).shape} {words.quantity(actual, row, language)}</b>"
        fig.add_annotation(
            x=actual, y=0.98, text=shown, showarrow=False, font={"color": ink.ink(row.get("status")), "size": 16}
        )
    _marks(fig, row, ink, language)
    _whisker(fig, row, ink, language)
    fig.update_yaxes(visible=False, range=[-0.55, 1.15])
    return fig.update_xaxes(range=[low, high], showgrid=False, showticklabels=False)


def _actual(fig: go.Figure, row: Mapping[str, Any], ink: Ink, low: float) -> None:
    """A bar from zero; where the scale does not begin at zero a bar would lie, so the gap to the target is drawn."""
    goal = row["target"] if row.get("target") is not None else row["actual"]
    left, right = (low, row["actual"]) if low == 0 else sorted((row["actual"], goal))
    thick = 0.17 if low == 0 else 0.1
    fill = ink.fill(row.get("status"))
    fig.add_shape(type="rect", x0=left, x1=right, y0=-thick, y1=thick, fillcolor=fill, line_width=0)


def _hover_mark(fig: go.Figure, row: Mapping[str, Any], ink: Ink, language: str) -> None:
    """The point of the actual itself, which answers when pointed at."""
    shown = look(row.get("status"))
    # A bar says by itself where it ends; there the point only listens.
    seen = 0 if ends(row)[0] == 0 else 1
    line = {"color": ink.page, "width": 1.5}
    marker = {"symbol": shown.symbol, "size": 18, "color": ink.fill(shown.status), "line": line, "opacity": seen}
    fig.add_trace(
        go.Scatter(
            x=[row["actual"]],
            y=[0],
            mode="markers",
            marker=marker,
            hovertext=[_hover(row, language)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _whisker(fig: go.Figure, row: Mapping[str, Any], ink: Ink, language: str) -> None:
    """The forecast as a diamond on a line from one end of its interval to the other."""
    if row.get("forecast") is None or row.get("forecast_low") is None:
        return
    ends_at = [float(row["forecast_low"]), float(row["forecast_high"])]
    said = msg(
        "forecast {value}, between {low} and {high}",
        value=words.quantity(row["forecast"], row, language),
        low=words.quantity(ends_at[0], row, language),
        high=words.quantity(ends_at[1], row, language),
    )
    fig.add_trace(
        go.Scatter(
            x=[ends_at[0], row["forecast"], ends_at[1]],
            y=[-0.28] * 3,
            mode="lines+markers",
            line={"color": ink.accent, "width": 2},
            marker={"symbol": ["line-ns", "diamond", "line-ns"], "size": [12, 9, 12], "color": ink.accent,
                    "line": {"color": ink.accent, "width": 2}},
            hovertext=[words.say(said, language)] * 3,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip


def _bands(fig: go.Figure, row: Mapping[str, Any], ink: Ink, reach: tuple[float, float]) -> None:
    """Grey grounds: the nearer to the wrong end, the darker."""
    known = [value for _, value in anchors(row)]
    edges = sorted({reach[0], *known, reach[1]})
    shades = ink.bands()
    falling = row.get("direction") == "lower"
    for place, (left, right) in enumerate(pairwise(edges)):
        step = len(edges) - 2 - place if falling else place
        fig.add_shape(
            type="rect", x0=left, x1=right, y0=-0.4, y1=0.4, fillcolor=shades[min(step, 2)], line_width=0, layer="below"
        )


def _marks(fig: go.Figure, row: Mapping[str, Any], ink: Ink, language: str) -> None:
    """The anchors as lines with their names below, and the expected value as a small triangle above."""
    taken: list[tuple[float, int]] = []
    low, high = ends(row)
    for name, value in anchors(row):
        main = name.text in MAIN
        fig.add_shape(
            type="line",
            x0=value,
            x1=value,
            y0=-0.45,
            y1=0.45,
            line={"color": ink.text if main else ink.quiet, "width": 3 if main else 1},
        )
        # Names closer than a name is wide on a phone are set on the next line.
        near = {line for other, line in taken if abs(value - other) < NAME * (high - low)}
        line = next(one for one in range(len(near) + 1) if one not in near)
        taken.append((value, line))
        fig.add_annotation(
            x=value,
            y=-0.5,
            yanchor="top",
            yshift=-17 * line,
            text=f"{words.say(name, language)} {words.quantity(value, row, language)}",
            showarrow=False,
            font={"color": ink.text if main else ink.quiet, "size": 12},
        )
    expected = row.get("expected")
    if expected is not None and expected != row.get("target"):
        fig.add_trace(
            go.Scatter(
                x=[expected],
                y=[0.53],
                mode="markers",
                marker={"symbol": "triangle-down", "size": 11, "color": ink.text},
                hovertext=[
                    words.say(msg("expected by now {value}", value=words.quantity(expected, row, language)), language)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )


def _hover(row: Mapping[str, Any], language: str) -> str:
    status = words.status(row.get("status"), language)
    return f"{words.quantity(row.get('actual'), row, language)}<br>{status}"


def alt(row: Mapping[str, Any], language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    return msg(
        "Bullet: {actual} against a target of {target}, {status}.",
        actual=words.quantity(row.get("actual"), row, language),
        target=words.quantity(row.get("target"), row, language),
        status=look(row.get("status")).word,
    )
