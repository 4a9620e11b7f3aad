"""The whole life of a goal in a browser, as the people who live it: set, split, counter, agree, sign, check in, read back."""

import io
import re
from collections.abc import Callable

import pandas
import pytest
from playwright.sync_api import expect

from tests.dashboards.conftest import DIALOG, Visit

pytestmark = pytest.mark.browser

EXECUTIVE, HEAD, HR, AUDITOR = "p0001", "p0002", "p0005", "p0006"
#: He Ming leads Endeavor Air's station at Newark; Imani Plover is a duty manager there.
OWNER, DUTY = "p0201", "p0101"
WHOLE, PART, STATION, OVERTIME = "ewr-flights", "ewr-9e-flights", "EWR-9E", "ewr-overtime"
#: A day before any of this happened: whatever is written today is written later.
BEFORE = "2014-06-30"

#: What is pressed and read, in both languages.
WORDS = {
    "en": {
        "target": "Target", "easier": "Easier to reach", "why": "Why it becomes easier", "save": "Save", "write": "Write it",
        "written": "Written as change", "to split": "has changed since it was split", "over": "1,024 over-assigned",
        "load": "Load the new split", "all assigned": "all assigned", "propose": "Propose…", "reason": "Reason",
        "really": "Propose, owners asked", "asked": "Proposed. Owners asked", "ask": "Or ask for", "because": "Because",
        "counter": "Ask for another target", "sent": "Your answer was sent", "words": "Your words", "accept": "Accept",
        "accepted": "Accepted. The target counts", "done": "Nothing waits for you", "sign": "Sign …", "i sign": "I sign",
        "one side": "Signed. The other side", "waits": "waits for your signature", "in force": "is now in force",
        "holds": "Version 1 holds until then", "eased": "easier to reach", "check in": "Check in",
        "from a system": "comes from a system", "more": "A file, or another day", "said": "In words",
        "kept": "Kept with it: rosters.csv", "all": "All 1 in words",
        "numerator": "Numerator", "denominator": "Denominator", "corrected": "Why it is corrected", "measured": "Written: ",
        "csv": "CSV file", "nobody": "Nobody has checked in", "head": "Bruno Kestrel", "owner": "He Ming",
    },
    "zh": {
        "target": "目标", "easier": "更容易达到", "why": "为何变得更容易", "save": "保存", "write": "提交",
        "written": "已写入为变更", "to split": "目标值已经改变", "over": "超额分配 1,024",
        "load": "载入新的分解方案", "all assigned": "已全部分配", "propose": "提议…", "reason": "理由",
        "really": "提议给", "asked": "已提议给", "ask": "或希望改为", "because": "因为",
        "counter": "提出其他目标值", "sent": "意见已送出", "words": "您的说明", "accept": "接受",
        "accepted": "已接受，目标值即刻生效", "done": "没有待办事项", "sign": "签署…", "i sign": "确认签署",
        "one side": "还需另一方签署", "waits": "等待您签署", "in force": "现已生效",
        "holds": "在此之前，第 1 版继续有效", "eased": "难度降低", "check in": "填报进展",
        "from a system": "系统", "more": "附件，或填报其他日期", "said": "文字说明",
        "kept": "rosters.csv", "all": "全部 1 条记录",
        "numerator": "分子", "denominator": "分母", "corrected": "更正原因", "measured": "已写入：",
        "csv": "CSV", "nobody": "还没有人填报过", "head": "布鲁诺·凯斯特雷尔", "owner": "何鸣",
    },
}  # fmt: skip


class Life:
    """One goal on its way, and who has it in hand."""

    def __init__(self, visit: Callable[..., Visit], language: str) -> None:
        self.say, self.language, self._visit = WORDS[language], language, visit
        self._open: dict[str, Visit] = {}

    def goes(self, who: str, path: str, **view: str) -> Visit:
        """Somebody opens a page; everybody has one browser and keeps it."""
        if who not in self._open:
            self._open[who] = self._visit(site="own_site", as_=who)
        return self._open[who].go(path, language=self.language, period="2013", **view)

    def press(self, one: Visit, name: str, within: str = '[data-testid="stMain"]') -> None:
        """Press a button with words of this language, once it can be pressed."""
        one.page.locator(f"{within} button:not([disabled])").filter(has_text=self.say[name]).first.click()

    def fill(self, one: Visit, label: str, value: str, within: str = '[data-testid="stMain"]') -> None:
        """Write into a field, which is read when it is left."""
        box = one.page.locator(within).first.get_by_label(re.compile(f"^{self.say[label]}")).first
        one.writes(box, value, by="Tab")
        one.settled()


