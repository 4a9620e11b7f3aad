"""Two drawings small enough to stand in a line of text: a bullet and a sparkline, as SVG."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.blocks.markup import Markup, el
from dashboards.charts.scale import anchors, ends

_WIDE, _HIGH = 400.0, 34.0


def bullet_line(row: Mapping[str, Any], said: str) -> Markup:
    """Return a goal's bullet: a bar for the actual, a line per anchor, a triangle where it should be by now."""
    low, high = ends(row)

    def place(value: float) -> float:
        return round((value - low) / (high - low) * _WIDE, 1)

    parts = [_box(0, _WIDE, 8, 18, "var(--k-ground)")]
    if row.get("actual") is not None:
        parts.append(_box(0, place(float(row["actual"])), 12, 10, f"var(--k-fill-{row.get('status') or 'no_data'})"))
    for name, value in anchors(row):
        main = name.text in ("target", "at least", "at most")
        parts.append(_box(place(value) - (1.5 if main else 0.5), 3 if main else 1, 6, 22, "var(--k-text)" if main else "var(--k-quiet)"))
    expected = row.get("expected")
    if expected is not None and expected != row.get("target"):
        x = place(float(expected))
        parts.append(el("path", d=f"M{x - 5} 0 h10 l-5 7 z", fill="var(--k-text)"))
    return el(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDE:.0f} {_HIGH:.0f}",
        preserveAspectRatio="none",
        class_="k-bullet",
        role="img",
        aria_label=said,
    )


def sparkline(values: Sequence[float | None], said: str, *, wide: int = 120, high: int = 30) -> Markup:
    """Return a line of monthly values with a dot on the last one; months without data break the line."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup()
    low, high_value = min(known), max(known)
    reach = (high_value - low) or 1.0
    step = (wide - 8) / max(len(values) - 1, 1)
    path, pen, last = "", "M", (0.0, 0.0)
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        last = (round(4 + place * step, 1), round(high - 5 - (value - low) / reach * (high - 10), 1))
        path += f"{pen}{last[0]} {last[1]}"
        pen = "L"
    return el(
        "svg",
        el("path", d=path, fill="none", stroke="var(--k-quiet)", stroke_width="1.5", stroke_linejoin="round"),
        el("circle", cx=str(last[0]), cy=str(last[1]), r="3", fill="var(--k-accent)"),
        viewBox=f"0 0 {wide} {high}",
        width=str(wide),
        height=str(high),
        role="img",
        aria_label=said,
    )


def _box(x: float, wide: float, y: float, high: float, fill: str) -> Markup:
    return el("rect", x=f"{x:.1f}", y=f"{y:.0f}", width=f"{max(wide, 0):.1f}", height=f"{high:.0f}", fill=fill)
