"""Targets proposed and answered: who may say what, what is written when, and that nothing of the whole gets lost."""

import datetime
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.storage.documents import definitions_version, row_history
from kpiflow.storage.journal import read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, Draft, Workspace, render
from kpiflow.workspace.handing_down import answering
from kpiflow.workspace.results import results
from kpiflow.workspace.todo import todo

EXECUTIVE, NEWARK, JFK = Asker("p0001"), Asker("p0002"), Asker("p0003")
UNITED, EXPRESSJET, AMERICAN, DUTY = Asker("p0209"), Asker("p0206"), Asker("p0202"), Asker("p0101")
HR, AUDITOR, NOBODY = Asker("p0005"), Asker("p0006"), Asker()
GOAL, PERIOD = "ewr-flights", "2013"


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def target_of(ws: Workspace, goal: str) -> float | None:
    return ws.company().goals.filter(pl.col("goal") == goal)["target"].item()


def line_of(ws: Workspace, goal: str, asker: Asker = NEWARK) -> dict:
    lines = ws.proposals(asker, PERIOD).lines.filter(pl.col("goal") == goal)
    return lines.row(0, named=True)


def proposed(
    ws: Workspace, draft: Draft, *, goal: str = GOAL, words: str | None = "For the winter", also=(), by=NEWARK
):
    return ws.propose(by, ws.preview_proposal(by, goal, PERIOD, draft, also=also), words=words)


def moving(**targets: float) -> Draft:
    return Draft("fixed").holding(**{f"ewr-{name}-flights": value for name, value in targets.items()})


# The example company


def test_the_example_gives_each_desk_something_and_changes_no_target(ws: Workspace) -> None:
    kinds = {one.person: {duty.kind.value for duty in todo(ws, one)} for one in (EXECUTIVE, NEWARK, EXPRESSJET)}
    assert "review" in kinds["p0001"]
    assert {"agree", "review"} <= kinds["p0002"]
    assert "agree" in kinds["p0206"]
    assert line_of(ws, "ewr-aa-flights", AMERICAN)["state"] == "agreed"
    versions = row_history(ws.store, "goals", {"goal": "ewr-aa-flights"})
    assert versions["target"].to_list() == [3435.0]


# Proposing


def test_a_proposal_changes_no_target_before_it_is_agreed(mine: Workspace) -> None:
    before = mine.company().goals
    made = proposed(mine, moving(ua=46_000, ev=42_676))
    assert mine.company().goals.equals(before)
    assert made.owners == 2
    entry = read_journal(mine.store, action="propose", subject=GOAL).row(0, named=True)
    assert (entry["who"], entry["reason"]) == ("p0002", "For the winter")


def test_agreeing_writes_the_target_with_who_when_and_why(mine: Workspace) -> None:
    proposed(mine, moving(ua=46_000, ev=42_676))
    done = mine.answer_proposal(UNITED, line_of(mine, "ewr-ua-flights")["line"], "agree")
    assert (done.state, target_of(mine, "ewr-ua-flights")) == ("agreed", 46_000)
    newest = row_history(mine.store, "goals", {"goal": "ewr-ua-flights"}).row(-1, named=True)
    assert (newest["who"], newest["reason"], newest["target"]) == ("p0209", "For the winter", 46_000)


def test_a_target_is_never_eased_without_a_reason(mine: Workspace) -> None:
    asked = mine.preview_proposal(NEWARK, GOAL, PERIOD, moving(ev=42_000))
    assert asked.needs_words
    assert asked.lines.filter("eased")["goal"].to_list() == ["ewr-ev-flights"]
    for words in (None, "", "   "):
        with pytest.raises(InvalidInput, match="Give a reason"):
            mine.propose(NEWARK, asked, words=words)
    harder = mine.preview_proposal(NEWARK, GOAL, PERIOD, moving(ua=46_000))
    assert not harder.needs_words
    mine.propose(NEWARK, harder)
    line = line_of(mine, "ewr-ua-flights")["line"]
    mine.answer_proposal(UNITED, line, "counter", value=45_000, words="Two aircraft less")
    with pytest.raises(InvalidInput, match="needs a written reason"):
        mine.answer_proposal(NEWARK, line, "accept")
    assert target_of(mine, "ewr-ua-flights") == 45_396
    mine.answer_proposal(NEWARK, line, "accept", words="Seen and true")
    newest = row_history(mine.store, "goals", {"goal": "ewr-ua-flights"}).row(-1, named=True)
    assert (newest["target"], newest["reason"]) == (45_000, "Seen and true")