ROSTERS = b"month,crews\n2013-05,14\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_goal_lives_its_whole_life(visit, own_site, language):
    life = Life(visit, language)
    a_target_is_set(life)
    it_is_split_and_proposed(life)
    the_owner_asks_for_another(life)
    both_sides_are_seen_and_accepted(life)
    the_letter_is_signed_anew(life)
    the_owner_checks_in(life)
    a_value_is_corrected(life)
    hr_reads_it_back(life)
    the_day_before_knows_nothing(life)


def a_target_is_set(life: Life) -> None:
    """The executive asks less of Newark, and has to say why."""
    one = life.goes(EXECUTIVE, "targets", goal=WHOLE)
    target = one.page.get_by_label(re.compile(rf"^{life.say['target']}$"))
    one.writes(target, "118000")
    one.reads(life.say["easier"])
    expect(
        one.page.get_by_role("button", name=life.say["save"], exact=True)
    ).to_be_disabled()  # a reason is needed first
    life.fill(one, "why", "One runway is closed")
    life.press(one, "save")
    one.reads("One runway is closed", DIALOG)
    life.press(one, "write", DIALOG)
    one.reads(life.say["written"])


def it_is_split_and_proposed(life: Life) -> None:
    """The head finds it among what is to do, takes the split that is offered, and proposes it."""
    one = life.goes(HEAD, "todo")
    one.page.get_by_role("link", name=life.say["to split"]).click()
    one.page.wait_for_url(re.compile("/workbench"))
    one.settled().reads(life.say["over"])
    life.press(one, "load")
    one.reads(life.say["all assigned"])
    life.press(one, "propose")
    one.reads("EWR", DIALOG)
    life.fill(one, "reason", "Fewer flights for all", DIALOG)
    life.press(one, "really", DIALOG)
    one.reads(life.say["asked"])


def the_owner_asks_for_another(life: Life) -> None:
    """The owner reads what is asked of him and why, and asks for another target with words of his own."""
    one = life.goes(OWNER, "todo")
    one.reads("1,238")
    one.reads("Fewer flights for all")
    life.fill(one, "ask", "1230")
    life.fill(one, "because", "An aircraft is sold in May")
    life.press(one, "counter")
    one.reads(life.say["sent"])


def both_sides_are_seen_and_accepted(life: Life) -> None:
    """The head has both values before him, with the words of both, and accepts; the owner then finds the goal agreed."""
    head = life.goes(HEAD, "workbench", goal=WHOLE)
    card = '[class*="st-key-review_"]:has-text("An aircraft is sold in May")'
    head.stands(card)
    for value in ("1,249", "1,238", "1,230", "Fewer flights for all"):
        head.shows(value, card)
    life.fill(head, "words", "The summer schedule allows it", card)
    life.press(head, "accept", card)
    head.reads(life.say["accepted"])
    owner = life.goes(OWNER, "goal", goal=PART)
    owner.reads("1,230", ".k-sentence")


def the_letter_is_signed_anew(life: Life) -> None:
    """What changed makes a new version, which says what is different; it holds once both sides have signed it."""
    head = life.goes(HEAD, "letters", unit=STATION)
    head.reads(life.say["holds"], ".k-sentence")
    for words in ("1,249", "1,230", life.say["eased"], "The summer schedule allows it"):
        head.shows(words, ".k-table")
    sign(life, head)
    head.reads(life.say["one side"])
    owner = life.goes(OWNER, "todo")
    owner.page.get_by_role("link", name=life.say["waits"]).click()
    owner.page.wait_for_url(re.compile("/letters"))
    sign(life, owner.settled())
    owner.reads(life.say["in force"])
    life.goes(OWNER, "todo").reads(life.say["done"], ".k-notice")


def sign(life: Life, one: Visit) -> None:
    """Sign the letter on the page, under the fingerprint that the question names."""
    life.press(one, "sign")
    one.reads(one.page.locator(".k-letter code.print").last.inner_text(), DIALOG)
    life.press(one, "i sign", DIALOG)


def the_owner_checks_in(life: Life) -> None:
    """How sure he is, in words, and a file that shows it; the flights themselves come from a system."""
    one = life.goes(OWNER, "goal", goal=PART)
    life.press(one, "check in")
    one.reads(life.say["from a system"], DIALOG)
    one.page.get_by_role("dialog").get_by_role("radio", name="8", exact=True).click()
    one.unfolds(one.page.get_by_role("dialog").get_by_text(life.say["more"]))
    file = {"name": "rosters.csv", "mimeType": "text/csv", "buffer": ROSTERS}
    one.page.locator(f'{DIALOG} input[type="file"]').set_input_files(file)
    one.reads("rosters.csv", DIALOG)
    one.page.get_by_role("dialog").get_by_label(life.say["said"]).fill("Crews are rostered until May")
    life.press(one, "write", DIALOG)
    one.reads(life.say["kept"])
    one.unfolds(one.page.get_by_text(life.say["all"]))
    one.reads("Crews are rostered until May", ".k-check-ins")


