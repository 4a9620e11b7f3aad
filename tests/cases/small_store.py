"""A case's company as a configuration folder, applied to a real store, with its measurements loaded from a CSV file."""

import csv
import datetime
from pathlib import Path

from ruamel.yaml import YAML

from kpiflow.definitions.reading import read_company
from kpiflow.sources.tidy import read_tidy
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import apply, create_store, known_words, load_facts
from kpiflow.workspace.listing import score_rows

#: What a case need not write: one year, one unit, looked at on its last day.
CALENDAR = [{"cycle": "2026", "starts": "2026-01-01"}]
PERIOD, DAY = "2026", "2026-12-31"
UNITS = [{"unit": "company", "label": "The company"}]

#: Parts of a case that are files of configuration, each a list under its own name.
LISTS = ("metrics", "curves", "phasings", "statuses", "units", "people", "goals", "targets")
COLUMNS = ("metric", "unit", "person", "day", "entry", "value", "numerator", "denominator")


def labelled(part: str, row: dict) -> dict:
    """Return a row with the words that a case leaves out because they do not matter to it."""
    one = {
        "metrics": "metric",
        "curves": "curve",
        "phasings": "phasing",
        "units": "unit",
        "people": "person",
        "goals": "goal",
    }
    if part not in one:
        return row
    filled = {"label": str(row[one[part]])} | row
    if part == "metrics":
        filled = {"definition": "As the source of the case says.", "measure": "count"} | filled
    if part == "goals":
        filled = {"owner": "company", "cycle": PERIOD} | filled
        if "children" in filled:
            filled["children"] = [labelled(part, child) for child in filled["children"]]
    return filled


def write_company(case: dict, folder: Path) -> Path:
    """Write a case's company into a folder and return it."""
    yaml = YAML(typ="safe")
    top = (case.get("units") or UNITS)[0]["unit"]
    files = {"company": {"company": "case", "label": case["case"], "enterprise": top}}
    files["calendar"] = {"cycles": case.get("calendar", CALENDAR)}
    for part in LISTS:
        rows = case.get(part, UNITS if part == "units" else None)
        if rows:
            files[part] = {part: [labelled(part, row) for row in rows]}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with (folder / f"{name}.yaml").open("w", encoding="utf-8") as handle:
            yaml.dump(content, handle)
    return folder


def write_measurements(case: dict, path: Path) -> Path:
    """Write a case's measurements as a CSV file in the tidy form."""
    unit = (case.get("units") or UNITS)[0]["unit"]
    rows = [{"unit": unit, "day": f"{PERIOD}-03-31"} | row for row in case["measurements"]]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def scored(case: dict, folder: Path, period: str | None = None, as_of: str | None = None) -> dict[str, dict]:
    """Return the results of a case by goal, from a new store in the folder."""
    day = datetime.date.fromisoformat(str(as_of or case.get("as_of", DAY)))
    store = folder / "case.duckdb"
    create_store(store)
    ws = Workspace.open(store)
    try:
        then = datetime.datetime.combine(day, datetime.time(8), datetime.UTC)
        reading = read_company(write_company(case, folder / "config"))
        assert reading.company is not None, [str(problem) for problem in reading.problems]
        apply(ws, folder / "config", who="case", at=then)
        if case.get("measurements"):
            taken = read_tidy(write_measurements(case, folder / "measurements.csv"), known_words(ws.company()))
            assert not taken.rejected.height, taken.rejected
            load_facts(ws, taken.facts.drop("row"), "measurements.csv", who="case", at=then)
        rows = score_rows(ws, ADMINISTRATOR, str(period or case.get("period", PERIOD)), as_of=day)
    finally:
        ws.close()
    return {row["goal"]: row for row in rows}
