"""The style of every block: the sheet beside the pages, with the held of the theme the reader chose."""

from functools import cache
from pathlib import Path

from dashboards import words
from dashboards.blocks.markup import Markup
from dashboards.charts.paper import Ink
from dashboards.statuses import LOOKS
from kpiflow.workspace import msg


@cache
def sheet(ink: Ink, language: str) -> Markup:
    """Return the style element for a theme, with the words that Streamlit itself says in English only."""
    held = {
        "text": ink.text,
        "quiet": ink.quiet,
        "line": ink.line,
        "page": ink.page,
        "accent": ink.accent,
        "ground": "#1A2027" if ink.dark else "#F5F6F8",
    }
    for look in LOOKS:
        held[f"fill-{look.status}"] = ink.fill(look.status)
        held[f"ink-{look.status}"] = ink.ink(look.status)
        held[f"wash-{look.status}"] = ink.tint(look.status, 0.34 if ink.dark else 0.26)
    held["word-upload"] = f'"{words.say(msg("Choose a file"), language)}"'
    held["word-drop"] = f'"{words.say(msg("or drop it here"), language)}"'
    variables = "".join(f"--k-{key}:{value};" for key, value in held.items())
    rules = Path(__file__).parents[1].joinpath("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>:root{{{variables}}}\n{rules}</style>")
