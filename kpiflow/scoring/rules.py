"""The company's rules that scoring needs, in one hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpiflow.core.calendar import Calendar
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import BUILT_IN, Phasing
from kpiflow.core.status import DEFAULT_RULES, StatusRule
from kpiflow.scoring.curves import STANDARD, Curve


@dataclass(frozen=True)
class Rules:
    """Calendar, metrics, curves, phasings and status rules, by name."""

    calendar: Calendar
    metrics: Mapping[str, Metric]
    curves: Mapping[str, Curve] = field(default_factory=dict)
    phasings: Mapping[str, Phasing] = field(default_factory=lambda: BUILT_IN)
    statuses: tuple[StatusRule, ...] = DEFAULT_RULES

    def curve(self, name: str | None) -> Curve:
        """Return a goal's curve; a goal that names none has the standard one."""
        return STANDARD if name is None else self.curves[name]
