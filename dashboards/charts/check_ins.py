"""The check-ins of a goal over time: what was reported as steps, how sure people were as dots below, words on hover."""

import datetime
from html import escape
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg

#: How many characters of words stand in one line of a hover, and how many lines.
LINE, LINES = 46, 6

_LEVELS = [1, 4, 7, 10]

#: Over fewer days than these a month's name says too little.
SHORT = 120


def draw(rows: pl.DataFrame, row: dict[str, Any], ink: Ink, language: str) -> go.Figure:
    """Return the figure of a goal's check-ins (the rows of `CheckIns`) with its target as a line."""
    told = rows.sort("day", "check_in")
    valued = told.filter(pl.col("shown").is_not_null())
    both = valued.height > 0
    fig = figure(ink, height=300 if both else 150, right=84, top=14)
    if both:
        _values(fig, valued, row, ink, language)
    _confidence(fig, told.filter(pl.col("confidence").is_not_null()), row, ink, language)
    low = 0.3 if both else 1.0
    fig.update_layout(
        yaxis={"domain": [0.42, 1], "nticks": 4, "tickformat": ",.6~g", "visible": both},
        yaxis2={
            **fig.layout.yaxis.to_plotly_json(),
            "domain": [0, low],
            "range": [0, 11],
            "tickmode": "array",
            "tickvals": _LEVELS,
            "tickformat": "d",
            "visible": True,
        },
    )
    return fig.update_xaxes(type="date", showgrid=False, anchor="y2", **_days(told["day"]))


def _days(days: pl.Series) -> dict[str, Any]:
    """Return how the days are marked: by month over a long time, by day over a short one, and never the same mark twice."""
    first, last = days.min(), days.max()
    if not isinstance(first, datetime.date) or not isinstance(last, datetime.date) or (last - first).days >= SHORT:
        return {"tickformat": "%Y-%m", "nticks": 6}
    if first == last:
        return {"tickformat": "%Y-%m-%d", "tickvals": [first]}
    apart = -(-(last - first).days // 4)
    return {"tickformat": "%m-%d", "tick0": first, "dtick": apart * 24 * 3600 * 1000}


def _values(fig: go.Figure, valued: pl.DataFrame, row: dict[str, Any], ink: Ink, language: str) -> None:
    """What holds as a line of steps; what was corrected stays beside it as an empty ring."""
    holds = valued.filter(pl.col("corrected_by").is_null())
    replaced = valued.filter(pl.col("corrected_by").is_not_null())
    fig.add_trace(
        go.Scatter(
            x=holds["day"],
            y=holds["shown"],
            mode="lines+markers",
            line={"color": ink.accent, "width": 2, "shape": "hv"},
            marker={"size": 10, "color": ink.accent, "line": {"color": ink.page, "width": 1}},
            hovertext=[_hover(one, row, language) for one in holds.iter_rows(named=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    if replaced.height:
        fig.add_trace(
            go.Scatter(
                x=replaced["day"],
                y=replaced["shown"],
                mode="markers",
                marker={"size": 10, "symbol": "circle-open", "color": ink.quiet, "line": {"width": 2}},
                hovertext=[_hover(one, row, language) for one in replaced.iter_rows(named=True)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    target = row.get("target")
    if target is not None and not row.get("accrues"):
        line = {"color": ink.quiet, "width": 2, "dash": "4px 3px"}
        fig.add_shape(type="line", xref="paper", x0=0, x1=1, y0=target, y1=target, line=line)
        said = f"{words.say(msg('target'), language)}<br>{words.quantity(target, row, language)}"
        _beside(fig, said, target, ink.quiet, "y")
    last = holds.tail(1).to_dicts()
    if last and last[0]["shown"] != target:
        _beside(fig, f"<b>{words.quantity(last[0]['shown'], row, language)}</b>", last[0]["shown"], ink.text, "y")


def _confidence(fig: go.Figure, sure: pl.DataFrame, row: dict[str, Any], ink: Ink, language: str) -> None:
    """How sure people were, from 1 to 10."""
    fig.add_trace(
        go.Scatter(
            x=sure["day"],
            y=sure["confidence"],
            yaxis="y2",
            mode="lines+markers",
            line={"color": ink.line, "width": 1.5},
            marker={"size": 9, "symbol": "diamond", "color": ink.quiet},
            hovertext=[_hover(one, row, language) for one in sure.iter_rows(named=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    if sure.height:
        last = sure.row(-1, named=True)["confidence"]
        _beside(fig, f"{words.say(msg('confidence'), language)}<br>{last}/10", last, ink.quiet, "y2")


def _beside(fig: go.Figure, text: str, height: float, color: str, axis: str) -> None:
    fig.add_annotation(
        xref="paper", x=1, yref=axis, y=height, xanchor="left", xshift=8, text=text, align="left", showarrow=False,
        font={"size": 12, "color": color},
    )  # fmt: skip


def _hover(one: dict[str, Any], row: dict[str, Any], language: str) -> str:
    """Day, value, confidence and words; what people wrote is shown as they wrote it, never taken for markup."""
    lines = [f"<b>{words.say(msg('{day}', day=one['day']), language)}</b>"]
    if one["shown"] is not None:
        lines.append(words.quantity(one["shown"], row, language))
    if one["confidence"] is not None:
        lines.append(words.say(msg("confidence {confidence} of 10", confidence=one["confidence"]), language))
    written = wrap(one["words"] or "", LINE)
    lines += [escape(line) for line in written[:LINES]] + (["…"] if len(written) > LINES else [])
    return "<br>".join(lines)


def alt(rows: pl.DataFrame, row: dict[str, Any], language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    valued = rows.filter(pl.col("shown").is_not_null()).sort("day", "check_in")
    return msg(
        "Check-ins: {count} in all, the last value {value}.",
        count=rows.height,
        value=words.quantity(valued["shown"][-1] if valued.height else None, row, language),
    )
