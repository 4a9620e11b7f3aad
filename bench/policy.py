"""The policies of the synthetic company: five metrics, three curves, a scorecard, grades and an incentive plan."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.core.company import Profile, Role, Scope
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import BUILT_IN
from kpiflow.core.status import DEFAULT_RULES
from kpiflow.definitions.company import Company
from kpiflow.incentives.plan import Plan
from kpiflow.scoring.curves.deduction import Deduction
from kpiflow.scoring.curves.linear import Linear
from kpiflow.scoring.curves.proportional import Proportional

#: The planning year, which is also the period of the main job: every measurement counts.
CYCLE = "2025"
STARTS, ENDS = datetime.date(int(CYCLE), 1, 1), datetime.date(int(CYCLE), 12, 31)
CYCLE_DAYS = (ENDS - STARTS).days + 1

#: The plan that is paid.
PLAN = "year_bonus"


@dataclass(frozen=True)
class Asked:
    """A metric, what a person's goal on it asks for in the year, and the curve it is scored by."""

    metric: str
    label: str
    measure: str
    direction: str
    is_ratio: bool
    weight: float
    threshold: float | None
    target: float | None
    stretch: float | None
    curve: str


#: Numerators are 0 to 49 of 60, and values 0 to 9: see `bench.measurements`.
METRICS: tuple[Asked, ...] = (
    Asked("ontime_rate", "On-time rate", "percent", "higher", True, 30, 35.0, 41.0, 45.0, "anchors"),
    Asked("fault_rate", "Fault rate", "permille", "lower", True, 20, 450.0, 405.0, 380.0, "anchors"),
    Asked("orders_done", "Orders done", "count", "higher", False, 20, 450.0, 545.0, 600.0, "capped"),
    Asked("hours_trained", "Hours of training", "hours", "higher", False, 20, 450.0, 540.0, 600.0, "capped"),
    Asked("complaints", "Valid complaints", "count", "lower", False, 10, None, 600.0, None, "deduction"),
)

CURVES = (
    Linear(
        curve="anchors", label="60 at the threshold, 100 at the target, 120 at stretch", on="actual",
        through=(("threshold", 60), ("target", 100), ("stretch", 120)),
    ),
    Proportional(curve="capped", label="In proportion, at most 120", cap=120),
    Deduction(curve="deduction", label="A point off for every ten complaints", start=150, per_event="0.1", floor=0),
)  # fmt: skip

SCORECARD = Scorecard(
    scorecard="specialist", label="Specialist", roles=("specialist",), grades="a_to_e",
    sections=(
        {"section": "quality", "label": "Quality", "weight": 60, "metrics": ("ontime_rate", "fault_rate", "complaints")},
        {"section": "volume", "label": "Volume", "weight": 40, "metrics": ("orders_done", "hours_trained")},
    ),
)  # fmt: skip

GRADES = GradeScale(
    scale="a_to_e", label="A to E",
    bands=(
        {"grade": "A", "at_least": 100, "label": "A"}, {"grade": "B", "at_least": 95, "label": "B"},
        {"grade": "C", "at_least": 85, "label": "C"}, {"grade": "D", "at_least": 70, "label": "D"},
        {"grade": "E", "label": "E"},
    ),
)  # fmt: skip

#: The components of the example company's plan, on this company's goals.
BONUS = Plan.model_validate(
    {
        "plan": PLAN, "label": "Year bonus", "who": {"roles": ["specialist"]}, "starts": STARTS, "currency": "USD",
        "absent": {"count:complaints": 0},
        "components": [
            {"id": "basis", "kind": "basis", "label": "Target bonus", "of": "salary_month", "months": 12, "share": "bonus_share"},
            {"id": "company", "kind": "factor", "label": "Company factor", "of": "attainment:ENT00000-1",
             "curve": {"points": [["90%", "50%"], ["100%", "100%"], ["110%", "150%"]], "interpolation": "linear",
                       "below": "zero", "above": "cap"}},
            {"id": "department", "kind": "factor", "label": "Department factor", "of": "score:@department",
             "curve": {"points": [[60, "60%"], [100, "100%"], [120, "120%"]], "interpolation": "linear", "below": "zero",
                       "above": "cap"}},
            {"id": "personal", "kind": "table", "label": "Personal factor", "of": "grade",
             "rows": [{"one_of": ["A"], "gives": 1.2}, {"one_of": ["B"], "gives": 1.1}, {"one_of": ["C"], "gives": 1.0},
                      {"one_of": ["D"], "gives": 0.6}, {"one_of": ["E"], "gives": 0}]},
            {"id": "employed", "kind": "proration", "label": "Share of the year employed", "by": "days", "day_count": "period"},
            {"id": "gross", "kind": "product", "label": "Bonus before gate, cap and deductions",
             "of": ["basis", "company", "department", "personal", "employed"]},
            {"id": "own_gate", "kind": "gate", "label": "Own score gate", "needs": {"of": "score", "at_least": 80},
             "limit": "50%", "base": "basis"},
            {"id": "ceiling", "kind": "cap", "label": "At most twice the target bonus", "at": 2, "base": "basis"},
            {"id": "penalty", "kind": "penalty", "label": "Valid complaints", "incidents": "count:complaints", "each": 1,
             "most": 500},
        ],
    }
)  # fmt: skip


#: What everybody is, and what the accounts of the measured desks hold for the whole company.
_ALL = Scope.ENTERPRISE
ROLES = (
    Role(role="specialist", label="Specialist", actions=("agree_goal", "sign_letter", "check_in", "comment")),
    Role(
        role="executive", label="Executive", reads=_ALL, appraisals=_ALL, pay=_ALL,
        actions=("set_target", "split_target", "approve_pay", "comment"),
    ),
    Role(role="hr", label="HR", reads=_ALL, appraisals=_ALL, pay=_ALL, actions=("calibrate", "export_scores")),
)  # fmt: skip


def policy(**tables: pl.DataFrame) -> Company:
    """Return the company of these policies and tables."""
    metrics = (
        Metric(
            metric=one.metric, label=one.label, definition=one.label, measure=one.measure, direction=one.direction,
            kind="ratio" if one.is_ratio else "simple",
        )
        for one in METRICS
    )  # fmt: skip
    return Company(
        profile=Profile(
            company="bench", label="Synthetic company", enterprise="ENT00000", currency="USD", example=True
        ),
        calendar=Calendar(cycles=(Cycle(cycle=CYCLE, starts=STARTS),)),
        metrics={metric.metric: metric for metric in metrics},
        curves={str(curve.curve): curve for curve in CURVES},
        phasings=dict(BUILT_IN),
        statuses=DEFAULT_RULES,
        scorecards={SCORECARD.scorecard: SCORECARD},
        grades={GRADES.scale: GRADES},
        plans={PLAN: BONUS},
        roles={role.role: role for role in ROLES},
        **tables,
    )