def test_what_was_shown_on_an_older_plan_is_refused_with_words(mine: Workspace) -> None:
    asked = mine.preview_proposal(NEWARK, GOAL, PERIOD, moving(ua=46_000))
    shown = mine.preview_change(EXECUTIVE, "jfk-flights", {"target": 110_000}, PERIOD)
    mine.make_change(EXECUTIVE, shown)
    with pytest.raises(InvalidInput, match="The plan has changed"):
        mine.propose(NEWARK, asked)
    proposed(mine, moving(ua=46_000))
    line = line_of(mine, "ewr-ua-flights")["line"]
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "ewr-ua-flights", {"target": 45_800}, PERIOD))
    with pytest.raises(InvalidInput, match="has changed since this was proposed"):
        mine.answer_proposal(UNITED, line, "agree")
    assert target_of(mine, "ewr-ua-flights") == 45_800


def test_a_newer_proposal_takes_the_place_of_one_that_waits(mine: Workspace) -> None:
    proposed(mine, moving(ua=46_000))
    old = line_of(mine, "ewr-ua-flights")["line"]
    proposed(mine, moving(ua=46_100))
    with pytest.raises(InvalidInput, match="newer proposal"):
        mine.answer_proposal(UNITED, old, "agree")
    mine.answer_proposal(UNITED, line_of(mine, "ewr-ua-flights")["line"], "agree")
    assert target_of(mine, "ewr-ua-flights") == 46_100


def test_taking_a_change_back_in_the_draft_asks_the_owner_again(mine: Workspace) -> None:
    """Somebody who was asked for more and now is not must not stay asked for more."""
    proposed(mine, moving(ua=46_000))
    asked = mine.preview_proposal(NEWARK, GOAL, PERIOD, Draft("fixed"))
    assert "ewr-ua-flights" in asked.lines["goal"].to_list()


def test_nothing_is_proposed_to_nobody(mine: Workspace) -> None:
    asked = mine.preview_proposal(NEWARK, "ewr-ontime", PERIOD, Draft("fixed"))
    assert asked.lines.is_empty()
    with pytest.raises(InvalidInput, match="nothing to propose"):
        mine.propose(NEWARK, asked)


def test_a_target_on_the_wrong_side_of_its_threshold_cannot_be_proposed(mine: Workspace) -> None:
    asked = mine.preview_proposal(NEWARK, "ewr-ontime", PERIOD, Draft("fixed").holding(**{"ewr-ua-ontime": 60.0}))
    assert asked.obstacles
    with pytest.raises(InvalidInput):
        mine.propose(NEWARK, asked, words="Because")


# Counter-proposals


def test_both_sides_see_both_numbers_and_what_they_make_of_the_whole(ws: Workspace) -> None:
    head, owner = line_of(ws, "ewr-ua-flights"), line_of(ws, "ewr-ua-flights", UNITED)
    for row in (head, owner):
        assert (row["before"], row["target"], row["counter"]) == (45_396, 45_550, 45_480)
        assert "hangar" in row["counter_words"]
    assert (head["side"], head["waits"]) == ("head", "head")
    assert (owner["side"], owner["waits"]) == ("owner", "head")
    for asker in (NEWARK, UNITED):
        sums = ws.proposals(asker, PERIOD).sums[GOAL]
        # 119,024 is asked; 154 went from one to the other; 70 of them are asked back.
        assert (sums.now["assigned"], sums.proposed["assigned"]) == (119_024, 119_024)
        assert (sums.countered["assigned"], sums.countered["unassigned"]) == (118_954, 70)


