"""What figures and blocks hold: sums that add up, words in both languages, colours that everyone can tell apart."""

import datetime
import itertools
import json

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards.blocks.drawings import bullet_line, sparkline
from dashboards.blocks.heat import around, heat
from dashboards.blocks.markup import Markup, el, join
from dashboards.charts import CHARTS, bullet, check_ins, contributions, icicle, run, waterfall
from dashboards.charts.paper import Ink
from dashboards.charts.scale import ends
from dashboards.statuses import LOOKS, look

LIGHT, DARK = Ink(), Ink(dark=True)
GOAL = {
    "label": "On-time", "label_zh": "准点", "status": "behind", "measure": "percent", "actual": 73.42, "target": 77.62,
    "threshold": 67.62, "stretch": 81.62, "expected": 76.0, "direction": "higher", "points": 83.2,
}  # fmt: skip


def words_of(figure: go.Figure) -> str:
    return json.dumps(json.loads(figure.to_json()), ensure_ascii=False)


def moved(*changes: float) -> pl.DataFrame:
    return pl.DataFrame({
        "goal": [f"g{place}" for place in range(len(changes))],
        "label": [f"Goal {place}" for place in range(len(changes))],
        "label_zh": [f"目标 {place}" for place in range(len(changes))],
        "change": changes,
    })  # fmt: skip


def test_charts_are_listed_by_name():
    names = [name for name, _ in CHARTS]
    assert names == sorted(names)


def test_a_waterfall_adds_up_even_when_the_rest_is_one_bar():
    changes = tuple(float(step) for step in range(12, 0, -1))
    figure = waterfall.draw(moved(*changes), 10.0, 10.0 + sum(changes), LIGHT, "en", names=("before", "now"))
    bars = figure.data[0]
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1])
    assert len(bars.x) == waterfall.SHOWN + 3


def test_a_waterfall_leaves_out_what_did_not_move():
    figure = waterfall.draw(moved(1.0, 0.0, -2.0), 50.0, 49.0, LIGHT, "zh", names=("前", "后"))
    assert list(figure.layout.yaxis.ticktext) == ["前", "目标 0", "目标 2", "后"]


