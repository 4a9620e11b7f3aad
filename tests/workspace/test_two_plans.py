"""Two yearly plans and a quarterly one reach the same person: each is shown, tried, printed, disputed and corrected."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appeals.answers import About, AppealState, Correction, Filing, Line, Verdict
from kpiflow.workspace.commands import apply
from kpiflow.workspace.paying import plans_about
from tests.workspace.shop import PLANNED, config, measured, opened

ANN, BEN, HR = Asker("ann"), Asker("ben"), Asker("hr")
JUNE = datetime.date(2026, 6, 30)

#: What the share of a plan is taken of, so that every figure is done in the head: score ÷ 100 × so much.
WORTH = {"bonus": 1000, "results": 300, "quarterly": 100}


def plan(name: str, every: str, **more: Any) -> dict[str, Any]:
    """A plan that pays the score in per cent of what it is worth."""
    return {
        "plan": name, "label": f"The {name}", "who": {"roles": ["seller"]}, "starts": "2026-01-01", "currency": "CNY",
        "every": every,
        "components": [
            {"id": "target", "kind": "basis", "of": WORTH[name], "label": f"Worth of {name}"},
            {"id": "result", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}},
            {"id": "paid", "kind": "product", "of": ["target", "result"]},
        ],
        "examples": [{"name": "half", "given": {"score": 50}, "pays": WORTH[name] / 2}],
        **more,
    }  # fmt: skip


#: A margin is given for the person, and what is paid is all of it.
MARGIN = plan(
    "results", "year", inputs={"margin": "money"},
    components=[{"id": "paid", "kind": "basis", "of": "margin", "label": "The margin"}],
    examples=[{"name": "all", "given": {"margin": 7}, "pays": 7}],
)  # fmt: skip


def made(tmp_path: Path, *plans: dict[str, Any]) -> Workspace:
    """The shop with these plans, and half of what ann is to sell sold in each of two quarters."""
    ws = opened(tmp_path)
    folder = config(tmp_path / "config", actions=("appeal",))
    roles = json.loads((folder / "roles.yaml").read_text(encoding="utf-8"))
    for role in roles["roles"]:
        if role["role"] in ("hr", "chief"):
            role |= {"pay": "enterprise", "actions": [*role["actions"], "answer_appeal", "run_pay"]}
    (folder / "roles.yaml").write_text(json.dumps(roles), encoding="utf-8")
    (folder / "plans").mkdir(exist_ok=True)
    for one in plans:
        (folder / "plans" / f"{one['plan']}.yaml").write_text(json.dumps(one), encoding="utf-8")
    if MARGIN in plans:
        (folder / "inputs.csv").write_text("person,input,period,value\nann,margin,2026,40\n", encoding="utf-8")
    apply(ws, folder, who="planner", at=PLANNED + datetime.timedelta(1), reason="Plans")
    measured(ws, "sold", "2026-06-30", *((what, "ann", day, value) for day in ("2026-02-15", "2026-05-15")
                                         for what, value in (("sales", 40), ("returns", 4))))  # fmt: skip
    return ws


@pytest.fixture
def shop(tmp_path: Path):
    ws = made(tmp_path, plan("bonus", "year"), plan("quarterly", "quarter"), plan("results", "year"))
    yield ws
    ws.close()


def score(ws: Workspace, period: str) -> Decimal:
    return Decimal(str(ws.score_why(ADMINISTRATOR, "ann", period, JUNE).row["score"]))


def worth(ws: Workspace, name: str, period: str) -> Decimal:
    """What a plan pays ann by hand: its worth by the score of the period, to the cent."""
    return (WORTH[name] * score(ws, period) / 100).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("looked_at", "paid"),
    [
        ("2026", {"bonus": "2026", "results": "2026", "quarterly": "2026-Q2"}),
        ("2026-Q1", {"bonus": "2026", "results": "2026", "quarterly": "2026-Q1"}),
        ("2026-05", {"bonus": "2026", "results": "2026", "quarterly": "2026-Q2"}),
        ("2026-H1", {"bonus": "2026", "results": "2026", "quarterly": "2026-Q2"}),
    ],
)
def test_the_desk_shows_what_every_plan_would_pay_for_its_own_period(shop, looked_at, paid):
    shown = shop.staff_desk(ANN, "ann", looked_at, JUNE).progress
    assert {one.plan: one.period for one in shown.pays} == paid
    assert {one.plan: one.total for one in shown.pays} == {name: worth(shop, name, of) for name, of in paid.items()}
    assert all(sum(line["amount"] or 0 for line in one.lines) == one.total for one in shown.pays)
    assert shown.pay_total == worth(shop, "bonus", "2026") + worth(shop, "results", "2026"), (
        "those of the year together"
    )


def test_a_longer_plan_holds_the_period_and_a_shorter_one_is_only_asked_for_by_the_desk(shop):
    of = lambda period, **more: [  # noqa: E731
        (one.plan, paid) for one, paid in plans_about(shop, shop.moment(period, JUNE), **more)
    ]
    assert of("2026") == [("bonus", "2026"), ("results", "2026")]
    assert of("2026-Q1") == [("bonus", "2026"), ("quarterly", "2026-Q1"), ("results", "2026")]
    assert ("quarterly", "2026-Q2") in of("2026", shorter=True), "the newest that has begun by the day"


def test_what_if_says_what_each_plan_would_pay_and_what_they_come_to(shop):
    met = shop.what_if(ANN, "ann", "2026", {"ann-sales": 100, "ann-returns": 0}, as_of=JUNE)
    assert [(one.plan, one.then) for one in met.pays] == [("bonus", 1000), ("results", 300)]
    assert [one.now for one in met.pays] == [worth(shop, name, "2026") for name in ("bonus", "results")]
    assert (met.pay, met.currency) == (1300, "CNY")
    quarter = shop.what_if(ANN, "ann", "2026-Q2", {}, JUNE)
    assert [(one.plan, one.now) for one in quarter.pays] == [("quarterly", worth(shop, "quarterly", "2026-Q2"))]
    assert shop.what_if(Asker("north"), "ann", "2026", {}, JUNE).pays == (), "whoever does not read pay learns of none"
    ways = shop.outcomes(ANN, "ann", "2026", JUNE).ways
    assert all([one.plan for one in way.pays] == ["bonus", "results"] for way in ways)
    assert ways[0].pay == met.pay_now


def test_plans_in_two_currencies_are_each_said_and_never_added_up(tmp_path):
    ws = made(tmp_path, plan("bonus", "year"), plan("results", "year", currency="EUR"))
    shown = ws.staff_desk(ANN, "ann", "2026", JUNE).progress
    assert [one.currency for one in shown.pays] == ["CNY", "EUR"]
    assert shown.pay_total is None
    met = ws.what_if(ANN, "ann", "2026", {}, JUNE)
    assert (met.pay, met.pay_now, met.currency, len(met.pays)) == (None, None, None, 2)
    ws.close()


def test_there_is_a_statement_and_a_file_by_each_plan(shop):
    found = shop.pay_statements(ANN, "ann", "2026")
    assert [one.statement.plan for one in found] == ["bonus", "results"]
    assert shop.pay_statement(ANN, "ann", "2026", plan="results").statement == found[1].statement
    assert shop.pay_statement(ANN, "ann", "2026", plan="no such plan") is None
    with pytest.raises(InvalidInput, match=r"bonus, results\. Say which"):
        shop.statement_file(ANN, "ann", "2026")
    files = {name: shop.statement_file(ANN, "ann", "2026", plan=name) for name in ("bonus", "results")}
    assert len({one.name for one in files.values()}) == len({one.content for one in files.values()}) == 2
    assert shop.statement_file(ANN, "ann", "2026-Q2").content.startswith(b"%PDF"), "only one plan pays for the quarter"
    with pytest.raises(Refused):
        shop.pay_statements(BEN, "ann", "2026")


def test_a_line_of_any_plan_is_disputed_and_named_with_its_plan(shop):
    found = shop.disputable(ANN, "ann", "2026-Q2")
    assert [(one.kind, one.id) for one in found.pay] == [
        (name, component) for name in ("bonus", "quarterly", "results") for component in ("target", "result", "paid")
    ]
    line = Line(About.PAY, component="target", plan="results")
    number = shop.file_appeal(ANN, "ann", "2026-Q2", Filing(line, "That is too little"))
    shown = shop.appeal(ANN, number)
    assert shown.disputed == line
    assert "Worth of results of The results" in str(shown.line.about)
    first = shop.file_appeal(ANN, "ann", "2026-Q2", Filing(Line(About.PAY, component="target"), "That too"))
    assert shop.appeal(ANN, first).disputed.plan == "bonus", "unsaid, it is the first that has the line, and says so"
    with pytest.raises(NotFound, match="line of pay"):
        shop.file_appeal(ANN, "ann", "2026", Filing(Line(About.PAY, component="target", plan="quarterly"), "No"))


def test_an_input_that_only_the_second_plan_reads_is_corrected_and_every_plan_shown(tmp_path):
    ws = made(tmp_path, plan("bonus", "year"), MARGIN)
    assert [(one.plan, one.name) for one in ws.disputable(ANN, "ann", "2026").inputs] == [
        ("bonus", "score"),
        ("results", "margin"),
    ]
    filed = Filing(Line(About.INPUT, input="margin", plan="results"), "It was 55")
    number = ws.file_appeal(ANN, "ann", "2026", filed)
    ws.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "So it was", Correction("55")))
    changed = ws.appeal(ANN, number).changed
    bonus = ws.pay_statement(ANN, "ann", "2026", plan="bonus").statement.amount
    assert [(one.label.label, one.before, one.after) for one in changed.pay] == [
        ("The bonus", bonus, bonus),
        ("The results", 40, 55),
    ]
    assert ws.pay_statement(ANN, "ann", "2026", plan="results").statement.amount == 55
    ws.close()
