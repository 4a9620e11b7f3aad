"""Who answers for what, with which weight, and how each metric is targeted: the plan of the example company as facts.

Floor 4: plain facts. Reads no clock, file or database.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Topic:
    """How goals on one metric are set, wherever they hang. `anchors` are the same for everybody; see `anchors.py`."""

    metric: str
    label: str
    label_zh: str
    curve: str
    anchors: dict[str, float] = field(default_factory=dict)
    attainment: str | None = None
    phasing: str | None = None
    missing: str = "exclude"
    kind: str = "kpi"


#: Every topic by the word that goal ids end in, such as `ewr-ontime`.
TOPICS: dict[str, Topic] = {
    "ontime": Topic("ontime_rate", "On-time arrivals", "到港准点", "anchors"),
    "cancelled": Topic(
        "cancelled_rate",
        "Cancellations",
        "航班取消",
        "anchors",
        {"threshold": 2.5, "target": 1.5, "stretch": 1.0},
        attainment="mirror",
    ),
    "departure": Topic(
        "departure_d15_rate",
        "On-time departures",
        "离港准点",
        "departure_steps",
        {"threshold": 72, "target": 80, "stretch": 85},
    ),
    "delay": Topic(
        "departure_delay",
        "Mean departure delay",
        "平均离港延误",
        "delay_tiers",
        {"threshold": 15, "target": 10, "stretch": 8},
        attainment="inverse",
    ),
    "flights": Topic("flights_operated", "Flights operated", "执行航班", "capped_120", phasing="traffic"),
    "complaints": Topic(
        "complaint_rate",
        "Complaints per 10,000 passengers",
        "万人投诉率",
        "capped_120",
        {"threshold": 1.5, "target": 1.0, "stretch": 0.7},
        attainment="mirror",  # a small station often has none, and inverse has no answer for 0
    ),
    "valid": Topic(
        "valid_complaints", "Valid complaints", "有效投诉", "per_complaint", attainment="mirror", phasing="even"
    ),
    "inspection": Topic(
        "inspection_score",
        "Service inspections",
        "服务巡视",
        "inspection_tiers",
        {"threshold": 80, "target": 90, "stretch": 95},
        missing="last_value",
    ),
    "satisfaction": Topic(
        "satisfaction",
        "Passenger satisfaction",
        "旅客满意",
        "target_or_progress",
        {"baseline": 77, "threshold": 75, "target": 82, "stretch": 88},
        missing="neutral",
    ),
    "overtime": Topic(
        "overtime_share", "Overtime within its band", "加班占比在区间内", "in_band", {"low": 3, "high": 4.5}, "band"
    ),
    "training": Topic(
        "trained_staff",
        "Service-recovery training",
        "服务补救培训",
        "capped_120",
        {"baseline": 0, "target": 1200, "stretch": 1400},
        attainment="baseline",
        phasing="even",
        kind="key_result",
    ),
    "system": Topic(
        "service_system_steps",
        "Service-quality system in five steps",
        "服务质量管理体系五步建设",
        "service_system",
        {"target": 5},
        attainment="ratio",
        phasing="explicit",
        missing="last_value",
        kind="milestone",
    ),
    "plan": Topic(
        "improvement_plan_level",
        "Improvement plan",
        "改进计划",
        "plan_review",
        {"threshold": 2, "target": 3, "stretch": 4},
        missing="last_value",
        kind="rubric",
    ),
    "handover": Topic(
        "handover_steps",
        "Shift-handover standard in four steps",
        "交接班标准四步建设",
        "handover_standard",
        {"baseline": 0, "target": 4},
        attainment="ratio",
        phasing="ramp",
        missing="last_value",
        kind="milestone",
    ),
    "recovery": Topic(
        "recovery_level",
        "Service recovery at the gate",
        "登机口服务补救",
        "recovery_levels",
        {"threshold": 2, "target": 3, "stretch": 4},
        missing="last_value",
        kind="rubric",
    ),
    "moonshot-d0": Topic(
        "departure_d0_rate",
        "Seven of ten leave by schedule",
        "七成航班零延误离港",
        "okr",
        {"baseline": 55, "target": 70},
        attainment="baseline",
        kind="key_result",
    ),
    "moonshot-delay": Topic(
        "departure_delay",
        "Mean delay down to 8 minutes",
        "平均延误降至 8 分钟",
        "okr",
        {"baseline": 15, "target": 8},
        attainment="baseline",
        kind="key_result",
    ),
}


@dataclass(frozen=True)
class Dimension:
    """An objective of the enterprise: a SERVQUAL dimension, and the topics under it with their weights."""

    goal: str
    label: str
    label_zh: str
    weight: int
    topics: dict[str, int]


#: The weights of the topics in a dimension add up to the dimension's, and the dimensions' to 100.
DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "nyc-reliability",
        "Reliability",
        "可靠性",
        40,
        {"ontime": 24, "cancelled": 6, "flights": 6, "overtime": 4},
    ),
    Dimension("nyc-responsiveness", "Responsiveness", "响应性", 20, {"departure": 10, "delay": 10}),
    Dimension("nyc-assurance", "Assurance", "保证性", 15, {"complaints": 9, "training": 6}),
    Dimension("nyc-empathy", "Empathy", "共情性", 15, {"satisfaction": 9, "plan": 6}),
    Dimension("nyc-tangibles", "Tangibles", "有形性", 10, {"inspection": 6, "system": 4}),
)

#: What the other owners answer for: topic → weight; every sheet adds up to 100. What people report of themselves is in
#: its first year and weighs nothing yet.
SHEETS: dict[str, dict[str, int]] = {
    "department": {
        "ontime": 30,
        "cancelled": 10,
        "departure": 12,
        "delay": 10,
        "flights": 10,
        "complaints": 10,
        "satisfaction": 8,
        "inspection": 6,
        "overtime": 4,
    },
    "station": {"ontime": 35, "cancelled": 15, "departure": 15, "flights": 10, "complaints": 15, "satisfaction": 10},
    "department_head": {
        "ontime": 35,
        "cancelled": 10,
        "departure": 10,
        "delay": 10,
        "flights": 10,
        "complaints": 10,
        "satisfaction": 10,
        "overtime": 5,
    },
    "station_manager": {"ontime": 40, "cancelled": 15, "departure": 15, "complaints": 15, "valid": 15, "recovery": 0},
    "duty_manager": {"ontime": 40, "departure": 30, "valid": 15, "inspection": 15, "handover": 0},
}

#: How many of the five steps are to be finished by the end of each month (the first is due in February).
SYSTEM_PLAN: tuple[int, ...] = (0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5)
