"""Who grades above or below what the goals' scores alone would give: a bar per group to the right or left of nothing."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from kpiflow.workspace import Message, Quantity, msg


def draw(rows: pl.DataFrame, ink: Ink, language: str) -> go.Figure:
    """Return the figure of `group`, label, people and leniency, in the order given."""
    listed = named(rows, language).to_dicts()
    places = list(range(len(listed)))
    values = [float(row["leniency"]) for row in listed]
    reach = max([0.5, *(abs(value) for value in values)]) * 1.35
    fig = figure(ink, height=62 + 34 * max(len(listed), 1), top=4, bottom=36)
    fig.add_trace(
        go.Bar(
            x=values, y=places, orientation="h", width=0.55,
            marker={"color": [ink.fill("at_risk") if value > 0 else ink.accent for value in values]},
            text=[words.say(msg("{value}", value=_steps(value)), language) for value in values],
            textposition="outside", textfont={"color": ink.text, "size": 12}, cliponaxis=False,
            hoverinfo="skip",
        )
    )  # fmt: skip
    labels = [f"{row['label']} ({row['people']})" for row in listed]
    fig.update_yaxes(
        tickmode="array", tickvals=places, ticktext=labels, range=[len(listed) - 0.4, -0.6], showgrid=False
    )
    title = words.say(msg("← stricter · more generous →"), language)
    fig.add_vline(x=0, line={"color": ink.quiet, "width": 1})
    style = {"text": title, "font": {"size": 12, "color": ink.quiet}, "standoff": 4}
    return fig.update_xaxes(range=[-reach, reach], nticks=5, title=style)


def _steps(value: float) -> Quantity:
    return Quantity(round(value, 2), "number", signed=True)


def alt(rows: pl.DataFrame, language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    listed = words.named(rows, language)
    return msg(
        "Leniency of {count} groups; the most generous is {best}, the strictest {worst}.",
        count=rows.height,
        best=listed["label"][0] if rows.height else None,
        worst=listed["label"][-1] if rows.height else None,
    )
