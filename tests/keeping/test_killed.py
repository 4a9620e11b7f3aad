"""Every acknowledged write survives kill -9 at any moment; see killed.py for what is compared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Hundreds by hand or before a release: KPIFLOW_KILLS=500 .venv/bin/python -m pytest tests/keeping/test_killed.py
KILLS = int(os.environ.get("KPIFLOW_KILLS", "60"))


@pytest.mark.skipif(sys.platform != "linux", reason="forks and kills as Linux does")
def test_a_server_killed_over_and_over_keeps_every_write_it_acknowledged(tmp_path):
    command = [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path), "--kills", str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."}, timeout=550)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["acknowledged"] > KILLS, "little was written"
    assert set(told["kinds"]) == {"load", "check_in", "account", "pay", "close"}
    assert told["moved"], "no kill fell after a write-ahead log had been moved into its file"
    assert told["logs_left"], "no kill left a write-ahead log behind"
