"""The words of each language, from the gettext catalogue beside this module, and the rendering of messages with them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter

from babel.messages.pofile import read_po

from kpiflow.language import formats
from kpiflow.language.message import Message, Name, Quantity

#: The languages KPIFlow speaks; each except English has a folder of gettext catalogues here, one per part of the program.
LOCALES: tuple[str, ...] = ("en", "zh")


@cache
def words(locale: str) -> Mapping[str, str]:
    """Return English text → text in `locale`; English itself needs no catalogue."""
    if locale == "en":
        return {}
    found: dict[str, str] = {}
    for part in sorted(files(__package__).joinpath(locale).iterdir(), key=lambda file: file.name):
        with part.open("rb") as handle:
            entries = read_po(handle, locale=locale)
        found |= {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
    return found


def render(said: Message | Name | str, locale: str = "en") -> str:
    """Return the words of a message in a language; a text missing from the catalogue stays English."""
    if isinstance(said, str):
        return said
    if isinstance(said, Name):
        return (said.label_zh or said.label) if locale == "zh" else said.label
    text = words(locale).get(said.text, said.text)
    return "".join(
        before + ("" if name is None else _filled(said.facts.get(name), spec or "", locale))
        for before, name, spec, _ in Formatter().parse(text)
    )


def _filled(value: object, spec: str, locale: str) -> str:
    """Return what stands in a place of a text: the fact, or at `{count:goal waits|goals wait}` the form it asks for."""
    if "|" not in spec:
        return _fact(value, locale)
    one, many = spec.split("|")
    return one if value in (1, "1") else many


def _fact(value: object, locale: str) -> str:
    """Return one fact as people of the language write it; absent is a dash, never 0."""
    match value:
        case None:
            return "–"
        case Message() | Name():
            return render(value, locale)
        case Quantity():
            return formats.quantity(value, locale)
        case bool():
            return render(Message("yes" if value else "no"), locale)
        case int() | float() | Decimal():
            return formats.number(value, locale)
        case datetime.date():
            return formats.day(value, locale)
        case list() | tuple():
            return formats.listing([_fact(item, locale) for item in value], locale)
        case _:
            return str(value)
