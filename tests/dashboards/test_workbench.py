"""The head's desk and the owner's answer in a real browser: split, undo, propose, counter, accept, import, and what is refused."""

import csv
import io
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Error, TimeoutError  # noqa: A004 — Playwright's own

from kpiflow.workspace import Asker, Workspace
from tests.dashboards.conftest import DIALOG, MAIN, Visit

pytestmark = pytest.mark.browser

HEAD, OWNER, DUTY, GOAL = "p0002", "p0206", "p0101", "ewr-flights"

#: What is pressed and read, in both languages.
WORDS = {
    "en": {
        "split": "Split by", "last": "By last year", "undo": "Undo", "redo": "Redo", "propose": "Propose…", "reason": "Reason",
        "really": "Propose, owners asked", "asked": "Proposed. Owners asked: 11", "ask": "Or ask for", "because": "Because",
        "counter": "Ask for another target", "sent": "Your answer was sent", "accept": "Accept", "accepted": "Accepted",
        "words": "Your words", "over": "over-assigned", "easier": "needs a reason", "again": "Give a reason",
        "agree": "Agree", "agreed": "Agreed", "nothing": "Nothing waits for you",
    },
    "zh": {
        "split": "分解方式", "last": "按去年实绩", "undo": "撤销", "redo": "重做", "propose": "提议…", "reason": "理由",
        "really": "提议给", "asked": "已提议给 11 个负责方", "ask": "或希望改为", "because": "因为",
        "counter": "提出其他目标值", "sent": "意见已送出", "accept": "接受", "accepted": "已接受",
        "words": "您的说明", "over": "超额分配", "easier": "必须写明理由", "again": "请说明理由",
        "agree": "同意", "agreed": "已同意", "nothing": "没有待办事项",
    },
}  # fmt: skip


def press(one: Visit, name: str) -> None:
    """Press a button."""
    one.page.get_by_role("button", name=name).first.click()


def where(one: Visit) -> dict[str, float] | None:
    """Where the grid is on the screen; None while one is taken away and the next is drawn."""
    canvas = one.page.locator('[data-testid="stDataFrame"] canvas').first
    try:
        canvas.scroll_into_view_if_needed()
    except Error as problem:
        if "not attached" not in problem.message:
            raise
        return None
    return canvas.bounding_box()


def write_target(one: Visit, row: int, value: str, until: Callable[[], bool]) -> None:
    """Write a target into a row of the grid, as people do: press the cell twice, type, Enter; and again until it counts.

    A grid that has just begun anew is not listening yet, and one that begins anew meanwhile forgets what was typed.
    """
    field = one.page.locator("#portal input").first
    for _ in range(20):
        box = where(one.settled())
        if box is not None:
            one.page.mouse.dblclick(box["x"] + 250, box["y"] + 35 * (row + 1) + 18)
        if not one.comes(field.is_visible, 1000):
            continue
        try:
            field.fill(value, timeout=3000)
            field.press("Enter", timeout=3000)
        except TimeoutError:
            continue
        if one.comes(until, 10_000):
            return
    raise AssertionError(f"{value} was not taken")


def says(one: Visit, words: str) -> Callable[[], bool]:
    """Whether the page says something; also where it is folded away."""
    return lambda: one.page.locator(MAIN).filter(has_text=words).count() > 0


def says_not(one: Visit, words: str) -> Callable[[], bool]:
    """Whether the page does not say something."""
    return lambda: one.page.locator(MAIN).filter(has_text=words).count() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_target_goes_down_and_an_answer_comes_back(visit: Callable[..., Visit], own_site: str, language: str):
    say = WORDS[language]
    head = visit(as_=HEAD, site="own_site").go("workbench", goal=GOAL, language=language)
    head.page.set_viewport_size({"width": 1440, "height": 1500})
    split = head.page.get_by_label(say["split"]).first
    head.chooses(split, head.page.get_by_role("option", name=say["last"]))
    head.page.get_by_role("button", name=say["undo"]).and_(head.page.locator(":not([disabled])")).first.wait_for()
    write_target(head, 5, "42000", says(head, "42,000"))  # ExpressJet, now 43,280
    press(head, say["propose"])
    head.reads(say["easier"], DIALOG)
    head.page.locator(DIALOG).get_by_role("button", name=say["really"]).click()
    head.reads(say["again"], DIALOG)
    head.writes(head.page.get_by_label(say["reason"]), "Winter schedule", by="Control+Enter")
    head.counts(head.page.locator(DIALOG).get_by_text(say["again"]), 0)
    head.page.locator(DIALOG).get_by_role("button", name=say["really"]).click()
    head.reads(say["asked"])

    owner = visit(as_=OWNER, site="own_site").go("todo", language=language)
    owner.reads("42,000")
    owner.reads("Winter schedule")
    owner.writes(owner.page.get_by_label(say["ask"]).first, "41900")
    owner.writes(owner.page.get_by_label(say["because"]).first, "De-icing takes longer")
    press(owner, say["counter"])
    owner.reads(say["sent"])

    head.go("workbench", goal=GOAL, language=language)
    head.reads("De-icing takes longer")
    head.reads("41,900")
    card = (
        head.page.locator(".k-two-sides")
        .filter(has_text="41,900")
        .locator("xpath=ancestor::*[starts-with(@class,'st-key') or contains(@class,'st-key-review')][1]")
    )
    head.writes(card.get_by_label(say["words"]), "Seen")
    head.settled()
    card.get_by_role("button", name=say["accept"]).first.click()  # 不接受 has 接受 in it, and comes after it
    head.reads(say["accepted"])


