"""What pictures leave to words: blocks too low for a line, names that would lie over each other, what all labels begin with."""

import itertools

import polars as pl
import pytest

from dashboards.blocks.tree_rows import tree_rows
from dashboards.charts import bullet, contributions, icicle, layers
from dashboards.charts.paper import Ink

LIGHT = Ink()


def tree(*rows: tuple[str, str | None, float]) -> pl.DataFrame:
    return pl.DataFrame([
        {"goal": goal, "parent": parent, "label": f"Goal {goal}", "label_zh": f"目标 {goal}", "owner": "U", "owner_label": "Unit",
         "owner_label_zh": "单位", "weight": weight, "points": 80.0, "pace": 0.9, "status": "behind", "measure": "percent",
         "currency": None, "actual": 1.0, "target": 2.0, "example": False}
        for goal, parent, weight in rows
    ])  # fmt: skip


CROWD = tree(
    ("co", None, 1.0), ("a", "co", 0.5), ("b", "co", 0.5), *((f"a{place}", "a", 0.5 / 40) for place in range(40))
)


def test_a_level_too_low_to_be_read_is_left_to_the_table():
    drawn = icicle.draw(CROWD, LIGHT, "en").data[0]
    assert set(drawn.ids) == {"co", "a", "b"}
    table = tree_rows(CROWD, "en", lambda goal: f"goal?goal={goal}")
    assert all(f"Goal a{place}<" in table for place in range(40))
    assert table.index("Goal a<") < table.index("Goal a0<") < table.index("Goal b<"), "each below the one above it"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_of_a_block_has_room_in_it(language):
    drawn = icicle.draw(CROWD, LIGHT, language).data[0]
    for label, weight in zip(drawn.labels, drawn["values"], strict=True):
        assert len(label.split("<br>")) * icicle.LINE <= max(weight * icicle.HEIGHT, icicle.LINE)


def test_names_of_marks_never_share_a_line_where_they_would_touch():
    row = {"label": "A", "status": "behind", "measure": "percent", "actual": 71.4, "threshold": 66.68, "target": 76.68,
           "stretch": 80.68, "expected": 76.68, "direction": "higher"}  # fmt: skip
    figure = bullet.draw(row, LIGHT, "en")
    low, high = figure.layout.xaxis.range
    marks = [(one.x, one.yshift or 0) for one in figure.layout.annotations if one.yanchor == "top"]
    assert len(marks) == 3
    for (left, above), (right, below) in itertools.combinations(marks, 2):
        assert above != below or abs(left - right) >= bullet.NAME * (high - low)


def test_labels_leave_out_what_all_of_them_begin_with():
    rows = pl.DataFrame([
        {"goal": f"g{place}", "label": f"On-time · EWR · {name}", "label_zh": None, "owner": "U", "owner_label": "U",
         "owner_label_zh": None, "points": 50.0, "status": "behind", "actual": 60.0, "measure": "percent", "currency": None,
         "counted": False, "contribution": None}
        for place, name in enumerate(["Envoy Air", "Endeavor Air"])
    ])  # fmt: skip
    ticks = contributions.draw(rows, LIGHT, "en").layout.yaxis.ticktext
    assert [tick.rsplit(" ", 1)[0] for tick in ticks] == ["Envoy Air", "Endeavor Air"]
    alone = contributions.draw(rows.head(1), LIGHT, "en").layout.yaxis.ticktext
    assert "On-time" in alone[0], "a single one keeps its whole name"


def test_no_line_of_a_label_begins_with_a_mark_that_closes():
    assert layers._lines("纽瓦克自由机场（EWR）", 11) == ["纽瓦克自由机场（EWR）"]
    assert layers._lines("Newark Liberty (EWR) and Kennedy", 14)[0] == "Newark Liberty"
