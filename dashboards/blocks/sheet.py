"""The style of every block: the sheet beside the pages, with the colours of the theme the reader chose."""

from functools import cache
from pathlib import Path

from dashboards.blocks.markup import Markup
from dashboards.charts.paper import Ink
from dashboards.statuses import LOOKS


@cache
def sheet(ink: Ink) -> Markup:
    """Return the style element for a theme."""
    colours = {
        "text": ink.text,
        "quiet": ink.quiet,
        "line": ink.line,
        "page": ink.page,
        "accent": ink.accent,
        "ground": "#1A2027" if ink.dark else "#F5F6F8",
    }
    for look in LOOKS:
        colours[f"fill-{look.status}"] = ink.fill(look.status)
        colours[f"ink-{look.status}"] = ink.ink(look.status)
        colours[f"wash-{look.status}"] = ink.tint(look.status, 0.34 if ink.dark else 0.26)
    variables = "".join(f"--k-{key}:{value};" for key, value in colours.items())
    rules = Path(__file__).parents[1].joinpath("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>:root{{{variables}}}\n{rules}</style>")
