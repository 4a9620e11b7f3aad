"""The list of scores: what a slow walk over the company finds, only what may be read, every number taken apart."""

import statistics
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Workspace, render
from kpiflow.workspace.listing import appraisal_rows
from kpiflow.workspace.results import results
from kpiflow.workspace.scores.wanted import ORDERS, Page, Wanted
from tests.workspace.shop import measured, opened

HR, HEAD_OF_EWR, DUTY_MANAGER, AUDITOR = Asker("p0005"), Asker("p0002"), Asker("p0101"), Asker("p0006")
PERIODS = ("2013", "2013-02", "2013-06")


def below(ws: Workspace, unit: str) -> set[str]:
    """The unit and every unit under it, by walking from each unit up."""
    parents = dict(ws.company().units.select("unit", "parent").iter_rows())

    def above(one: str | None) -> list[str]:
        return [] if one is None else [one, *above(parents[one])]

    return {one for one in parents if unit in above(one)}


def taken(ws: Workspace, role: str, goal: dict) -> bool:
    """Whether a section of a role's scorecard takes a goal; without a scorecard all count."""
    cards = [card for card in ws.company().scorecards.values() if role in card.roles]
    return not cards or any(
        part.source == "goals"
        and (not part.metrics or goal["metric"] in part.metrics)
        and (not part.kinds or goal["kind"] in part.kinds)
        for part in cards[0].sections
    )


def bare_goals(ws: Workspace, person: str, period: str) -> set[str]:
    """A person's committed goals that count and have no data of their own, read off the results one by one."""
    role = next(row["role"] for row in appraisal_rows(ws, ADMINISTRATOR, period) if row["person"] == person)
    return {
        row["goal"]
        for row in results(ws, period).to_dicts()
        if (row["owner"], row["owner_kind"], row["commitment"]) == (person, "person", "committed")
        and taken(ws, role, row)
        and (row["missing"] is not None or row["points"] is None or row["coverage"] < 1)
    }


def walked(ws: Workspace, period: str, wanted: Wanted) -> dict[str, dict]:
    """The people who fit a filter, found one at a time from the plain list of appraisals."""
    company = ws.company()
    names = {row["person"]: row for row in company.people.to_dicts()}
    found = {}
    for row in appraisal_rows(ws, ADMINISTRATOR, period):
        person = row["person"]
        words = f"{person} {names[person]['label']} {names[person]['label_zh'] or ''}"
        fits = [
            wanted.unit is None or row["unit"] in below(ws, wanted.unit),
            wanted.role is None or row["role"] == wanted.role,
            wanted.grade is None or row["grade"] == wanted.grade,
            wanted.scorecard is None or row["scorecard"] == wanted.scorecard,
            wanted.below is None or (row["coverage"] or 0.0) < wanted.below,
            not wanted.missing or bool(bare_goals(ws, person, period)),
            wanted.scored is None or (row["score"] is not None) is wanted.scored,
            all(
                unicodedata.normalize("NFKC", one).lower() in unicodedata.normalize("NFKC", words).lower()
                for one in (wanted.text or "").split()
            ),
        ]
        if all(fits):
            found[person] = row
    return found


