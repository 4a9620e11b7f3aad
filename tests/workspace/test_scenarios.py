"""Scenarios: nothing changes by asking, and what is told is what comes out when the same edits are really made."""

import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ruamel.yaml import YAML

from kpiflow.definitions.exporting import export_company
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.storage.journal import read_journal
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Workspace, render
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.commands import apply
from kpiflow.workspace.paying import paid_by, valid_plans
from kpiflow.workspace.results import results
from kpiflow.workspace.scenarios.answers import Part, Supposition
from kpiflow.workspace.scenarios.edits import read_edits, written_edits
from kpiflow.workspace.scenarios.evaluating import FEW, evaluated, imagined, replaced
from tests.workspace.shop import measured, opened

EXECUTIVE, HR, HEAD_OF_EWR, DUTY_MANAGER = Asker("p0001"), Asker("p0005"), Asker("p0002"), Asker("p0101")
PERIOD = "2013"


def so(*edits: dict[str, Any], period: str = PERIOD) -> Supposition:
    return Supposition(period, read_edits(list(edits)))


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened_here = Workspace.open(path, demo=True)
    yield opened_here
    opened_here.close()


def outcome(ws: Workspace, period: str = PERIOD) -> pl.DataFrame:
    """Everybody's score, grade and pay as the store has it."""
    people = appraisals(ws, period).people.select("person", "score", "grade")
    for plan in valid_plans(ws, ws.moment(period, None).period):
        people = people.join(
            paid_by(ws, plan, period, None).select("person", pl.col("amount").cast(pl.Decimal(38, 2)).alias(plan.plan)),
            on="person", how="left", maintain_order="left",
        )  # fmt: skip
    plans = people.columns[3:]
    known = pl.any_horizontal(pl.col(plans).is_not_null()) if plans else pl.lit(value=False)
    total = pl.sum_horizontal(pl.col(plans).fill_null(0)) if plans else pl.lit(None)
    return people.select("person", "score", "grade", amount=pl.when(known).then(total))


def told(ws: Workspace, supposed_so: Supposition, when: str = "after") -> pl.DataFrame:
    rows = evaluated(ws, supposed_so).rows
    return rows.select("person", *(pl.col(f"{name}_{when}").alias(name) for name in ("score", "grade", "amount")))


