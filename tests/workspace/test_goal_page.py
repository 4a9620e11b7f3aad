"""A goal's page says what is missing by its name, and how old a single value is."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import apply, load_facts
from tests.workspace.shop import PLANNED, config, opened

METRICS = [
    {"metric": "visits", "label": "Visits", "label_zh": "客流", "definition": "People.", "measure": "count", "direction": "higher"},
    {"metric": "stock", "label": "Stock", "label_zh": "库存", "definition": "Pieces there.", "measure": "count", "kind": "snapshot",
     "time_agg": "last", "direction": "higher", "fresh_for": 40},
    {"metric": "each", "label": "Sales a visit", "definition": "Sales by visits.", "measure": "ratio", "kind": "derived",
     "formula": "sales / visits", "direction": "higher"},
]  # fmt: skip
GOALS = [
    {"goal": "ann-each", "owner": "ann", "metric": "each", "target": 0.5, "label": "Sales a visit", "missing": "exclude",
     "weight": 0},
    {"goal": "ann-stock", "owner": "ann", "metric": "stock", "target": 50, "label": "Stock", "weight": 0},
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    ws = opened(tmp_path)
    folder = config(tmp_path / "more")
    for name, more in (("metrics", METRICS), ("goals", GOALS)):
        path = folder / f"{name}.yaml"
        known = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({name: [*known[name], *more]}, ensure_ascii=False), encoding="utf-8")
    apply(ws, folder, who="planner", at=PLANNED + datetime.timedelta(hours=1), reason="More to measure")
    yield ws
    ws.close()


def load(ws: Workspace, metric: str, day: str, value: float) -> None:
    kinds = {"value": pl.Decimal(18, 6), "numerator": pl.Decimal(18, 6), "denominator": pl.Decimal(18, 6)}
    row = {"metric": metric, "unit": "NORTH", "person": "ann", "day": datetime.date.fromisoformat(day), "entry": "",
           "value": value, "numerator": None, "denominator": None}  # fmt: skip
    frame = pl.DataFrame([row]).with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
    load_facts(ws, frame, f"{metric}.csv", who="feed", at=datetime.datetime(2026, 2, 1, 6, tzinfo=datetime.UTC))


def test_a_formula_that_lacks_a_part_names_it(shop: Workspace) -> None:
    both = shop.goal(ADMINISTRATOR, "ann-each", "2026-01", datetime.date(2026, 2, 5))
    assert [one.label for one in both.row["absent"]] == ["Sales", "Visits"]
    load(shop, "sales", "2026-01-10", 12)
    page = shop.goal(ADMINISTRATOR, "ann-each", "2026-01", datetime.date(2026, 2, 5))
    assert page.row["actual"] is None
    assert [one.label for one in page.row["absent"]] == ["Visits"]
    assert "Visits has not been measured" in render(page.sentence[-1])
    assert "客流" in render(page.sentence[-1], "zh")
    assert any("needs Visits" in render(line) for reason in page.why for line in reason.lines)


def test_a_formula_with_all_its_parts_says_nothing_of_them(shop: Workspace) -> None:
    load(shop, "sales", "2026-01-10", 12)
    load(shop, "visits", "2026-01-12", 30)
    page = shop.goal(ADMINISTRATOR, "ann-each", "2026-01", datetime.date(2026, 2, 5))
    assert page.row["actual"] == pytest.approx(12 / 30)
    assert page.row["absent"] == []


def test_a_formula_that_divides_by_nothing_says_so(shop: Workspace) -> None:
    load(shop, "sales", "2026-01-10", 12)
    load(shop, "visits", "2026-01-12", 0)
    page = shop.goal(ADMINISTRATOR, "ann-each", "2026-01", datetime.date(2026, 2, 5))
    assert page.row["actual"] is None
    assert page.row["absent"] == []
    assert any("divides by 0" in render(line) for reason in page.why for line in reason.lines)


@pytest.mark.parametrize(
    ("day", "until", "age"),
    [(datetime.date(2026, 1, 25), datetime.date(2026, 1, 25), 15), (datetime.date(2026, 6, 1), datetime.date(2026, 1, 31), 21)],
)  # fmt: skip
def test_a_level_says_how_old_its_newest_value_is(
    shop: Workspace, day: datetime.date, until: datetime.date, age: int
) -> None:
    """Counted from the day looked from, or from the last day of the period where that is past."""
    moment = datetime.datetime(2026, 1, 12, 6, tzinfo=datetime.UTC)
    kinds = {"value": pl.Decimal(18, 6), "numerator": pl.Decimal(18, 6), "denominator": pl.Decimal(18, 6)}
    row = {"metric": "stock", "unit": "NORTH", "person": "ann", "day": datetime.date(2026, 1, 10), "entry": "", "value": 40,
           "numerator": None, "denominator": None}  # fmt: skip
    frame = pl.DataFrame([row]).with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
    load_facts(shop, frame, "stock.csv", who="feed", at=moment)
    row = shop.goal(ADMINISTRATOR, "ann-stock", "2026-01", day).row
    assert (row["age"], row["fresh_for"], row["until"]) == (age, 40, until)
