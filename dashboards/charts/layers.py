"""Objectives, goals and owners as layers: a node per goal with its status as shape and word, links as wide as their weight."""

import math
import textwrap
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any

import plotly.graph_objects as go

from dashboards import words
from dashboards.charts.paper import Ink, figure, named
from dashboards.statuses import LOOKS, look
from kpiflow.workspace import Message, Strategy, msg

#: Height of one node, and what the widest link and the largest node measure.
ROW, WIDEST, LARGEST = 50, 14.0, 26.0

#: Signs of a label in one line, and lines of it.
SIGNS, LINES = 22, 2

#: Marks that close and so do not begin a line.
_CLOSING = "）)】」』”’，。、；：！？%"


def draw(shown: Strategy, ink: Ink, language: str) -> go.Figure:
    """Return the figure; a node's customdata is its goal, or its owner as `unit:EWR`."""
    nodes = named(named(shown.nodes, language), language, "owner_label").to_dicts()
    tallest = max(sum(1 for node in nodes if node["layer"] == layer) for layer in {node["layer"] for node in nodes})
    places = {node["id"]: _at(node, nodes, tallest) for node in nodes}
    fig = figure(ink, height=max(260, tallest * ROW + 40), left=0, right=0, top=26, bottom=4)
    heaviest = float(shown.links["weight"].max() or 1.0)  # type: ignore[arg-type]
    links = [
        _link(places[link["source"]], places[link["target"]], dict(link, share=link["weight"] / heaviest), ink)
        for link in shown.links.iter_rows(named=True)
    ]
    fig.add_trace(
        go.Scatter(
            x=[places[node["id"]][0] for node in nodes],
            y=[places[node["id"]][1] for node in nodes],
            mode="markers",
            marker={
                "size": [_size(node["weight"]) for node in nodes],
                "symbol": [look(node["status"]).symbol if node["what"] == "goal" else "square-open" for node in nodes],
                "color": [ink.fill(node["status"]) if node["what"] == "goal" else ink.text for node in nodes],
                "line": {"color": [ink.page if node["what"] == "goal" else ink.text for node in nodes], "width": 1.5},
                "opacity": 1,
            },
            customdata=[node["goal"] or node["id"] for node in nodes],
            hovertext=[_hover(node, language) for node in nodes],
            hovertemplate="%{hovertext}<extra></extra>",
            # What is not chosen stays as it is: a press opens a page and marks nothing.
            unselected={"marker": {"opacity": 1}},
        )
    )
    # All at once: with each one that is added by itself, Plotly looks through all that are there already.
    labels = [_label(node, places[node["id"]], ink, language) for node in nodes]
    fig.update_layout(shapes=links, annotations=[*labels, *_titles(nodes, ink, language)])
    last = max(node["layer"] for node in nodes)
    fig.update_xaxes(visible=False, range=[-0.06, last + 0.92])
    return fig.update_yaxes(visible=False, range=[-tallest + 0.4, 0.7])


def alt(shown: Strategy) -> Message:
    """Return what the figure shows, in words."""
    goals = shown.nodes.filter(shown.nodes["what"] == "goal").height
    return msg(
        "Layers from objectives over goals to owners: {goals} goals, {owners} owners, {links} links.",
        goals=goals,
        owners=shown.nodes.height - goals,
        links=shown.links.height,
    )


def _at(node: Mapping[str, Any], nodes: list[dict[str, Any]], tallest: int) -> tuple[float, float]:
    """Return where a node stands: its layer from the left, and spread over the height like its neighbours."""
    count = sum(1 for other in nodes if other["layer"] == node["layer"])
    step = tallest / count
    return float(node["layer"]), -(node["place"] + 0.5) * step + 0.5


def _size(weight: float | None) -> float:
    """Return how large a node is: its area goes with its weight."""
    return 11 + (LARGEST - 11) * math.sqrt(min(max(weight or 0.0, 0.0), 1.0))


