"""What docs/running.md tells whoever sets a server up: its settings are settings, and its systemd unit is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kpiflow.web.settings import loading
from kpiflow.web.settings.model import Settings, variable
from tests.house.reading import ROOT

UNIT = ROOT / "docs/kpiflow.service"


def test_the_settings_file_of_the_page_is_taken(tmp_path):
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    file = tmp_path / "kpiflow.toml"
    file.write_text(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    given: dict[str, str] = {}
    loading.load(file, given)
    assert given["KPIFLOW_ADDRESS"] == "https://goals.example.com"
    assert given["KPIFLOW_STORE"].startswith("/var/lib/kpiflow/")


def test_the_unit_sets_what_can_be_set():
    named = re.findall(r"KPIFLOW_\w+", UNIT.read_text(encoding="utf-8"))
    known = {variable(name) for name in Settings.model_fields} | {"KPIFLOW_SETTINGS"}
    assert {name.removesuffix("_FILE") for name in named} <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd here.")
def test_systemd_understands_the_unit(tmp_path):
    here = Path(shutil.copy(UNIT, tmp_path / UNIT.name))
    program = shutil.which("true")
    here.write_text(re.sub(r"(?<=^ExecStart=)\S+", program, here.read_text(encoding="utf-8"), flags=re.MULTILINE))
    ran = subprocess.run(["systemd-analyze", "verify", str(here)], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
