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
        # A wash under text: the fill, thinned until the text on it is easy to read.
        colours[f"wash-{look.status}"] = f"color-mix(in srgb, {ink.fill(look.status)} {28 if ink.dark else 22}%, {ink.page})"
    variables = "".join(f"--k-{key}:{value};" for key, value in colours.items())
    rules = Path(__file__).parents[1].joinpath("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>:root{{{variables}}}\n{rules}</style>")
