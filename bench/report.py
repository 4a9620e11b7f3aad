"""What was measured, as lines: a name, a value, what it is held against, and how many times that it is."""

from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of the table. `ratio` is what it is called in `asked`; null where there is nothing to hold it against."""

    name: str
    value: float
    unit: str
    against: str | None = None
    ratio: float | None = None
    asked: str | None = None

    @property
    def kept(self) -> bool | None:
        """Whether what was asked is so; None when nothing was asked."""
        if self.asked is None or self.ratio is None:
            return None
        bound = float(self.asked.split()[-1])
        return self.ratio <= bound if self.asked.startswith("at most") else self.ratio >= bound


def lines_of(found: dict[str, dict[str, Any]]) -> list[Line]:
    """Return the lines of the table from what the parts measured."""
    pairs, half, pandas, walk = found["pairs"], found["half"], found["pandas"], found["walked"]
    ours, series, names = (median(pairs[name]) for name in ("ours", "series", "names"))
    half_ours, small = median(half["ours"]), median(walk["ours"])
    total = median(r + w for r, w in zip(pandas["reading"], pandas["working"], strict=True))
    beside, working = median(pandas["ours"]), median(pandas["working"])
    gib = found["first"]["peak_kib"] / 2**20
    walk_all, first = median(walk["walk"]), found["first"]["seconds"]
    cost, series_cost = median(pairs["ours_processor"]), median(pairs["series_processor"])
    rows: list[tuple[Any, ...]] = [
        ("main job", ours, "s", "reads the sums each load keeps per year, not every row"),
        ("main job, first run of a process", first, "s", "this ÷ later runs", first / ours),
        ("GROUP BY series", series, "s", "main job ÷ this, the strictest", ours / series, "at most 1.0"),
        ("GROUP BY metric, person", names, "s", "main job ÷ this", ours / names, "at most 1.0"),
        ("main job, processor time", cost, "s", "this ÷ GROUP BY series", cost / series_cost),
        ("pandas, from the store to pay", total, "s", "this ÷ main job beside it", total / beside, "at least 5.0"),
        ("pandas, all read already", working, "s", "this ÷ whole main job", working / beside),
        (f"walk per node in SQLite, {walk['check_ins']:,} check-ins", walk_all, "s", "this ÷ our roll-up",
         walk_all / small, "at least 10.0"),
        ("our roll-up of the same tree", small, "s"),
        ("memory, peak", gib, "GiB", "of 6 GiB", gib / 6, "at most 1.0"),
        ("main job, half the data", half_ours, "s", "this ÷ whole", half_ours / ours, "at most 0.6"),
        *((f"  step: {name}", took, "s") for name, took in found["steps"].items()),
        ("building the store", found["built"]["seconds"], "s"),
        ("the store's file", found["built"]["bytes"] / 2**20, "MiB"),
    ]  # fmt: skip
    return [
        *(Line(*row) for row in rows),
        *pay_lines(found["pay"]),
        *scenario_lines(found["scenarios"]),
        *forecast_lines(found["forecast"]),
        *intake_lines(found["intake"]),
        *api_lines(found["api"]),
        *(desk_lines(found) if "desks" in found else []),
    ]


def pay_lines(found: dict[str, Any]) -> list[Line]:
    """Return what it takes to pay everybody, with the lines of the statements kept, beside others on the same plan."""
    ours, wide, loop = (median(found[name]) for name in ("ours", "wide", "loop"))
    exact, floats = median(found["exact"]), median(found["bare"])
    people = f"{found['people']:,} people through ten components"
    lines = [
        Line(f"{people}, a row per line", ours, "s", "each component's value and row, wide and as a table of lines"),
        Line("  the same, a column per component", wide, "s", "all a statement is made of"),
        Line("  bare Polars in decimals, as exact", exact, "s", "a row per line ÷ this", ours / exact, "at most 5.0"),
        Line(
            "  bare Polars in floats, no lines",
            floats,
            "s",
            "a column per component ÷ this",
            wide / floats,
            "at most 5.0",
        ),
        Line("  the same", floats, "s", "a row per line ÷ this", ours / floats, "at most 5.0"),
        Line("  a plain Python loop in floats", loop, "s", "this ÷ a row per line", loop / ours),
    ]
    if found["openfisca"]:
        peer = median(found["openfisca"])
        lines.append(
            Line("  OpenFisca-core in float32, no lines", peer, "s", "this ÷ a column per component", peer / wide)
        )
    return lines


def scenario_lines(found: dict[str, Any]) -> list[Line]:
    """Return how long each kind of scenario takes until its effect is there, held against the two seconds that were asked."""
    return [
        Line("scenarios: before the first, all kept", found["warm"], "s"),
        *(
            Line(f"  scenario: {name}", median(took), "s", "this ÷ 2 s", median(took) / 2, "at most 1.0")
            for name, took in found["took"].items()
        ),
        Line("  scenario: the dearest, processor time", max(median(cost) for cost in found["cost"].values()), "s"),
    ]


def forecast_lines(found: dict[str, Any]) -> list[Line]:
    """Return how well the example company's year was forecast: all goals together, then each metric with its errors."""
    error, inside = found["ratio"], found["inside"]
    whole = [
        Line("forecast, error of the end of the year", error, "×", "this ÷ straight line's", error, "at most 1.0"),
        Line("forecast, ends inside the 80 % interval", inside, "of all", "this ÷ 0.8", inside / 0.8, "at least 0.9"),
    ]
    return whole + [
        Line(f"  error: {one['metric']}", one["error"], "", f"straight line {one['straight']:.3f}", one["ratio"])
        for one in found["metrics"]
    ]


