"""The grid of the workbench: one row per owner, written in like a sheet; every edit is worked out at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.asking import Question
from dashboards.bench import LOCK, TARGET, WEIGHT, WORDS, Bench, changed, disagree, edited, restarted
from kpiflow.workspace import LINE_WORDS, Drafted, msg

#: Digits after the point by what is measured; everything else has two.
DIGITS = {"count": 0, "days": 0, "minutes": 1, "hours": 1}

#: The highest the grid grows before it scrolls in itself, in rows.
TALL = 16


def show(
    found: Drafted, bench: Bench, asked: Question, *, now: Callable[[], Bench], keep: Callable[[Bench], None]
) -> None:
    """Show the grid; an edit goes into the draft, and the next run shows what it makes of the others.

    `now` gives what lies on the bench when an edit arrives, which may have been undone since this grid was shown.
    """
    lines = found.lines
    edits = st.session_state.get(_key(found.goal, bench), {}).get("edited_rows", {})
    if disagree(lines, edits):
        # Rounded, refused or let go: the grid begins anew and shows what counts.
        bench = restarted(bench)
    bench = replace(bench, shown=tuple(lines.select("goal", TARGET, LOCK, WEIGHT, WORDS).to_dicts()))
    keep(bench)
    key = _key(found.goal, bench)

    def fold() -> None:
        there = now()
        if there.grid == bench.grid:
            keep(changed(there, edited(there, st.session_state[key]["edited_rows"]), anew=False))

    language = asked.language
    shown = _table(lines, language)
    st.data_editor(
        shown,
        key=key,
        hide_index=True,
        on_change=fold,
        column_config=_columns(found, language),
        disabled=[name for name in shown.columns if name not in _written(found)],
        height=35 * (min(lines.height, TALL) + 1) + 3,
        placeholder="",
        alt=words.say(msg("Grid of {count} owners with their targets", count=lines.height), language),
    )


def _key(goal: str, bench: Bench) -> str:
    return f"grid {goal} {bench.grid}"


def _written(found: Drafted) -> tuple[str, ...]:
    """Return the columns that can be written in: weights only where they are what is split by."""
    return (TARGET, LOCK, WORDS, WEIGHT) if found.draft.method == "by_weight" else (TARGET, LOCK, WORDS)


def _table(lines: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return what the grid shows, in the reader's language: what is written in right beside whose it is, also on a phone."""
    named = words.named(lines, language, "owner_label").with_columns(
        people=pl.coalesce("people_zh", "people") if language == "zh" else pl.col("people")
    )
    states = {name: words.say(said, language) for name, said in LINE_WORDS.items()}
    answer = pl.col("state").replace_strict(states, default=None, return_dtype=pl.String)
    new = pl.when("is_new").then(pl.lit(words.say(msg("new, not proposed yet"), language)))
    return named.select(
        "owner_label", TARGET, "target_before", "last", LOCK, WEIGHT, WORDS, "people", state=pl.coalesce(answer, new)
    )


def _columns(found: Drafted, language: str) -> dict[str, Any]:
    """Return the heading and form of each column."""
    digits = DIGITS.get(str(found.row["measure"]), 2)
    form = f"%.{digits}f" if digits else "localized"
    number, step = st.column_config.NumberColumn, 10.0**-digits
    return {
        "owner_label": st.column_config.TextColumn(words.say(msg("Owner"), language), pinned=True, width="medium"),
        TARGET: number(words.say(msg("New target"), language), format=form, step=step),
        "target_before": number(words.say(msg("Now"), language), format=form),
        "last": number(words.say(msg("Last year"), language), format=form),
        LOCK: st.column_config.CheckboxColumn(words.say(msg("Lock"), language), width="small"),
        WEIGHT: number(words.say(msg("Weight in the split"), language), format="%.2f", min_value=0.0),
        WORDS: st.column_config.TextColumn(words.say(msg("Words to the owner"), language), max_chars=500),
        "people": st.column_config.TextColumn(words.say(msg("Answers for it"), language)),
        "state": st.column_config.TextColumn(words.say(msg("Proposal"), language)),
    }
