"""The rules a row of intake is held to, each with the words that tell a person what to change."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.core.metric import MetricKind
from kpiflow.errors import suggest
from kpiflow.language import Message, msg, render

#: The columns of the tidy form that hold numbers.
NUMBERS: tuple[str, ...] = ("value", "numerator", "denominator")

#: For how many unknown words the nearest known one is looked up: each takes milliseconds when a company has thousands.
_SUGGESTED = 50


@dataclass(frozen=True)
class Known:
    """What the company has: metrics by id with their kind, units and people, and the last day it may speak of."""

    metrics: Mapping[str, MetricKind | str] = field(default_factory=dict)
    units: Collection[str] = ()
    people: Collection[str] = ()
    until: datetime.date | None = None


@dataclass(frozen=True)
class Rule:
    """A rule: its name in the file of rejected rows, when a row breaks it, and what is said then.

    `broken` is over the text columns of the tidy form and their typed form (`day_typed`, `value_typed` …); the facts of
    `said` may be expressions, so that each row is told about its own cells.
    """

    name: str
    broken: pl.Expr
    said: Message


#: What is said about a row that fails a rule of the schema `Tidy`, by the rule's name there.
SCHEMA_RULES: dict[str, Message] = {
    "value_or_both_parts": msg("Give a value alone, or a numerator and a denominator."),
    "denominator_not_negative": msg("A denominator counts something, so it is 0 or more."),
    "once_in_the_file": msg(
        "This metric, unit, person and day is in the file more than once, with different numbers."
        " Keep one, or tell them apart in the column entry."
    ),
}

#: The rule that a row which says nothing new breaks: it is set aside, and the first one that says so goes in.
SAME_AGAIN = "same_again"

#: What is said when the schema has a rule that is not listed above.
OTHER_RULE = msg("The row does not fit the tidy form.")


def rules(rows: pl.DataFrame, known: Known | None) -> Iterator[Rule]:
    """Yield the rules that look at one row, for rows of the tidy form; without `known`, any name is taken."""
    for column in ("metric", "unit", "day"):
        yield Rule(
            f"{column}_missing", pl.col(column).is_null(), msg("The cell of column {column} is empty.", column=column)
        )
    yield Rule(
        "bad_day",
        pl.col("day").is_not_null() & pl.col("day_typed").is_null(),
        msg("'{cell}' is not a day such as 2026-01-31.", cell=pl.col("day")),
    )
    for column in NUMBERS:
        yield from _number_rules(column)
    if known is not None and known.until is not None:
        yield Rule(
            "day_far_ahead",
            pl.col("day_typed") > known.until,
            msg("{day} has not come, and nothing is taken after {last}. Mend the day, or add its cycle to the calendar.",
                day=pl.col("day"), last=known.until),
        )  # fmt: skip
    if known is not None:
        yield from _name_rules(rows, known)
        yield from _kind_rules(known)


def _number_rules(column: str) -> Iterator[Rule]:
    """Yield the rules for a column of numbers."""
    text, as_float = pl.col(column), pl.col(column).cast(pl.Float64, strict=False)
    unread = text.is_not_null() & pl.col(f"{column}_typed").is_null()
    large = text.str.contains("[0-9]") & as_float.is_not_null() & ~as_float.is_nan()
    yield Rule(
        f"{column}_too_large",
        unread & large,
        msg("{cell} in column {column} is too large: at most 12 digits before the point.", cell=text, column=column),
    )
    yield Rule(
        f"{column}_not_a_number",
        unread & ~large,
        msg("'{cell}' in column {column} is not a number such as 1234.5.", cell=text, column=column),
    )


def _name_rules(rows: pl.DataFrame, known: Known) -> Iterator[Rule]:
    """Yield the rules that a name is one the company has, with the nearest one it does have."""
    for column, what, names in (
        ("metric", msg("metric"), known.metrics),
        ("unit", msg("unit"), known.units),
        ("person", msg("person"), known.people),
    ):
        text, have = pl.col(column), pl.Series(sorted(names), dtype=pl.String)
        unknown = text.is_not_null() & ~text.is_in(have.implode())
        words = rows.filter(unknown)[column].unique(maintain_order=True).head(_SUGGESTED).to_list()
        near = {word: found for word in words if (found := suggest(word, names))}
        nearest = text.replace_strict(near, default=None, return_dtype=pl.String)
        yield Rule(
            f"unknown_{column}",
            unknown & nearest.is_not_null(),
            msg("There is no {what} '{word}'. Did you mean '{near}'?", what=what, word=text, near=nearest),
        )
        yield Rule(
            f"unknown_{column}",
            unknown & nearest.is_null(),
            msg("There is no {what} '{word}' in this company.", what=what, word=text),
        )


def _kind_rules(known: Known) -> Iterator[Rule]:
    """Yield the rules that a row gives what its metric's kind is made of."""
    kinds = {metric: str(kind) for metric, kind in known.metrics.items()}
    kind = pl.col("metric").replace_strict(kinds, default=None, return_dtype=pl.String)
    value, parts = pl.col("value"), pl.any_horizontal(pl.col("numerator", "denominator").is_not_null())
    yield Rule(
        "derived_metric",
        kind == MetricKind.DERIVED.value,
        msg("{metric} is worked out from other metrics: load those.", metric=pl.col("metric")),
    )
    yield Rule(
        "ratio_needs_both_parts",
        (kind == MetricKind.RATIO.value) & value.is_not_null(),
        msg("{metric} is a ratio: give numerator and denominator, and no value.", metric=pl.col("metric")),
    )
    yield Rule(
        "value_needed",
        kind.is_in([MetricKind.SIMPLE.value, MetricKind.CUMULATIVE.value, MetricKind.SNAPSHOT.value]) & parts,
        msg("{metric} is no ratio: give a value, and no numerator or denominator.", metric=pl.col("metric")),
    )


def sentence(said: Message, locale: str) -> pl.Expr:
    """Return a message in a language as an expression, the facts that are expressions filled in for each row."""
    filled = {name: fact for name, fact in said.facts.items() if isinstance(fact, pl.Expr)}
    marked = Message(said.text, {**said.facts, **{name: f"\0{name}\0" for name in filled}})
    parts = re.split("\0", render(marked, locale))  # words, name, words, name, … words
    return pl.concat_str(filled[part].fill_null("–") if at % 2 else pl.lit(part) for at, part in enumerate(parts))
