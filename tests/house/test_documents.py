"""The documents hold: links lead somewhere, reference pages equal the code, every word and every kind is written down."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from urllib.parse import unquote

import pytest

from tests.house.reading import ROOT, files, modules

DOCUMENTS = tuple(name for name in files() if name.endswith(".md"))


def anchors(text: str) -> set[str]:
    """The places a link may lead to inside a page, as GitHub names them."""
    found = set()
    for heading in re.findall(r"^#+ +(.*)$", text, re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    page = ROOT / name
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        led = (page.parent / path).resolve() if path else page
        assert led.exists(), f"{name}: the link to {target} leads nowhere; correct the path."
        if anchor and led.suffix == ".md":
            assert anchor in anchors(led.read_text(encoding="utf-8")), (
                f"{name}: {path or name} has no heading '#{anchor}'."
            )


def test_reference_pages_equal_the_code():
    ran = subprocess.run([sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, (
        f"The code has changed since the reference was written; run 'make docs'.\n{ran.stdout}{ran.stderr}"
    )


#: The pages that people write files and programs by: nobody should have to guess what a field means, or in which unit it is.
EXPLAINED = ("api", "components", "configuration", "curves", "results", "sources")


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_field_says_what_it_means(name):
    page = (ROOT / f"docs/reference/{name}.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\|[^\n]*\| meaning \|\n\|[-|]+\|\n((?:\|[^\n]*\n)+)", page, re.MULTILINE)
    rows = [row for found in tables for row in found.splitlines()]
    assert rows, f"docs/reference/{name}.md has no table of fields with their meaning."
    silent = [row for row in rows if row.rstrip("| ").endswith("| –")]
    assert not silent, f"docs/reference/{name}.md: describe these fields where they are written:\n" + "\n".join(silent)


def test_the_map_names_every_folder():
    """Whoever is new finds the right room in docs/architecture.md within a minute, so no room may be missing there."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = {name.rpartition("/")[0] for name in files() if re.fullmatch(r"(kpiflow|dashboards)/.*/__init__\.py", name)}

    def named(room: str) -> bool:
        last = room.rpartition("/")[2]
        return any(mark in page for mark in (room, f"`{last}`", f"`{last}/`"))

    missing = sorted(room for room in rooms if not named(room))
    assert len(rooms) > 40
    assert not missing, f"Name {missing} in docs/architecture.md under 'Where things are', with what each holds."


def spoken(name: str) -> str:
    """GoalKind → goal kind."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold()


def test_the_glossary_has_every_word_of_core():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").casefold()
    bases = {"fact", "named"}
    missing = [
        f"{spoken(node.name)} ({module.path})"
        for module in modules("kpiflow/core")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and spoken(node.name) not in bases
        if f"**{spoken(node.name)}**" not in glossary
    ]
    assert not missing, "One word, one meaning: add each as **word** to docs/glossary.md.\n" + "\n".join(missing)


def test_the_words_to_avoid_are_avoided():
    """A screen that says `employee` where the glossary says `person` teaches two words for one thing."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    section = glossary.split("## Never on screen", 1)[1].split("\n## ", 1)[0]
    avoided = re.findall(r"^- `([^`]+)`", section, re.MULTILINE)
    assert avoided, "docs/glossary.md: the section 'Never on screen' lists words as '- `word`: say …'."
    from tests.house.test_language import said

    wrong = [
        f"{place}: '{word}' in: {text}"
        for text, place in said().items()
        for word in avoided
        if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)
    ]
    assert not wrong, "Say it with the glossary's word:\n" + "\n".join(wrong)


#: Where each family of kinds is registered, and what marks a kind: an attribute with its name, or the function it offers.
FAMILIES = (
    ("kpiflow.scoring.curves", "CURVES", "kind"),
    ("kpiflow.scoring.attainment", "ATTAINMENTS", "name"),
    ("kpiflow.scoring.missing", "POLICIES", "name"),
    ("kpiflow.cascade.splitting", "METHODS", "name"),
    ("kpiflow.incentives.components", "COMPONENTS", "kind"),
    ("kpiflow.definitions.checks", "CHECKS", "check"),
    ("kpiflow.sources", "READERS", "SUFFIXES"),
)


def marked(thing: object, mark: str) -> bool:
    """Whether a thing carries the mark of a kind with a value of its own (a base class has the field, but no word in it)."""
    field = getattr(thing, "model_fields", {}).get(mark)
    value = field.default if field is not None else getattr(thing, mark, None)
    return isinstance(value, str | tuple) or (inspect.ismodule(thing) and callable(value))


@pytest.mark.parametrize(("place", "registry", "mark"), FAMILIES, ids=lambda value: str(value))
def test_each_family_is_a_tuple_with_one_file_per_kind(place, registry, mark):
    package = importlib.import_module(place)
    kinds = getattr(package, registry)
    assert isinstance(kinds, tuple), f"{place}.{registry} is a tuple a person can read."
    homes = [home(kind) for kind in kinds]
    assert len(set(homes)) == len(kinds), f"{place}: one kind, one file; some share one: {sorted(homes)}"
    names = [name.rsplit(".", 1)[1] for name in homes]
    assert names == sorted(names), f"{place}.{registry} is in alphabetical order of its files."
    for part in pkgutil.iter_modules(package.__path__, f"{place}."):
        module = importlib.import_module(part.name)
        own = [module, *(thing for thing in vars(module).values() if getattr(thing, "__module__", None) == part.name)]
        there = [thing for thing in own if inspect.ismodule(thing) or inspect.isclass(thing)]
        if any(marked(thing, mark) for thing in there):
            assert part.name in homes, f"{part.name} is a kind that nothing lists; add it to {registry} in {place}."


def home(kind: object) -> str:
    """The module a kind is written in; a source is a module itself."""
    return kind.__name__ if inspect.ismodule(kind) else kind.__module__
