"""How payouts are spread: how many people are paid how much, in equal steps."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from kpiflow.workspace import Message, msg


def draw(histogram: pl.DataFrame, currency: str, ink: Ink, language: str) -> go.Figure:
    """Return the figure of `starts`, `ends` and `people`."""
    rows = histogram.to_dicts()
    fig = figure(ink, height=220, top=6, bottom=40)
    fig.add_trace(
        go.Bar(
            x=[(row["starts"] + row["ends"]) / 2 for row in rows],
            y=[row["people"] for row in rows],
            width=[(row["ends"] - row["starts"]) * 0.92 for row in rows],
            marker={"color": ink.accent},
            hovertext=[_hover(row, currency, language) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    fig.update_yaxes(title={"text": words.say(msg("people"), language), "font": {"size": 12, "color": ink.quiet}})
    title = {"text": words.say(msg("paid, in {currency}", currency=currency), language), "standoff": 4,
             "font": {"size": 12, "color": ink.quiet}}  # fmt: skip
    return fig.update_xaxes(nticks=6, title=title, showgrid=False, tickformat=",.0f")


def _hover(row: dict[str, float], currency: str, language: str) -> str:
    low, high = (words.money(row[name], currency, language) for name in ("starts", "ends"))
    return words.say(
        msg("{people} {people:person|people}: {low} to {high}", people=row["people"], low=low, high=high), language
    )


def alt(histogram: pl.DataFrame, currency: str, language: str) -> Message:
    """Return what the figure says, for those who cannot see it."""
    most = histogram.sort("people", descending=True).row(0, named=True)
    low, high = (words.money(most[name], currency, language) for name in ("starts", "ends"))
    return msg("Most people, {people}, are paid between {low} and {high}.", people=most["people"], low=low, high=high)
