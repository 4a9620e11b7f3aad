"""The scores of each part of a unit: from the least to the greatest, the middle half thick, the median marked."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from kpiflow.workspace import Message, msg


def draw(units: pl.DataFrame, ink: Ink, language: str) -> go.Figure:
    """Return the figure of `unit`, its label, people, low, lower, median, upper and high; in the order given."""
    rows = named(units, language).to_dicts()
    places = list(range(len(rows)))
    fig = figure(ink, height=max(170, 62 + 25 * len(rows)), right=44, top=4, bottom=36)
    for ends, width, opacity in ((("low", "high"), 2, 0.5), (("lower", "upper"), 8, 0.45)):
        xs, ys = _segments(rows, ends)
        line = {"color": ink.accent, "width": width}
        fig.add_trace(go.Scatter(x=xs, y=ys, mode="lines", line=line, opacity=opacity, hoverinfo="skip"))
    fig.add_trace(
        go.Scatter(
            x=[row["median"] for row in rows],
            y=places,
            mode="markers+text",
            marker={"color": ink.text, "size": 9, "symbol": "diamond"},
            text=[words.points(row["median"], language) for row in rows],
            textposition="top center",
            textfont={"size": 11, "color": ink.text},
            customdata=[row["unit"] for row in rows],
            hovertext=[_hover(row, language) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    )
    labels = [f"{row['label']} ({row['people']})" for row in rows]
    fig.update_yaxes(tickmode="array", tickvals=places, ticktext=labels, range=[len(rows) - 0.4, -0.8], showgrid=False)
    title = {"text": words.say(msg("points"), language), "font": {"size": 12, "color": ink.quiet}, "standoff": 4}
    return fig.update_xaxes(nticks=5, title=title)


def _segments(rows: list[dict[str, object]], ends: tuple[str, str]) -> tuple[list[object], list[object]]:
    """Return the points of one line per row; a gap separates them."""
    xs: list[object] = []
    ys: list[object] = []
    for place, row in enumerate(rows):
        xs += [row[ends[0]], row[ends[1]], None]
        ys += [place, place, None]
    return xs, ys


def _hover(row: dict[str, object], language: str) -> str:
    facts = {name: words.points(row[name], language) for name in ("low", "lower", "median", "upper", "high")}  # type: ignore[arg-type]
    said = msg("{low} to {high} points; half of them between {lower} and {upper}; median {median}", **facts)
    return f"<b>{row['label']}</b> ({row['people']})<br>{words.say(said, language)}"


def alt(units: pl.DataFrame, language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    rows = words.named(units, language)
    return msg(
        "Scores of {count} units; the highest median is that of {best}, the lowest that of {worst}.",
        count=rows.height,
        best=rows["label"][0] if rows.height else None,
        worst=rows["label"][-1] if rows.height else None,
    )
