"""The page of plans as people meet it: read in words and pictures, put forward by HR and approved by the executive."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import apply
from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def plans_store(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example in which a grade B pays more since the plan was published, as version 2."""
    folder = tmp_path_factory.mktemp("plans")
    shutil.copy(example_store, folder / "plans.duckdb")
    shutil.copytree(CONFIG, folder / "config")
    file = folder / "config" / "plans" / "service_bonus_2013.yaml"
    text = (
        file.read_text(encoding="utf-8")
        .replace("version: 1", "version: 2")
        .replace("[B], gives: 1.1", "[B], gives: 1.2")
    )
    text = text.replace("personal: 1.1, gross: 16500.00", "personal: 1.2, gross: 18000.00")
    file.write_text(text.replace("pays: 16400.00", "pays: 17900.00"), encoding="utf-8")
    with closing(Workspace.open(folder / "plans.duckdb")) as ws:
        apply(ws, folder / "config", who="planner", reason="More for a B")
    return folder / "plans.duckdb"


@pytest.fixture
def plans_site(plans_store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of that."""
    with serving(Path(shutil.copy(plans_store, tmp_path / "plans.duckdb")), demo=True) as (address, _):
        yield address


def plans(visit, who: str, width: int = 1440, **view: str):
    language = view.pop("language", "en")
    return visit(site="plans_site", as_=who, width=width).go("plans", language=language, period="2013", **view)


def test_a_plan_is_changed_put_forward_and_approved_by_two_people(visit):
    page = plans(visit, "p0005", plan="service_bonus_2013")
    page.shows("has changed since version 1 was published", ".k-sentence")
    page.reads("A → 120 %, B → 110 %", ".k-table")
    page.reads("People who get more")
    page.counts(".k-plan-step", 9)
    page.stands(".js-plotly-plot >> nth=1")
    page.counts(".js-plotly-plot", 2)
    page.page.get_by_role("button", name="Publish …").click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Put it forward").click()
    dialog.get_by_text("Say why the plan is published").wait_for()
    page.writes(dialog.get_by_label("Why it is published"), "More for a B", by="Tab")
    page.counts(dialog.get_by_text("Say why the plan is published"), 0)
    dialog.get_by_role("button", name="Put it forward").click()
    page.reads("A second person has to approve it now.")
    page.counts(page.page.get_by_role("button", name="Approve …"), 0)  # nobody approves their own
    boss = plans(visit, "p0001", width=390, language="zh", plan="service_bonus_2013")
    boss.shows("等待第二人批准", ".k-sentence")
    boss.page.get_by_role("button", name="批准…").click()
    asked = boss.page.get_by_role("dialog")
    asked.get_by_text("More for a B").wait_for()
    asked.get_by_role("button", name="确认批准").click()
    boss.reads("已批准，方案已发布。")
    boss.shows("已发布", ".k-sentence")
    boss.fits()


def test_staff_read_their_plan_and_can_do_nothing_with_it(visit):
    page = plans(visit, "p0101", width=390, language="zh")
    page.page.get_by_role("link", name="2013 年服务奖金").click()
    page.reads("个人得分门槛", ".k-plan-step")
    page.settled()
    page.reads("算例")
    page.counts(page.page.get_by_role("button", name="发布…"), 0)
    page.counts(page.page.get_by_role("button", name="批准…"), 0)


def test_who_is_paid_by_no_plan_reads_none(visit):
    page = plans(visit, "p0007")
    page.reads("No plan pays anybody you may read", ".k-notice")