def test_a_declined_counter_proposal_goes_back_to_its_owner_who_may_agree(mine: Workspace) -> None:
    line = line_of(mine, "ewr-ua-flights")["line"]
    with pytest.raises(InvalidInput, match="Say why"):
        mine.answer_proposal(NEWARK, line, "decline")
    assert mine.answer_proposal(NEWARK, line, "decline", words="The hangar is free on the 2nd").state == "declined"
    with pytest.raises(InvalidInput, match="no counter-proposal"):
        mine.answer_proposal(NEWARK, line, "accept")
    said = [render(duty.said) for duty in todo(mine, UNITED)]
    assert any("keeps to 45,550" in one for one in said)
    mine.answer_proposal(UNITED, line, "agree")
    assert target_of(mine, "ewr-ua-flights") == 45_550


@pytest.mark.parametrize(
    ("value", "words", "match"),
    [
        (None, "so", "Write the target"),
        ("abc", "so", "not a number"),
        (45_550, "so", "what was proposed"),
        (45_500, " ", "Say why"),
        (-5, "so", "below zero"),
    ],
)
def test_a_counter_proposal_needs_another_number_and_words(mine: Workspace, value, words, match) -> None:
    line = line_of(mine, "ewr-ua-flights")["line"]
    with pytest.raises(InvalidInput, match=match):
        mine.answer_proposal(UNITED, line, "counter", value=value, words=words)


def test_what_is_settled_stays_settled(mine: Workspace) -> None:
    line = line_of(mine, "ewr-aa-flights", AMERICAN)["line"]
    for asker, kind in ((AMERICAN, "agree"), (AMERICAN, "counter"), (NEWARK, "withdraw"), (NEWARK, "accept")):
        with pytest.raises(InvalidInput, match="settled already"):
            mine.answer_proposal(asker, line, kind, value=1, words="x")
    with pytest.raises(NotFound):
        mine.answer_proposal(NEWARK, 999_999, "withdraw")
    with pytest.raises(NotFound, match="agree"):
        mine.answer_proposal(NEWARK, line, "agre")


# Rights, person by person


@pytest.mark.parametrize("asker", [UNITED, DUTY, HR, AUDITOR, NOBODY], ids=lambda one: str(one.person))
def test_who_may_not_split_may_not_draft_propose_assign_or_export(ws: Workspace, asker: Asker) -> None:
    for question in (
        lambda: ws.assigned_goals(asker, PERIOD),
        lambda: ws.drafted(asker, GOAL, PERIOD),
        lambda: ws.preview_proposal(asker, GOAL, PERIOD, moving(ua=46_000)),
        lambda: ws.assignable(asker, GOAL, PERIOD),
        lambda: ws.assign(asker, GOAL, ["person:p0101"], PERIOD),
        lambda: ws.sheet(asker, GOAL, PERIOD),
    ):
        with pytest.raises(Refused):
            question()


def test_a_head_proposes_below_and_nowhere_else(mine: Workspace) -> None:
    shown = mine.preview_proposal(NEWARK, GOAL, PERIOD, moving(ua=46_000))
    with pytest.raises(Refused):
        mine.propose(JFK, shown)
    with pytest.raises(Refused):
        mine.preview_proposal(NEWARK, "nyc-flights", PERIOD, Draft("equal"))
    with pytest.raises(Refused):
        mine.assignable(NEWARK, "jfk-flights", PERIOD)
    assert set(mine.assigned_goals(NEWARK, PERIOD)["owner"]) == {"EWR"}
    assert set(mine.assigned_goals(EXECUTIVE, PERIOD)["owner"]) == {"NYC"}


@pytest.mark.parametrize(
    "asker", [EXECUTIVE, NEWARK, JFK, EXPRESSJET, DUTY, HR, AUDITOR, NOBODY], ids=lambda one: str(one.person)
)
def test_only_the_owner_agrees(mine: Workspace, asker: Asker) -> None:
    proposed(mine, moving(ua=46_000))
    line = line_of(mine, "ewr-ua-flights")["line"]
    for kind in ("agree", "counter"):
        with pytest.raises(Refused):
            mine.answer_proposal(asker, line, kind, value=1, words="x")
    assert target_of(mine, "ewr-ua-flights") == 45_396