def alike(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Both have the same scores, grades and amounts, to the last digit."""
    assert ours["person"].to_list() == theirs["person"].to_list()
    assert ours["score"].to_list() == theirs["score"].to_list()
    assert ours["grade"].to_list() == theirs["grade"].to_list()
    assert [one and Decimal(one) for one in ours["amount"]] == [one and Decimal(one) for one in theirs["amount"]]


def rewrite(ws: Workspace, folder: Path, file: str, change: Callable[[Any], None]) -> None:
    """Really change the company: write its configuration, change a file by hand, apply the folder."""
    export_company(ws.company(), folder)
    path, yaml = folder / file, YAML(typ="safe")
    held = yaml.load(path)
    change(held)
    with path.open("w", encoding="utf-8") as lines:
        YAML().dump(held, lines)
    assert apply(ws, folder, who="test", reason="really").change is not None


def by(rows: list[dict[str, Any]], key: str, name: str) -> dict[str, Any]:
    return next(row for row in rows if row[key] == name)


def component(held: Any, name: str) -> Any:
    return by(held["components"], "id", name)


PLAN = "plans/service_bonus_2013.yaml"

#: Edits of rules, and the same made by hand in the file that holds them.
RULES: dict[str, tuple[dict[str, Any], str, Callable[[Any], None]]] = {
    "section": (
        {"edit": "section", "scorecard": "station_manager", "section": "punctuality", "weight": 35},
        "scorecards.yaml",
        lambda held: by(by(held["scorecards"], "scorecard", "station_manager")["sections"], "section", "punctuality").update(
            weight=35
        ),
    ),
    "grade": (
        {"edit": "grade", "scale": "a_to_e", "grade": "B", "at_least": 82},
        "grades.yaml",
        lambda held: by(by(held["grades"], "scale", "a_to_e")["bands"], "grade", "B").update(at_least=82),
    ),
    "curve": (
        {"edit": "curve", "curve": {"curve": "anchors", "kind": "linear", "label": "Others", "on": "actual",
         "through": [["threshold", 40], ["target", 100], ["stretch", 140]], "below": "zero", "above": "cap"}},
        "curves.yaml",
        lambda held: by(held["curves"], "curve", "anchors").update(
            label="Others", through=[["threshold", 40], ["target", 100], ["stretch", 140]]
        ),
    ),
    "plan number": (
        {"edit": "plan", "plan": "service_bonus_2013", "path": "basis.months", "value": 11}, PLAN,
        lambda held: component(held, "basis").update(months=11),
    ),
    "plan curve": (
        {"edit": "plan", "plan": "service_bonus_2013", "path": "department.curve.points",
         "value": [[50, "50%"], [90, "100%"], [120, "150%"]]}, PLAN,
        lambda held: component(held, "department")["curve"].update(points=[[50, "50%"], [90, "100%"], [120, "150%"]]),
    ),
    "plan row": (
        {"edit": "plan", "plan": "service_bonus_2013", "path": "personal.rows.2.gives", "value": "90%"}, PLAN,
        lambda held: component(held, "personal")["rows"][2].update(gives="90%"),
    ),
    "plan, whom": (
        {"edit": "plan", "plan": "service_bonus_2013", "path": "who.roles", "value": ["station_manager"]}, PLAN,
        lambda held: held["who"].update(roles=["station_manager"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_rules_supposed_come_to_what_rules_made_come_to(mine, tmp_path, case):
    edit, file, change = RULES[case]
    supposed = told(mine, so(edit))
    before = outcome(mine)
    rewrite(mine, tmp_path / "config", file, _without_examples(change) if file == PLAN else change)
    alike(supposed, outcome(mine))
    moved = before.join(supposed, on="person").filter(
        pl.col("score").ne_missing(pl.col("score_right"))
        | pl.col("grade").ne_missing(pl.col("grade_right"))
        | pl.col("amount").ne_missing(pl.col("amount_right"))
    )
    assert moved.height, "an edit that moves nobody tests nothing"


def _without_examples(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same change of a plan whose worked examples, which would now fail, are taken out."""

    def made(held: Any) -> None:
        held.pop("examples", None)
        change(held)

    return made


def test_a_plan_added_and_one_dropped(mine, tmp_path):
    flat = {
        "plan": "flat", "label": "Flat", "who": {"roles": ["duty_manager"]}, "starts": "2013-01-01", "currency": "USD",
        "components": [{"id": "basis", "kind": "basis", "of": "salary_month", "months": 1, "share": "10%"}],
    }  # fmt: skip
    edits = ({"edit": "drop_plan", "plan": "service_bonus_2013"}, {"edit": "add_plan", "plan": flat})
    supposed = told(mine, so(*edits))
    folder = tmp_path / "config"
    export_company(mine.company(), folder)
    (folder / PLAN).unlink()
    with (folder / "plans/flat.yaml").open("w", encoding="utf-8") as lines:
        YAML().dump(flat, lines)
    apply(mine, folder, who="test", reason="really")
    alike(supposed, outcome(mine))
    assert supposed["amount"].drop_nulls().len() < told(mine, so())["amount"].len()


#: Edits of goals, as the fields that a head would change one by one.
GOALS: dict[str, dict[str, Any]] = {
    "a unit's target": {"edit": "goals", "goal": "nyc-ontime", "to": 80.5},
    "a weight": {"edit": "goals", "goal": "ewr-ontime", "field": "weight", "to": 90.0},
    "a weight in the goal above": {"edit": "goals", "goal": "nyc-cancelled", "field": "rollup_weight", "to": 30.0},
    "a threshold": {"edit": "goals", "goal": "ewr-9e-ontime", "field": "threshold", "to": 60.0},
    "a factor on a metric": {"edit": "goals", "metric": "departure_delay", "times": 1.1},
    "a factor in a unit": {"edit": "goals", "metric": "cancelled_rate", "unit": "LGA", "times": 1.1},
}


@pytest.mark.parametrize("case", GOALS)
def test_goals_supposed_come_to_what_goals_changed_come_to(mine, case):
    edit = GOALS[case]
    supposed, field = so(edit), edit.get("field", "target")
    ours, rows = told(mine, supposed), results(imagined(mine, supposed), PERIOD)
    before, moved = told(mine, supposed, "before"), evaluated(mine, supposed).moved
    assert moved.height or ours.rows() != before.rows(), "an edit that moves nothing tests nothing"
    now = mine.company().goals.filter(pl.col("cycle") == PERIOD)
    if "goal" in edit:
        values = {edit["goal"]: edit["to"]}
    else:
        chosen = now.filter(pl.col("metric") == edit["metric"], pl.col("target").is_not_null())
        if "unit" in edit:
            chosen = chosen.filter(
                pl.col("goal").str.to_lowercase().str.contains(edit["unit"].lower()) | _works_in(mine, edit["unit"])
            )
        values = {
            goal: float(f"{target * edit['times']:.12g}")
            for goal, target in chosen.select("goal", "target").iter_rows()
        }
    assert values
    for goal, value in values.items():
        shown = mine.preview_change(ADMINISTRATOR, goal, {field: value}, PERIOD)
        mine.make_change(ADMINISTRATOR, shown, reason="really")
    alike(ours, outcome(mine))
    really = results(mine, PERIOD)
    both = really.join(rows, on="goal", suffix="_supposed")
    assert both.height == really.height == rows.height
    assert both.filter(pl.col("points").ne_missing(pl.col("points_supposed"))).is_empty()
    assert both.filter(pl.col("target").ne_missing(pl.col("target_supposed"))).is_empty()


def _works_in(ws: Workspace, unit: str) -> pl.Expr:
    """Whether a goal is that of somebody who works below a unit, by the ids of units alone."""
    inside = [one for one in ws.company().units["unit"] if one == unit or one.startswith(f"{unit}-")]
    people = ws.company().assignments.filter(pl.col("unit").is_in(inside))["person"]
    return pl.col("owner").is_in(people.implode())


def test_edits_build_on_those_before_them(mine, tmp_path):
    edits = ({"edit": "goals", "goal": "nyc-ontime", "to": 80.0}, {"edit": "goals", "goal": "nyc-ontime", "times": 1.01},
             RULES["grade"][0], RULES["plan number"][0])  # fmt: skip
    supposed = told(mine, so(*edits))
    shown = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 80.8}, PERIOD)
    mine.make_change(ADMINISTRATOR, shown, reason="really")
    rewrite(mine, tmp_path / "one", "grades.yaml", RULES["grade"][2])
    rewrite(mine, tmp_path / "two", PLAN, _without_examples(RULES["plan number"][2]))
    alike(supposed, outcome(mine))


