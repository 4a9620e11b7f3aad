"""Printed letters, read back by a reader that is not ours: names, figures and fonts, in both languages."""

import datetime
import hashlib
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pylopdf_fonts_zh_cn
import pypdf
import pytest

from kpiflow.printing import typeset
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.letters.printing import letter_pdf

#: Google's Noto fonts as published (notofonts/noto-cjk, SubsetOTF/SC), whoever packs them for us.
FONTS = {
    "NotoSansSC-Regular.otf": "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
    "NotoSerifSC-Regular.otf": "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
}


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def printed(ws: Workspace, owner: str = "p0002", **asked: object) -> bytes:
    kind = "person" if owner.startswith("p0") else "unit"
    return ws.letter_pdf(ADMINISTRATOR, kind, owner, "2013", **asked).content


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text(content: bytes) -> str:
    """All words, without line breaks and spaces: where a line breaks is the typesetter's affair."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read(content).pages))


def squeezed(*words: str) -> list[str]:
    return [re.sub(r"\s", "", word) for word in words]


def test_english_has_the_names_and_figures_of_the_letter(ws: Workspace):
    said = text(printed(ws, language="en"))
    letter = ws.letter(ADMINISTRATOR, "person", "p0002", "2013").letter
    for words in squeezed(
        "Responsibility letter", "Bruno Kestrel", "Ada Skylark", "Department head", "Newark Liberty (EWR)",
        "Goals, weights and targets", "66.68 %", "76.68 %", "80.68 %", "35.0 %", "119,024", "Measuring rules",
        "Threshold 66.68 % → 60 points", "Rewards", "Service bonus 2013", "at most $500.00 in all", "$37,920.00",
        "Term and changes", "Signatures", "Signed on Dec 21, 2012", "Signed on Dec 27, 2012", letter.fingerprint,
    ):  # fmt: skip
        assert words in said, words
    for promise in letter.promises:
        assert squeezed(promise.label.en)[0] in said


def test_chinese_has_the_same_figures_and_no_english_sentences(ws: Workspace):
    said = text(printed(ws, language="zh"))
    letter = ws.letter(ADMINISTRATOR, "person", "p0002", "2013").letter
    for words in squeezed(
        "责任书", "布鲁诺·凯斯特雷尔", "艾达·斯凯拉克", "部门负责人", "纽瓦克自由机场（EWR）", "目标、权重与目标值",
        "66.68%", "76.68%", "80.68%", "35.0%", "119,024", "计量与计分规则", "奖惩办法", "2013 年服务奖金",
        "期限与变更", "2012年12月21日", "内容指纹", letter.fingerprint,
    ):  # fmt: skip
        assert words in said, words
    for promise in letter.promises:
        assert squeezed(promise.label.zh)[0] in said
    assert set(re.findall(r"[A-Za-z]{5,}", said.replace(letter.fingerprint, ""))) <= set(), (
        "no sentence is left in English"
    )


def test_one_file_may_hold_both_languages_under_one_fingerprint(ws: Workspace):
    both = text(printed(ws, language="both"))
    letter = ws.letter(ADMINISTRATOR, "person", "p0002", "2013").letter
    assert "责任书" in both
    assert "Responsibilityletter" in both
    once = text(printed(ws, language="en")).count(letter.fingerprint)
    assert both.count(letter.fingerprint) == 2 * once


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_every_font_travels_inside_the_file(ws: Workspace, language):
    reader = read(printed(ws, language=language))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), f"{font} is not embedded"
            names.add(str(descriptor["/FontName"]).split("+")[-1])
    assert any("Noto" in name for name in names) or language == "en"
    assert not {name for name in names if not name.startswith(("Libertinus", "Noto", "DejaVu"))}


@pytest.mark.parametrize("owner", ["p0002", "EWR-UA", "NYC"])
def test_the_same_letter_is_the_same_file(ws: Workspace, owner):
    assert printed(ws, owner, language="both") == printed(ws, owner, language="both")


def test_it_says_what_it_is_and_numbers_its_pages(ws: Workspace):
    reader = read(printed(ws, language="en"))
    assert reader.metadata.title == "Responsibility letter – Bruno Kestrel"
    assert reader.metadata.creation_date == datetime.datetime(2012, 12, 27, 16, tzinfo=datetime.UTC), (
        "not that of printing"
    )
    assert "pdfaid" in str(reader.xmp_metadata.stream.get_data()), "archival: PDF/A"
    count = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        width, height = (float(side) * 25.4 / 72 for side in page.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)
        assert f"{number} / {count}" in page.extract_text()


def test_a_letter_that_is_not_in_force_says_so_first(ws: Workspace):
    first = read(printed(ws, "EWR", language="en")).pages[0].extract_text().replace("\n", " ")
    assert "Not in force yet: the signature of Bruno Kestrel is missing." in first
    assert "Not in force" not in text(printed(ws, "p0002"))


def test_what_changed_and_what_was_eased_is_printed_with_original_and_reason(mine: Workspace):
    shown = mine.preview_change(ADMINISTRATOR, "p0002-ontime", {"target": 70}, "2013")
    mine.make_change(ADMINISTRATOR, shown, who="p0001", reason="The roof is being mended until spring")
    for language, words in (
        ("en", ("Changes since version 1", "76.68 % to 70.00 %", "The roof is being mended until spring", "version 2")),
        ("zh", ("与第 1 版相比的变更", "由 76.68% 改为 70.00%", "The roof is being mended until spring", "难度降低")),
    ):
        said = text(printed(mine, language=language))
        for one in squeezed(*words):
            assert one in said, one
    assert squeezed("Changes since")[0] not in text(printed(mine, version=1))


def test_what_people_write_never_becomes_an_instruction():
    """Names and reasons reach the template as data: no markup, no code, no file."""
    names = ['#read("/etc/passwd")', "*bold* _it_ $x$ @ref <tag> \\u{41}", "#panic()", "= heading"]
    side = {"side": "Side", "name": names[0], "place": names[1], "signed": "", "open": names[2], "fingerprint": ""}
    edition = {
        "language": "en", "title": names[3], "owner": names[0], "company": names[1], "about": names[2], "notice": names[0],
        "preamble": names[1], "parties": [side], "goals": {"title": "G", "columns": ["Goal"], "eased": [names[2]],
        "rows": [{"name": names[0], "under": names[1], "numbers": []}]},
        "rules": {"title": "R", "goals": [{"name": names[0], "lines": [["a", names[1]]]}]},
        "rewards": {"title": "W", "none": "", "plans": [{"name": names[2], "about": names[1], "lines": [], "amounts": []}]},
        "term": {"title": "T", "lines": names},
        "signatures": {"title": "S", "means": names[1], "sides": [side], "fingerprint_label": "F", "fingerprint": "0"},
        "changes": {"title": "C", "about": "", "columns": ["a", "b", "c"], "rows": []}, "footer": names[2],
    }  # fmt: skip
    content = typeset("letter", {"title": "t", "author": "a", "editions": [edition]}, datetime.datetime(2026, 1, 1))  # noqa: DTZ001
    said = text(content)
    for name in names:
        assert squeezed(name)[0] in said


def test_the_chinese_fonts_are_the_published_ones():
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FONTS}
    assert found == FONTS


def test_somebody_without_pay_in_sight_prints_no_amount(ws: Workspace):
    page = ws.letter(Asker("p0002"), "person", "p0002", "2013")
    assert "$37,920.00" in text(letter_pdf(page))
    assert "$37,920.00" not in text(printed(ws, "EWR"))
