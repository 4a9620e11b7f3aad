"""The JSON schemas accept what the reader accepts, and every check is described for the reference pages."""

import json
import sys
from pathlib import Path

from kpiflow.definitions.checks import CHECKS
from kpiflow.definitions.schema import json_schema


def test_there_is_a_schema_for_every_file() -> None:
    schemas = json_schema()
    assert set(schemas) == {
        "assignments", "calendar", "company", "curves", "distributions", "goals", "grades", "groups", "inputs", "metrics", "people",
        "phasings", "plan", "roles", "salaries", "scorecards", "sources", "statuses", "targets", "units",
    }  # fmt: skip
    assert json.loads(json.dumps(schemas)) == schemas


def test_every_reference_inside_a_schema_leads_somewhere() -> None:
    for name, schema in json_schema().items():
        for reference in _references(schema):
            here = schema
            for step in reference.removeprefix("#/").split("/"):
                assert step in here, f"{name}: {reference}"
                here = here[step]


def _references(part: object) -> list[str]:
    if isinstance(part, list):
        return [found for one in part for found in _references(one)]
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for one in part.values() for found in _references(one)]
    return []


def test_goals_may_be_nested_and_leave_out_what_has_a_default() -> None:
    row = json_schema()["goals"]["$defs"]["row"]
    assert row["required"] == ["goal", "owner", "label"]
    assert row["properties"]["children"]["items"] == {"$ref": "#/$defs/row"}
    assert row["properties"]["rollup"] == {"enum": ["own", "children", "worst"]}


def test_asking_for_a_schema_twice_gives_the_same() -> None:
    assert json_schema() == json_schema()


def test_every_check_is_described_and_proved_by_a_file_of_its_own() -> None:
    homes = [sys.modules[check.__module__] for check in CHECKS]
    folder = Path(__file__).parents[2] / "kpiflow" / "definitions" / "checks"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "finding"}
    assert len(homes) == len(files)
    assert {home.__name__.rpartition(".")[2] for home in homes} == files
    assert all((home.__doc__ or "").partition("\n")[0].endswith(".") for home in homes)
