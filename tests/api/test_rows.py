"""Who gets which rows: every list for one person of each role, against the rights worked out by hand from the tables."""

import pytest

from tests.rights import by_hand
from tests.rights.by_hand import PERSONS, Subject

ROLES = tuple(by_hand.PEOPLE)


@pytest.fixture(params=ROLES)
def person(request) -> str:
    return by_hand.PEOPLE[request.param]


def reads(person: str, scope: str, kind: str, owner: str | None) -> bool:
    """Whether a scope of somebody's role reaches an owner; everybody reads the goals of units."""
    if scope == "reads" and kind == "unit":
        return True
    return owner is not None and by_hand.within(person, by_hand.role_of(person)[scope], Subject(kind, owner))


def people_within(person: str, scope: str) -> set[str]:
    return {one for one in by_hand.assigned() if reads(person, scope, "person", one)}


def test_the_plan_is_everybodys(programs, person):
    assert {row["unit"] for row in programs.every(person, "/units")} == set(by_hand.parents())
    assert {row["metric"] for row in programs.every(person, "/metrics")} >= {"ontime_rate", "cancelled_rate"}
    assert {row["period"] for row in programs.every(person, "/periods")} >= {"2013", "2013-Q2", "2013-12"}


def test_people_are_those_whose_rows_may_be_read(programs, person):
    rows = programs.every(person, "/people", limit=7)
    mine = people_within(person, "reads")
    assert {row["person"] for row in rows} == mine
    for row in rows:
        assert row["unit"] == by_hand.assigned()[row["person"]]["unit"]
        assert row["manager"] in ({by_hand.assigned()[row["person"]]["manager"] or None} & (mine | {None})) or (
            row["manager"] is None and by_hand.assigned()[row["person"]]["manager"] not in mine
        )


def goals_within(person: str) -> set[str]:
    found = set()
    for row in by_hand.table("goals"):
        owners = [row["owner"].partition(":"), (row["scope"] or row["owner"]).partition(":")]
        if all(reads(person, "reads", kind, owner) for kind, _, owner in owners):
            found.add(row["goal"])
    return found


def test_goals_are_those_of_units_and_of_people_within_reach(programs, person):
    everything = {row["goal"] for row in programs.every("p0001", "/goals?period=2013")}
    assert len(everything) > 500
    expected = goals_within(person) & everything
    for path in ("/goals", "/attainment", "/tree"):
        assert {row["goal"] for row in programs.every(person, f"{path}?period=2013")} == expected, path


def test_check_ins_are_those_of_these_goals(programs, person):
    everything = {row["check_in"]: row["goal"] for row in programs.every("p0001", "/check-ins")}
    mine = goals_within(person)
    found = {row["check_in"] for row in programs.every(person, "/check-ins", limit=50)}
    assert found == {number for number, goal in everything.items() if goal in mine}


def test_scores_are_those_of_whose_appraisals_may_be_read(programs, person):
    answer = programs.get(person, "/scores?period=2013")
    if by_hand.role_of(person)["appraisals"] == "self":
        assert answer.status_code == 403
    else:
        assert {row["person"] for row in answer.json()["items"]} == people_within(person, "appraisals")
    for one in PERSONS:
        status = programs.get(person, f"/appraisals/{one}?period=2013").status_code
        assert (status != 403) == reads(person, "appraisals", "person", one), one


def test_statements_are_those_of_whose_pay_may_be_read(programs, person):
    everybody = {row["person"] for row in programs.every("p0005", "/statements")}
    assert len(everybody) == 47
    mine = people_within(person, "pay")
    assert {row["person"] for row in programs.every(person, "/statements")} == everybody & mine
    assert {row["person"] for row in programs.every(person, "/statement-lines")} == everybody & mine
    for one in PERSONS:
        status = programs.get(person, f"/statements/{one}").status_code
        assert status == (403 if one not in mine else 200 if one in everybody else 404), one


def test_letters_are_those_of_both_sides_and_of_those_above(programs, person):
    everything = programs.every("p0006", "/letters?period=2013")
    assert len(everything) > 80
    expected = {
        (row["owner_kind"], row["owner"])
        for row in everything
        if person in (row["signer"], row["manager"], row["owner"])
        or by_hand.within(person, by_hand.role_of(person)["appraisals"], Subject(row["owner_kind"], row["owner"]))
    }
    rows = programs.every(person, "/letters?period=2013")
    assert {(row["owner_kind"], row["owner"]) for row in rows} == expected
    allowed, refused = next(iter(expected), None), next(
        ((row["owner_kind"], row["owner"]) for row in everything if (row["owner_kind"], row["owner"]) not in expected), None
    )  # fmt: skip
    for letter, status in ((allowed, 200), (refused, 403)):
        if letter is not None:
            assert programs.get(person, "/letters/{}/{}?period=2013".format(*letter)).status_code == status


def test_measurements_are_those_of_units_and_of_people_within_reach(programs, person):
    asked = "/measurements?metric=cancelled_rate&first=2013-03-04&last=2013-03-06"
    rows = programs.every(person, asked, limit=100)
    told = [(row["unit"], row["person"], row["day"]) for row in rows]
    assert len(set(told)) == len(told)
    everything = [(row["unit"], row["person"], row["day"]) for row in programs.every("p0001", asked, limit=10_000)]
    assert any(one for _, one, _ in everything)
    assert set(told) == {row for row in everything if row[1] is None or reads(person, "reads", "person", row[1])}
    outside = next((one for one in PERSONS if not reads(person, "reads", "person", one)), None)
    if outside:
        assert programs.get(person, f"/measurements?person={outside}").status_code == 403


def test_the_journal_is_for_whoever_a_role_lets_read_it(programs, person):
    allowed = "read_journal" in by_hand.role_of(person)["actions"]
    assert programs.get(person, "/journal").status_code == (200 if allowed else 403)
