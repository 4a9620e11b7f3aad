"""Pay by unit, as it is now and as a scenario has it: a thin bar above a full one, with the change beside."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from kpiflow.workspace import Message, Quantity, msg


def draw(units: pl.DataFrame, ink: Ink, language: str, currency: str | None) -> go.Figure:
    """Return the figure of units with paid_before, paid_after and change, in the order given."""
    rows = named(units, language).to_dicts()
    places = list(range(len(rows)))
    fig = figure(ink, height=56 + 40 * len(rows), right=96, top=4)
    for name, width, offset, color in (
        ("paid_before", 0.22, -0.42, ink.quiet),
        ("paid_after", 0.44, -0.14, ink.accent),
    ):
        fig.add_trace(
            go.Bar(
                orientation="h", y=places, x=[float(row[name] or 0) for row in rows], width=width, offset=offset,
                marker={"color": color}, hovertext=[_hover(row, language, currency) for row in rows],
                hovertemplate="%{hovertext}<extra></extra>",
                text=[words.say(_change(row), language) for row in rows] if name == "paid_after" else None,
                textposition="outside", textfont={"color": ink.text, "size": 12}, cliponaxis=False,
            )
        )  # fmt: skip
    fig.update_layout(barmode="overlay")
    labels = [str(row["label"]) for row in rows]
    fig.update_yaxes(tickmode="array", tickvals=places, ticktext=labels, autorange="reversed", showgrid=False)
    return fig.update_xaxes(rangemode="tozero", nticks=4, tickformat="~s")


def _change(row: dict[str, object]) -> Message:
    return msg("{value}", value=Quantity(round(float(row["change"] or 0)), "number", signed=True))  # type: ignore[arg-type]


def _hover(row: dict[str, object], language: str, currency: str | None) -> str:
    before, after = (words.money(row[name], currency, language) for name in ("paid_before", "paid_after"))
    said = words.say(msg("now {before}, then {after}, {people} {people:person|people}",
                         before=before, after=after, people=row["people"]),
                     language)  # fmt: skip
    return f"<b>{row['label']}</b><br>{said}"


def alt(units: pl.DataFrame) -> Message:
    """Return what the figure says, for those who cannot see it."""
    rises, falls = (units.filter(one).height for one in (pl.col("change") > 0, pl.col("change") < 0))
    return msg("Pay of {count} units now and then: it rises in {rises} and falls in {falls}.",
               count=units.height, rises=rises, falls=falls)  # fmt: skip
