"""At least one curve of every kind, with the settings where kinds differ; a new kind adds its own here."""

from pydantic import TypeAdapter

from kpiflow.scoring.curves import Curve

WRITTEN = [
    {"kind": "proportional", "cap": 120},
    {"kind": "proportional", "target_points": 90, "cap": 120, "floor": None},
    {"kind": "proportional", "gate": "40%", "cap": 140, "round": {"places": 0, "mode": "half_up"}},
    {"kind": "linear", "through": [["80%", 60], ["100%", 100], ["120%", 150]]},
    {
        "kind": "linear",
        "through": [["50%", 0], ["50%", 30], ["100%", 100]],
        "below": "first",
        "above": "slope",
        "tie": "lower",
    },
    {"kind": "linear", "on": "actual", "through": [["threshold", 50], ["target", 100], ["stretch", 200]]},
    {
        "kind": "linear",
        "on": "actual",
        "through": [["baseline", 0], ["target", 100]],
        "below": "slope",
        "above": "zero",
    },
    {
        "kind": "tiers",
        "tiers": [{"to": "80%", "points": 0}, {"from": "80%", "to": 1, "points": 60}, {"from": 1, "points": 100}],
    },
    {
        "kind": "tiers",
        "on": "actual",
        "tie": "lower",
        "tiers": [{"to": 10, "points": 100}, {"from": 10, "to": "target", "points": 50}],
    },
    {"kind": "per_percent", "base": 30, "step": "3%", "max_up": 6, "max_down": 6},
    {
        "kind": "per_percent",
        "base": 30,
        "step": "3%",
        "max_up": 6,
        "granularity": "proportional",
        "round": {"places": 2, "mode": "half_even"},
    },
    {"kind": "per_percent", "on": "actual", "base": 100, "step": 1, "up": 0, "down": 3},
    {"kind": "all_or_nothing"},
    {"kind": "all_or_nothing", "on": "actual", "at": "target", "reached": 10, "missed": -10, "tie": "lower"},
    {"kind": "deduction", "per_event": 5, "free": 1, "floor": 20},
    {
        "kind": "rubric",
        "situations": [{"level": 1, "points": 30, "label": "poor"}, {"level": 2, "points": 100, "label": "good"}],
    },
    {"kind": "milestones", "steps": [{"label": "a", "weight": 1}, {"label": "b", "weight": 3}]},
    {"kind": "milestones"},
    {"kind": "equal_bands", "on": "actual", "edges": [0, 4, 6, 12]},
    {"kind": "goal_red_flag"},
    {"kind": "okr"},
    {"kind": "best_of", "of": [{"kind": "all_or_nothing", "reached": 70}, {"kind": "proportional", "cap": 100}]},
    {"kind": "worst_of", "of": [{"kind": "deduction", "per_event": 2}, {"kind": "proportional", "cap": 100}]},
]

_READ = TypeAdapter(Curve)

SAMPLES = [
    _READ.validate_python({"curve": f"{written['kind']}_{number}"} | written) for number, written in enumerate(WRITTEN)
]