def test_an_end_comes_to_what_measuring_it_comes_to(tmp_path):
    """Ann's sales really recorded: every goal whose result moves by it, supposed to end there, gives the same."""
    first, second = opened(tmp_path / "first"), opened(tmp_path / "second")
    year = [(metric, who, f"2026-0{month}-10", float(3 + month + len(who)))
            for metric in ("sales", "returns") for who in ("ann", "ben", "cyd") for month in range(1, 9)]  # fmt: skip
    measured(first, "year", "2026-09-01", *year)
    measured(second, "year", "2026-09-01", *year, ("sales", "ann", "2026-08-20", 37.0))
    now, then = results(first, "2026"), results(second, "2026")
    moved = now.join(then, on="goal", suffix="_then").filter(
        pl.col("actual").ne_missing(pl.col("actual_then")), pl.col("metric").is_not_null(), pl.col("rollup") == "own"
    )
    assert moved.height > 1
    edits = [{"edit": "ends", "goal": goal, "at": at} for goal, at in moved.select("goal", "actual_then").iter_rows()]
    supposed = told(first, so(*edits, period="2026"))
    theirs = appraisals(second, "2026").people
    assert supposed["score"].to_list() == theirs["score"].to_list()
    assert supposed["grade"].to_list() == theirs["grade"].to_list()
    assert supposed["score"].to_list() != told(first, so(period="2026"))["score"].to_list()
    first.close(), second.close()


