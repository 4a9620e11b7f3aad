"""How scores are spread: one bar per step of points, with how many people are in it."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg


def draw(steps: pl.DataFrame, ink: Ink, language: str, *, median: float | None = None) -> go.Figure:
    """Return the histogram of `starts`, `ends` and `people`; a line marks the median."""
    fig = figure(ink, height=240, top=26, bottom=36)
    rows = steps.to_dicts()
    fig.add_trace(
        go.Bar(
            x=[(row["starts"] + row["ends"]) / 2 for row in rows],
            y=[row["people"] for row in rows],
            width=[(row["ends"] - row["starts"]) * 0.9 for row in rows],
            marker={"color": ink.accent, "opacity": 0.75},
            hovertext=[_hover(row, language) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    if median is not None:
        label = words.say(msg("median {score}", score=words.points(median, language)), language)
        fig.add_vline(x=median, line={"color": ink.text, "width": 1.5, "dash": "4px 3px"})
        fig.add_annotation(
            x=median, yref="paper", y=1, yanchor="bottom", text=label, showarrow=False, font={"size": 12, "color": ink.text}
        )  # fmt: skip
    title = {"font": {"size": 12, "color": ink.quiet}, "standoff": 4}
    fig.update_xaxes(title={"text": words.say(msg("points"), language), **title}, showgrid=False, nticks=10)
    return fig.update_yaxes(
        title={"text": words.say(msg("people"), language), **title}, nticks=4, rangemode="tozero", tickformat=",d"
    )


def _hover(row: dict[str, int], language: str) -> str:
    return words.say(msg("{starts} to {ends} points: {people} {people:person|people}", **row), language)


def alt(steps: pl.DataFrame) -> Message:
    """Return what the figure says, for those who cannot see it."""
    if steps.is_empty():
        return msg("Histogram of scores: nobody has one.")
    most = steps.sort("people", "starts", descending=[True, False]).row(0, named=True)
    return msg(
        "Histogram of scores from {low} to {high} points; most are between {starts} and {ends}.",
        low=steps["starts"].min(),
        high=steps["ends"].max(),
        starts=most["starts"],
        ends=most["ends"],
    )
