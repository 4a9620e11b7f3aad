"""Pieces of Markdown that all reference pages are made of."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType

from kpiflow.language import Message, render


@dataclass(frozen=True)
class Page:
    """A reference page: its file name, its title, what the index says of it, and what writes its body."""

    name: str
    title: str
    about: str
    body: Callable[[], str]

    def text(self) -> str:
        """Return the whole page."""
        note = "<!-- Written from the code by `make docs`; do not edit by hand. -->"
        return f"{note}\n\n# {self.title}\n\n{self.body().strip()}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; a bar or a line break inside a cell is escaped."""

    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(cell(item) for item in cells) + " |"

    return "\n".join([line(head), "|" + "---|" * len(head), *(line(row) for row in rows)])


def cell(item: object) -> str:
    """Return one cell: a dash for nothing, no bars and no line breaks."""
    text = "" if item is None else str(item)
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip() or "–"


def code(item: object) -> str:
    """Return something as code, or nothing for nothing."""
    return "" if item in (None, "") else f"`{item}`"


def prose(thing: object) -> str:
    """Return a docstring as paragraphs, without what it says of its floor and without its doctests."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    text = re.sub(r"^>>>.*?(?:\n\n|\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"(?:^|(?<=\. ))(?:Pure\. )?Floor \d[^\n]*$", "", text, flags=re.MULTILINE)
    return text.strip()


def first(thing: object) -> str:
    """Return the first paragraph of a docstring on one line."""
    return re.sub(r"\s+", " ", prose(thing).split("\n\n")[0])


def both(said: Message | str) -> str:
    """Return a message in both languages."""
    english, chinese = render(said, "en"), render(said, "zh")
    return english if chinese == english else f"{english} · {chinese}"


def where(thing: object) -> str:
    """Return the file something is written in, as a link from docs/reference."""
    home = thing.__name__ if isinstance(thing, ModuleType) else str(getattr(thing, "__module__", ""))
    path = home.replace(".", "/") + ".py"
    return f"[{path}](../../{path})"