def tree(*rows: tuple[str, str | None, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, orient="row", schema=["goal", "parent", "weight"]).with_columns(
        label="goal", label_zh=pl.lit(None, pl.String), owner_label=pl.lit("U"), points=pl.lit(80.0), pace=pl.lit(0.9),
        status=pl.lit("at_risk"), measure=pl.lit("percent"), currency=pl.lit(None, pl.String), actual=pl.lit(1.0),
        target=pl.lit(2.0),
    )  # fmt: skip


def test_the_tree_shows_its_upper_levels_and_skips_a_root_that_says_nothing():
    chain = tree(
        ("co", None, 1.0),
        ("a", "co", 1.0),
        ("b", "a", 0.6),
        ("c", "a", 0.4),
        ("d", "b", 0.6),
        ("e", "d", 0.6),
        ("f", "e", 0.6),
    )
    blocks = icicle.draw(chain, LIGHT, "en").data[0]
    assert list(blocks.ids) == ["a", "b", "c", "d", "e"]
    assert blocks.parents[0] == ""


def test_a_root_with_several_goals_stays():
    assert "co" in icicle.draw(tree(("co", None, 1.0), ("a", "co", 0.5), ("b", "co", 0.5)), LIGHT, "en").data[0].ids


@pytest.mark.parametrize(("language", "word"), [("en", "target"), ("zh", "目标")])
def test_a_bullet_names_its_marks(language, word):
    said = words_of(bullet.draw(GOAL, LIGHT, language))
    assert word in said
    assert "77.62" in said


def test_a_bullet_without_data_still_shows_what_was_asked():
    figure = bullet.draw({**GOAL, "actual": None, "status": "no_data"}, LIGHT, "en")
    assert "77.62" in words_of(figure)
    assert "73.42" not in words_of(figure)


@pytest.mark.parametrize(
    "row",
    [
        GOAL,
        {**GOAL, "direction": "lower"},
        {"low": 3.0, "high": 4.5, "actual": 4.6},
        {"actual": 0.0, "target": 0.0},
        {},
    ],
    ids=["higher", "lower", "band", "zero", "nothing"],
)
def test_every_mark_lies_on_the_scale(row):
    low, high = ends(row)
    assert low < high
    for key in ("actual", "target", "threshold", "stretch", "expected", "low", "high"):
        if row.get(key) is not None:
            assert low <= row[key] <= high


def test_what_adds_up_is_drawn_from_zero_whatever_it_is_measured_in():
    hours = {"measure": "hours", "actual": 30.0, "target": 45.0, "expected": 40.0}
    assert ends({**hours, "accrues": True})[0] == 0.0
    assert ends({**hours, "accrues": False})[0] > 0.0, "a mean of hours is not"


def test_the_whole_of_several_goals_has_no_status_of_its_own():
    tree = pl.DataFrame({
        "goal": ["co", "a", "b"], "parent": [None, "co", "co"], "label": ["Co", "A", "B"], "label_zh": [None] * 3,
        "owner_label": [None] * 3, "owner_label_zh": [None] * 3, "weight": [1.0, 0.5, 0.5], "points": [80.0, 70.0, 90.0],
        "status": [None, "behind", "on_pace"], "actual": [None] * 3, "target": [None] * 3, "measure": [None] * 3,
        "currency": [None] * 3,
    }, schema_overrides=dict.fromkeys(("label_zh", "owner_label", "owner_label_zh", "measure", "currency"), pl.String)
        | {"actual": pl.Float64, "target": pl.Float64})  # fmt: skip
    blocks = icicle.draw(tree, LIGHT, "en").data[0]
    assert blocks.labels[0].startswith("Co"), "no mark of missing data stands before a company that has data"
    assert blocks.labels[1].startswith(look("behind").shape)
    assert "No data" not in blocks.hovertext[0]


@pytest.mark.parametrize(
    ("days", "marks"),
    [([0], 1), ([0, 1], 2), ([0, 40], 5), ([0, 300], None)],
    ids=["once", "next day", "weeks", "months"],
)
def test_check_ins_never_mark_one_day_twice(days, marks):
    first = datetime.date(2026, 11, 1)
    shown = check_ins._days(pl.Series([first + datetime.timedelta(days=one) for one in days]))
    if marks is None:
        assert shown["tickformat"] == "%Y-%m"
    elif marks == 1:
        assert shown["tickvals"] == [first]
    else:
        assert days[-1] * 86_400_000 // shown["dtick"] + 1 == marks


def test_a_run_chart_breaks_where_nothing_was_measured():
    series = pl.DataFrame({
        "period": ["2013-01", "2013-02", "2013-03"], "actual": [70.0, None, 72.0], "target": [75.0] * 3,
        "status": ["behind", "no_data", "behind"],
    })  # fmt: skip
    line = run.draw(series, GOAL, LIGHT, "zh").data[1]
    assert not line.connectgaps
    assert line.y[1] is None or line.y[1] != line.y[1]


def test_contributions_open_their_goals():
    children = pl.DataFrame(
        [
            {
                **GOAL,
                "goal": "x",
                "owner_label": "U",
                "owner_label_zh": None,
                "counted": True,
                "contribution": 41.6,
                "currency": None,
            }
        ]
    )
    bars = contributions.draw(children, DARK, "en").data[0]
    assert list(bars.customdata) == ["x"]
    assert "41.6" in bars.hovertext[0]


def test_names_never_become_tags():
    assert el("b", "<script>", title='"><i>') == '<b title="&quot;&gt;&lt;i&gt;">&lt;script&gt;</b>'
    assert join("<", Markup("<br>")) == "&lt;<br>"
    assert "<script>" not in bullet_line(GOAL, LIGHT, "<script>")


def cells() -> pl.DataFrame:
    rows = [("N", None, "EN<", "a", "g1"), ("E", "N", "E", "a", "g2"), ("E-1", "E", "E1", "a", "g3")]
    return pl.DataFrame(rows, orient="row", schema=["unit", "unit_parent", "unit_label", "metric", "goal"]).with_columns(
        unit_label_zh=pl.lit(None, pl.String), metric_label=pl.lit("A"), metric_label_zh=pl.lit("甲"), actual=pl.lit(1.5),
        target=pl.lit(2.0), status=pl.lit("behind"), measure=pl.lit("percent"), currency=pl.lit(None, pl.String),
        example=pl.lit(value=True), weighty=pl.lit(1.0),
    )  # fmt: skip


@pytest.mark.parametrize(("unit", "shown"), [(None, ["N", "E"]), ("E", ["E", "E-1"]), ("nowhere", ["N", "E"])])
def test_the_heat_map_shows_a_unit_and_those_right_below_it(unit, shown):
    assert around(cells(), unit)["unit"].to_list() == shown


def test_a_heat_cell_has_value_shape_and_words():
    table = heat(cells(), "zh", lambda goal: f"goal?goal={goal}", lambda unit: f"?unit={unit}")
    assert "1.50%" in table
    assert "■" in table
    assert "落后" in table
    assert "EN&lt;" in table
    assert "goal?goal=g1" in table


def test_a_sparkline_of_one_month_is_nothing():
    assert sparkline([1.0, None], LIGHT, "x") == ""
    assert sparkline([1.0, None, 1.0], LIGHT, "x").startswith("<img")


def test_an_unknown_status_is_never_good_news():
    assert look("wonderful").status == "no_data"
    assert look(None).status == "no_data"


def test_every_status_has_a_shape_of_its_own():
    assert len({shown.shape for shown in LOOKS}) == len({shown.symbol for shown in LOOKS}) == len(LOOKS)


def linear(color: str) -> tuple[float, float, float]:
    parts = (value / 255 for value in bytes.fromhex(color[1:]))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    bright, dark = sorted(
        (sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shown", LOOKS, ids=lambda one: one.status)
def test_text_can_be_read(ink, shown):
    """WCAG AA: 4.5 for words on the page, and for words on a tinted block or cell."""
    assert contrast(ink.ink(shown.status), ink.page) >= 4.5
    assert contrast(ink.text, ink.tint(shown.status)) >= 4.5
    assert contrast(ink.quiet, ink.page) >= 4.5


#: Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as seen with no red, green or blue cones.
SEEN = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB under D65."""
    matrix = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    xyz = (sum(m * c for m, c in zip(row, rgb, strict=True)) for row in matrix)
    f = [
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (max(v, 0) / w for v, w in zip(xyz, (0.95047, 1, 1.08883), strict=True))
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_good_and_bad_stay_apart_for_every_eye(eyes, dark):
    """The statuses one acts on differ by far more than a just noticeable difference (about 2.3), whatever cones are missing."""
    acted_on = [shown for shown in LOOKS if shown.status in ("behind", "at_risk", "on_pace", "done")]
    for one, other in itertools.combinations(acted_on, 2):
        seen = [
            lab(tuple(sum(m * c for m, c in zip(row, linear(shown.fill[dark]), strict=True)) for row in SEEN[eyes]))
            for shown in (one, other)
        ]
        apart = sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5
        assert apart > 12, (one.status, other.status, round(apart, 1))