def a_value_is_corrected(life: Life) -> None:
    """What no system measures is reported by whoever answers for it; a second value for a day needs its reason."""
    one = life.goes(HEAD, "goal", goal=OVERTIME)
    life.press(one, "check in")
    for label, value in (("numerator", "1500"), ("denominator", "59532")):
        one.page.get_by_role("dialog").get_by_label(life.say[label]).fill(value)
    life.press(one, "write", DIALOG)
    reason = one.page.get_by_role("dialog").get_by_label(life.say["corrected"])
    one.writes(reason, "Two rosters were counted twice")
    one.reads(life.say["measured"])


def scores_of(life: Life, person: str, **view: str) -> tuple[str, dict[str, object]]:
    """HR finds somebody in the list; return the line on the page and the row of the file."""
    one = life.goes(HR, "scores", find=person, **view)
    one.reads(person, ".k-scores")
    with one.page.expect_download() as coming:
        life.press(one, "csv")
    rows = pandas.read_csv(io.BytesIO(coming.value.path().read_bytes())).to_dict("records")
    assert [row["person"] for row in rows] == [person]
    return one.text(".k-scores tbody"), rows[0]


def hr_reads_it_back(life: Life) -> None:
    """HR finds who did what and why in the goal's timeline, the file that was given, and the letter in the list of scores."""
    one = life.goes(HR, "goal", goal=PART)
    one.reads("1,230", ".k-sentence")
    one.stands(".k-timeline")
    for words in ("Fewer flights for all", "An aircraft is sold in May", "The summer schedule allows it", "1,249", "1,238",
                  "1,230", "Crews are rostered until May", life.say["head"], life.say["owner"]):  # fmt: skip
        one.shows(words, ".k-timeline")
    one.unfolds(one.page.get_by_text(life.say["all"]))
    with one.page.expect_download() as coming:
        one.page.get_by_role("button", name="rosters.csv").click()
    assert coming.value.path().read_bytes() == ROSTERS
    life.goes(HR, "goal", goal=WHOLE).shows("One runway is closed", ".k-timeline")
    overtime = life.goes(HR, "goal", goal=OVERTIME)
    overtime.shows(life.say["head"], ".k-timeline")
    overtime.shows("Two rosters were counted twice", ".k-timeline")
    line, row = scores_of(life, HEAD)
    assert "69.1" in line
    assert row["score"] == pytest.approx(69.05, abs=0.005)


def the_day_before_knows_nothing(life: Life) -> None:
    """The same pages as of a day before: the old target, no check-in, no new version, no word of it."""
    one = life.goes(HR, "goal", goal=PART, as_of=BEFORE)
    one.reads("1,249", ".k-sentence")
    one.stands(".k-timeline")
    one.reads(life.say["nobody"])
    for words in ("1,230", "1,238", "Fewer flights", "An aircraft is sold", "Crews are rostered", "rosters.csv"):
        one.hides(words)
    letter = life.goes(HR, "letters", unit=STATION, as_of=BEFORE)
    letter.hides("1,230")
    line, row = scores_of(life, HEAD, as_of=BEFORE)
    assert "68.9" in line
    assert row["as_of"] == BEFORE
    assert row["score"] == pytest.approx(68.92, abs=0.005)


#: Who types what into the address, and what is said instead of a page.
NOT_FOR_THE_ROLE = [(DUTY, page) for page in ("targets", "workbench", "team", "scores", "accounts")] + [
    (OWNER, "targets"), (OWNER, "workbench"), (OWNER, "accounts"), (HEAD, "accounts"), (HR, "targets"), (HR, "workbench"),
    (HR, "accounts"), (AUDITOR, "targets"), (AUDITOR, "workbench"), (AUDITOR, "accounts"), (EXECUTIVE, "accounts"),
]  # fmt: skip
OUT_OF_REACH = [
    (DUTY, "progress", {"person": "p0102"}), (DUTY, "goal", {"goal": "p0102-ontime"}), (DUTY, "letters", {"person": "p0102"}),
    (OWNER, "progress", {"person": "p0202"}), (OWNER, "goal", {"goal": "p0202-ontime"}), (OWNER, "letters", {"unit": "EWR-AA"}),
    (HEAD, "progress", {"person": "p0111"}), (HEAD, "goal", {"goal": "p0111-ontime"}), (HEAD, "letters", {"person": "p0111"}),
]  # fmt: skip
REFUSED = {
    "en": ("This page is not for your role", "None of your roles may", "This cannot be shown"),
    "zh": ("您的角色不能打开此页面", "您的任何角色都不能", "无法显示"),
}
#: The words of every button that writes something.
WRITES = re.compile(
    r"Save|Write it|Propose|Accept|Decline|Agree|Take back|Draw up|Sign|Check in|Ask|Answer|Add|Import|保存|提交"
)