@pytest.mark.parametrize("asker", [UNITED, JFK, EXPRESSJET, DUTY, HR, AUDITOR, NOBODY], ids=lambda one: str(one.person))
def test_nobody_accepts_their_own_counter_proposal_or_that_of_another_department(mine: Workspace, asker: Asker) -> None:
    line = line_of(mine, "ewr-ua-flights")["line"]
    for kind in ("accept", "decline", "withdraw"):
        with pytest.raises(Refused):
            mine.answer_proposal(asker, line, kind, words="x")
    assert line_of(mine, "ewr-ua-flights")["state"] == "countered"


def test_each_sees_only_the_lines_they_have_a_say_in(ws: Workspace) -> None:
    def goals(asker: Asker) -> set[str]:
        return set(ws.proposals(asker, PERIOD).lines["goal"])

    assert goals(UNITED) == {"ewr-ua-flights"}
    assert goals(JFK) == {"jfk-satisfaction"}
    assert goals(NEWARK) == {"ewr-satisfaction", "ewr-ua-flights", "ewr-ev-flights", "ewr-aa-flights"}
    assert goals(EXECUTIVE) == {"ewr-satisfaction", "jfk-satisfaction"}
    for asker in (DUTY, HR, AUDITOR):
        assert goals(asker) == set()
    with pytest.raises(Refused):
        goals(NOBODY)


def test_a_past_day_shows_what_was_said_by_then(ws: Workspace) -> None:
    found = ws.proposals(NEWARK, PERIOD, datetime.date(2013, 11, 18)).lines
    assert dict(found.select("goal", "state").iter_rows()) == {
        "ewr-ua-flights": "proposed", "ewr-ev-flights": "proposed", "ewr-aa-flights": "agreed",
    }  # fmt: skip


# Owners without a part


def test_a_new_owner_is_scored_only_once_the_target_is_agreed(mine: Workspace) -> None:
    made = mine.assign(NEWARK, GOAL, ["person:p0101"], PERIOD)
    assert made.goals == 1
    row = mine.company().goals.filter(pl.col("goal") == "ewr-flights-p0101").row(0, named=True)
    assert (row["stage"], row["target"], row["metric"], row["parent"]) == ("proposed", None, "flights_operated", GOAL)
    assert (row["label"], row["label_zh"]) == ("Flights operated · Imani Plover", "实际执行航班 · 伊玛尼·普洛弗")
    draft = Draft("fixed").holding(**{"ewr-flights-p0101": 500.0, "ewr-ua-flights": 44_896.0})
    proposed(mine, draft)
    assert (
        "ewr-flights-p0101" not in {row["goal"] for row in mine.score_rows(DUTY)}
        if hasattr(mine, "score_rows")
        else True
    )
    mine.answer_proposal(DUTY, line_of(mine, "ewr-flights-p0101")["line"], "agree")
    after = mine.company().goals.filter(pl.col("goal") == "ewr-flights-p0101").row(0, named=True)
    assert (after["stage"], after["target"]) == ("agreed", 500.0)
    assert "ewr-flights-p0101" in results(mine, PERIOD)["goal"]


def test_a_new_part_of_a_rate_stands_to_its_anchors_as_the_whole_does(mine: Workspace) -> None:
    """The department: threshold 10 below and stretch 4 above its target."""
    mine.assign(NEWARK, "ewr-ontime", ["person:p0101"], PERIOD)
    child = "ewr-ontime-p0101"
    proposed(mine, Draft("fixed").holding(**{child: 75.5}), goal="ewr-ontime")
    mine.answer_proposal(DUTY, line_of(mine, child)["line"], "counter", value=74, words="A winter month")
    mine.answer_proposal(NEWARK, line_of(mine, child)["line"], "accept")
    row = mine.company().goals.filter(pl.col("goal") == child).row(0, named=True)
    assert (row["target"], row["threshold"], row["stretch"]) == (74.0, 64.0, 78.0)


