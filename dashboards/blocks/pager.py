"""Which part of a long list is shown, and the way to the parts before and after: links, so that an address keeps the place."""

from collections.abc import Callable

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg


def place(start: str | None) -> int:
    """Return the first row asked for in an address; nonsense is the beginning."""
    return int(start) if start is not None and start.isdecimal() and len(start) < 8 else 0


def pager(start: int, shown: int, total: int, *, size: int, language: str, href: Callable[[int], str]) -> Markup:
    """Return `1–20 of 159` with the links to the pages before and after; nothing where one page holds it all."""
    if total <= shown and start == 0:
        return Markup()
    said = words.say(
        msg("{first}–{last} of {count}", first=start + 1 if shown else 0, last=start + shown, count=total), language
    )
    before = el("a", words.say(msg("‹ Previous"), language), href=href(max(start - size, 0))) if start > 0 else None
    after = el("a", words.say(msg("Next ›"), language), href=href(start + size)) if start + shown < total else None
    label = words.say(msg("Pages of the list"), language)
    parts = [part for part in (before, el("span", said), after) if part]
    spaced = [piece for part in parts for piece in (" ", part)]
    return el("nav", *spaced, class_="k k-pager quiet", aria_label=label)
