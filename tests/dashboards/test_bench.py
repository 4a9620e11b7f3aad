"""The workbench's memory: every edit can be undone and made again, and what the grid says is what the draft says."""

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboards.bench import Bench, begun, changed, disagree, edited, redone, restarted, undone
from kpiflow.workspace import Draft

GOALS = ("a", "b", "c")
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "target": st.one_of(st.none(), st.floats(0, 100)),
        "locked": st.booleans(),
        "weight": st.floats(0, 9),
        "words": st.text(max_size=3),
    },
)


def shown(bench: Bench) -> Bench:
    """The bench after the grid has shown its draft; what is not held comes to 7."""
    held, weights, words = (dict(part) for part in (bench.draft.held, bench.draft.weights, bench.draft.words))
    rows = [
        {
            "goal": goal,
            "target": held.get(goal, 7.0),
            "locked": goal in held,
            "weight": weights.get(goal),
            "words": words.get(goal),
        }
        for goal in GOALS
    ]
    return replace(bench, shown=tuple(rows))


@given(st.lists(st.dictionaries(st.integers(0, 2), EDITS, max_size=3), max_size=8))
def test_undoing_everything_leads_back_and_redoing_it_leads_forth(steps) -> None:
    start = begun(Draft("equal"))
    bench, drafts = shown(start), [start.draft]
    for edits in steps:
        bench = shown(restarted(changed(bench, edited(bench, edits), anew=False)))
        if bench.draft != drafts[-1]:
            drafts.append(bench.draft)
    back = bench
    for draft in reversed(drafts[:-1]):
        back = undone(back)
        assert back.draft == draft
    assert undone(back) == back
    for draft in drafts[1:]:
        back = redone(back)
        assert back.draft == draft
    assert redone(back) == back


def test_a_new_edit_leaves_nothing_to_redo() -> None:
    bench = changed(begun(Draft("equal")), Draft("same"))
    again = changed(undone(bench), Draft("by_weight"))
    assert again.redo == ()
    assert undone(again).draft == Draft("equal")


def test_a_written_target_is_held_an_empty_one_let_go_and_a_lock_holds_what_is_shown() -> None:
    bench = shown(begun(Draft("equal").holding(c=3.0)))
    assert dict(edited(bench, {0: {"target": 5.0}}).held) == {"a": 5.0, "c": 3.0}
    assert dict(edited(bench, {2: {"target": None}}).held) == {}
    assert dict(edited(bench, {1: {"locked": True}}).held) == {"b": 7.0, "c": 3.0}
    assert dict(edited(bench, {2: {"locked": False}}).held) == {}
    assert dict(edited(bench, {0: {"target": 5.0, "locked": True}}).held) == {"a": 5.0, "c": 3.0}
    assert dict(edited(shown(replace(bench, draft=Draft("equal").holding(a=5.0))), {0: {"locked": False}}).held) == {}
    assert dict(edited(bench, {0: {"words": " hello ", "weight": 2.0}}).words) == {"a": " hello "}


def test_an_edit_that_the_grid_still_holds_is_no_news() -> None:
    """The grid keeps what was written until it shows the same; a lock taken off must not come off again and again."""
    bench = shown(begun(Draft("equal").holding(a=5.0)))
    assert edited(bench, {}) == bench.draft
    assert edited(bench, {0: {"target": 5.0, "locked": True}}) == bench.draft
    after = shown(changed(bench, edited(bench, {0: {"locked": False}}), anew=False))
    assert dict(after.draft.held) == {}
    assert dict(edited(after, {0: {"locked": False, "target": 6.0}}).held) == {"a": 6.0}


def test_a_grid_begins_anew_when_it_shows_something_else_than_what_counts() -> None:
    lines = pl.DataFrame({"target": [5.0, 6.0], "locked": [True, False], "words": [None, "x"], "weight": [1.0, 1.0]})
    assert not disagree(lines, {0: {"target": 5.0, "locked": True}, 1: {"words": "x"}})
    assert not disagree(lines, {0: {"words": ""}})
    assert disagree(lines, {0: {"target": 5.4}})
    assert disagree(lines, {1: {"target": None}})
    assert disagree(lines, {1: {"locked": True}})
