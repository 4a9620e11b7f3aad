"""A goal month by month: what was measured, each with its status, the phased target as a line, the forecast as a band."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure
from dashboards.statuses import look
from kpiflow.workspace import Message, msg


def draw(
    series: pl.DataFrame,
    row: dict[str, object],
    ink: Ink,
    language: str,
    *,
    cumulative: bool = False,
    ahead: pl.DataFrame | None = None,
) -> go.Figure:
    """Return the figure of a goal's series (period, actual, target, status); `cumulative` when months pile up.

    `ahead` are the months to come (period, target, forecast, low, high), to which the band of the forecast reaches.
    """
    points = series.to_dicts()
    to_come = ahead if ahead is not None and ahead.height else None
    asked = series.select("period", "target")
    if to_come is not None:
        asked = pl.concat([asked, to_come.select("period", "target")], how="vertical_relaxed")
    months = [str(month) for month in asked["period"]]
    fig = figure(ink, height=300, right=76, top=16)
    if to_come is not None:  # first, so that the lines lie upon the band
        _forecast(fig, _begun_at(series, to_come, cumulative=cumulative), row, ink, language)
    fig.add_trace(
        go.Scatter(
            x=months,
            y=asked["target"],
            mode="lines",
            line={"color": ink.quiet, "width": 2, "dash": "4px 3px", "shape": "linear" if cumulative else "hvh"},
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=months[: len(points)],
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
    if to_come is None or to_come["forecast"].is_null().all():
        _end_labels(fig, series, row, ink, language)
    else:
        _ahead_labels(fig, to_come.row(-1, named=True), row, ink, language)
    _months_below(fig, months)
    return fig.update_yaxes(nticks=5, tickformat=",.6~g")


def _months_below(fig: go.Figure, months: list[str]) -> None:
    """The months in the order of the calendar, whichever line was drawn first."""
    fig.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=months,
        showgrid=False,
        tickmode="array",
        tickvals=months,
        ticktext=_short(months),
        tickangle=0,
    )


def _begun_at(series: pl.DataFrame, to_come: pl.DataFrame, *, cumulative: bool) -> pl.DataFrame:
    """Return the months to come; what piles up sets out from where it stands."""
    known = series.filter(pl.col("actual").is_not_null()).tail(1)
    if not cumulative or known.is_empty():
        return to_come
    start = known.select("period", "target", forecast="actual", low="actual", high="actual")
    return pl.concat([start, to_come], how="vertical_relaxed")


def _forecast(fig: go.Figure, ahead: pl.DataFrame, row: dict[str, object], ink: Ink, language: str) -> None:
    """The interval as a band to the period's end, its middle dashed and named where it ends."""
    known = ahead.drop_nulls("forecast")
    if known.is_empty():
        return
    months = known["period"].to_list()
    there_and_back = [*known["high"], *reversed(known["low"].to_list())]
    if len(months) == 1:  # a band needs a width
        _single(fig, known.row(0, named=True), ink)
    fig.add_trace(
        go.Scatter(
            x=[*months, *reversed(months)], y=there_and_back, fill="toself", fillcolor=ink.hint(),
            line={"width": 0}, mode="lines", hoverinfo="skip",
        )
    )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=months, y=known["forecast"], mode="lines+markers",
            line={"color": ink.accent, "width": 2, "dash": "6px 4px"},
            marker={"size": 6, "symbol": "diamond", "color": ink.accent},
            hovertext=[_ahead_hover(point, row, language) for point in known.to_dicts()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip


def _ahead_labels(fig: go.Figure, last: dict[str, Any], row: dict[str, object], ink: Ink, language: str) -> None:
    """Name target and forecast where they end, the higher one above and the lower one below."""
    forecast, target = last["forecast"], last["target"]
    # What is counted one by one is forecast without digits nobody could count.
    shown = round(forecast) if row.get("measure") == "count" else forecast
    named = [(msg("forecast"), forecast, shown, ink.accent)]
    if target is not None:
        named.append((msg("target"), target, target, ink.quiet))
    for place, (name, height, value, color) in enumerate(sorted(named, key=lambda one: one[1])):
        fig.add_annotation(
            x=last["period"], y=height, xanchor="left", xshift=12, yshift=16 if place else -16, align="left",
            text=f"{words.say(name, language)}<br>{words.quantity(value, row, language)}",
            showarrow=False, font={"size": 12, "color": color},
        )  # fmt: skip


def _single(fig: go.Figure, point: dict[str, Any], ink: Ink) -> None:
    """One month to come: its interval as a bar."""
    fig.add_trace(
        go.Scatter(
            x=[point["period"]] * 2, y=[point["low"], point["high"]], mode="lines",
            line={"color": ink.hint(), "width": 14}, hoverinfo="skip",
        )
    )  # fmt: skip


def _ahead_hover(point: dict[str, Any], row: dict[str, object], language: str) -> str:
    value, low, high = (words.quantity(point[name], row, language) for name in ("forecast", "low", "high"))
    said = msg("forecast {value}, between {low} and {high}", value=value, low=low, high=high)
    return f"<b>{point['period']}</b><br>{words.say(said, language)}"


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
            yshift=0 if len(heights) < 2 else 17 if column == above else -17,
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
