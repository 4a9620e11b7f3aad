"""Questions about a configuration folder that need no store: its problems, its schema, a small company to start from."""

from pathlib import Path
from typing import Any

from kpiflow.definitions.reading import Reading, read_company
from kpiflow.definitions.schema import json_schema
from kpiflow.definitions.starter import write_starter


def check_folder(folder: Path) -> Reading:
    """Return the company a folder describes and every problem in it; never raises for what the files say."""
    return read_company(folder)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each configuration file."""
    return json_schema()


def start_company(folder: Path) -> list[Path]:
    """Write a small commented company into a folder and return its files."""
    return write_starter(folder)
