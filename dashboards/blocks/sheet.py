"""The style of every block: the sheet beside the pages, with the held of the theme the reader chose."""

from functools import cache
from pathlib import Path

from dashboards import words
from dashboards.blocks.markup import Markup
from dashboards.charts.paper import Ink
from dashboards.statuses import LOOKS
from kpiflow.workspace import msg

#: Streamlit writes the parts of a day with one mark between them and asks for an empty one in English. Where a language sets
#: words between them, these stand in the marks' place, and an empty part is a dash; what is read aloud stays.
_DAYS = """
[data-testid="stDateInput"] [data-type] { padding: 0; font-size: 13px; }
[data-testid="stDateInput"] [data-type="literal"], [data-testid="stDateInput"] [data-placeholder] { font-size: 0; }
[data-testid="stDateInput"] [data-type="year"] + [data-type="literal"]::after { font-size: 13px; content: var(--k-after-year); }
[data-testid="stDateInput"] [data-type="month"] + [data-type="literal"]::after { font-size: 13px; content: var(--k-after-month); }
[data-testid="stDateInput"] [data-type="day"]::after { font-size: 13px; content: var(--k-after-day); }
[data-testid="stDateInput"] [data-placeholder]::before { font-size: 13px; content: "\\2013\\2013"; }
"""


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
    after = words.say(msg("{year}-{month}-{day}", year="|", month="|", day="|"), language).split("|")[1:]
    held |= {f"after-{part}": f'"{mark}"' for part, mark in zip(("year", "month", "day"), after, strict=True)}
    variables = "".join(f"--k-{key}:{value};" for key, value in held.items())
    rules = Path(__file__).parents[1].joinpath("style.css").read_text(encoding="utf-8")
    days = _DAYS if after[-1] else ""
    return Markup(f"<style>:root{{{variables}}}\n{rules}{days}</style>")
