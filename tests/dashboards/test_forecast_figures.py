"""The forecast as it is drawn and said: the band reaches the period's end, the whisker its interval, words their row."""

import datetime
from urllib.parse import unquote

import pytest

from dashboards.blocks.drawings import bullet_line
from dashboards.blocks.outlook import forecast_line, outlook
from dashboards.charts import bullet, run
from dashboards.charts.paper import Ink
from kpiflow.workspace import ADMINISTRATOR, Workspace

JULY = datetime.date(2013, 7, 15)


def traces(figure, mode):
    return [trace for trace in figure.data if trace.mode == mode]


@pytest.mark.parametrize("goal", ["nyc-ontime", "nyc-flights"])
def test_the_band_reaches_from_now_to_the_end_of_the_period(ws: Workspace, goal):
    shown, ahead = ws.goal(ADMINISTRATOR, goal, "2013", JULY), ws.outlook(ADMINISTRATOR, goal, "2013", JULY)
    figure = run.draw(shown.series, shown.row, Ink(), "en", cumulative=shown.cumulative, ahead=ahead.months)
    assert list(figure.layout.xaxis.categoryarray) == [f"2013-{month:02}" for month in range(1, 13)]
    band = next(trace for trace in figure.data if trace.fill == "toself")
    edges = dict(zip(ahead.months["period"], zip(ahead.months["low"], ahead.months["high"], strict=True), strict=True))
    assert {"2013-12"} < set(band.x)
    assert {y for x, y in zip(band.x, band.y, strict=True) if x == "2013-12"} == set(edges["2013-12"])
    asked = next(trace for trace in figure.data if trace.line.dash == "4px 3px")
    assert list(asked.y)[-1] == shown.row["target"]


def test_without_months_to_come_the_chart_is_as_before(ws: Workspace):
    shown, ahead = (ask(ADMINISTRATOR, "nyc-ontime", "2013") for ask in (ws.goal, ws.outlook))
    assert ahead.months.is_empty()
    figure = run.draw(shown.series, shown.row, Ink(), "en", ahead=ahead.months)
    assert not [trace for trace in figure.data if trace.fill == "toself"]


def test_the_whisker_stands_where_the_interval_ends(ws: Workspace):
    shown, ahead = (ask(ADMINISTRATOR, "nyc-ontime", "2013", JULY) for ask in (ws.goal, ws.outlook))
    row = shown.row | {name: ahead.row[name] for name in ("forecast", "forecast_low", "forecast_high")}
    whisker = traces(bullet.draw(row, Ink(), "en"), "lines+markers")[0]
    assert list(whisker.x) == [row["forecast_low"], row["forecast"], row["forecast_high"]]
    assert not traces(bullet.draw(shown.row, Ink(), "en"), "lines+markers")
    accent = Ink().accent
    assert accent in unquote(bullet_line(row, Ink(), "said"))
    assert accent not in unquote(bullet_line(shown.row, Ink(), "said"))


def test_a_forecast_is_said_in_a_line_or_not_at_all(ws: Workspace):
    ahead = ws.outlook(ADMINISTRATOR, "nyc-flights", "2013", JULY)
    line = forecast_line(ahead.row, "en")
    assert line.startswith(f"forecast {round(ahead.row['forecast']):,} (")
    assert line.endswith("% likely to reach 331,726")
    assert forecast_line(ws.outlook(ADMINISTRATOR, "nyc-flights", "2013").row, "en") == ""


def test_the_block_says_the_reason_where_there_is_no_forecast(ws: Workspace):
    early = ws.outlook(ADMINISTRATOR, "nyc-flights", "2013", datetime.date(2013, 1, 20))
    said = str(outlook(early, "zh"))
    assert "历史数据不足" in said
    assert "要达到目标值" in said  # what is needed can be said all the same
