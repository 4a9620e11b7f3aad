"""The letters page as the people who use it meet it: found, read, signed, drawn up, printed, and kept from others."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.workspace import ADMINISTRATOR, Workspace
from tests.dashboards.conftest import DIALOG, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def letters_store(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example in which somebody's target was made easier after both had signed."""
    path = tmp_path_factory.mktemp("letters") / "letters.duckdb"
    shutil.copy(example_store, path)
    with closing(Workspace.open(path)) as ws:
        shown = ws.preview_change(ADMINISTRATOR, "p0203-ontime", {"target": 80}, "2013")
        ws.make_change(ADMINISTRATOR, shown, who="p0002", reason="One runway is closed until June")
    return path


@pytest.fixture(scope="module")
def letters_site(letters_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a copy of that, to read."""
    path = Path(shutil.copy(letters_store, tmp_path_factory.mktemp("read") / "letters.duckdb"))
    with serving(path, demo=True) as (address, _):
        yield address


@pytest.fixture
def desk(letters_store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy in which letters are drawn up and signed."""
    with serving(Path(shutil.copy(letters_store, tmp_path / "letters.duckdb")), demo=True) as (address, _):
        yield address


def letters(visit, who: str, width: int = 1440, site: str = "letters_site", **view: str):
    language = view.pop("language", "en")
    opened = visit(site=site, as_=who, width=width)
    return opened.go("letters", language=language, period="2013", **view)


def test_a_head_finds_what_waits_and_who_has_signed(visit):
    page = letters(visit, "p0002")
    page.shows(re.compile(r"\d+ of 29 letters are in force"), ".k-sentence")
    page.shows("wait for your signature", ".k-sentence")
    page.reads("Manager has signed", ".k-table")
    page.writes(page.page.get_by_label("Name"), "tang")
    page.page.locator(".k-table tbody tr").nth(2).wait_for(state="detached")
    page.shows("Tang Sunfei", ".k-table tbody")  # their own letter, and that of the station they lead
    page.page.wait_for_url(re.compile("find=tang"))  # a link shows to others what I see


def test_staff_read_and_sign_their_letter_in_chinese(visit, desk):
    page = letters(visit, "p0101", width=390, language="zh", site="desk")
    page.shows("尚未生效", ".k-sentence")
    for words in ("责任书", "伊玛尼·普洛弗", "76.84%"):
        page.shows(words, ".k-letter")
    page.page.get_by_role("button", name="签署…").click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_text("签署后不可撤回").wait_for()
    fingerprint = page.text(".k-letter code.print >> nth=-1")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    page.shows(fingerprint, DIALOG)
    dialog.get_by_role("button", name="确认签署").click()
    page.reads("现已生效")
    again = letters(visit, "p0002", person="p0101", site="desk")
    again.shows("is in force", ".k-sentence")
    again.shows(fingerprint[:16], ".k-letter .parties")
    again.counts(again.page.get_by_role("button", name="Sign …"), 0)


def test_hr_draws_up_the_letter_of_somebody_who_comes_later(visit, desk):
    page = letters(visit, "p0005", person="p0228", site="desk")
    page.shows("is not drawn up yet", ".k-sentence")
    page.page.get_by_role("button", name="Draw up").click()
    page.reads("Both sides can sign it now.")
    page.shows("version 1", ".k-sentence")
    page.shows("Chiara Starling", ".k-letter")
    page.counts(page.page.get_by_role("button", name="Sign …"), 0)  # HR signs nothing


def test_a_new_version_shows_what_changed_and_why_and_keeps_the_old(visit):
    page = letters(visit, "p0203", person="p0203")
    page.shows("Version 1 holds until then.", ".k-sentence")
    page.reads("easier to reach: One runway is closed until June", ".k-table")
    page.reads("made easier on", ".k-letter")
    page.page.locator(".k-table a", has_text=re.compile(r"^1$")).click()
    page.page.wait_for_url("**version=1**")
    page.reads("87.16 %", ".k-letter")


@pytest.mark.parametrize(
    ("button", "language"), [("PDF in English", "en"), ("PDF in Chinese", "zh"), ("PDF in both", "both")]
)
def test_a_letter_is_printed_by_one_press(visit, tmp_path: Path, button, language):
    page = letters(visit, "p0002", unit="EWR-UA")
    with page.page.expect_download() as waiting:
        page.page.get_by_role("button", name=button).click()
    assert waiting.value.suggested_filename == f"letter-EWR-UA-2013-v1-{language}.pdf"
    waiting.value.save_as(tmp_path / "it.pdf")
    assert (tmp_path / "it.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("person", "view"),
    [("p0101", {"person": "p0102"}), ("p0101", {"unit": "EWR"}), ("p0209", {"unit": "EWR-AA"}), ("p0002", {"person": "p0003"}),
     ("p0011", {"person": "p0101"}), ("p0007", {"unit": "NYC"})],
    ids=["a colleague", "the own airport", "another station", "another head", "an inspector", "an administrator"],
)  # fmt: skip
def test_a_letter_of_others_typed_into_the_address_is_refused(visit, person, view):
    page = letters(visit, person, **view)
    page.shows("A letter is read by its two sides", ".k-notice")
    page.counts(".k-letter", 0)
    page.counts(page.page.get_by_role("button", name=re.compile("PDF|Sign|Draw")), 0)


def test_an_auditor_reads_everything_and_changes_nothing(visit):
    page = letters(visit, "p0006", person="p0003")
    page.shows("Chiara Heron", ".k-letter")
    page.counts(page.page.get_by_role("button", name=re.compile("Sign|Draw")), 0)


def test_who_has_no_letter_hears_how_one_comes_about(visit):
    page = letters(visit, "p0011", language="zh")
    page.shows("本期没有可查看的责任书", ".k-notice")


@pytest.mark.parametrize(("person", "view"), [("p0002", {}), ("p0203", {}), ("p0002", {"unit": "EWR"})])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_one_column(visit, person, view, language):
    page = letters(visit, person, width=390, language=language, **view)
    page.fits()


def test_a_past_day_shows_the_letter_as_it_stood(visit):
    page = letters(visit, "p0002", as_of="2012-12-20", unit="EWR-UA")
    page.shows("Tang Sunfei and Bruno Kestrel", ".k-sentence")
    page.counts(page.page.get_by_role("button", name="Sign …"), 0)