def intake_lines(found: dict[str, Any]) -> list[Line]:
    """Return rows per second by each way in, as a share of what the same file takes to be read by Polars or DuckDB alone."""
    return [
        Line(f"{name}, {one['rows']:,} rows", one["rows"] / median(one["ours"]), "rows/s",
             f"share of {one['reader']} alone, {one['rows'] / median(one['alone']):,.0f} rows/s",
             median(one["alone"]) / median(one["ours"]))
        for name, one in found.items()
    ]  # fmt: skip


def api_lines(found: dict[str, Any]) -> list[Line]:
    """Return how many reads a second the API holds, and how many when nothing has changed and the client has the ETag."""
    lines = []
    for name, one in found["asked"].items():
        plain, known = one["plain"], one["known"]
        said = f"{found['clients']} clients on the server's cores, 95 of 100 within {1000 * plain['p95']:.0f} ms"
        lines += [
            Line(f"API, {name}, {plain['bytes'] / 1024:,.0f} KiB", plain["per_second"], "reads/s", said),
            Line("  the same with its ETag, 304", known["per_second"], "reads/s", "this ÷ the whole answer",
                 known["per_second"] / plain["per_second"]),
        ]  # fmt: skip
    return lines


def desk_lines(found: dict[str, Any]) -> list[Line]:
    """Return how long the desks take: reruns of one reader, of one on the large company, and of a crowd beside a bare page."""
    one, many, bare, large = found["desks"]["one"], found["desks"]["many"], found["desks"]["bare"], found["large"]
    crowd = f"{found['desks']['readers']} readers, each every ten seconds"
    return [
        Line(
            "desks: first page of a reader, slowest", one["first"], "s", "this ÷ 2 s", one["first"] / 2, "at most 1.0"
        ),
        Line("desks: one reader, 95 of 100 reruns", one["p95"], "s", "this ÷ 0.3 s", one["p95"] / 0.3, "at most 1.0"),
        Line("desks: one reader, the middle rerun", one["p50"], "s"),
        Line("large company: one reader, 95 of 100", large["p95"], "s", "this ÷ 1 s", large["p95"], "at most 1.0"),
        Line("large company: one reader, the middle", large["p50"], "s"),
        Line(f"{crowd}: 95 of 100", many["p95"], "s", "this ÷ 1 s", many["p95"], "at most 1.0"),
        Line(f"{crowd}: the middle", many["p50"], "s"),
        Line(
            "the same on a bare Streamlit page: 95 of 100", bare["p95"], "s", "desks ÷ this", many["p95"] / bare["p95"]
        ),
        Line(
            "the same on a bare Streamlit page: the middle", bare["p50"], "s", "desks ÷ this", many["p50"] / bare["p50"]
        ),
    ]


def printed(lines: list[Line]) -> str:
    """Return the table as text."""
    marks = {True: "yes", False: "NO", None: ""}
    rows = [
        (
            line.name, f"{line.value:.3f} {line.unit}", line.against or "",
            "" if line.ratio is None else f"{line.ratio:.2f}", line.asked or "", marks[line.kept],
        )
        for line in lines
    ]  # fmt: skip
    rows.insert(0, ("what", "median", "against", "ratio", "asked", "kept"))
    widths = [max(len(row[n]) for row in rows) for n in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
