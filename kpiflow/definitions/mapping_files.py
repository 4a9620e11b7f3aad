"""How a workbook is read, written by a person in a YAML file.

Floor 5: reads the file it is given. Reads no clock or database.
"""

from pathlib import Path
from typing import Any

from kpiflow.definitions.written import read_yaml
from kpiflow.errors import ConfigurationError, Level
from kpiflow.language import msg


def read_mapping_file(path: Path) -> Any:
    """Return what a YAML or JSON file says, as plain values; raises ConfigurationError with every problem of its form."""
    written, problems = read_yaml(path.read_bytes(), str(path))
    if written is None or any(problem.level is Level.ERROR for problem in problems):
        raise ConfigurationError(msg("{path} cannot be read as a mapping.", path=str(path)), tuple(problems))
    return written.value
