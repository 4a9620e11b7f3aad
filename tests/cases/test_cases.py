"""Every case in this folder: a small company and its measurements in, the published results out."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.cases.small_store import scored

HERE = Path(__file__).parent


def cases() -> list[dict]:
    """Return the cases of all files, in order."""
    return [one for file in sorted(HERE.glob("*.yaml")) for one in YAML(typ="safe").load(file)]


def as_published(value: float, expected: object) -> str:
    """Return a number with as many digits as the source printed, halves up; 90.00% means the ratio 0.9."""
    text = str(expected)
    percent = text.endswith("%")
    number = Decimal(repr(value)) * (100 if percent else 1)
    places = len(text.rstrip("%").partition(".")[2])
    return str(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) + ("%" if percent else "")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_case(case, tmp_path):
    assert case["source"]
    found = scored(case, tmp_path)
    for goal, wanted in case["expect"].items():
        for name, expected in wanted.items():
            value = found[goal][name]
            if isinstance(value, str | datetime.date):
                shown: str | None = str(value)
            else:
                shown = None if value is None else as_published(value, expected)
            assert shown == (expected if expected is None else str(expected)), f"{goal}: {name}"


def test_every_golden_case_of_scoring_is_here():
    named = {case["case"].split()[0] for case in cases()}
    golden = {"S01", "S02", "S03", "S04", "S05", "S09", "S10", "S11", "S13", "S15", "S17", "S20", "S22", "S23", "S25"}
    assert golden | {"P01", "P02", "P03", "P04", "P38"} <= named
