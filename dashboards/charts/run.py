"""A goal month by month: what was measured, each with its status, and the phased target as a line."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from dashboards.statuses import look
from kpiflow.workspace import Message, msg


def draw(
    series: pl.DataFrame, row: dict[str, object], ink: Ink, language: str, *, cumulative: bool = False
) -> go.Figure:
    """Return the figure of a goal's series (period, actual, target, status); `cumulative` when months pile up."""
    points = series.to_dicts()
    months = [str(point["period"]) for point in points]
    fig = figure(ink, height=300, right=76, top=16)
    fig.add_trace(
        go.Scatter(
            x=months,
            y=series["target"],
            mode="lines",
            line={"color": ink.quiet, "width": 2, "dash": "4px 3px", "shape": "linear" if cumulative else "hvh"},
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=months,
            y=series["actual"],
            mode="lines+markers",
            connectgaps=False,
            line={"color": ink.quiet, "width": 1.5},
            marker={
                "size": 11,
                "color": [ink.fill(point["status"]) for point in points],
                "symbol": [look(point["status"]).symbol for point in points],
                "line": {"color": ink.page, "width": 1},
            },
            hovertext=[_hover(point, row, language) for point in points],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    _band(fig, row, ink, language)
    _end_labels(fig, series, row, ink, language)
    fig.update_xaxes(
        type="category", showgrid=False, tickmode="array", tickvals=months, ticktext=_short(months), tickangle=0
    )
    return fig.update_yaxes(nticks=5, tickformat=",.6~g")


def _band(fig: go.Figure, row: dict[str, object], ink: Ink, language: str) -> None:
    """The edges of a band as lines across, each named where it ends."""
    for key, name in (("low", msg("at least")), ("high", msg("at most"))):
        edge = row.get(key)
        if edge is None:
            continue
        line = {"color": ink.quiet, "width": 2, "dash": "4px 3px"}
        fig.add_shape(type="line", xref="paper", x0=0, x1=1, y0=edge, y1=edge, line=line)
        text = f"{words.say(name, language)}<br>{words.quantity(edge, row, language)}"  # type: ignore[arg-type]
        font = {"size": 12, "color": ink.quiet}
        fig.add_annotation(
            xref="paper", x=1, y=edge, xanchor="left", xshift=6, text=text, align="left", showarrow=False, font=font
        )


def _short(months: list[str]) -> list[str]:
    """Return the months with their year only where it is new, so that twelve fit beside each other."""
    return [
        month
        if "-" not in month
        else month.rsplit("-", 1)[1] + (f"<br>{month.rsplit('-', 1)[0]}" if place == 0 else "")
        for place, month in enumerate(months)
    ]


def _end_labels(fig: go.Figure, series: pl.DataFrame, row: dict[str, object], ink: Ink, language: str) -> None:
    """Name each line at its right end instead of in a legend."""
    ends = {column: series.filter(pl.col(column).is_not_null()).tail(1).to_dicts() for column in ("target", "actual")}
    heights = {column: end[0][column] for column, end in ends.items() if end}
    above = max(heights, key=lambda column: heights[column], default=None)
    for column, name, color in (("target", msg("target"), ink.quiet), ("actual", msg("actual"), ink.text)):
        if not ends[column]:
            continue
        last = ends[column][0]
        fig.add_annotation(
            x=str(last["period"]),
            y=last[column],
            xanchor="left",
            xshift=12,
            # The higher name moves up and the lower one down, so that two near ends do not cover each other.
            yshift=0 if len(heights) < 2 else 12 if column == above else -12,
            text=f"{words.say(name, language)}<br>{words.quantity(last[column], row, language)}",
            align="left",
            showarrow=False,
            font={"size": 12, "color": color},
        )


def _hover(point: dict[str, object], row: dict[str, object], language: str) -> str:
    actual, target = (words.quantity(point[key], row, language) for key in ("actual", "target"))  # type: ignore[arg-type]
    against = words.say(msg("{actual} against {target}", actual=actual, target=target), language)
    return f"<b>{point['period']}</b><br>{against}<br>{words.status(str(point['status']), language)}"


def alt(series: pl.DataFrame, row: dict[str, object], language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    known = series.filter(pl.col("actual").is_not_null())
    last = known["actual"][-1] if known.height else None
    return msg(
        "Run chart: {months} months, the last one {actual}.",
        months=known.height,
        actual=words.quantity(last, row, language),
    )
