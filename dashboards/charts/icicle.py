"""The goal tree as an icicle: size is weight, colour and shape are status, a press opens the goal."""

import textwrap

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from dashboards.statuses import look
from kpiflow.workspace import msg, treemap

#: Levels that are drawn, the root or what stands for it included; what lies deeper is reached through the goal's own page.
LEVELS = treemap.LEVELS

#: How high the picture is, and how much of it a line of words takes, in pixels.
HEIGHT, LINE = 500, 17

#: Letters of a line in a block on a narrow screen, and those that the points take; a Chinese one takes the room of two.
LETTERS, POINTS = 17, 6

#: What stands between the subject of a label and whose it is.
_JOINT = " · "


def draw(tree: pl.DataFrame, ink: Ink, language: str) -> go.Figure:
    """Return the figure of an Overview's tree; a block's id is its goal."""
    shown = named(named(upper_levels(tree, LEVELS), language), language, "owner_label")
    rows = shown.to_dicts()
    fig = figure(ink, height=HEIGHT, left=0, right=0, top=0, bottom=0)
    fig.add_trace(
        go.Icicle(
            ids=shown["goal"],
            labels=[_label(row, label) for row, label in zip(rows, _short(shown), strict=True)],
            parents=shown["parent"].fill_null(""),
            values=shown["weight"],
            branchvalues="total",
            sort=False,
            marker={
                "colors": [ink.tint(row["status"]) for row in rows],
                "line": {"color": ink.page, "width": 2},
            },
            text=[words.points(row["points"], language) if row["points"] is not None else "" for row in rows],
            textinfo="label+text",
            texttemplate="%{label}  <b>%{text}</b>",
            textfont={"color": ink.text, "size": 12},
            hovertext=[_hover(row, language) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            tiling={"orientation": "h", "pad": 2},
            pathbar={"visible": False},
            leaf={"opacity": 1},
        )
    )
    return fig.update_layout(uniformtext={"minsize": 11, "mode": "hide"})


def upper_levels(tree: pl.DataFrame, levels: int) -> pl.DataFrame:
    """Return the rows of the first levels of a tree whose parents come before their children, as far as they can be read.

    A level most of whose blocks are too low for a line of words is left to the table, and all below it.
    """
    kept = level = _top(tree)
    for _ in range(levels - 1):
        level = tree.filter(pl.col("parent").is_in(level["goal"].implode()))
        if level.height and (level["weight"] * HEIGHT).median() < LINE:  # type: ignore[operator]
            break
        kept = kept.vstack(level)
    return kept


def _top(tree: pl.DataFrame) -> pl.DataFrame:
    """Return the root; where all of it is one goal, that goal, because saying the whole twice says nothing."""
    root = tree.filter(pl.col("parent").is_null())
    below = tree.filter(pl.col("parent").is_in(root["goal"].implode()))
    return below.with_columns(parent=pl.lit(None, tree.schema["parent"])) if below.height == 1 else root


def _label(row: dict[str, object], label: str) -> str:
    """Return shape and label, over as many lines as a narrow screen asks for and the block has room for."""
    wide = _wide(label)
    room = max(LETTERS * len(label) // max(wide, 1), 4)
    # A line does not begin with the mark that joins a subject and whose it is.
    joined = label.replace(_JOINT, "\u00a0·\u00a0")
    lines = textwrap.wrap(joined, room, break_long_words=wide > len(label), break_on_hyphens=False)
    # The points follow the last line where it has room for them, else they begin a line of their own.
    if _wide(lines[-1]) + POINTS > LETTERS + 2:
        lines.append("")
    fits = len(lines) * LINE <= float(row["weight"] or 0.0) * HEIGHT  # type: ignore[arg-type]
    said = "<br>".join(lines) if fits else label
    return f"{look(str(row['status'])).shape} {said}" if row["status"] else said


def _wide(words_said: str) -> int:
    """Return how many letters' room words take: a Chinese one takes that of two."""
    return sum(1 + (letter > "\u2e7f") for letter in words_said)


def _short(shown: pl.DataFrame) -> list[str]:
    """Return the labels; where one begins as its parent's does ("On-time · NYC", "On-time · EWR"), only what is new."""
    labels = dict(shown.select("goal", "label").iter_rows())
    found = []
    for label, parent in shown.select("label", "parent").iter_rows():
        subject, _, rest = str(label).partition(_JOINT)
        same = rest and str(labels.get(parent, "")).partition(_JOINT)[0] == subject
        found.append(rest if same else str(label))
    return found


def _hover(row: dict[str, object], language: str) -> str:
    owner = row.get("owner_label")
    actual, target = (words.quantity(row[key], row, language) for key in ("actual", "target"))  # type: ignore[arg-type]
    lines = [f"<b>{row['label']}</b>", str(owner) if owner else ""]
    if row["status"]:
        lines.append(words.status(str(row["status"]), language))
    if row["actual"] is not None:
        lines.append(words.say(msg("{actual} against {target}", actual=actual, target=target), language))
    weight = words.share(row["weight"], language)  # type: ignore[arg-type]
    lines.append(words.say(msg("{share} of the whole", share=weight), language))
    return "<br>".join(line for line in lines if line)
