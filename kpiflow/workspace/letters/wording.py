"""Sentences and names written down in both languages at once, as a letter keeps them."""

from kpiflow.core.letter import Wording
from kpiflow.language import Message, Name, render


def both(said: Message | Name | str) -> Wording:
    """Return a message or name in both languages."""
    return Wording(en=render(said, "en"), zh=render(said, "zh"))


def named(label: object, label_zh: object = None) -> Wording:
    """Return a label as the company wrote it; where there is no 中文, the label stands in."""
    return both(Name(str(label), None if label_zh is None else str(label_zh)))


def name_of(said: Wording) -> Name:
    """Return words written down in both languages as a fact of another sentence."""
    return Name(said.en, said.zh)
