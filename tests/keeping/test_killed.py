"""Every acknowledged write survives kill -9 at any moment; see killed.py and served.py for what is compared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks and kills as Linux does")

#: Hundreds by hand or before a release: KPIFLOW_KILLS=500 .venv/bin/python -m pytest tests/keeping/test_killed.py
KILLS = int(os.environ.get("KPIFLOW_KILLS", "60"))

#: Starting a whole server costs two seconds of a processor: by hand, a quarter of as many.
SERVERS = KILLS // 4 if "KPIFLOW_KILLS" in os.environ else 6


def killed(program: str, folder: Path, kills: int) -> dict:
    """Run a program that kills servers; return what it counted."""
    command = [sys.executable, str(Path(__file__).with_name(program)), str(folder), "--kills", str(kills)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."}, timeout=600 + 15 * kills
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_server_killed_over_and_over_keeps_every_write_it_acknowledged(tmp_path):
    told = killed("killed.py", tmp_path, KILLS)
    assert told["acknowledged"] > KILLS, "little was written"
    assert set(told["kinds"]) == {"load", "check_in", "account", "pay", "close"}
    assert told["moved"], "no kill fell after a write-ahead log had been moved into its file"
    assert told["logs_left"], "no kill left a write-ahead log behind"


def test_a_whole_server_killed_under_requests_does_each_once_and_gives_the_same_answer_again(tmp_path):
    told = killed("served.py", tmp_path, SERVERS)
    assert told["kills"] == SERVERS
    assert min(told["load"], told["check_in"]) > SERVERS, "little was written"
    assert told.get("unheard"), "no kill fell between a request and its answer"
    assert told.get("again"), "no request was sent a second time"
    assert told.get("backups"), "no backup was made under load"


def test_work_on_whole_stores_that_is_killed_leaves_all_or_nothing_and_can_be_done_again(tmp_path):
    told = killed("interrupted.py", tmp_path, max(KILLS // 20, 2) if "KPIFLOW_KILLS" in os.environ else 2)
    assert set(told) == {"make", "migrate", "backup", "restore", "export", "import"}
    assert any("nothing" in left or "older" in left for left in told.values()), "no kill fell into the work"
