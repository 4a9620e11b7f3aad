"""What each month asks for, now and after a change, beside what was reached: how a year's target is spread, as a picture."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg


def draw(months: pl.DataFrame, row: Mapping[str, Any], ink: Ink, language: str) -> go.Figure:
    """Return the figure of months (period, target, actual, and `after` where a change is tried)."""
    names = months["period"].to_list()
    fig = figure(ink, height=240, right=84, top=14)
    said = {name: words.say(text, language) for name, text in _NAMES.items()}
    fig.add_trace(
        go.Bar(
            x=names, y=months["actual"], marker={"color": ink.bands()[0]}, name=said["actual"],
            hovertemplate=f"{said['actual']} %{{y:,.6~g}}<extra>%{{x}}</extra>",
        )
    )  # fmt: skip
    lines = [("target", ink.quiet, "4px 3px")] + ([("after", ink.accent, "solid")] if "after" in months.columns else [])
    for name, colour, dash in lines:
        fig.add_trace(
            go.Scatter(
                x=names, y=months[name], mode="lines+markers", line={"color": colour, "width": 2, "dash": dash},
                marker={"size": 5}, hovertemplate=f"{said[name]} %{{y:,.6~g}}<extra>%{{x}}</extra>",
            )
        )  # fmt: skip
    _ends(fig, months, [name for name, _, _ in lines], row=row, ink=ink, language=language)
    fig.update_xaxes(
        type="category", showgrid=False, tickvals=names, ticktext=[str(name)[-2:] for name in names], tickangle=0
    )
    return fig.update_yaxes(nticks=4, tickformat=",.6~g", rangemode="normal")


def _ends(
    fig: go.Figure, months: pl.DataFrame, lines: list[str], *, row: Mapping[str, Any], ink: Ink, language: str
) -> None:
    """Name each line at its right end."""
    last = {name: months[name].drop_nulls() for name in lines}
    heights = {name: float(values[-1]) for name, values in last.items() if values.len()}
    above = max(heights, key=lambda name: heights[name], default=None)
    for name, height in heights.items():
        fig.add_annotation(
            xref="paper", x=1, y=height, xanchor="left", xshift=6, showarrow=False, align="left",
            yshift=0 if len(heights) < 2 else 14 if name == above else -14,
            text=f"{words.say(_NAMES[name], language)}<br>{words.quantity(height, row, language)}",
            font={"size": 12, "color": ink.accent if name == "after" else ink.quiet},
        )  # fmt: skip


def alt(months: pl.DataFrame) -> Message:
    """Return the figure in words."""
    if "after" in months.columns:
        return msg(
            "What each of {count} months asks for, now and after the change, with what was reached.",
            count=months.height,
        )
    return msg("What each of {count} months asks for, with what was reached.", count=months.height)


_NAMES: dict[str, Message] = {"actual": msg("reached"), "target": msg("asked now"), "after": msg("after the change")}
