"""The life of a plan: tested, put forward, approved by somebody else, changed, and what the change would pay."""

import datetime
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpiflow.errors import ConfigurationError, InvalidInput, NotFound, Refused
from kpiflow.language import render
from kpiflow.storage.journal import read_journal
from kpiflow.storage.published_plans import publications
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.paying import pay_run
from kpiflow.workspace.plans.published import PlanState, published
from kpiflow.workspace.plans.publishing import approve, publish
from kpiflow.workspace.todo import todo
from tests.workspace import plan_shop
from tests.workspace.plan_shop import PLAN

HR, BOSS, HEAD, SELLER = Asker("hr"), Asker("boss"), Asker("north"), Asker("ann")
NAME = "margin_bonus"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    opened = plan_shop.opened(tmp_path)
    yield opened
    opened.close()


def paid(ws: Workspace) -> dict[str, Decimal]:
    return dict(pay_run(ws, NAME, "2026").wide.select("person", "amount").iter_rows())


def test_what_a_plan_declares_is_paid_by_the_table_of_inputs(ws: Workspace):
    assert paid(ws) == {"ann": Decimal("750.00"), "ben": Decimal("1500.00"), "cyd": Decimal("750.00")}


def test_two_people_publish_a_plan(ws: Workspace):
    assert ws.plan(HR, NAME).state is PlanState.DRAFT
    assert published(ws, NAME) is None
    done = ws.publish_plan(HR, NAME, reason="The rules for 2026", who="clerk")
    page = ws.plan(BOSS, NAME)
    assert (page.state, page.publish.allowed, page.approve.allowed) == (PlanState.WAITING, False, True)
    assert published(ws, NAME) is None, "one person is not enough"
    assert [duty.page for duty in todo(ws, BOSS)].count("plans") == 1
    assert "plans" not in [duty.page for duty in todo(ws, HR)], "nobody approves what they put forward"
    with pytest.raises(InvalidInput, match="second person"):
        ws.approve_plan(HR, NAME)
    ws.approve_plan(BOSS, NAME, reason="Agreed")
    out = published(ws, NAME)
    assert out is not None
    assert (out.version, out.fingerprint, out.who, out.approved_by) == (1, done.fingerprint, "hr", "boss")
    assert ws.plan(HR, NAME).state is PlanState.PUBLISHED
    lines = read_journal(ws.store, subject=NAME).select("who", "action", "reason").rows()
    assert lines == [("boss", "approve_plan", "Agreed"), ("hr", "publish_plan", "The rules for 2026")]
    detail = json.loads(read_journal(ws.store, action="publish_plan")["detail"][0])
    assert detail == {"version": 1, "fingerprint": out.fingerprint, "typed_by": "clerk"}
    with pytest.raises(InvalidInput, match="published already"):
        ws.publish_plan(HR, NAME, reason="again")


@pytest.mark.parametrize("asker", [BOSS, HEAD, SELLER, Asker(account="stranger")])
def test_who_may_not_put_a_plan_forward_is_refused(ws: Workspace, asker: Asker):
    with pytest.raises(Refused):
        ws.publish_plan(asker, NAME, reason="mine")


@pytest.mark.parametrize("asker", [HEAD, SELLER, Asker()])
def test_who_may_not_approve_is_refused(ws: Workspace, asker: Asker):
    ws.publish_plan(HR, NAME, reason="The rules")
    with pytest.raises(Refused):
        ws.approve_plan(asker, NAME)
    assert published(ws, NAME) is None


def test_a_reason_is_needed_to_put_forward_and_to_send_back(ws: Workspace):
    with pytest.raises(InvalidInput, match="Say why"):
        ws.publish_plan(HR, NAME, reason=" ")
    ws.publish_plan(HR, NAME, reason="The rules")
    with pytest.raises(InvalidInput, match="Say why"):
        ws.approve_plan(BOSS, NAME, approved=False)
    ws.approve_plan(BOSS, NAME, approved=False, reason="Too dear")
    assert published(ws, NAME) is None
    page = ws.plan(HR, NAME)
    assert (page.state, page.history[0].approved, page.history[0].approved_why) == (PlanState.DRAFT, False, "Too dear")
    with pytest.raises(InvalidInput, match="No version of this plan waits"):
        ws.approve_plan(BOSS, NAME)
    ws.publish_plan(HR, NAME, reason="As agreed on the phone")
    ws.approve_plan(BOSS, NAME)
    assert published(ws, NAME) is not None


