"""Everything people read goes through the catalogue, and the catalogue says it in 中文 with the same facts."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from kpiflow.language import Message, Quantity, render
from tests.house.reading import ROOT, Module, modules, product

CATALOGUES = sorted((ROOT / "kpiflow/language/zh").glob("*.po"))
#: Where a Message is built from values that were messages before; nothing new is said there.
MACHINERY = ("kpiflow/language/",)


def literal(node: ast.expr) -> Iterator[str | None]:
    """The texts an argument can be: itself, or either side of a choice; None for anything computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literal(node.body)
        yield from literal(node.orelse)
    else:
        yield None


def said() -> dict[str, str]:
    """Each text given to msg() in the code, and the first place that says it."""
    found: dict[str, str] = {}
    for module in product():
        for call in module.calls("msg", "Message"):
            for text in literal(call.args[0]) if call.args else ():
                if text is not None:
                    found.setdefault(text, f"{module.path}:{call.lineno}")
    return found


def translated() -> dict[str, tuple[str, str]]:
    """English text → 中文 text and the catalogue it stands in."""
    found: dict[str, tuple[str, str]] = {}
    for file in CATALOGUES:
        with file.open("rb") as handle:
            for entry in read_po(handle, locale="zh_Hans_CN"):
                if entry.id:
                    found[str(entry.id)] = (str(entry.string), file.name)
    return found


def has_words(text: str) -> bool:
    """Whether there is anything to translate: `{amount} × {months}` is the same in every language."""
    return bool(re.search(r"[A-Za-z]", re.sub(r"\{\w*\}", "", text)))