@settings(max_examples=40)
@given(
    period=st.sampled_from(PERIODS),
    wanted=st.builds(
        Wanted,
        unit=st.sampled_from([None, None, "NYC", "EWR", "EWR-UA"]),
        role=st.sampled_from([None, None, "station_manager", "hr"]),
        grade=st.sampled_from([None, None, "A", "E"]),
        scorecard=st.sampled_from([None, None, "duty_manager"]),
        below=st.sampled_from([None, None, 1.0, 0.5]),
        missing=st.booleans(),
        scored=st.sampled_from([None, None, True, False]),
        text=st.sampled_from([None, None, "ada", "ＡＤＡ", "P02", "艾达", "e r"]),
    ),
    order=st.sampled_from(sorted(ORDERS)),
    down=st.sampled_from([None, True, False]),
)
def test_the_list_is_what_a_walk_over_everybody_finds(ws, period, wanted, order, down):
    expected = walked(ws, period, wanted)
    pages = [ws.scores(HR, period, None, wanted, page=Page(order, down, number, 25)) for number in (1, 2, 3)]
    first = pages[0]
    listed = [row for one in pages[: first.pages] for row in one.rows.to_dicts()]
    assert [row["person"] for row in listed].__len__() == len({row["person"] for row in listed})
    assert {row["person"]: (row["score"], row["grade"]) for row in listed} == {
        person: (row["score"], row["grade"]) for person, row in expected.items()
    }
    known = [row["score"] for row in expected.values() if row["score"] is not None]
    assert (first.total, first.scored) == (len(expected), len(known))
    assert first.median == (pytest.approx(statistics.median(known)) if known else None)
    assert first.histogram["people"].sum() == len(known)
    for step in first.histogram.to_dicts():
        assert step["people"] == sum(step["starts"] <= score < step["ends"] for score in known)
    grades = [row["grade"] for row in expected.values() if row["grade"] is not None]
    assert {row["grade"]: row["people"] for row in first.grades.to_dicts() if row["people"]} == {
        grade: grades.count(grade) for grade in set(grades)
    }
    assert first.units["people"].sum() == len(known)
    assert first.missing == sum(bool(bare_goals(ws, person, period)) for person in expected)


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_each_order_goes_one_way_with_absent_values_last(ws, order):
    column = {"name": "label", "unit": "unit_label"}.get(order, order)
    for down in (True, False):
        values = ws.scores(HR, "2013-02", page=Page(order, down, 1, 100)).rows[column].to_list()
        known = [value for value in values if value is not None]
        assert values[: len(known)] == known
        assert known == sorted(known, reverse=down)


def test_the_missing_parts_are_named_with_what_the_policy_gave(ws):
    shown = ws.scores(HR, "2013-06", page=Page(size=100))
    named: dict[str, set[str]] = {}
    for row in shown.parts.to_dicts():
        named.setdefault(row["person"], set()).add(row["goal"])
        assert row["policy"] is not None or row["coverage"] < 1
    assert named == {
        row["person"]: bare_goals(ws, row["person"], "2013-06") for row in shown.rows.to_dicts() if row["missing"]
    }
    assert named, "June of the example has somebody without data"


def test_the_change_is_against_the_period_before(ws):
    before = {row["person"]: row["score"] for row in appraisal_rows(ws, ADMINISTRATOR, "2013-01")}
    shown = ws.scores(HR, "2013-02", page=Page(size=100))
    assert shown.period_before == "2013-01"
    for row in shown.rows.to_dicts():
        old = before.get(row["person"])
        assert row["before"] == old
        if old is not None and row["score"] is not None:
            assert row["change"] == pytest.approx(row["score"] - old, abs=1e-9)
    assert ws.scores(HR, "2013").period_before is None


@pytest.mark.parametrize("period", PERIODS)
def test_every_score_is_the_sum_of_its_sections_and_these_of_their_goals(ws, period):
    with_page = set(results(ws, period)["goal"])
    opened_of = set()
    rated = {(card.scorecard, part.section) for card in ws.company().scorecards.values() for part in card.sections
             if part.source == "ratings"}  # fmt: skip
    for row in ws.scores(HR, period, page=Page(size=100)).rows.to_dicts():
        why = ws.score_why(HR, row["person"], period)
        for section in why.sections.to_dicts():
            goals = why.goals.filter(pl.col("section") == section["section"])
            if (row["scorecard"], section["section"]) in rated:
                assert goals.is_empty(), "people judge here, goals do not"
                continue
            assert goals["contribution"].fill_null(0).sum() == pytest.approx(section["contribution"], abs=1e-8)
        if row["score"] is not None:
            assert why.sections["contribution"].sum() == pytest.approx(row["score"], abs=1e-8)
            if not any(card == row["scorecard"] for card, _ in rated):
                assert why.goals["share"].fill_null(0).sum() == pytest.approx(1, abs=1e-8)
        assert set(why.goals["goal"]) <= with_page, "each leads to a page"
        if row["scorecard"] not in opened_of:
            opened_of.add(row["scorecard"])
            for goal in why.goals["goal"]:
                ws.goal(HR, goal, period)


