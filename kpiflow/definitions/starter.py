"""A small company to start from: five units, six people, two metrics, every file with its explanation.

Floor 5: writes files into the folder it is given. Reads no clock or database.
"""

from importlib.resources import files
from pathlib import Path

from kpiflow.definitions.schema import write_schemas
from kpiflow.errors import InvalidInput
from kpiflow.language import msg


def write_starter(folder: Path) -> list[Path]:
    """Write the starter company into a folder that is new or empty; returns the files written, in order."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        said = msg("{folder} is not empty. Choose a new folder for the starter company.", folder=str(folder))
        raise InvalidInput(said)
    source = files(__package__).joinpath("starter_files")
    written: list[Path] = []
    for item in sorted(source.iterdir(), key=lambda one: one.name):
        target = folder / ("plans/" + item.name.removeprefix("plan_") if item.name.startswith("plan_") else item.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(item.read_text(encoding="utf-8"), encoding="utf-8")
        written.append(target)
    return [*written, *write_schemas(folder / "schema")]