def facts(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("module", product(), ids=lambda module: module.path)
def test_messages_are_literal_and_name_their_facts(module):
    if module.path.startswith(MACHINERY):
        return
    for call in module.calls("msg"):
        place = f"{module.path}:{call.lineno}"
        texts = list(literal(call.args[0])) if call.args else [None]
        assert None not in texts, f"{place}: give msg() the text itself, so that the catalogue can be checked."
        given = {word.arg for word in call.keywords}
        if None in given:  # **facts: cannot be seen from here
            continue
        for text in texts:
            assert facts(text) <= given, f"{place}: no value for {sorted(facts(text) - given)} in '{text}'"


def test_every_message_has_a_translation():
    known = translated()
    worded = {text: place for text, place in said().items() if has_words(text)}
    missing = sorted(f"{place}: {text}" for text, place in worded.items() if not known.get(text, ("", ""))[0].strip())
    assert not missing, (
        f"{len(missing)} texts have no 中文. Add each to the catalogue of its area in kpiflow/language/zh/:\n"
        + "\n".join(missing)
    )


def test_every_translation_has_the_same_facts():
    wrong = [
        f"{file}: '{english}' has {sorted(facts(english))}, its translation {sorted(facts(chinese))}"
        for english, (chinese, file) in translated().items()
        if chinese and facts(english) != facts(chinese)
    ]
    assert not wrong, "Name the same facts in both languages:\n" + "\n".join(wrong)


def test_no_translation_is_left_over():
    code = said()
    left = [f"{file}: {english}" for english, (_, file) in translated().items() if english not in code]
    assert not left, "Nothing says these any more; delete them, or mend the text in the code:\n" + "\n".join(left)


def test_translations_are_chinese():
    """A text copied instead of translated has no Chinese sign in it, although its English has words."""
    copied = [
        f"{file}: {english}"
        for english, (chinese, file) in translated().items()
        if chinese and re.search(r"[A-Za-z]{4,}", re.sub(r"\{\w*\}|`[^`]*`", "", english))
        and not re.search(r"[\u3400-\u9fff]", chinese)
        and english not in KEPT_IN_ENGLISH
    ]  # fmt: skip
    assert not copied, "Translate these, or add them to KEPT_IN_ENGLISH with the reason:\n" + "\n".join(copied)


#: Names that are the same in both languages.
KEPT_IN_ENGLISH: frozenset[str] = frozenset({"KPIFlow", "English"})

#: Streamlit calls that show their first argument, and the named arguments that are shown by any call.
SHOWN_CALLS = frozenset(
    (
        "title header subheader markdown write caption text button metric info warning error success selectbox multiselect "
        "radio text_input text_area number_input date_input slider toggle checkbox tabs expander popover toast spinner "
        "link_button download_button page_link segmented_control pills file_uploader form_submit_button status dialog badge "
        "menu_button"
    ).split()
)
SHOWN_NAMES = frozenset("label help placeholder title caption hovertemplate delta_description page_title".split())


def words(node: ast.expr) -> str:
    """The words a person would see of a literal: without tags, icons, styles and what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        bare = re.sub(r"<[^>]*>|:material/\w+:|:\w+\[|%\{[^}]*\}|&\w+;|https?:\S+", " ", node.value)
        return " ".join(re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]+", bare))
    if isinstance(node, ast.JoinedStr):
        return " ".join(filter(None, (words(part) for part in node.values if isinstance(part, ast.Constant))))
    if isinstance(node, ast.List | ast.Tuple):
        return " ".join(filter(None, (words(item) for item in node.elts)))
    if isinstance(node, ast.IfExp):
        return " ".join(filter(None, (words(node.body), words(node.orelse))))
    return ""


def bare(module: Module) -> Iterator[str]:
    """Texts shown on a page without passing through the catalogue."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            shown = [word.value for word in node.keywords if word.arg in SHOWN_NAMES]
            if isinstance(node.func, ast.Attribute) and node.func.attr in SHOWN_CALLS:
                shown += node.args[:1]
            for argument in shown:
                if found := words(argument):
                    yield f"{module.path}:{node.lineno}: {found}"


@pytest.mark.parametrize("module", modules("dashboards"), ids=lambda module: module.path)
def test_pages_show_nothing_outside_the_catalogue(module):
    found = [line for line in bare(module) if line.rsplit(": ", 1)[1] not in KEPT_IN_ENGLISH | {"中文", "简体中文"}]
    assert not found, "Say these through msg(), so that both languages have them:\n" + "\n".join(found)


def test_what_agrees_with_a_number_takes_the_form_of_one_and_of_many():
    said = "{count} {count:letter waits|letters wait} for {name}."
    for count, expected in (
        (0, "0 letters wait"),
        (1, "1 letter waits"),
        (2, "2 letters wait"),
        (1000, "1,000 letters wait"),
    ):
        assert render(Message(said, {"count": count, "name": "He Ming"})) == f"{expected} for He Ming."
    assert render(Message(said, {"count": "1", "name": "He Ming"})).startswith("1 letter waits"), (
        "as a served store writes it"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(12534.25, "12,534"), (-989.47, "-989"), (99.96, "100"), (10.07, "10.1"), (6.28, "6.3"), (0.25, "0.25"), (7, "7")],
)
def test_what_is_counted_in_ones_is_said_without_hundredths(value, said):
    assert render(Message("{count}", {"count": Quantity(value, "count")})) == said
    assert render(Message("{count}", {"count": Quantity(337.69, "uncut")})) == "337.69", "before it is cut it is exact"


#: A number with a verb of many behind it reads wrongly of one: `1 checks stop it`. What is too many, or all, is never one.
ONLY_MANY = re.compile(
    r"(?<!All )\{(\w+)\} (?!of |would |more )(?:\w+ )?(?:are|wait|have|differ|rise|stop)\b(?! too many)"
)


def test_a_count_with_a_verb_has_both_forms():
    wrong = sorted(f"{place}: {text}" for text, place in said().items() if counted(text))
    assert not wrong, "Write both forms, such as '{count} {count:letter waits|letters wait}':\n" + "\n".join(wrong)


def counted(text: str) -> bool:
    """Whether a number stands before a verb that is only right of many."""
    found = ONLY_MANY.search(text)
    return found is not None and found[1] in {"count", "people", "goals", "letters", "rows", "lines", "gain", "moves"}
