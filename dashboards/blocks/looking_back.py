"""The word on every page that shows an earlier day: which day it is, and the way back to today."""

import datetime

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg


def banner(day: datetime.date, language: str, today: str) -> Markup:
    """Return the banner for a day; `today` is the address of the same page without one."""
    said = words.say(msg("You look at what was known on {day}. Nothing can be changed from here.", day=day), language)
    back = el("a", words.say(msg("Back to today"), language), href=today, target="_self")
    return el("div", el("span", "◷ ", aria_hidden="true"), said, " ", back, class_="k k-back", role="status")
