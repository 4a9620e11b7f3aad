"""Builds the synthetic company, times everything, prints a table and writes bench/results/latest.json.

Every part runs in a process of its own, one after another. A number is the median of its runs; what is compared was
run in turn. Nothing is printed before all have worked out the same.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.company import size
from bench.report import Line, lines_of, printed

#: Where the numbers of the last run are kept; not part of the project.
RESULTS = Path(__file__).parent / "results" / "latest.json"

#: The smallest scale at which the desks are timed.
SMALLEST = 0.05


def part(name: str, store: Path, how: float) -> dict[str, Any]:
    """Run one part in a process of its own and return what it measured."""
    print(f"  {name} …", file=sys.stderr, flush=True)
    asked = [sys.executable, "-m", "bench.part", name, str(store), str(how)]
    done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"The part '{name}' failed; see above.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(folder: Path, scale: float, count: int) -> dict[str, dict[str, Any]]:
    """Return what every part measured."""
    whole, half = folder / "whole.duckdb", folder / "half.duckdb"
    found = {
        "built": part("built", whole, scale),
        "half_built": part("built", half, scale / 2),
        "first": part("first", whole, 1),
        "pairs": part("pairs", whole, count),
        "half": part("pairs", half, max(1, count // 2)),
        "steps": part("steps", whole, 1),
        "walked": part("walked", whole, 9),
        "forecast": part("forecast", whole, 1),
        "scenarios": part("scenarios", whole, scale),
        "pandas": part("pandas", whole, max(1, count // 3)),
        "pay": part("pay", whole, scale),
        "intake": part("intake", whole, scale),
        "api": part("api", whole, scale),
    }
    # The desks have people act for minutes: not for a trial of the bench itself.
    if scale >= SMALLEST:
        found |= {"large": part("large", whole, scale), "desks": part("desks", whole, scale)}
    return found


def main() -> None:
    """Measure, print, and write down."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Speed of the main job, of pay, of intake, of the API and of the desks, and how well the forecast does.",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 100,000 people and 60 million measurements")
    parser.add_argument("--pairs", type=int, default=5, help="how often each is run in turn")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the numbers are written")
    asked = parser.parse_args()
    began, of = time.perf_counter(), size(asked.scale)
    print(
        f"{of.people:,} people, {of.series:,} goals of theirs, {sum(count for _, count in of.units):,} units on"
        f" {len(of.units)} levels, {of.measurements:,} measurements; {os.cpu_count()} cores,"
        f" {statistics.fmean(os.getloadavg()[:1]):.1f} processes busy before we began",
        file=sys.stderr,
    )
    with tempfile.TemporaryDirectory(prefix="kpiflow-bench-") as folder:
        found = measured(Path(folder), asked.scale, asked.pairs)
    lines: list[Line] = lines_of(found)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps([vars(line) for line in lines], indent=1) + "\n", encoding="utf-8")
    print(printed(lines))
    print(f"\nAll results were equal (to 1e-9 of their size). {time.perf_counter() - began:.0f} s in all; {asked.out}")


if __name__ == "__main__":
    main()