def test_an_example_that_fails_cannot_be_applied_at_all(ws: Workspace, tmp_path: Path):
    wrong = [PLAN["examples"][0], {**PLAN["examples"][1], "pays": 751}]
    with pytest.raises(ConfigurationError, match="errors"):
        plan_shop.again(ws, tmp_path, plan_shop.plan(examples=wrong))


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([], "The plan has no examples"),
        (PLAN["examples"][:1], "No example hits 1 of its rows and sides: Level (row 2)."),
        (PLAN["examples"][1:], "No example hits 1 of its rows and sides: Level (row 1)."),
    ],
)
def test_every_row_is_hit_before_a_plan_is_published(ws: Workspace, tmp_path: Path, examples: list, said: str):
    plan_shop.again(ws, tmp_path, plan_shop.plan(examples=examples))
    page = ws.plan(HR, NAME)
    assert page.state is PlanState.FAILING
    assert not page.publish.allowed
    with pytest.raises(InvalidInput) as refusal:
        ws.publish_plan(HR, NAME, reason="Now")
    assert said in str(refusal.value)
    assert said in str(page.publish.reason)


def test_what_waits_is_not_approved_once_it_has_changed(ws: Workspace, tmp_path: Path):
    ws.publish_plan(HR, NAME, reason="The rules")
    examples = [PLAN["examples"][0], {**PLAN["examples"][1], "pays": 1000}]
    plan_shop.again(ws, tmp_path, plan_shop.plan(components=plan_shop.table(0.5, 2), examples=examples))
    with pytest.raises(InvalidInput, match="has changed since hr put it forward"):
        ws.approve_plan(BOSS, NAME)
    ws.publish_plan(HR, NAME, reason="The same version may change while nobody has approved it")
    ws.approve_plan(BOSS, NAME)
    assert published(ws, NAME) is not None


def publish_both(ws: Workspace, reason: str = "The rules") -> None:
    ws.publish_plan(HR, NAME, reason=reason)
    ws.approve_plan(BOSS, NAME)


def dearer(version: int) -> dict:
    examples = [PLAN["examples"][0], {**PLAN["examples"][1], "pays": 1000}]
    return plan_shop.plan(version=version, components=plan_shop.table(0.5, 2), examples=examples)


def test_a_changed_plan_is_published_again_with_a_higher_version(ws: Workspace, tmp_path: Path):
    publish_both(ws)
    first = published(ws, NAME)
    plan_shop.again(ws, tmp_path, dearer(version=1))
    assert published(ws, NAME) is None, "a change withdraws it"
    assert ws.plan(HR, NAME).state is PlanState.CHANGED
    with pytest.raises(InvalidInput) as refusal:
        ws.publish_plan(HR, NAME, reason="A little more")
    assert "Raise its version above 1." in str(refusal.value)
    assert "from CN¥1,000.00 → 150 %" in str(refusal.value)
    assert "from CN¥1,000.00 → 200 %" in str(refusal.value)
    plan_shop.again(ws, tmp_path, dearer(version=2))
    publish_both(ws, "A little more")
    second = published(ws, NAME)
    assert first is not None
    assert second is not None
    assert (first.version, second.version) == (1, 2)
    assert first.fingerprint != second.fingerprint
    plan_shop.again(ws, tmp_path, PLAN)
    assert published(ws, NAME) is None
    with pytest.raises(InvalidInput, match="Raise its version above 2"):
        ws.publish_plan(HR, NAME, reason="Back to the first")


def test_examples_and_names_may_change_without_publishing_again(ws: Workspace, tmp_path: Path):
    publish_both(ws)
    more = [*PLAN["examples"], {"name": "more", "given": {"salary_month": 2000, "margin": 5}, "pays": 500}]
    plan_shop.again(ws, tmp_path, plan_shop.plan(examples=more, label="Bonus for margin"))
    assert published(ws, NAME) is not None


