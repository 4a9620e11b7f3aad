"""The workbench's memory: the draft of each goal, what can be undone, and what the grid's edits mean for the draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kpiflow.workspace import Draft

#: So many steps back are kept.
STEPS = 100

#: The columns of the grid that can be written in.
TARGET, WEIGHT, LOCK, WORDS = "target", "weight", "locked", "words"


@dataclass(frozen=True)
class Bench:
    """A draft on the bench. `grid` counts how often the grid began anew; `shown` has the rows as it showed them last."""

    draft: Draft
    undo: tuple[Draft, ...] = ()
    redo: tuple[Draft, ...] = ()
    grid: int = 0
    shown: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)


def begun(draft: Draft) -> Bench:
    """Return a bench with a draft on it and nothing to undo."""
    return Bench(draft)


def changed(bench: Bench, draft: Draft, *, anew: bool = True) -> Bench:
    """Return the bench with another draft; `anew`: the grid begins anew, because the change did not come from it."""
    if draft == bench.draft:
        return restarted(bench) if anew else bench
    undo = (*bench.undo, bench.draft)[-STEPS:]
    after = replace(bench, draft=draft, undo=undo, redo=())
    return restarted(after) if anew else after


def restarted(bench: Bench) -> Bench:
    """Return the bench with a grid that shows the draft and holds no edits."""
    return replace(bench, grid=bench.grid + 1)


def undone(bench: Bench) -> Bench:
    """Return the bench one step back."""
    if not bench.undo:
        return bench
    *earlier, draft = bench.undo
    return restarted(replace(bench, draft=draft, undo=tuple(earlier), redo=(*bench.redo, bench.draft)))


def redone(bench: Bench) -> Bench:
    """Return the bench one step forward again."""
    if not bench.redo:
        return bench
    *later, draft = bench.redo
    return restarted(replace(bench, draft=draft, redo=tuple(later), undo=(*bench.undo, bench.draft)))


def edited(bench: Bench, edits: Mapping[int, Mapping[str, Any]]) -> Draft:
    """Return the draft that the edits in the grid make of this one.

    The grid keeps an edit until what it shows says the same, so that only cells that differ from it are news. A target
    that is written is held, and an empty one let go; a lock holds what is shown, and taking it off lets go.
    """
    draft = bench.draft
    for row, cells in sorted(edits.items()):
        was = bench.shown[int(row)]
        goal = was["goal"]
        news = {column: value for column, value in cells.items() if (value or None) != (was[column] or None)}
        if WEIGHT in news:
            draft = draft.weighing(**{goal: news[WEIGHT]})
        if WORDS in news:
            draft = draft.saying(**{goal: news[WORDS]})
        if LOCK in news:
            draft = draft.holding(**{goal: was[TARGET] if news[LOCK] else None})
        if TARGET in news:
            draft = draft.holding(**{goal: news[TARGET]})
    return draft


def disagree(lines: pl.DataFrame, edits: Mapping[int, Mapping[str, Any]]) -> bool:
    """Return whether a cell that was edited reads otherwise once the draft is worked out, such as a number that was rounded."""
    rows = lines.to_dicts()
    return any(
        (rows[int(row)][column] or None) != (value or None)
        for row, cells in edits.items()
        for column, value in cells.items()
    )