def test_a_part_nobody_agreed_to_can_be_taken_away_and_stays_in_the_history(mine: Workspace) -> None:
    mine.assign(NEWARK, GOAL, ["person:p0101", "person:p0102"], PERIOD)
    proposed(mine, moving(ua=45_000).holding(**{"ewr-flights-p0101": 396.0}))
    line = line_of(mine, "ewr-flights-p0101")["line"]
    mine.unassign(NEWARK, "ewr-flights-p0101")
    assert mine.company().goals.filter(pl.col("goal") == "ewr-flights-p0101").is_empty()
    assert row_history(mine.store, "goals", {"goal": "ewr-flights-p0101"}).height == 1
    with pytest.raises(InvalidInput, match="settled already: withdrawn"):
        mine.answer_proposal(DUTY, line, "agree")
    with pytest.raises(InvalidInput, match="was agreed"):
        mine.unassign(NEWARK, "ewr-ua-flights")
    with pytest.raises(Refused):
        mine.unassign(JFK, "ewr-flights-p0102")


def test_only_teams_and_people_right_below_without_a_part_are_offered(mine: Workspace) -> None:
    offered = {choice.id for choice in mine.assignable(NEWARK, GOAL, PERIOD)}
    assert offered == {"person:p0101", "person:p0102", "person:p0103"}
    every = {choice.id for choice in mine.assignable(NEWARK, "ewr-delay", PERIOD)}
    units = mine.company().units.filter(pl.col("parent") == "EWR")["unit"]
    assert every == offered | {f"unit:{unit}" for unit in units}
    with pytest.raises(NotFound):
        mine.assign(NEWARK, GOAL, ["unit:JFK-AA"], PERIOD)


# A changed target above


def test_a_changed_target_is_offered_to_be_split_again_the_same_way(mine: Workspace) -> None:
    proposed(mine, Draft("by_last_year").holding(**{"ewr-ua-flights": 46_000.0}))
    for row in mine.proposals(NEWARK, PERIOD, only_open=True, parents=[GOAL]).lines.iter_rows(named=True):
        owner = Asker(next(iter(leaders(mine, row["owner"]))))
        mine.answer_proposal(owner, row["line"], "agree")
    assert mine.resplit_offers(NEWARK, PERIOD) == []
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, GOAL, {"target": 120_000}, PERIOD))
    offer = mine.resplit_offers(NEWARK, PERIOD)[0]
    assert (offer.goal, offer.draft.method) == (GOAL, "by_last_year")
    assert dict(offer.draft.held) == {"ewr-ua-flights": 46_000.0}
    found = mine.drafted(NEWARK, GOAL, PERIOD, offer.draft)
    assert found.lines["target"].sum() == 120_000
    assert any(duty.kind.value == "resplit" for duty in todo(mine, NEWARK))
    assert GOAL in {one.goal for one in mine.resplit_offers(EXECUTIVE, PERIOD)}
    asked_of = {duty.choices.get("goal") for duty in todo(mine, EXECUTIVE) if duty.kind.value == "resplit"}
    assert GOAL not in asked_of, "whoever leads the unit splits it; the executive may, and need not"
    assert mine.resplit_offers(JFK, PERIOD) == []


def test_a_target_that_was_never_split_here_is_offered_in_the_present_proportions(mine: Workspace) -> None:
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "jfk-flights", {"target": 120_000}, PERIOD))
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "jfk-ontime", {"target": 78.99}, PERIOD))
    offers = {offer.goal: offer for offer in mine.resplit_offers(JFK, PERIOD)}
    assert {"jfk-flights", "jfk-ontime"} <= offers.keys()
    flights = mine.drafted(JFK, "jfk-flights", PERIOD, offers["jfk-flights"].draft)
    assert flights.lines["target"].sum() == 120_000
    for before, after in flights.lines.select("target_before", "target").iter_rows():
        # Proportions to within the step that rounding may cost.
        assert abs(Fraction(after) - Fraction(before) * 120_000 / 109_609) < 1
    ontime = mine.drafted(JFK, "jfk-ontime", PERIOD, offers["jfk-ontime"].draft)
    assert ontime.shown is not None
    assert ontime.shown.weighted_mean == pytest.approx(78.99, abs=0.005)