def test_what_was_published_on_a_day_is_known_for_that_day(ws: Workspace):
    now = datetime.datetime.now(datetime.UTC)
    ago = {days: (now - datetime.timedelta(days=days)) for days in (21, 20, 15, 10, 5)}
    publish(ws, HR, NAME, reason="The rules", at=ago[20])
    approve(ws, BOSS, NAME, at=ago[10])
    known = {days: publications(ws.store, ago[days].date())["approved"].to_list() for days in (21, 15, 5)}
    assert known == {21: [], 15: [None], 5: [True]}


def test_a_change_shows_what_it_pays_each_person(ws: Workspace, tmp_path: Path):
    with pytest.raises(InvalidInput, match="nothing to compare"):
        ws.plan_impact(HR, NAME, "2026")
    publish_both(ws)
    plan_shop.again(ws, tmp_path, dearer(version=2))
    found = ws.plan_impact(HR, NAME, "2026")
    # ann: 500 × 1.5 → 500 × 2; ben: 1,000 × 1.5 → 1,000 × 2; cyd stays at 1,500 × 0.5
    assert found.rows.select("person", "before", "after", "difference").rows() == [
        ("ben", Decimal("1500.00"), Decimal("2000.00"), Decimal("500.00")),
        ("ann", Decimal("750.00"), Decimal("1000.00"), Decimal("250.00")),
        ("cyd", Decimal("750.00"), Decimal("750.00"), Decimal("0.00")),
    ]
    assert (found.before, found.after, found.more, found.less) == (Decimal("3000.00"), Decimal("3750.00"), 2, 0)
    assert (found.since, found.version) == (1, 2)
    assert [str(one.subject) if not hasattr(one.subject, "label") else one.subject.label for one in found.changes] == [
        "Level"
    ]
    head = ws.plan_impact(HEAD, NAME, "2026")
    assert set(head.rows["person"]) == {"ann", "ben"}, "a head sees what it pays their own people"
    assert head.after == Decimal("3000.00")
    with pytest.raises(NotFound, match="Version 7 of this plan was not published"):
        ws.plan_impact(HR, NAME, "2026", against=7)


def test_plans_are_read_by_those_they_may_pay_and_those_who_read_pay(ws: Workspace, tmp_path: Path):
    heads = plan_shop.plan(plan="head_bonus", who={"roles": ["head"]})
    south = plan_shop.plan(plan="south_bonus", who={"units": ["SOUTH"]})
    plan_shop.again(ws, tmp_path, PLAN, heads, south)
    read = {asker.name: {one.plan for one in ws.plans(asker)} for asker in (HR, BOSS, HEAD, SELLER, Asker("cyd"))}
    every = {NAME, "head_bonus", "south_bonus"}
    assert read == {
        "hr": every,
        "boss": every,
        "north": {NAME, "head_bonus"},
        "ann": {NAME},
        "cyd": {NAME, "south_bonus"},
    }
    with pytest.raises(NotFound):
        ws.plan(SELLER, "head_bonus")
    with pytest.raises(Refused):
        ws.plans(Asker())


def test_a_plan_is_told_in_both_languages(ws: Workspace):
    page = ws.plan(ADMINISTRATOR, NAME)
    english = [render(said, "en") for said in (*page.about, *(step.rule for step in page.steps))]
    assert english[0] == "It pays people in the roles seller."
    assert "monthly salary × 1 × 50 %" in english
    assert "By margin: up to CN¥1,000.00 → 50 % and from CN¥1,000.00 → 150 %." in english
    chinese = " ".join(render(said, "zh") for said in (*page.about, *(step.rule for step in page.steps)))
    assert "每年发放一次" in chinese
    assert "It pays" not in chinese


def test_the_example_company_has_published_its_plan_before_its_year(demo_store: Path, tmp_path: Path):
    example = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "demo.duckdb")))
    out = published(example, "service_bonus_2013", datetime.date(2012, 12, 31))
    assert out is not None
    assert (out.version, out.who, out.approved_by) == (1, "p0005", "p0001")
    assert published(example, "service_bonus_2013", datetime.date(2012, 12, 18)) is None
    example.close()