@pytest.mark.parametrize("period", ["2013", "2013-Q2", "2013-06"])
def test_an_empty_scenario_changes_nothing(ws, period):
    empty = so(period=period)
    rows = evaluated(ws, empty).rows
    for name in ("score", "grade", "amount"):
        assert rows[f"{name}_before"].equals(rows[f"{name}_after"])
    people = appraisals(ws, period).people
    assert rows["score_before"].to_list() == people["score"].to_list()
    effect = ws.scenario_effect(EXECUTIVE, empty)
    assert (effect.gain.people, effect.lose.people, effect.regraded, effect.cost) == (0, 0, 0, effect.cost_now)
    assert effect.goals.is_empty()


def test_a_closed_period_is_open_to_what_if_and_stays_closed(ws):
    """What is frozen must not hide what the scenario changes, and is what it is held against."""
    frozen = appraisals(ws, "2013-Q2").people
    rows = evaluated(ws, so(RULES["grade"][0], period="2013-Q2")).rows
    assert rows["grade_before"].to_list() == frozen["grade"].to_list()
    better = rows.filter(
        pl.col("score_before").round(2).is_between(82, 90, closed="left"), pl.col("grade_before").is_not_null()
    )
    assert better.height
    assert set(better["grade_after"]) == {"B"}
    assert appraisals(ws, "2013-Q2").people.equals(frozen)


def test_ends_at_what_is_there_change_nothing(ws):
    rows = evaluated(ws, so({"edit": "ends", "times": 1})).rows
    assert rows["score_before"].to_list() == rows["score_after"].to_list()
    assert rows["amount_before"].to_list() == rows["amount_after"].to_list()


def test_asking_writes_nothing_and_saving_writes_no_plan(mine):
    known, entries = mine.known(None), read_journal(mine.store, limit=10_000).height
    supposed = so(
        *(edit for edit, _, _ in RULES.values()), GOALS["a unit's target"], {"edit": "ends", "of": "forecast"}
    )
    mine.scenario_effect(EXECUTIVE, supposed)
    mine.scenario_why(EXECUTIVE, supposed, "p0002")
    assert (mine.known(None), read_journal(mine.store, limit=10_000).height) == (known, entries)
    saved = mine.save_scenario(EXECUTIVE, "All at once", supposed)
    assert mine.known(None) == known
    assert mine.scenario(EXECUTIVE, saved.number).edits == supposed.edits
    assert read_journal(mine.store, limit=1)["action"][0] == "make_scenario"


def test_the_sums_are_those_of_a_slow_walk(ws):
    supposed = so(RULES["plan curve"][0], RULES["grade"][0], {"edit": "goals", "goal": "nyc-ontime", "to": 79.5})
    rows = evaluated(ws, supposed).rows.to_dicts()
    effect = ws.scenario_effect(EXECUTIVE, supposed, Part(show="all", size=10_000))
    gains = [row["amount_after"] - row["amount_before"] for row in rows
             if row["amount_before"] is not None and row["amount_after"] is not None]  # fmt: skip
    up, down = [one for one in gains if one > 0], [one for one in gains if one < 0]
    assert up
    assert (effect.gain.people, effect.gain.total, effect.gain.largest) == (len(up), sum(up), max(up))
    assert (effect.lose.people, effect.lose.total) == (len(down), -sum(down))
    assert effect.cost - effect.cost_now == sum(gains)
    parents = dict(ws.company().units.select("unit", "parent").iter_rows())

    def above(unit: str | None) -> list[str]:
        return [] if unit is None else [unit, *above(parents[unit])]

    for unit in effect.units.to_dicts():
        inside = [row for row in rows if unit["unit"] in above(row["unit"])]
        assert unit["people"] == len(inside)
        assert unit["paid_after"] == sum(row["amount_after"] or 0 for row in inside)
        scores = [row["score_after"] for row in inside if row["score_after"] is not None]
        if scores:
            assert unit["score_after"] == pytest.approx(sum(scores) / len(scores), abs=1e-6)
    for grade in effect.grades.to_dicts():
        assert grade["before"] == sum(row["grade_before"] == grade["grade"] for row in rows)
        assert grade["after"] == sum(row["grade_after"] == grade["grade"] for row in rows)
    assert effect.regraded == sum(row["grade_before"] != row["grade_after"] for row in rows)
    assert {row["person"] for row in effect.rows.to_dicts()} == {row["person"] for row in rows}