@pytest.mark.parametrize(("language", "tried"), [("en", NOT_FOR_THE_ROLE), ("zh", NOT_FOR_THE_ROLE[:5])])
def test_pages_of_other_roles_are_neither_offered_nor_opened(visit, language, tried):
    title, reason, _ = REFUSED[language]
    seen: dict[str, Visit] = {}
    for who, page in tried:
        one = seen[who] = seen.get(who) or visit(as_=who)
        one.go(page, language=language, period="2013").shows(title, ".k-notice")
        one.shows(reason, ".k-notice")
        one.counts(f'.st-key-masthead a[href*="{page}"]', 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_of_others_are_refused_whatever_is_typed(visit, language):
    seen: dict[str, Visit] = {}
    for who, page, view in OUT_OF_REACH:
        one = seen[who] = seen.get(who) or visit(as_=who)
        one.go(page, language=language, period="2013", **view)
        one.reads(REFUSED[language][2], ".k-notice")
        one.counts(".k-card, .k-letter, .k-timeline, .k-table", 0)


def test_an_auditor_finds_nothing_to_press_that_writes(visit):
    one = visit(as_=AUDITOR)
    for page, view in (
        ("goal", {"goal": PART}), ("goal", {"goal": "p0101-handover"}), ("progress", {"person": DUTY}),
        ("letters", {"unit": STATION}), ("letters", {"person": DUTY}), ("scores", {}), ("team", {}), ("todo", {}),
    ):  # fmt: skip
        one.go(page, language="en", period="2013", **view)
        one.counts(one.page.locator('[data-testid="stMain"]').get_by_role("button", name=WRITES), 0)


def test_a_heads_own_targets_are_set_above(visit):
    one = visit(as_=HEAD)
    for goal in (WHOLE, "p0002-ontime"):
        one.go("targets", language="en", period="2013", goal=goal)
        one.reads("These targets are not yours to set", ".k-notice")
        one.counts(one.page.get_by_role("button", name="Save"), 0)
    one.go("targets", language="en", period="2013", goal="jfk-flights").reads("not yours to set", ".k-notice")


def test_only_the_two_sides_of_a_letter_sign_it(visit):
    for who in (EXECUTIVE, HR, AUDITOR, HEAD):
        one = visit(as_=who).go("letters", language="en", period="2013", person=DUTY)
        one.stands(".k-letter")
        one.counts(one.page.get_by_role("button", name="Sign …"), 0)


def evidence_link(visit: Callable[..., Visit]) -> str:
    """The duty manager reports with a file, and opens it: return the address it comes from."""
    owner = visit(site="own_site", as_=DUTY).go("progress", language="en", period="2013")
    owner.page.locator(".st-key-card_p0101-handover").get_by_role("button", name="Check in").click()
    dialog = owner.page.get_by_role("dialog")
    dialog.locator("label").filter(has_text="Audited by another shift").first.click()
    owner.unfolds(dialog.get_by_text("A file, or another day"))
    file = {"name": "rosters.csv", "mimeType": "text/csv", "buffer": ROSTERS}
    dialog.locator('input[type="file"]').set_input_files(file)
    owner.reads("rosters.csv", DIALOG)
    dialog.get_by_role("button", name="Write it").click()
    owner.reads("Kept with it: rosters.csv")
    owner.go("goal", language="en", period="2013", goal="p0101-handover")
    owner.unfolds(owner.page.get_by_text(re.compile(r"^All \d+ in words$")))
    with owner.page.expect_download() as coming:
        owner.page.get_by_role("button", name="rosters.csv").click()
    link = coming.value.url
    assert owner.page.request.get(link).body() == ROSTERS
    return link


def test_evidence_is_not_shown_to_others_nor_to_nobody_nor_by_a_link_that_was_passed_on(visit, own_site):
    link = evidence_link(visit)
    for who in ("p0102", OWNER, "p0003"):
        one = visit(site="own_site", as_=who).go("goal", language="en", period="2013", goal="p0101-handover")
        one.reads("This cannot be shown", ".k-notice")
        one.hides("rosters.csv", "body")
        assert ROSTERS not in one.page.request.get(link).body()
    stranger = visit(site="own_site", as_=None)
    assert ROSTERS not in stranger.page.request.get(link).body()


def test_nobody_signed_in_sees_nothing(visit):
    one = visit(as_=None)
    for page in ("overview", f"goal?goal={PART}", "scores", f"letters?unit={STATION}", "accounts"):
        one.page.goto(f"{one.address}/{page}")
        assert "/sign-in?next=" in one.page.url
        assert "1,249" not in one.page.locator("body").inner_text()
