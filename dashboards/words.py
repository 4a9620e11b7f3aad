"""Everything a page shows as words: messages, names and values in the reader's language."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from dashboards.statuses import look
from kpiflow.workspace import Message, Name, Quantity, msg, render

#: What each language calls itself; the same in every language.
LANGUAGES: dict[str, Name] = {"en": Name("EN"), "zh": Name("中文")}


def say(said: Message | Name | str, language: str) -> str:
    """Return the words of a message or name in a language."""
    return render(said, language)


def moment(at: datetime.datetime) -> Message:
    """Return a moment as people say it: the day in the reader's language, and the time."""
    return msg("{day} at {time}", day=at.date(), time=f"{at:%H:%M}")


#: What Markdown acts on: links, pictures, emphasis, code, formulas, colours, icons, tags, and addresses of its own accord.
_MARKS = re.compile(r"[\\`*_\[\]<>#$~:]|(?<=\bwww)\.")


def literal(said: Message | Name | str, language: str) -> str:
    r"""Return words for where Streamlit reads Markdown, which is every label and every alert.

    Our own sentence keeps its markup; what people named or wrote is shown as they wrote it.

    >>> literal(msg("Run `kpiflow` for {name}.", name="[x](https://a.example)"), "en")
    'Run `kpiflow` for \\[x\\](https\\://a.example).'
    """
    if not isinstance(said, Message):
        return _MARKS.sub(r"\\\g<0>", render(said, language))
    facts = {name: _literal_fact(fact, language) for name, fact in said.facts.items()}
    return render(replace(said, facts=facts), language)


def _literal_fact(fact: object, language: str) -> object:
    return literal(fact, language) if isinstance(fact, Message | Name | str) else fact


def quantity(
    value: float | None, row: Mapping[str, Any], language: str, *, difference: bool = False, signed: bool = False
) -> str:
    """Return a value in the measure and currency of its row, such as `73.42 %`, never broken over lines; absent is a dash."""
    measure = str(row.get("measure") or "points")
    shown = Quantity(value, measure, row.get("currency"), signed=signed, difference=difference)
    return render(msg("{value}", value=shown), language).replace(" ", "\u00a0")


def amount(value: float | None, row: Mapping[str, Any]) -> Quantity:
    """Return a value in the measure and currency of its row, for a sentence."""
    return Quantity(value, str(row.get("measure") or "points"), row.get("currency"))


def points(value: float | None, language: str, *, signed: bool = False) -> str:
    """Return points such as `87.4`, or `+1.2` when they are a change; absent is a dash."""
    shown = Quantity(None if value is None else round(value, 1), "points", signed=signed)
    return render(msg("{value}", value=shown), language)


def share(value: float | None, language: str) -> str:
    """Return a ratio as a percentage to one digit; absent is a dash."""
    return render(msg("{value}", value=Quantity(None if value is None else round(value, 3), "attainment")), language)


def money(value: Any, currency: str | None, language: str) -> str:
    """Return an amount of money; absent is a dash."""
    return render(msg("{value}", value=Quantity(value, "currency", currency)), language)


def status(value: str | None, language: str) -> str:
    """Return a status as shape and word: `▲ at risk`."""
    shown = look(value)
    return f"{shown.shape} {say(shown.word, language)}"


def name(row: Mapping[str, Any], language: str, column: str = "label") -> str:
    """Return the name in a row's `column`, in the language when the company wrote one."""
    chinese = row.get(f"{column}_zh")
    return str(chinese if language == "zh" and chinese else row.get(column) or "–")


def named(frame: pl.DataFrame, language: str, column: str = "label") -> pl.DataFrame:
    """Return the frame with `column` in the language, taking the other one where a name was not translated."""
    chinese = f"{column}_zh"
    if language != "zh" or chinese not in frame.columns:
        return frame
    return frame.with_columns(pl.coalesce(chinese, column).alias(column))