def test_pages_and_units_of_the_list(ws):
    supposed = so(RULES["plan curve"][0])
    everybody = ws.scenario_effect(HR, supposed, Part(show="gain", size=1000))
    pages = [
        ws.scenario_effect(HR, supposed, Part(show="gain", start=start, size=7)).rows
        for start in range(0, everybody.found, 7)
    ]
    assert pl.concat(pages)["person"].to_list() == everybody.rows["person"].to_list()
    changes = everybody.rows["change"].abs().to_list()
    assert changes == sorted(changes, reverse=True)
    in_ewr = ws.scenario_effect(HR, supposed, Part(show="gain", unit="EWR", size=1000))
    assert 0 < in_ewr.found < everybody.found
    with pytest.raises(NotFound, match="EWR"):
        ws.scenario_effect(HR, supposed, Part(unit="EWRR"))
    with pytest.raises(NotFound, match="gain"):
        ws.scenario_effect(HR, supposed, Part(show="gains"))


def test_the_moves_of_a_person_add_up_to_the_whole(ws):
    supposed = so(RULES["plan curve"][0], RULES["grade"][0], {"edit": "goals", "goal": "ewr-ontime", "to": 79.5},
                  {"edit": "ends", "metric": "ontime_rate", "times": 1.02})  # fmt: skip
    for person in ("p0002", "p0201", "p0101"):
        why = ws.scenario_why(HR, supposed, person)
        assert len(why.moves) == 4
        assert sum(move.amount for move in why.moves) == why.amount - why.amount_now
        assert sum(move.score for move in why.moves) == pytest.approx(why.score - why.score_now, abs=1e-9)
        assert why.lines[-1]["after"] == why.amount
        for locale in LOCALES:
            assert all(render(move.said, locale) for move in why.moves)


def test_a_head_sees_their_subtree_and_staff_none(ws):
    supposed = so(RULES["plan curve"][0])
    inside = set(evaluated(ws, supposed).rows["person"]) & set(ws.reach(HEAD_OF_EWR).people)
    effect = ws.scenario_effect(HEAD_OF_EWR, supposed, Part(show="all", size=10_000))
    assert set(effect.rows["person"]) == inside
    assert effect.people == len(inside) < ws.scenario_effect(HR, supposed).people
    assert set(effect.units["unit"]) <= {one for one in ws.company().units["unit"] if one.startswith("EWR")}
    with pytest.raises(Refused):
        ws.scenario_why(HEAD_OF_EWR, supposed, "p0003")
    for ask in (
        ws.scenarios,
        lambda one: ws.scenario_effect(one, supposed),
        lambda one: ws.plan_parameters(one, "service_bonus_2013"),
    ):
        with pytest.raises(Refused):
            ask(DUTY_MANAGER)


