"""The timeline of a goal: everything done in the shop's year is told, in order, to those who may read it."""

import datetime
from pathlib import Path

import pytest

from kpiflow.errors import NotFound, Refused
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Workspace, render
from kpiflow.workspace.commands import apply
from kpiflow.workspace.timeline.event import EventKind
from tests.workspace.shop import config, moment
from tests.workspace.shop_year import year

K = EventKind

#: What happened to Ann's goal, oldest first: the day, the kind, who, and words that are said or were given as the reason.
TOLD = (
    ("2025-12-15", K.PLAN, "planner", "target of 100", "The first plan"),
    ("2026-01-20", K.LETTER, "hr", "Version 1 of the letter was drawn up", None),
    ("2026-02-01", K.MEASUREMENT, "feed", "January", None),
    ("2026-02-03", K.LETTER, "ann", "The owner signed version 1", None),
    ("2026-02-04", K.LETTER, "north", "The one above signed version 1", None),
    ("2026-02-10", K.PROPOSAL, "north", "A target of 110 was proposed", "You can do more"),
    ("2026-02-12", K.PROPOSAL, "ann", "proposed 95 instead", "Half my customers moved away"),
    ("2026-02-14", K.PROPOSAL, "north", "declined", "Let us see in May"),
    ("2026-03-01", K.MEASUREMENT, "feed", "February", None),
    ("2026-03-05", K.MEASUREMENT, "feed", "corrected 1", "Two were forgotten"),
    ("2026-03-10", K.CHECK_IN, "ann", ": 5", "Going well"),
    ("2026-03-11", K.CHECK_IN, "ann", "corrected to 6", "Going very well"),
    ("2026-04-02", K.REMARK, "north", "question was asked", "What about the big order?"),
    ("2026-04-03", K.REMARK, "ann", "question was answered", "It comes in June."),
    ("2026-05-10", K.PLAN, "boss", "The goal was changed", "The shop was closed in May"),
    ("2026-05-10", K.LETTER, "boss", "Version 2 of the letter was drawn up", "The shop was closed in May"),
    ("2026-10-01", K.LETTER, "planner", "Version 3 of the letter was drawn up", "A new name"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    ws = year(tmp_path_factory.mktemp("shop"))
    yield ws
    ws.close()


def test_everything_that_happened_is_told_in_order(shop: Workspace):
    events = shop.timeline(Asker("ann"), "ann-sales").events
    assert len(events) == len(TOLD)
    for event, (day, kind, who, words, reason) in zip(reversed(events), TOLD, strict=True):
        assert (event.at.date().isoformat(), event.kind, event.who) == (day, kind, who)
        assert words in render(event.said)
        assert event.reason == reason


def test_a_change_shows_each_field_before_and_after_and_whether_it_was_eased(shop: Workspace):
    (change,) = [
        event for event in shop.timeline(ADMINISTRATOR, "ann-sales").events if event.changes and event.kind is K.PLAN
    ]
    assert render(change.through) == "by a change of targets"
    assert [(render(one.field), one.before.value, one.after.value, one.eased) for one in change.changes] == [
        ("target", 100.0, 90.0, True)
    ]
    assert "made easier" in " ".join(render(line) for line in shop.timeline(ADMINISTRATOR, "ann-sales").sentence)


def test_people_are_called_by_their_names(shop: Workspace):
    names = {event.who: render(event.name) for event in shop.timeline(Asker("ann"), "ann-sales").events}
    assert (names["north"], names["hr"], names["ann"]) == ("Nora North", "Hana Ito", "Ann Married")
    assert names["feed"] == "feed"


def test_on_a_day_only_what_had_happened_by_then_is_told(shop: Workspace):
    for day in ("2026-01-31", "2026-02-12", "2026-05-10"):
        told = shop.timeline(Asker("ann"), "ann-sales", datetime.date.fromisoformat(day)).events
        assert [event.at.date().isoformat() for event in reversed(told)] == [line[0] for line in TOLD if line[0] <= day]


def test_the_goal_above_tells_that_its_target_was_proposed_below(shop: Workspace):
    said = [
        render(event.said) for event in shop.timeline(Asker("boss"), "all-sales").events if event.kind is K.PROPOSAL
    ]
    assert said == ["Its target of 300 was proposed to the owners below, in 1 parts."]


def test_who_may_not_open_the_goal_is_not_told_its_history(shop: Workspace):
    for asker in (Asker("ben"), Asker("south"), Asker()):
        with pytest.raises(Refused):
            shop.timeline(asker, "ann-sales")
    assert shop.timeline(Asker("north"), "ann-sales").events
    with pytest.raises(NotFound, match="ann-sales"):
        shop.timeline(ADMINISTRATOR, "ann-sale")
    with pytest.raises(NotFound) as missing:
        shop.timeline(Asker("ben"), "cyd-sale")
    assert "cyd-sales" not in str(missing.value), "nobody learns from an error what others have"


def test_a_goal_taken_out_of_the_plan_keeps_its_timeline(tmp_path: Path):
    ws = year(tmp_path, "2026-02-01")
    try:
        folder = config(tmp_path / "less")
        goals = folder / "goals.yaml"
        goals.write_text(goals.read_text(encoding="utf-8").replace('"cyd-sales"', '"cyd-sold"'), encoding="utf-8")
        apply(ws, folder, who="planner", at=moment("2026-06-01"), reason="Renamed")
        last = ws.timeline(ADMINISTRATOR, "cyd-sales").events[0]
        assert render(last.said) == "The goal was taken out of the plan."
        assert last.reason == "Renamed"
        assert "taken out" not in render(
            ws.timeline(ADMINISTRATOR, "cyd-sales", datetime.date(2026, 5, 1)).events[0].said
        )
    finally:
        ws.close()


def test_a_goal_that_changed_hands_does_not_tell_what_its_former_owner_did(tmp_path: Path):
    ws = year(tmp_path, "2025-12-31")
    try:
        folder = config(tmp_path / "other")
        goals = folder / "goals.yaml"
        text = goals.read_text(encoding="utf-8").replace('"goal": "cyd-sales", "parent": "all-sales", "owner": "cyd"',
                                                         '"goal": "cyd-sales", "parent": "all-sales", "owner": "ann"')  # fmt: skip
        goals.write_text(text, encoding="utf-8")
        apply(ws, folder, who="planner", at=moment("2026-06-01"), reason="Cyd moves on")
        whole = ws.timeline(Asker("hr"), "cyd-sales").events
        owner = whole[0].changes[0]
        assert (render(owner.field), render(owner.before), render(owner.after)) == ("owner", "Cyd Far", "Ann Ｗide")
        hers = ws.timeline(Asker("ann"), "cyd-sales").events
        assert not any("Cyd" in str(one.before) for event in hers for one in event.changes)
    finally:
        ws.close()


def test_a_rule_defined_anew_is_told_to_the_goals_it_measures(tmp_path: Path):
    ws = year(tmp_path, "2025-12-31")
    try:
        folder = config(tmp_path / "other")
        metrics = folder / "metrics.yaml"
        metrics.write_text(
            metrics.read_text(encoding="utf-8").replace("Pieces sold.", "Pieces sold and paid."), encoding="utf-8"
        )
        apply(ws, folder, who="planner", at=moment("2026-06-01"), reason="Unpaid is unsold")
        last = ws.timeline(Asker("ann"), "ann-sales").events[0]
        assert render(last.said) == "The metric Sales was defined anew."
        assert [(one.before, one.after) for one in last.changes] == [("Pieces sold.", "Pieces sold and paid.")]
        assert all(event.reason != "Unpaid is unsold" for event in ws.timeline(Asker("ann"), "ann-returns").events)
    finally:
        ws.close()


def test_it_is_told_in_every_language(shop: Workspace):
    events = shop.timeline(Asker("ann"), "ann-sales").events
    for event in events:
        said = [render(event.said, locale) for locale in LOCALES]
        assert said[0] != said[1]
