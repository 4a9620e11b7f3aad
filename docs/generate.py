"""Writes docs/reference from the code, or says with --check which page no longer equals it."""

import argparse
import sys
from pathlib import Path

from docs.writing import api, commands, configuration, kinds, notations, results, settings, tables, words
from docs.writing.markdown import Page

REFERENCE = Path(__file__).parent / "reference"

#: Every page, in the order of the index.
PAGES: tuple[Page, ...] = (
    Page("commands", "Commands", "what can be typed, with every option", commands.page),
    Page("settings", "Settings", "what the program is told from outside: a file and the environment", settings.page),
    Page("configuration", "Configuration files", "each file of a company's folder, and its fields", configuration.page),
    Page("curves", "Curves", "the ways a result becomes points", kinds.curves),
    Page("attainment", "Attainment conventions", "the ways an actual is compared with its target", kinds.attainment),
    Page("missing", "Missing-data policies", "what happens when nothing was measured", kinds.missing),
    Page("splits", "Ways to split a target", "how a target is handed to the goals below", kinds.splits),
    Page("components", "Incentive components", "the steps a plan pays by", kinds.components),
    Page("checks", "Checks", "what `kpiflow check` looks for", kinds.checks),
    Page("sources", "Sources", "where measurements can come from", kinds.sources),
    Page("notations", "Notations in workbooks", "how periods, numbers and headings may be written", notations.page),
    Page("pages", "Pages", "the dashboards and their addresses", kinds.pages),
    Page("rights", "Rights", "who may see and do what, as a table", kinds.rights),
    Page("results", "Results", "what `kpiflow score` and `kpiflow pay` write as JSON", results.page),
    Page("api", "REST API", "what other programs can ask and write, route by route", api.page),
    Page("frames", "Tables in the program", "the columns every stage hands to the next", tables.frames),
    Page("store", "Tables in the store", "what lies in the database, migration by migration", tables.store),
    Page("words", "Words with fixed values", "every choice a field can take", words.page),
)


def index() -> str:
    """Return the page that leads to all others."""
    lines = [f"- [{page.title}]({page.name}.md): {page.about}" for page in PAGES]
    return "\n".join(["# Reference", "", "Written from the code by `make docs`; do not edit by hand.", "", *lines, ""])


def written() -> dict[str, str]:
    """Return every reference page by file name, as the code has it now."""
    return {"README.md": index()} | {f"{page.name}.md": page.text() for page in PAGES}


def main() -> int:
    """Write the pages, or with --check compare them and name those that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; end with 1 when a page is out of date")
    checking = parser.parse_args().check
    now = written()
    before = {file.name: file.read_text(encoding="utf-8") for file in REFERENCE.glob("*.md")}
    differing = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
    if checking:
        for name in differing:
            print(f"docs/reference/{name} is not what the code says now; run 'make docs'.", file=sys.stderr)
        return 1 if differing else 0
    REFERENCE.mkdir(exist_ok=True)
    for name in differing:
        file = REFERENCE / name
        if name in now:
            file.write_text(now[name], encoding="utf-8")
        else:
            file.unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
