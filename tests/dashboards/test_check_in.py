"""A duty manager checks in, sees the number change and the history grow; others may look, ask, and no more."""

import re
from pathlib import Path

import pytest

from tests.dashboards.conftest import DIALOG, PATIENCE, Visit

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "check in": "Check in", "write": "Write it", "step": "Two weeks without a gap", "words": "In words",
        "written": "Written: Two weeks without a gap", "due": "Asks for a value", "history": "All 3 in words",
        "next": "Audited by another shift", "why": "Why it is corrected", "again": "Written: Audited by another shift",
        "ask": "Ask", "question": "Check-ins and questions", "answer": "Answer",
    },
    "zh": {
        "check in": "填报进展", "write": "提交", "step": "连续两周无遗漏", "words": "文字说明",
        "written": "已写入：2013年12月31日 的数值 连续两周无遗漏", "due": "需要填报数值", "history": "全部 3 条记录",
        "next": "由其他班组复核", "why": "更正原因", "again": "的数值 由其他班组复核",
        "ask": "提问", "question": "进展填报与提问", "answer": "答复",
    },
}  # fmt: skip


def card(page: Visit, goal: str):
    return page.page.locator(f".st-key-card_{goal}")


def in_dialog(page: Visit, name: str) -> None:
    page.page.get_by_role("dialog").locator("label").filter(has_text=name).first.click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_check_in_changes_the_number_and_joins_the_history(visit, own_site, language):
    said = WORDS[language]
    page = visit(site="own_site", as_="p0112").go("progress", language=language, period="2013")
    page.shows(said["due"], ".k-card")  # what asks for a value comes first
    page.page.get_by_role("button", name=said["check in"]).first.click()
    in_dialog(page, said["step"])
    page.page.get_by_role("dialog").get_by_role("radio", name="8", exact=True).click()
    page.writes(page.page.get_by_label(said["words"]), "Both weeks done <b>.")
    page.reads(said["written"])
    page.settled()
    card(page, "p0112-handover").locator(".big").filter(has_text=re.compile(r"^3$")).wait_for(timeout=PATIENCE)
    page.counts(page.page.get_by_text(said["due"]), 0)
    page.unfolds(page.page.get_by_text(said["history"]))
    page.reads("Both weeks done <b>.", ".k-check-ins")
    # A second value for the same day is a correction and needs its reason; the first one stays.
    card(page, "p0112-handover").get_by_role("button", name=said["check in"]).click()
    in_dialog(page, said["next"])
    page.page.get_by_role("button", name=said["write"]).click()
    page.writes(page.page.get_by_label(said["why"]), "This morning")
    page.reads(said["again"])
    page.settled()
    card(page, "p0112-handover").locator(".big").filter(has_text=re.compile(r"^4$")).wait_for(timeout=PATIENCE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_question_is_asked_and_answered_on_the_goals_page(visit, own_site, language):
    said = WORDS[language]
    head = visit(site="own_site", as_="p0002").go("goal", language=language, period="2013", goal="p0101-departure")
    head.reads(said["question"])
    head.counts(head.page.get_by_role("button", name=said["check in"]), 0)  # it is not theirs to report
    head.writes(head.page.locator('[class*="st-key-ask-p0101-departure"] input'), "What would help? <i>")
    head.reads("What would help? <i>", ".k-thread")
    duty = visit(site="own_site", as_="p0101").go("goal", language=language, period="2013", goal="p0101-departure")
    answer = duty.page.locator('[class*="st-key-answer-"] input')
    duty.writes(answer, "A second tow crew.")
    duty.reads("A second tow crew.", ".k-thread .answer")
    duty.counts(answer, 0)


def test_another_persons_desk_is_only_looked_at(visit):
    page = visit(as_="p0002").go("progress", language="en", period="2013", person="p0101")
    page.shows("Imani Plover is at", ".k-sentence")
    page.counts(page.page.get_by_role("button", name="Check in"), 0)


def test_a_desk_outside_the_reach_is_refused(visit):
    page = visit(as_="p0102").go("progress", language="en", period="2013", person="p0101")
    page.reads("This cannot be shown", ".k-notice")
    page.hides("82.64")


def test_a_past_day_is_only_looked_at(visit):
    page = visit(as_="p0101").go("progress", language="en", period="2013", as_of="2013-08-15")
    page.shows("Check-ins are made today")
    page.counts(page.page.get_by_role("button", name="Check in"), 0)
    page.shows("Keep at least 69.47 %", ".k-sentence")  # (76.84 × 365 − 81.32 × 227) ÷ 138, rounded up


def test_a_desk_says_what_target_and_stretch_would_mean(visit):
    page = visit(as_="p0101").go("progress", language="en", period="2013")
    page.reads("All at stretch")
    page.shows(re.compile(r"As things stand\s+102\.3\s+A\s+\$4,477\.45"))


def test_a_file_is_saved_as_it_was_given(visit, own_site, tmp_path):
    proof = tmp_path / "proof.csv"
    proof.write_bytes(b"day,done\n2013-12-31,3\n")
    page = visit(site="own_site", as_="p0112").go("progress", language="en", period="2013")
    page.page.get_by_role("button", name="Check in").first.click()
    in_dialog(page, "Two weeks without a gap")
    page.unfolds(page.page.get_by_text("A file, or another day"))
    page.page.locator(f'{DIALOG} input[type="file"]').set_input_files(str(proof))
    page.reads("proof.csv", DIALOG)
    page.page.get_by_role("button", name="Write it").click()
    page.reads("Kept with it: proof.csv")
    page.settled()
    page.unfolds(page.page.get_by_text("All 3 in words"))
    with page.page.expect_download() as saving:
        page.page.get_by_role("button", name="proof.csv").click()
    assert Path(saving.value.path()).read_bytes() == proof.read_bytes()


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh", "light")])
def test_the_form_fits_a_phone(visit, language, scheme):
    said = WORDS[language]
    page = visit(width=390, scheme=scheme, as_="p0112").go("progress", language=language, period="2013")
    page.page.get_by_role("button", name=said["check in"]).first.click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_role("button", name=said["write"]).wait_for(timeout=PATIENCE)
    page.settled()
    radios = dialog.get_by_role("radio")

    def inside() -> bool:
        boxes = [one.bounding_box() for one in radios.all()]
        return bool(boxes) and all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes if box)

    assert page.comes(inside)
    page.fits()


def test_the_form_is_reached_and_sent_by_keyboard(visit, own_site):
    page = visit(site="own_site", as_="p0101").go("progress", language="en", period="2013")
    card(page, "p0101-ontime").get_by_role("button", name="Check in").focus()
    page.page.keyboard.press("Enter")
    page.page.get_by_label("In words").wait_for(timeout=PATIENCE)
    page.shows("comes from a system", DIALOG)
    page.settled()
    page.page.get_by_label("In words").focus()
    page.page.keyboard.type("Calm week")
    page.page.keyboard.press("Enter")
    page.reads("Written as check-in")
