"""Where a goal's bullet begins and ends, and which marks stand on it: shared by the large bullet and the small one."""

from collections.abc import Mapping
from typing import Any

from kpiflow.workspace import Message, msg

#: The anchors that say what was asked for; the others only say how much it earns.
MAIN = ("target", "at least", "at most")

#: What must fit on the scale beside the anchors, where the row has it.
PLACED = ("actual", "expected", "baseline", "forecast", "forecast_low", "forecast_high")


def anchors(row: Mapping[str, Any]) -> tuple[tuple[Message, float], ...]:
    """Return the named values a goal is held against, those it has; the target comes first."""
    named = (
        (msg("target"), row.get("target")),
        (msg("threshold"), row.get("threshold")),
        (msg("stretch"), row.get("stretch")),
        (msg("at least"), row.get("low")),
        (msg("at most"), row.get("high")),
    )
    return tuple((name, float(value)) for name, value in named if value is not None)


def ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return the two ends of the scale: round all values with some room; amounts that pile up begin at zero."""
    values = [value for _, value in anchors(row)]
    values += [float(row[key]) for key in PLACED if row.get(key) is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if row.get("accrues") or row.get("measure") == "count" or low == high:
        low = min(low, 0.0)
    room = (high - low) * 0.18 or 1.0
    return (low - room if low else 0.0), high + room
