"""How grades are distributed per group: one bar of shares each, everybody's first as the reference."""

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from kpiflow.workspace import Message, msg


def shade(place: int, of: int) -> float:
    """Return how strong the colour of a grade is: the best is the strongest, the last still to be seen."""
    return 1.0 if of < 2 else 1.0 - 0.82 * place / (of - 1)


def draw(groups: pl.DataFrame, everybody: pl.DataFrame, grades: tuple[str, ...], ink: Ink, language: str) -> go.Figure:
    """Return the figure of `group`, label, grade, people, share; `everybody` has grade, people and share."""
    all_said = words.say(msg("Everybody"), language)
    listed = named(groups, language) if groups.height else groups
    rows = [(all_said, everybody)] + [
        (str(part["label"][0]), part) for part in listed.partition_by("group", maintain_order=True)
    ]
    places = list(range(len(rows)))
    sizes = [int(part["people"].sum()) for _, part in rows]
    fig = figure(ink, height=62 + 34 * len(rows), top=4, bottom=30)
    for place, grade in enumerate(grades):
        parts = [part.filter(pl.col("grade") == grade) for _, part in rows]
        shares = [float(part["share"][0] or 0) if part.height else 0.0 for part in parts]
        counts = [int(part["people"][0]) if part.height else 0 for part in parts]
        strength = shade(place, len(grades))
        fig.add_trace(
            go.Bar(
                x=[share * 100 for share in shares], y=places, orientation="h", name=grade,
                marker={"color": ink.accent, "opacity": strength, "line": {"color": ink.page, "width": 1}},
                text=[f"{grade} {count}" if share > 0.085 else "" for share, count in zip(shares, counts, strict=True)],
                textposition="inside", insidetextanchor="middle",
                textfont={"color": ink.page if strength > 0.55 else ink.text, "size": 12},
                hovertext=[_hover(row[0], grade, share, count, language)
                           for row, share, count in zip(rows, shares, counts, strict=True)],
                hovertemplate="%{hovertext}<extra></extra>", width=0.72,
            )
        )  # fmt: skip
    labels = [f"{label} ({size})" for (label, _), size in zip(rows, sizes, strict=True)]
    fig.update_layout(barmode="stack", bargap=0.2)
    fig.update_yaxes(tickmode="array", tickvals=places, ticktext=labels, range=[len(rows) - 0.4, -0.6], showgrid=False)
    return fig.update_xaxes(range=[0, 100], ticksuffix=" %", nticks=5)


def _hover(label: str, grade: str, share: float, count: int, language: str) -> str:
    said = msg(
        "{grade}: {count} {count:person|people}, {share}", grade=grade, count=count, share=words.share(share, language)
    )
    return f"<b>{label}</b><br>{words.say(said, language)}"


def alt(groups: pl.DataFrame, everybody: pl.DataFrame) -> Message:
    """Return what the figure says, for those who cannot see it; the table below it has the numbers."""
    said = ", ".join(f"{row['grade']} {row['people']}" for row in everybody.iter_rows(named=True))
    return msg("Shares of grades of {count} groups; everybody: {said}.", count=groups["group"].n_unique(), said=said)
