"""The floors of docs/architecture.md hold: arrows point down, and each outside thing has one owner."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.reading import ROOT, product

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LINTER = tomllib.loads(PYPROJECT)["tool"]["importlinter"]
#: The floors from the lowest up, as docs/architecture.md numbers them; core and frames share the third.
NUMBERS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7}


def floors() -> dict[str, int]:
    """Each top-level part and the number of its floor, from the contract itself."""
    layers = next(contract for contract in LINTER["contracts"] if contract["type"] == "layers")["layers"]
    return {
        part.strip(): NUMBERS[height]
        for height, layer in enumerate(reversed(layers), start=1)
        for part in re.split(r"[|:]", layer)
    }


def test_every_import_contract_holds():
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, (
        "An import breaks a contract; its reason stands above it in pyproject.toml. Move the code to the floor that "
        "may know both sides, or pass the value in as an argument.\n" + ran.stdout[-4000:] + ran.stderr[-1000:]
    )


def test_every_part_of_the_house_has_a_floor():
    parts = {".".join(m.dotted.split(".")[:2]) for m in product() if m.path.startswith("kpiflow/")} - {"kpiflow"}
    missing = sorted(parts - set(floors()))
    assert not missing, f"Give {missing} a floor: add it to the layers in pyproject.toml and to docs/architecture.md."


def test_every_contract_names_the_same_parts():
    """A part left out of an owner's contract could use what it owns."""
    parts = {part for part in floors() if part.startswith("kpiflow.")} | {"dashboards"}
    owners = {"duckdb": {"kpiflow.storage"}, "ruamel": {"kpiflow.definitions"}, "typer": {"kpiflow.cli"},
              "streamlit": {"dashboards", "kpiflow.web"}, "typst": {"kpiflow.printing"}}  # fmt: skip
    for contract in LINTER["contracts"]:
        for thing, owner in owners.items():
            if contract["forbidden_modules"][0] == thing if "forbidden_modules" in contract else False:
                if contract["name"].startswith("The pure middle"):
                    continue
                missing = parts - owner - set(contract["source_modules"])
                assert not missing, (
                    f"Add {sorted(missing)} to source_modules of '{contract['name']}' in pyproject.toml."
                )


def test_every_contract_says_why():
    blocks = PYPROJECT.split("[[tool.importlinter.contracts]]")[1:]
    silent = [re.search(r'name = "(.*)"', block)[1] for block in blocks if not block.lstrip().startswith("# Why:")]
    assert not silent, f"Write '# Why: …' under the header of these contracts in pyproject.toml: {silent}"


@pytest.mark.parametrize("module", [m for m in product() if m.path.startswith("kpiflow/")], ids=lambda m: m.path)
def test_a_floor_named_on_the_door_is_the_right_one(module):
    import ast

    said = re.search(r"^Floor (\d):", ast.get_docstring(module.tree) or "", re.MULTILINE)
    part = ".".join(module.dotted.split(".")[:2])
    is_door = module.path.endswith("/__init__.py") and module.dotted == part and floors().get(part, 7) < 7
    assert said or not is_door, f"{module.path}: end the docstring of the package with 'Floor N: knows …'."
    if said and part in floors():
        assert int(said[1]) == floors()[part], (
            f"{module.path} says floor {said[1]}; pyproject.toml says {floors()[part]}."
        )
