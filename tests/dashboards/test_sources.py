"""The page of live sources in a real browser: what is known of the example's weather feed, in both languages, on a phone too."""

import pytest

pytestmark = pytest.mark.browser

ADMINISTRATOR, STAFF = "p0007", "p0101"


@pytest.mark.parametrize(
    ("language", "name", "state", "ask", "silent"),
    [
        ("en", "Weather at the airports", "● Answers", "Ask now", "The table, file or address is not there."),
        ("zh", "各机场天气", "● 正常应答", "立即获取", "表、文件或网址不存在。"),
    ],
)
def test_how_a_source_is_and_asking_it(visit, language, name, state, ask, silent):
    page = visit(width=390 if language == "zh" else 1440, as_=ADMINISTRATOR).go("sources", language=language)
    page.reads(name, ".k-table")
    page.stands(".js-plotly-plot")
    page.fits()
    assert page.comes(lambda: state in page.text(".k-table") or silent in page.text("body"))
    page.page.get_by_text(ask, exact=True).click()
    page.page.get_by_role("alert").first.wait_for()


def test_it_is_for_those_who_manage_sources(visit):
    page = visit(as_=STAFF).go("sources", language="en")
    page.reads("This page is not for your role", ".k-notice")