def test_an_owner_agrees_in_the_list_itself(visit: Callable[..., Visit], own_site: str):
    owner = visit(as_=OWNER, site="own_site").go("todo", language="en")
    owner.reads("43,126")
    press(owner, "Agree")
    owner.reads("Agreed. The target counts from now on.")
    owner.go("todo", language="en")
    owner.hides("43,126")


def test_the_bar_is_worked_out_at_every_edit_and_every_edit_can_be_undone(visit: Callable[..., Visit], own_site: str):
    head = visit(as_=HEAD, site="own_site").go("workbench", goal=GOAL, language="en")
    head.page.set_viewport_size({"width": 1440, "height": 1500})
    write_target(head, 0, "2000", says(head, "751 over-assigned"))  # 1,249 before: 751 more
    write_target(head, 1, "2684", says_not(head, "over-assigned"))  # 3,435 before: 751 less
    press(head, "Undo")
    head.reads("751 over-assigned")
    press(head, "Undo")
    head.counts(head.page.get_by_text("over-assigned"), 0)
    press(head, "Redo")
    head.reads("751 over-assigned")


def test_a_sheet_is_shown_before_it_counts(
    visit: Callable[..., Visit], own_site: str, example_store: Path, tmp_path: Path
):
    with closing(Workspace.open(shutil.copy(example_store, tmp_path / "again.duckdb"), demo=True)) as ws:
        rows = list(csv.DictReader(io.StringIO(ws.sheet(Asker(HEAD), GOAL, "2013", form="csv").decode("utf-8-sig"))))
    rows[0]["target"], rows[1]["target"] = "2000", "many"
    head = visit(as_=HEAD, site="own_site").go("workbench", goal=GOAL, language="en")
    head.page.get_by_role("button", name="Import").click()
    upload(head, rows)
    head.page.get_by_text("'many' is not a number").first.wait_for()
    head.counts(head.page.get_by_role("button", name="Take over"), 0)
    rows[1]["target"] = "3435"
    upload(head, rows)
    head.page.get_by_role("button", name="Take over 1 change").click()
    head.reads("751 over-assigned")


def upload(one: Visit, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = {"name": "split.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    one.page.locator('input[type="file"]').first.set_input_files(file)


@pytest.mark.parametrize("person", [DUTY, OWNER, "p0005", "p0006"])
def test_who_may_not_split_is_told_so(visit: Callable[..., Visit], person: str):
    one = visit(as_=person).go("workbench", goal=GOAL, language="en")
    one.reads("None of your roles may split targets.")
    one.counts(one.page.get_by_role("link", name="Workbench"), 0)
    one.hides("119,024")


def test_my_team_says_first_who_is_behind_and_who_is_silent(visit: Callable[..., Visit]):
    head = visit(as_=HEAD).go("team", language="en")
    head.shows("people are behind on a goal", ".k-sentence")
    head.shows("SkyWest Airlines has gone quiet", ".k-sentence")
    head.page.get_by_role("button", name="Gone quiet").or_(
        head.page.get_by_role("radio", name="Gone quiet")
    ).first.click()
    head.counts(head.page.locator(".k-table").filter(has_text="EWR · United"), 0)
    head.reads("EWR · SkyWest Airlines")
    visit(as_=DUTY).go("team", language="en").reads("None of your roles may read how a team stands.")


@pytest.mark.parametrize("page", ["workbench", "team", "todo"])
def test_a_phone_is_wide_enough(visit: Callable[..., Visit], page: str):
    one = visit(as_=HEAD, width=390, scheme="dark", locale="zh-CN").go(page, language="zh")
    one.fits()


def test_an_empty_list_says_what_would_come(visit: Callable[..., Visit]):
    one = visit(as_="p0006").go("todo", language="en")
    one.reads("Nothing waits for you")


def test_the_executive_reviews_what_a_department_asked_for(visit: Callable[..., Visit], own_site: str):
    one = visit(as_="p0001", site="own_site").go("todo", language="en")
    one.page.get_by_role("link", name="asks for 83.00 %").click()
    one.reads("Terminal 4 is being rebuilt")
    press(one, "Accept")
    one.reads("Accepted. The target counts from now on.")
