"""Two drawings small enough to stand in a line of text: a bullet and a sparkline, as SVG in an image."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from dashboards.blocks.markup import Markup, el
from dashboards.charts.paper import Ink
from dashboards.charts.scale import MAIN, anchors, ends

_WIDE, _HIGH = 400.0, 32.0


def bullet_line(row: Mapping[str, Any], ink: Ink, said: str) -> Markup:
    """Return a goal's bullet: the actual, a line per anchor, a triangle where it should be by now.

    With forecast, forecast_low and forecast_high a whisker below shows where the goal will end.
    """
    low, high = ends(row)

    def place(value: float) -> float:
        return round((float(value) - low) / (high - low) * _WIDE, 1)

    parts = [_box(0, _WIDE, (9, 16), ink.bands()[1])]
    if row.get("actual") is not None:
        parts += _actual(row, place, ink, from_zero=low == 0)
    for name, value in anchors(row):
        main = name.text in MAIN
        wide = 3 if main else 1.2
        parts.append(_box(place(value) - wide / 2, wide, (5, 24), ink.text if main else ink.quiet))
    expected = row.get("expected")
    if expected is not None and expected != row.get("target"):
        parts.append(el("path", d=f"M{place(expected) - 5} 0 h10 l-5 8 z", fill=ink.text))
    if row.get("forecast") is not None and row.get("forecast_low") is not None:
        parts += _whisker([place(row[name]) for name in ("forecast_low", "forecast", "forecast_high")], ink)
    return _image(parts, (_WIDE, _HIGH), said, class_="k-bullet", stretched=True)


def _whisker(places: Sequence[float], ink: Ink) -> list[Markup]:
    """A thin line with an end to either side and a diamond where the forecast is."""
    left, middle, right = places
    ends_ = [_box(at - 0.75, 1.5, (23, 7), ink.accent) for at in (left, right)]
    diamond = el("path", d=f"M{middle} 22 l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 z", fill=ink.accent)
    return [_box(left, right - left, (26, 1.5), ink.accent), *ends_, diamond]


def _actual(row: Mapping[str, Any], place: Callable[[float], float], ink: Ink, *, from_zero: bool) -> list[Markup]:
    """A bar from zero; where the scale does not begin at zero a bar would lie, so only the gap to the target is drawn."""
    fill, at = ink.fill(row.get("status")), place(row["actual"])
    if from_zero:
        return [_box(0, at, (13, 8), fill)]
    goal = row["target"] if row.get("target") is not None else row["actual"]
    left, right = sorted((at, place(goal)))
    return [_box(left, right - left, (14, 6), fill), _box(at - 5, 10, (10, 14), fill)]


def sparkline(values: Sequence[float | None], ink: Ink, said: str, *, wide: int = 132, high: int = 30) -> Markup:
    """Return a line of monthly values with a dot on the last one; months without data break the line."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup()
    lowest, reach = min(known), (max(known) - min(known)) or 1.0
    step = (wide - 8) / max(len(values) - 1, 1)
    path, pen, last = "", "M", (0.0, 0.0)
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        last = (round(4 + place * step, 1), round(high - 5 - (value - lowest) / reach * (high - 10), 1))
        path += f"{pen}{last[0]} {last[1]}"
        pen = "L"
    line = el("path", d=path, fill="none", stroke=ink.quiet, stroke_width="1.5", stroke_linejoin="round")
    dot = el("circle", cx=str(last[0]), cy=str(last[1]), r="3", fill=ink.accent)
    return _image([line, dot], (wide, high), said, class_="k-spark")


def _image(
    parts: Sequence[Markup], size: tuple[float, float], said: str, *, class_: str, stretched: bool = False
) -> Markup:
    """Return drawing as an image: Streamlit takes SVG out of HTML, but leaves images be."""
    wide, high = size
    drawing = el(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {wide:.0f} {high:.0f}",
        width=f"{wide:.0f}",
        height=f"{high:.0f}",
        preserveAspectRatio="none" if stretched else None,
    )
    return Markup(f'<img class="{class_}" src="data:image/svg+xml,{quote(drawing)}" alt="{escape(said, quote=True)}">')


def _box(x: float, wide: float, tall: tuple[float, float], fill: str) -> Markup:
    y, high = tall
    return el("rect", x=f"{x:.1f}", y=f"{y:.0f}", width=f"{max(wide, 0):.1f}", height=f"{high:g}", fill=fill)