def test_pay_is_shown_to_whom_it_may_be_shown(demo_store, tmp_path):
    """A head whose role reads appraisals but no pay: gains are counted in points, and no amount leaves the door."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    with_roles = Workspace.open(path, demo=True)
    rewrite(
        with_roles,
        tmp_path / "config",
        "roles.yaml",
        lambda held: by(held["roles"], "role", "department_head").pop("pay"),
    )
    supposed = so(RULES["plan curve"][0], RULES["curve"][0])
    effect = with_roles.scenario_effect(HEAD_OF_EWR, supposed, Part(show="all", size=1000))
    own = effect.rows.filter(pl.col("person") == "p0002")
    assert (
        effect.rows.filter(pl.col("person") != "p0002").select("amount_before", "amount_after").null_count().row(0)
        == (effect.rows.height - own.height,) * 2
    )
    why = with_roles.scenario_why(HEAD_OF_EWR, supposed, "p0201")
    assert (why.amount, why.amount_now, why.lines, why.statements) == (None, None, (), ())
    assert all(move.amount is None for move in why.moves)
    with_roles.close()


def test_saved_shared_and_closed(mine):
    supposed = so(GOALS["a weight"])
    saved = mine.save_scenario(EXECUTIVE, "  Heavier   on time ", supposed, words="to talk about")
    assert (saved.number, saved.version, saved.name, saved.who, saved.mine) == (
        saved.number,
        1,
        "Heavier on time",
        "p0001",
        True,
    )
    assert saved.number not in [one.number for one in mine.scenarios(HR)]
    with pytest.raises(NotFound):
        mine.scenario(HR, saved.number)
    with pytest.raises(NotFound):
        mine.scenario_effect(HR, saved.number)
    mine.mark_scenario(EXECUTIVE, saved.number, shared=True)
    seen = mine.scenario(HR, saved.number)
    assert (seen.mine, seen.version, seen.edits) == (False, 2, supposed.edits)
    assert mine.scenario_effect(HR, saved.number).people == mine.scenario_effect(EXECUTIVE, supposed).people
    with pytest.raises(Refused):
        mine.save_scenario(HR, "Mine now", supposed, number=saved.number)
    with pytest.raises(Refused):
        mine.mark_scenario(HR, saved.number, closed=True)
    again = mine.save_scenario(EXECUTIVE, "Lighter", so({**GOALS["a weight"], "to": 1.0}), number=saved.number)
    assert (again.version, again.shared) == (3, True)
    assert mine.scenario(EXECUTIVE, saved.number, version=1).edits == supposed.edits
    mine.mark_scenario(EXECUTIVE, saved.number, closed=True)
    assert saved.number not in [one.number for one in mine.scenarios(EXECUTIVE)]
    assert saved.number in [one.number for one in mine.scenarios(EXECUTIVE, every=True)]


def test_edits_about_people_out_of_reach_stay_unread(mine):
    edit = {"edit": "goals", "goal": "p0003-ontime", "to": 70.0}
    goal = mine.company().goals.filter(pl.col("owner") == "p0003", pl.col("target").is_not_null())["goal"][0]
    supposed = so({**edit, "goal": goal}, RULES["grade"][0])
    with pytest.raises(Refused):
        mine.scenario_effect(HEAD_OF_EWR, supposed)
    saved = mine.save_scenario(EXECUTIVE, "About somebody", supposed)
    mine.mark_scenario(EXECUTIVE, saved.number, shared=True)
    seen = mine.scenario(HEAD_OF_EWR, saved.number)
    assert (len(seen.edits), len(seen.said), seen.hidden) == (1, 1, 1)
    why = mine.scenario_why(HEAD_OF_EWR, saved.number, "p0201")
    assert len(why.moves) == 2
    assert goal not in repr(why.moves)
    with pytest.raises(Refused):
        mine.preview_scenario(HEAD_OF_EWR, saved.number)


def test_applying_writes_the_goals_and_says_which_scenario(mine, tmp_path):
    supposed = so({"edit": "goals", "metric": "cancelled_rate", "unit": "EWR", "times": 0.9}, RULES["grade"][0],
                  RULES["plan number"][0], {"edit": "ends", "times": "1.01"})  # fmt: skip
    saved = mine.save_scenario(EXECUTIVE, "Fewer cancellations", supposed)
    shown = mine.preview_scenario(EXECUTIVE, saved.number)
    assert shown.changes.height > 3
    assert shown.changes["may"].all()
    assert set(shown.changes["measure"]) == {"percent"}
    assert "Newark" in " ".join(shown.changes["owner_label"]), "owners are named as people know them"
    assert shown.ends == 1
    assert set(shown.files) == {"grades.yaml", PLAN}
    assert "at_least: 82" in shown.files["grades.yaml"]
    assert "version: 2" in shown.files[PLAN]
    before = mine.known(None)
    made = mine.apply_scenario(EXECUTIVE, shown, reason="agreed")
    assert made.goals == shown.changes["goal"].n_unique()
    assert mine.known(None).measurements == before.measurements
    written = mine.company().goals.join(shown.changes.select("goal", "after"), on="goal")
    assert written["target"].to_list() == written["after"].to_list()
    assert mine.company().grades == mine.company(None).grades
    entry = read_journal(mine.store, action="apply_scenario").row(0, named=True)
    assert entry["subject"] == f"scenario {saved.number}"
    assert f'"change": {made.change}' in entry["detail"]
    assert mine.scenario(EXECUTIVE, saved.number).applied is not None
    with pytest.raises(InvalidInput, match="changed since"):
        mine.apply_scenario(EXECUTIVE, shown, reason="twice")


def test_applying_needs_the_right_to_set_the_targets(mine):
    supposed = so({"edit": "goals", "goal": "nyc-ontime", "to": 90.0})
    saved = mine.save_scenario(HR, "Not for HR", supposed)
    shown = mine.preview_scenario(HR, saved.number)
    assert not shown.allowed
    assert not shown.changes["may"].any()
    assert shown.reasons
    before = mine.known(None)
    with pytest.raises(Refused):
        mine.apply_scenario(HR, shown, reason="tried")
    everywhere = mine.save_scenario(
        HEAD_OF_EWR, "Everywhere", so({"edit": "goals", "metric": "ontime_rate", "times": 1.01})
    )
    seen = mine.preview_scenario(HEAD_OF_EWR, everywhere.number)
    inside = mine.reach(HEAD_OF_EWR).people
    assert set(seen.changes.filter(pl.col("owner_kind") == "person")["owner"]) <= inside
    assert seen.hidden
    assert not seen.allowed
    with pytest.raises(Refused):
        mine.apply_scenario(HEAD_OF_EWR, seen, reason="tried")
    easing = mine.save_scenario(EXECUTIVE, "Easier", so({"edit": "goals", "goal": "ewr-ontime", "to": 50.0}))
    with pytest.raises(InvalidInput, match="reason"):
        mine.apply_scenario(EXECUTIVE, mine.preview_scenario(EXECUTIVE, easing.number))
    rules_only = mine.save_scenario(EXECUTIVE, "Rules", so(RULES["grade"][0]))
    with pytest.raises(InvalidInput, match="no goal"):
        mine.apply_scenario(EXECUTIVE, mine.preview_scenario(EXECUTIVE, rules_only.number), reason="tried")
    assert mine.known(None) == before


def test_compared_side_by_side(mine):
    one = mine.save_scenario(HR, "One", so(RULES["grade"][0]))
    two = mine.save_scenario(HR, "Two", so(RULES["plan curve"][0]))
    both = mine.compare_scenarios(HR, [one.number, two.number])
    assert [scenario.name for scenario in both.scenarios] == ["One", "Two"]
    alone = mine.scenario_effect(HR, one.number)
    assert both.effects[0].cost == alone.cost
    assert both.grades[str(one.number)].to_list() == alone.grades["after"].to_list()
    assert both.grades["now"].to_list() == alone.grades["before"].to_list()
    other = mine.save_scenario(HR, "June", so(RULES["grade"][0], period="2013-06"))
    with pytest.raises(InvalidInput, match="periods"):
        mine.compare_scenarios(HR, [one.number, other.number])
    with pytest.raises(InvalidInput):
        mine.compare_scenarios(HR, [])


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "goal": ({"edit": "goals", "goal": "nyc-ontim", "to": 1}, NotFound, "nyc-ontime"),
    "metric": ({"edit": "goals", "metric": "ontime_rat", "times": 2}, NotFound, "ontime_rate"),
    "unit": ({"edit": "goals", "metric": "ontime_rate", "unit": "EWRR", "times": 2}, NotFound, "EWR"),
    "curve": ({"edit": "curve", "curve": {"curve": "anchor", "kind": "proportional"}}, NotFound, "anchors"),
    "section": ({"edit": "section", "scorecard": "station_manager", "section": "punctual", "weight": 1}, NotFound, "punctuality"),
    "grade": ({"edit": "grade", "scale": "a_to_e", "grade": "B", "at_least": 101}, InvalidInput, "go down"),
    "plan": ({"edit": "plan", "plan": "service_bonus", "path": "complaints.each", "value": 1}, NotFound, "service_bonus_2013"),
    "component": ({"edit": "plan", "plan": "service_bonus_2013", "path": "complaint.each", "value": 1}, NotFound, "complaints"),
    "field": ({"edit": "plan", "plan": "service_bonus_2013", "path": "complaints.eech", "value": 1}, NotFound, "each"),
    "value": ({"edit": "plan", "plan": "service_bonus_2013", "path": "complaints.each", "value": "much"}, InvalidInput, "number"),
    "units of the plan": ({"edit": "plan", "plan": "service_bonus_2013", "path": "gross.of", "value": ["basis", "basis"]},
                          InvalidInput, "Money times money"),
    "no place": ({"edit": "plan", "plan": "service_bonus_2013", "path": "personal.rows.9.gives", "value": 1}, NotFound, "9"),
    "ends of a sum": ({"edit": "ends", "goal": "nyc-reliability", "at": 1}, InvalidInput, "not measured"),
    "twice": ({"edit": "add_plan", "plan": {"plan": "service_bonus_2013", "label": "x", "starts": "2013-01-01", "currency": "USD",
               "components": [{"id": "basis", "kind": "basis", "of": "salary_month", "share": 1}]}}, InvalidInput, "already"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_says_so(ws, case):
    edit, kind, word = WRONG[case]
    with pytest.raises(kind) as problem:
        ws.scenario_effect(HR, so(edit))
    assert word in str(problem.value)
    assert all(render(problem.value.message, locale) for locale in LOCALES)


@pytest.mark.parametrize(
    "edit",
    [{"edit": "goals", "goal": "x"}, {"edit": "goals", "metric": "x", "to": 3}, {"edit": "ends", "goal": "x"},
     {"edit": "nothing"}, {"edit": "grade", "scale": "a"}, {"edit": "curve", "curve": {"kind": "proportional"}}],
)  # fmt: skip
def test_edits_that_cannot_be_read(edit):
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_edits([edit])


def test_edits_are_read_as_they_were_written(ws):
    edits = so(
        *(edit for edit, _, _ in RULES.values()), *GOALS.values(), {"edit": "ends", "of": "forecast", "unit": "EWR"}
    ).edits
    assert read_edits(written_edits(edits)) == edits


def test_every_edit_says_itself_in_both_languages(mine):
    edits = [*(edit for edit, _, _ in RULES.values()), *GOALS.values(), {"edit": "ends", "of": "forecast", "unit": "EWR"},
             {"edit": "ends", "goal": "ewr-ontime", "at": 80}, {"edit": "ends", "metric": "ontime_rate", "times": 1.1},
             {"edit": "drop_plan", "plan": "service_bonus_2013"}]  # fmt: skip
    saved = mine.save_scenario(HR, "Everything", so(*edits))
    assert len(saved.said) == len(edits)
    for english, chinese in ((render(one, "en"), render(one, "zh")) for one in saved.said):
        assert english != chinese


def test_plan_parameters_lead_to_their_values(ws):
    found = {one.path: one for one in ws.plan_parameters(HR, "service_bonus_2013")}
    assert found["complaints.each"].value == 50
    assert found["personal.rows.3.gives"].value == 0.6
    assert found["company.curve.points.2.1"].value == 1.5
    said = [render(one.field, "zh") for one in found.values()]
    assert not [one for one in said if re.search("[a-z]", one)], "a reader of Chinese reads no field of a file"
    for path, one in found.items():
        edit = {"edit": "plan", "plan": "service_bonus_2013", "path": path, "value": one.value}
        rows = evaluated(ws, so(edit)).rows
        assert rows["amount_before"].equals(rows["amount_after"]), path


@pytest.mark.parametrize("touched", [0, 1, 3, FEW + 1, FEW * 3], ids=str)
def test_goals_scored_again_stand_where_they_stood(touched: int) -> None:
    before = pl.DataFrame({"goal": [f"g{n * 7 % 151}" for n in range(151)], "points": [float(n) for n in range(151)]})
    news = before.sample(touched, seed=touched).with_columns(points=-pl.col("points") - 1)
    due = dict(before.iter_rows()) | dict(news.iter_rows())
    assert list(replaced(before, news).iter_rows()) == list(due.items())
    new = pl.DataFrame({"goal": ["new"], "points": [5.0]})
    assert dict(replaced(before, pl.concat([news, new])).iter_rows()) == due | {"new": 5.0}
