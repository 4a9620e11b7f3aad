"""Small companies on disk for the tests of this folder."""

from pathlib import Path

from ruamel.yaml import YAML

from kpiflow.definitions.reading import Reading, read_company

CASES = Path(__file__).parent / "cases"


def base() -> dict[str, str]:
    """Return the files of the sound company that tests change."""
    files: dict[str, str] = YAML(typ="safe").load((CASES / "base.yaml").read_text(encoding="utf-8"))
    return files


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder and return it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, files: dict[str, str]) -> Reading:
    """Read the sound company with some files replaced."""
    return read_company(written(folder, base() | files))


def lines(reading: Reading, folder: Path) -> list[str]:
    """Return the problems as printed, paths within the folder."""
    return [str(problem).replace(f"{folder}/", "") for problem in reading.problems]
