"""Tables: rows from YAML and CSV together, nested goals, defaults that are filled in once, and many rows."""

from pathlib import Path

import polars as pl
import pytest

from kpiflow.definitions.reading import read_company
from tests.definitions.companies import base, lines, read, written


def test_defaults_are_filled_in_once(tmp_path: Path) -> None:
    row = read(tmp_path, {}).required().goals.row(0, named=True)
    assert {name: row[name] for name in ("weight", "kind", "rollup", "missing", "commitment", "stage", "cycle")} == {
        "weight": 1.0,
        "kind": "kpi",
        "rollup": "own",
        "missing": "exclude",
        "commitment": "committed",
        "stage": "active",
        "cycle": "2026",
    }
    assert (row["owner"], row["owner_kind"], row["scope"], row["scope_kind"]) == ("EWR", "unit", "EWR", "unit")


def test_children_are_nested_to_any_depth_and_inherit_the_cycle(tmp_path: Path) -> None:
    goals = """goals:
  - goal: G1
    label: A
    owner: ALL
    cycle: 2027
    children:
      - goal: G2
        label: B
        owner: person:p1
        scope: EWR
        children:
          - {goal: G3, label: C, owner: p2, metric: flights, target: 10}
"""
    calendar = "cycles:\n  - {cycle: 2026, starts: 2026-01-01}\n  - {cycle: 2027, starts: 2027-01-01}\n"
    company = read(tmp_path, {"goals.yaml": goals, "calendar.yaml": calendar}).required()
    assert company.goals.select("goal", "parent", "cycle", "owner_kind", "scope", "scope_kind", "rollup").rows() == [
        ("G1", None, "2027", "unit", "ALL", "unit", "children"),
        ("G2", "G1", "2027", "person", "EWR", "unit", "children"),
        ("G3", "G2", "2027", "person", "p2", "person", "own"),
    ]


def test_yaml_and_csv_rows_stand_under_each_other(tmp_path: Path) -> None:
    company = read(
        tmp_path, {"goals.csv": 'goal,label,owner,metric,target\nG0,More,unit:JFK,flights,"120,000"\n'}
    ).required()
    assert company.goals.select("goal", "target").rows() == [("G0", 120000.0), ("G1", 80.0)]


def test_a_signed_anchor_is_in_the_metrics_own_unit(tmp_path: Path) -> None:
    company = read(
        tmp_path, {"goals.csv": "goal,label,owner,metric,target,weight\nG0,A,JFK,ontime_rate,79.27%,30%\n"}
    ).required()
    row = company.goals.row(0, named=True)
    assert (row["target"], row["weight"]) == (79.27, 0.3)


def test_five_hundred_goals_from_csv_and_the_line_of_the_one_that_is_wrong(tmp_path: Path) -> None:
    rows = [f"G{n:03},Goal {n},EWR,flights,{n + 1},1" for n in range(500)]
    rows[321] = "G321,Goal 321,EWR,flihgts,322,1"
    reading = read(tmp_path, {"goals.csv": "goal,label,owner,metric,target,weight\n" + "\n".join(rows) + "\n"})
    assert lines(reading, tmp_path) == ["goals.csv:323: error: There is no metric 'flihgts'. Did you mean 'flights'?"]
    rows[321] = "G321,Goal 321,EWR,flights,322,1"
    assert (
        read(tmp_path, {"goals.csv": "goal,label,owner,metric,target,weight\n" + "\n".join(rows) + "\n"})
        .required()
        .goals.height
        == 501
    )


def test_a_mistake_in_every_row_is_summed_up(tmp_path: Path) -> None:
    rows = "\n".join(f"R{n},Goal,EWR,flihgts,1" for n in range(1000))
    found = lines(read(tmp_path, {"goals.csv": f"goal,label,owner,metric,target\n{rows}\n"}), tmp_path)
    assert len(found) == 101
    assert any("900 more rows have the same problem" in line for line in found)


@pytest.mark.slow
def test_half_a_million_goals_are_read_and_checked(tmp_path: Path) -> None:
    count = 500_000
    numbers = pl.int_range(count, eager=True)
    people = pl.DataFrame(
        {"person": pl.select(pl.format("p{}", numbers // 5)).to_series().unique(maintain_order=True)}
    ).with_columns(label=pl.col("person"))
    goals = pl.select(
        goal=pl.format("g{}", numbers),
        label=pl.format("Goal {}", numbers),
        owner=pl.format("p{}", numbers // 5),
        metric=pl.lit("flights"),
        target=numbers + 1,
        parent=pl.when(numbers > 0).then(pl.format("g{}", numbers // 5)),
        weight=pl.lit(20),
        curve=pl.lit(None, pl.String),
    )
    files = base() | {"roles.yaml": "roles: []\n"}
    written(
        tmp_path,
        {name: text for name, text in files.items() if name not in ("goals.yaml", "people.csv", "assignments.csv")},
    )
    people.write_csv(tmp_path / "people.csv")
    goals.write_csv(tmp_path / "goals.csv")
    people.select("person", unit=pl.lit("UA"), role=pl.lit("staff"), starts=pl.lit("2020-01-01")).write_csv(
        tmp_path / "assignments.csv"
    )
    found = read_company(tmp_path).required().goals
    assert found.height == count
    assert found["target"].sum() == count * (count + 1) / 2