def leaders(ws: Workspace, unit: str) -> set[str]:
    rows = ws.company().assignments.filter(
        pl.col("unit") == unit, pl.col("role") == "station_manager", pl.col("ends").is_null()
    )
    return set(rows["person"])


# Laws


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    method=st.sampled_from(["equal", "by_weight", "by_headcount", "by_last_year"]),
    buffer=st.sampled_from(["0%", "2%"]),
)
def test_what_is_agreed_and_what_is_left_is_what_the_whole_asks(
    demo_store, tmp_path_factory, data, method, buffer
) -> None:
    """Whatever is held, countered and accepted: assigned + unassigned − over = target, and the draft says the same."""
    path = tmp_path_factory.mktemp("law") / "law.duckdb"
    shutil.copy(demo_store, path)
    ws = Workspace.open(path, demo=True)
    try:
        held = data.draw(
            st.dictionaries(st.sampled_from(["ua", "ev", "b6", "wn"]), st.integers(0, 60_000).map(float), max_size=3)
        )
        draft = Draft(method, buffer=buffer).holding(**{f"ewr-{name}-flights": value for name, value in held.items()})
        proposed(ws, draft)
        for row in ws.proposals(NEWARK, PERIOD, only_open=True, parents=[GOAL]).lines.iter_rows(named=True):
            owner = Asker(next(iter(leaders(ws, row["owner"]))))
            if data.draw(st.booleans()) and row["target"] != 100.0:
                ws.answer_proposal(owner, row["line"], "counter", value=100, words="Less")
                ws.answer_proposal(NEWARK, row["line"], "accept", words="So be it")
            else:
                ws.answer_proposal(owner, row["line"], "agree")
        goals = ws.company().goals
        assigned = goals.filter(pl.col("parent") == GOAL, pl.col("metric") == "flights_operated")["target"].sum()
        found = ws.reconciliation(ADMINISTRATOR, GOAL, PERIOD).row
        assert found["assigned"] == assigned
        whole = 119_024
        between = whole < assigned <= round(whole * 1.02)
        if buffer == "0%" or not between:
            top = whole if buffer == "0%" or assigned <= whole else round(whole * (1 + found["buffer"]))
            assert assigned + found["unassigned"] - found["over_assigned"] == top
        assert ws.drafted(NEWARK, GOAL, PERIOD).shown.assigned == assigned
    finally:
        ws.close()


def test_a_proposal_is_one_step_of_the_plan_or_none(mine: Workspace) -> None:
    """An answer that cannot be written leaves neither a target nor an answer behind."""
    proposed(mine, moving(ua=46_000))
    line = line_of(mine, "ewr-ua-flights")["line"]
    version = definitions_version(mine.store)
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "ewr-ua-flights", {"target": 45_900}, PERIOD))
    with pytest.raises(InvalidInput):
        mine.answer_proposal(UNITED, line, "agree")
    assert definitions_version(mine.store) == version + 1
    assert line_of(mine, "ewr-ua-flights")["state"] == "proposed"


def test_a_line_of_somebody_out_of_reach_answers_as_one_there_is_not(mine: Workspace, monkeypatch) -> None:
    proposed(mine, moving(ua=46_000))
    line, read = line_of(mine, "ewr-ua-flights")["line"], answering.read_lines

    def of_a_person(*asked, **more):
        return read(*asked, **more).with_columns(owner_kind=pl.lit("person"), owner=pl.lit("p0201"))

    monkeypatch.setattr(answering, "read_lines", of_a_person)
    for number in (line, line + 10_000):
        with pytest.raises(NotFound, match=f"no line {number} of a proposal that you may read"):
            mine.answer_proposal(DUTY, number, "agree")
