"""Whatever people name and write is shown as they wrote it: never a tag, a link, a picture, a formula or an order to a terminal."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboards import asking, words
from dashboards.pages import PAGES
from kpiflow.cli import showing
from kpiflow.language import msg
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace, set_current
from kpiflow.workspace.sign_in.signing_in import sign_in_as
from tests.security import hostile

ROOT = Path(__file__).parents[2]

#: Who opens a page beside the department head, where others see more of it.
ALSO = {
    "overview": ["p0001"], "progress": ["p0101"], "goal": ["p0101"], "pay": ["p0005"], "plans": ["p0005"],
    "calibration": ["p0005"], "reviews": ["p0005"], "scenarios": ["p0005"], "accounts": ["p0007"], "fairness": ["p0005"],
}  # fmt: skip
OPENED = [(page.id, person) for page in PAGES for person in ("p0002", *ALSO.get(page.id, []))]

#: Parts of a page whose words are read as Markdown: a link in them would be one.
MARKDOWN = re.compile(r"(?<!\\)\]\(|(?<!\\)<|https?:|www\.")


@pytest.fixture(scope="module")
def ws(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The example company with attacks for names, words and answers."""
    with closing(Workspace.open(hostile.store(demo_store, tmp_path_factory.mktemp("hostile")), demo=True)) as opened:
        yield opened


class Tags(HTMLParser):
    """What a piece of HTML would do that ours never does."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leads = [value for name, value in attrs if name in ("href", "src", "action", "srcset") and value]
        if tag in ("script", "iframe", "object", "form", "base") or any(name.startswith("on") for name, _ in attrs):
            self.wrong.append(tag)
        self.wrong += [one for one in leads if re.match(r"\s*(?!data:image/svg)(\w+:|//|\\)", one)]


def pieces(block: object) -> Iterator[object]:
    """Every part of a page, however deep."""
    for one in getattr(block, "children", {}).values():
        yield from pieces(one)
    yield block


def texts(thing: object) -> Iterator[str]:
    """Every text in a figure."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for one in thing.values() if isinstance(thing, dict) else thing:
            yield from texts(one)


def wrong_in(piece: object) -> list[str]:
    """What in a part of a page is taken for more than words."""
    kind, proto = getattr(piece, "type", ""), getattr(piece, "proto", None)
    if proto is None:
        return []
    if kind == "html":
        tags = Tags()
        tags.feed(proto.body)
        return [*tags.wrong, *(["markup"] if hostile.SCRIPT in proto.body else [])]
    if kind == "plotly_chart":
        return [text[:80] for text in texts(json.loads(proto.spec)) if re.search(r"<(?!/?(b|br|i|extra)>)\w", text)]
    said = [getattr(proto, name, "") for name in ("label", "body", "help", "title")]
    if kind == "radio":
        said += [*proto.options, *proto.captions]
    if kind == "button_group":
        said += [one.content for one in proto.options]
    return [text for text in said if isinstance(text, str) and MARKDOWN.search(text)]


@pytest.mark.parametrize(("page", "person"), OPENED)
def test_a_page_of_hostile_names_holds_words_and_nothing_else(ws, monkeypatch, page, person):
    set_current(ws)
    token = sign_in_as(ws, person)
    monkeypatch.setattr(asking, "token", lambda: token)
    entry = next(one for one in PAGES if one.id == page)
    shown = AppTest.from_file(str(ROOT / "dashboards" / entry.file), default_timeout=120)
    goal = "p0101-ontime" if person == "p0101" else "nyc-ontime"
    for name, value in {"period": "2013", "goal": goal, "language": "en"}.items():
        shown.query_params[name] = value
    shown.run()
    assert not shown.exception, shown.exception[0].message
    wrong = [f"{getattr(one, 'type', '')}: {said}" for one in pieces(shown._tree) for said in wrong_in(one)]
    assert not wrong, "\n".join(wrong[:5])


def test_the_attack_is_on_the_page_so_the_walk_above_is_not_empty(ws, monkeypatch):
    set_current(ws)
    token = sign_in_as(ws, "p0101")
    monkeypatch.setattr(asking, "token", lambda: token)
    shown = AppTest.from_file(str(ROOT / "dashboards/app_pages/goal.py"), default_timeout=120)
    for name, value in {"period": "2013", "goal": "p0101-ontime"}.items():
        shown.query_params[name] = value
    whole = "".join(str(getattr(one, "proto", "")) for one in pieces(shown.run()._tree))
    assert whole.count(hostile.ELSEWHERE) > 5
    assert "&lt;script&gt;" in whole


@pytest.mark.parametrize(
    "made", ["<script>", "[a](https://b.example)", "![a](b)", "$x$", ":red[x]", "www.b.example", "`x`", "# big"]
)
def test_markdown_in_a_name_is_no_markdown_in_a_label(made):
    assert not re.search(r"(?<!\\)[\[\]<>$`#:]|www\.", words.literal(made, "en"))
    assert words.literal(made, "en").replace("\\", "") == made
    assert words.literal(msg("Run `kpiflow` for {name}", name=made), "en").startswith("Run `kpiflow` for ")


def test_alerts_and_labels_say_names_literally():
    """Streamlit reads Markdown in both; `words.say` is for where it does not."""
    alerts = re.compile(
        r"\bst\.(?:error|success|warning|info|toast|button|expander|popover|dialog)\(\s*(?:words\.)?say\("
    )
    wrong = [
        str(path) for path in (ROOT / "dashboards").rglob("*.py") if alerts.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"Use words.literal in {wrong}"


def test_streamlit_is_never_told_to_take_a_text_for_html():
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "dashboards").rglob("*.py"))
    assert "unsafe_allow_html" not in written
    assert "unsafe_allow_javascript" not in written
    assert "components.v1" not in written


def test_paper_prints_a_hostile_name_as_it_is_written(ws):
    """Typst would link, compute, and read files; names reach it as data."""
    printed = ws.letter_pdf(ADMINISTRATOR, "person", "p0101", "2013")
    content = printed.content if hasattr(printed, "content") else printed
    path = ws.store.path.with_name("letter.pdf")
    path.write_bytes(content)
    pages = PdfReader(path).pages
    said = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert "#link(" in said
    assert "root:" not in said
    links = [note.get_object().get("/A", {}).get("/URI", "") for page in pages for note in page.get("/Annots", ())]
    assert not [one for one in links if hostile.ELSEWHERE in one]


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x08", "\x9b", "\r", "\u202e", "\x7f"])
def test_a_terminal_is_given_no_orders(capsys, sign):
    evil = f"a{sign}]0;owned"
    showing.tell([msg("Known: {name}", name=evil)])
    showing.write([{"name": evil}], showing.Format.TABLE)
    showing.write([{"name": evil}], showing.Format.CSV)
    showing.write([{"name": evil}], showing.Format.JSON)
    showing.say(msg("Known: {name}", name=evil))
    said = capsys.readouterr()
    assert sign not in said.out + said.err
    assert json.loads("[" + said.out.rpartition("[\n")[2])[0]["name"] == evil, "JSON reads back as it was"


def test_a_text_typed_anywhere_reaches_others_as_text(ws):
    thread = ws.check_ins(Asker("p0002"), "p0101-ontime").thread
    assert hostile.NAME in thread["words"].to_list()
