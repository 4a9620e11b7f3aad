"""Dated segments against the same worked out day by day, and what plans paid by segments, by dated salaries and by what is
carried over see of people."""

import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.calendar import Period, PeriodKind
from kpiflow.frames.organisation import Assignments, People, Salaries
from kpiflow.storage.pay_runs import Event, Parts, Run, add_event, add_run
from kpiflow.workspace.paying import pay_run
from kpiflow.workspace.plans.segments import OWN, segments
from tests.workspace import plan_shop

YEAR = datetime.date(2026, 1, 1)
PERIOD = Period(
    period="2026", cycle="2026", kind=PeriodKind.YEAR, order=1, starts=YEAR, ends=datetime.date(2026, 12, 31)
)

days = st.integers(-60, 420).map(lambda n: YEAR + datetime.timedelta(days=n))
maybe_days = st.none() | days


@st.composite
def organisations(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Draw one or two people with stretches of work that may overlap, leave gaps or touch, and salaries that change."""
    names = draw(st.sampled_from([["a"], ["a", "b"]]))
    people, held, paid = [], [], {}
    for name in names:
        salary = draw(st.none() | st.integers(1, 3).map(Decimal))
        people.append(
            {"person": name, "label": name, "hired": draw(maybe_days), "left": draw(maybe_days), "salary_month": salary}
        )
        for _ in range(draw(st.integers(0, 4))):
            starts = draw(days)
            ends = draw(
                st.none() | st.integers(0, 200).map(lambda n, starts=starts: starts + datetime.timedelta(days=n))
            )
            held.append({"person": name, "unit": draw(st.sampled_from("XY")), "role": draw(st.sampled_from("rs")),
                         "fte": draw(st.sampled_from([0.5, 1.0])), "starts": starts, "ends": ends})  # fmt: skip
        for _ in range(draw(st.integers(0, 3))):
            paid[name, draw(days)] = Decimal(draw(st.integers(1, 3)))
    salaries = [{"person": name, "starts": day, "salary_month": amount} for (name, day), amount in paid.items()]
    frames = ((People, people), (Assignments, held), (Salaries, salaries))
    return tuple(_typed(schema, rows) for schema, rows in frames)  # type: ignore[return-value]


def _typed(schema: type, rows: list[dict]) -> pl.DataFrame:
    empty = schema.create_empty()
    return pl.DataFrame(rows, schema=empty.schema) if rows else empty


def day_by_day(
    people: pl.DataFrame, held: pl.DataFrame, salaries: pl.DataFrame
) -> dict[tuple[str, datetime.date], tuple]:
    """What each person was on each day employed and assigned: the assignment that began last, the newest salary by then."""
    found = {}
    for person in people.to_dicts():
        day = PERIOD.starts
        while day <= PERIOD.ends:
            here = [one for one in held.to_dicts() if one["person"] == person["person"] and one["starts"] <= day
                    and (one["ends"] is None or one["ends"] >= day)]  # fmt: skip
            away = (person["hired"] and day < person["hired"]) or (person["left"] and day > person["left"])
            if here and not away:
                last = max(here, key=lambda one: (one["starts"], one["fte"], one["unit"]))
                then = [
                    one for one in salaries.to_dicts() if one["person"] == person["person"] and one["starts"] <= day
                ]
                salary = max(then, key=lambda one: one["starts"])["salary_month"] if then else person["salary_month"]
                found[person["person"], day] = (last["unit"], last["role"], last["fte"], salary)
            day += datetime.timedelta(days=1)
    return found


@given(organisations())
def test_segments_say_of_every_day_what_a_calendar_says(made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]) -> None:
    people, held, salaries = made
    # Of two assignments that begin on one day with the same hours in one unit, the role is a matter of order.
    held = held.unique(["person", "starts", "fte", "unit"], keep="first", maintain_order=True)
    rows = segments(people, held, salaries, PERIOD)
    said = {}
    for row in rows.iter_rows(named=True):
        assert row["days_employed"] == (row["segment_to"] - row["segment_from"]).days + 1
        for n in range(row["days_employed"]):
            key = (row["person"], row["segment_from"] + datetime.timedelta(days=n))
            assert key not in said, "no day twice"
            said[key] = tuple(row[name] for name in OWN)
    assert said == day_by_day(people, held, salaries)


@given(organisations())
def test_segments_are_numbered_in_order_and_no_two_neighbours_are_the_same(
    made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> None:
    for of_person in segments(*made, PERIOD).partition_by("person"):
        rows = of_person.to_dicts()
        assert [row["segment"] for row in rows] == list(range(1, len(rows) + 1))
        for one, other in pairwise(rows):
            assert one["segment_to"] < other["segment_from"]
            touching = other["segment_from"] - one["segment_to"] == datetime.timedelta(days=1)
            assert not touching or any(one[name] != other[name] for name in OWN)


#: Paid for the days of each segment by its salary, and the segments added up.
BY_SEGMENTS = plan_shop.plan(
    plan="by_segments",
    inputs={},
    segments=True,
    components=[
        {"id": "basis", "kind": "basis", "of": "salary_month", "months": 12, "share": "10%"},
        {"id": "employed", "kind": "proration", "by": "days_and_fte"},
        {"id": "part", "kind": "product", "of": ["basis", "employed"]},
        {"id": "paid", "kind": "fold", "of": "part"},
    ],
    examples=[],
)


def test_a_plan_paid_by_segments_pays_each_segment_by_its_own_salary_and_hours(tmp_path: Path) -> None:
    salaries = "person,starts,salary_month\nann,2026-07-01,2000\nben,2025-01-01,4000\n"
    with_margin = plan_shop.plan()
    ws = plan_shop.opened(tmp_path, with_margin, BY_SEGMENTS, salaries=salaries)
    paid = dict(pay_run(ws, "by_segments", "2026").wide.select("person", "amount").iter_rows())
    # ann: 1,200 × 181 ÷ 365 + 2,400 × 184 ÷ 365 = 595.07 + 1,209.86; ben: 4,800 for the whole year
    assert paid == {"ann": Decimal("1804.93"), "ben": Decimal("4800.00"), "cyd": Decimal("3600.00")}
    whole = dict(pay_run(ws, "margin_bonus", "2026").wide.select("person", "amount").iter_rows())
    # Without segments the salary of the last day employed counts: ann's 2,000, ben's 4,000.
    assert whole == {"ann": Decimal("1500.00"), "ben": Decimal("3000.00"), "cyd": Decimal("750.00")}
    ws.close()


#: Half of what is earned goes to a bank, of which a half is paid each quarter.
BANKED = plan_shop.plan(
    plan="banked",
    inputs={},
    every="quarter",
    components=[
        {"id": "basis", "kind": "basis", "of": "salary_month", "months": 1, "share": 1},
        {"id": "bank", "kind": "bonus_bank", "share": 1, "parts": 2},
    ],
    examples=[],
)


def test_what_is_carried_comes_from_the_last_final_run_before_the_period(tmp_path: Path) -> None:
    ws = plan_shop.opened(tmp_path, plan_shop.plan(), BANKED)

    def run_of(period: str, state: str, **left: int) -> None:
        at = datetime.datetime.now(datetime.UTC)
        run = Run("banked", 1, "x", "{}", period, at, None, "CNY", len(left), Decimal(0), None, "y")
        rows = [
            {"plan": "banked", "person": who, "component": "bank", "amount": Decimal(much)}
            for who, much in left.items()
        ]
        balances = pl.DataFrame(rows, schema_overrides={"amount": pl.Decimal(38, 10)})
        with ws.store.write() as cursor:
            number = add_run(cursor, run, Parts({"pay_balance": balances}))
            add_event(cursor, number, Event(at, "hr", state))

    def paid(period: str) -> dict[str, Decimal]:
        return dict(pay_run(ws, "banked", period).wide.select("person", "amount").iter_rows())

    # 1,000, 2,000 and 3,000 go to the bank whole, and half of it is paid.
    assert paid("2026-Q2") == {"ann": Decimal("500.00"), "ben": Decimal("1000.00"), "cyd": Decimal("1500.00")}
    run_of("2026-Q1", "dry", ann=9000)
    assert paid("2026-Q2")["ann"] == Decimal("500.00"), "a run that is not final carries nothing"
    run_of("2026-Q1", "final", ann=400, ben=100)
    assert paid("2026-Q2") == {"ann": Decimal("700.00"), "ben": Decimal("1050.00"), "cyd": Decimal("1500.00")}
    assert paid("2026-Q1")["ann"] == Decimal("500.00"), "a run carries nothing into its own period"
    run_of("2026-Q2", "final", ann=40)
    assert paid("2026-Q3")["ann"] == Decimal("520.00")
    assert paid("2026-Q2")["ann"] == Decimal("700.00")
    ws.close()
