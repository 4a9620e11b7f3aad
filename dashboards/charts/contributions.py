"""What the parts below a goal bring: one bar per child, its status in shape and colour, a press opens it."""

from textwrap import wrap

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from dashboards.statuses import look
from kpiflow.workspace import msg

#: What stands between a subject and whose it is in a label, and how many letters a line of a label has at most.
_JOINT, LETTERS = " · ", 24


def draw(children: pl.DataFrame, ink: Ink, language: str) -> go.Figure:
    """Return the figure of a goal's children, in the order given; the bar is the child's points, its note the weight."""
    rows = named(named(children, language), language, "owner_label").to_dicts()
    fig = figure(ink, height=64 + 34 * len(rows), right=110, top=4)
    fig.add_trace(
        go.Bar(
            orientation="h",
            y=list(range(len(rows))),
            x=[row["points"] for row in rows],
            width=0.55,
            marker={
                "color": [ink.fill(row["status"]) for row in rows],
                "opacity": [1 if row["counted"] else 0.55 for row in rows],
            },
            text=[_beside(row, language) for row in rows],
            textposition="outside",
            textfont={"color": ink.text, "size": 12},
            cliponaxis=False,
            customdata=[row["goal"] for row in rows],
            hovertext=[_hover(row, language) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=[
            f"{_wrapped(label)} {look(row['status']).shape}" for row, label in zip(rows, _new(rows), strict=True)
        ],
        autorange="reversed",
        showgrid=False,
    )
    title = {"text": words.say(msg("points"), language), "font": {"size": 12, "color": ink.quiet}, "standoff": 4}
    return fig.update_xaxes(rangemode="tozero", nticks=5, title=title)


def _new(rows: list[dict[str, object]]) -> list[str]:
    """Return the labels without what all of them begin with: "On-time · EWR · " says nothing twelve times over."""
    parts = [str(row["label"]).split(_JOINT) for row in rows]
    cut = 0
    while len(parts) > 1 and all(len(part) > cut + 1 and part[cut] == parts[0][cut] for part in parts):
        cut += 1
    return [_JOINT.join(part[cut:]) for part in parts]


def _wrapped(label: str) -> str:
    """Return a label over lines short enough to leave the bars room on a narrow screen."""
    wide = LETTERS // 2 if any(letter > "\u2e7f" for letter in label) else LETTERS
    return "<br>".join(wrap(label, wide, max_lines=2, placeholder="…", break_on_hyphens=False) or [label])


def _beside(row: dict[str, object], language: str) -> str:
    points = words.points(row["points"], language)  # type: ignore[arg-type]
    if row["actual"] is None:
        return f"<b>{points}</b>"
    return f"<b>{points}</b>  {words.quantity(row['actual'], row, language)}"  # type: ignore[arg-type]


def _hover(row: dict[str, object], language: str) -> str:
    lines = [
        f"<b>{row['label']}</b>",
        words.status(str(row["status"]), language),
        words.say(msg("points {points}", points=words.points(row["points"], language)), language),  # type: ignore[arg-type]
    ]
    if row["counted"]:
        given = words.points(row["contribution"], language)  # type: ignore[arg-type]
        lines.append(words.say(msg("brings {points} of the points above", points=given), language))
    return "<br>".join(lines)