def test_everybody_sees_those_whose_appraisals_their_role_reads(ws):
    everybody = {row["person"] for row in appraisal_rows(ws, ADMINISTRATOR, "2013")}
    assert {*ws.scores(AUDITOR, "2013", page=Page(size=100)).rows["person"]} == everybody
    newark = {row["person"] for row in appraisal_rows(ws, ADMINISTRATOR, "2013") if row["unit"] in below(ws, "EWR")} | {
        "p0002"
    }
    shown = ws.scores(HEAD_OF_EWR, "2013", page=Page(size=100))
    assert {*shown.rows["person"]} == newark
    assert shown.everybody == len(newark)
    assert {choice.id for choice in shown.choices.units} <= below(ws, "EWR") | {"NYC"}
    # Not even the counts tell of others: the filter of another unit finds nobody.
    assert ws.scores(HEAD_OF_EWR, "2013", None, Wanted(unit="JFK")).total == 0
    for asker in (DUTY_MANAGER, Asker("p0011"), Asker(), Asker(account="somebody")):
        with pytest.raises(Refused):
            ws.scores(asker, "2013")
    with pytest.raises(Refused):
        ws.score_why(HEAD_OF_EWR, "p0003", "2013")
    assert ws.score_why(DUTY_MANAGER, "p0101", "2013").row["score"] == pytest.approx(102.3)


def test_words_that_are_not_there_are_refused_with_the_nearest(ws):
    with pytest.raises(NotFound, match="EWR"):
        ws.scores(HR, "2013", None, Wanted(unit="EWRR"))
    with pytest.raises(NotFound, match="score"):
        ws.scores(HR, "2013", page=Page("scores"))
    with pytest.raises(InvalidInput):
        ws.scores(HR, "2013", None, Wanted(below=80))
    with pytest.raises(NotFound):
        ws.score_why(HR, "p9999", "2013")


@pytest.mark.parametrize(("size", "rows"), [(1, 25), (60, 54), (1000, 54)])
def test_a_page_has_between_25_and_100_rows(ws, size, rows):
    assert ws.scores(HR, "2013", page=Page(size=size)).rows.height == rows


def test_a_page_behind_the_last_one_is_the_last_one(ws):
    shown = ws.scores(HR, "2013", page=Page(number=99, size=25))
    assert (shown.page.number, shown.pages, shown.rows.height) == (3, 3, 4)


def test_a_shop_worked_out_on_paper(tmp_path: Path):
    """Ann sold 80 of 100 and 2 of 100 came back against 4; Ben sold 50 and nothing is known of his returns; Cyd sold 100."""
    ws = opened(tmp_path)
    try:
        measured(ws, "year", "2026-12-31", ("sales", "ann", "2026-12-31", 80), ("returns", "ann", "2026-12-31", 2),
                 ("sales", "ben", "2026-12-31", 50), ("sales", "cyd", "2026-12-31", 100))  # fmt: skip
        shown = ws.scores(Asker("hr"), "2026", page=Page("name", size=25))
        rows = {row["person"]: row for row in shown.rows.to_dicts()}
        parts = {row["goal"]: row for row in shown.parts.to_dicts()}
        # Attainment of returns: 4 ÷ 2 or 200 % by the usual convention, at most 100 points: 0.6 × 80 + 0.4 × 100 = 88.
        assert rows["ann"]["score"] == pytest.approx(88)
        assert rows["ann"]["grade"] == "A"
        # Ben's care section is left out: his money section is all of it. Cyd's policy counts silence as 0: 0.6 × 100.
        assert (rows["ben"]["score"], rows["ben"]["coverage"]) == (pytest.approx(50), pytest.approx(0.6))
        assert (rows["cyd"]["score"], rows["cyd"]["grade"]) == (pytest.approx(60), "B")
        assert {goal: part["policy"] for goal, part in parts.items()} == {
            "ben-returns": "exclude",
            "cyd-returns": "zero",
        }
        assert (shown.scored, shown.missing) == (3, 2)
        care = ws.score_why(Asker("hr"), "ben", "2026").sections.filter(pl.col("section") == "care").row(0, named=True)
        assert (care["score"], care["share"], care["contribution"]) == (None, 0.0, 0.0)
        assert {step.name.text: (step.done, step.of) for step in shown.cycle.steps} == {
            "Goals agreed": (6, 6), "Letters signed": (0, 3), "Appraised": (3, 3)
        }  # fmt: skip
    finally:
        ws.close()


def test_what_it_says_is_said_in_every_language(ws):
    for asker, wanted in (
        (HR, Wanted()),
        (HR, Wanted(grade="A")),
        (HR, Wanted(text="nobody at all")),
        (HEAD_OF_EWR, Wanted()),
    ):
        said = [
            [render(line, locale) for line in ws.scores(asker, "2013-02", None, wanted).sentence] for locale in LOCALES
        ]
        assert said[0] != said[1]
        assert all(line for lines in said for line in lines)