def _link(
    source: tuple[float, float], target: tuple[float, float], link: Mapping[str, Any], ink: Ink
) -> dict[str, Any]:
    """Return one link as a smooth curve; dashed where it only supports."""
    (x0, y0), (x1, y1) = source, target
    middle = x0 + (x1 - x0) * 0.78  # past the label that stands beside the source
    supports = link["how"] == "supports"
    wide = 1.4 if supports else 1.0 + (WIDEST - 1.0) * link["share"]
    path = f"M {x0},{y0} C {middle},{y0} {x0 + (x1 - x0) * 0.5},{y1} {x1},{y1}"
    line = {"color": ink.accent if supports else ink.line, "width": wide, "dash": "dash" if supports else "solid"}
    return {"type": "path", "path": path, "layer": "below", "opacity": 0.9, "line": line}


def _label(node: Mapping[str, Any], place: tuple[float, float], ink: Ink, language: str) -> dict[str, Any]:
    """Return a node's label beside it, on the colour of the page: a link that passes behind it must not strike it out."""
    return {
        "x": place[0], "y": place[1], "xanchor": "left", "yanchor": "middle", "align": "left", "showarrow": False,
        "xshift": _size(node["weight"]) / 2 + 3, "text": _text(node, language), "bgcolor": ink.page, "borderpad": 1,
        "font": {"size": 12, "color": ink.text},
    }  # fmt: skip


def _text(node: Mapping[str, Any], language: str) -> str:
    """Return a node's label: the status as its shape and word, the name over at most two lines."""
    wide = SIGNS // 2 if language == "zh" else SIGNS
    name = unescape(str(node["label"]))
    lines = [escape(line) for line in _lines(name, wide)]
    if node["what"] == "owner":
        return "<br>".join([*lines, _counts(node)])
    more = f" +{node['below']}" if node["below"] else ""
    return "<br>".join([*lines, words.status(node["status"], language) + more])


def _lines(name: str, wide: int) -> list[str]:
    """Return a name over at most two lines; none begins with a mark that closes."""
    lines = textwrap.wrap(name, wide, max_lines=LINES, placeholder="…") or [name]
    while len(lines) > 1 and lines[-1][0] in _CLOSING:
        moved = len(lines[-1]) - len(lines[-1].lstrip(_CLOSING))
        lines[-2:] = [lines[-2] + lines[-1][:moved], *([lines[-1][moved:]] if lines[-1][moved:] else [])]
    return lines


def _counts(node: Mapping[str, Any]) -> str:
    """Return how an owner's goals stand, as shapes with their numbers."""
    shapes = {one.status: one.shape for one in LOOKS}
    return " ".join(f"{shapes[name]} {node[name]}" for name in ("behind", "at_risk", "on_pace") if node[name])


def _hover(node: Mapping[str, Any], language: str) -> str:
    lines = [f"<b>{node['label']}</b>"]
    if node["what"] == "owner":
        lines.append(words.say(msg("{count} {count:goal|goals} below the ones shown", count=node["below"]), language))
        lines += [
            f"{one.shape} {node[one.status]} {words.say(one.word, language)}" for one in LOOKS if node.get(one.status)
        ]
        return "<br>".join(lines)
    lines += [str(node["owner_label"]), words.status(node["status"], language)]
    if node["actual"] is not None:
        actual, target = (words.quantity(node[key], node, language) for key in ("actual", "target"))
        lines.append(words.say(msg("{actual} against {target}", actual=actual, target=target), language))
    lines.append(words.say(msg("{share} of the whole", share=words.share(node["weight"], language)), language))
    return "<br>".join(lines)


def _titles(nodes: list[dict[str, Any]], ink: Ink, language: str) -> Iterator[dict[str, Any]]:
    """Yield the names of the layers, above them."""
    last = max(node["layer"] for node in nodes)
    owners = any(node["what"] == "owner" for node in nodes)
    goals = last - 1 if owners else last
    for layer in range(last + 1):
        name = (
            msg("Owners") if owners and layer == last else msg("Goals pursued") if layer == goals else msg("Objectives")
        )
        yield {
            "x": layer, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "xshift": -8, "showarrow": False,
            "text": words.say(name, language), "font": {"size": 12, "color": ink.quiet},
        }  # fmt: skip
