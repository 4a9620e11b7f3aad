"""The lines that docs/api.md shows, run as they stand against a live server: an HR system pulling scores."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def address(programs) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(programs.app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def lines(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.mark.parametrize("language", ["python", "sh"])
@pytest.mark.parametrize("limit", ["1000", "20"])
def test_the_lines_of_the_guide_pull_every_score(programs, address, tmp_path, language, limit):
    if language == "sh" and not shutil.which("curl"):
        pytest.skip("There is no curl here.")
    told = lines(language)
    assert len([line for line in told.splitlines() if line]) <= 10
    command = [sys.executable, "-c"] if language == "python" else ["sh", "-c"]
    done = subprocess.run(
        [*command, told.replace("limit=1000", f"limit={limit}")],
        env={**os.environ, "KPIFLOW_ADDRESS": address, "KPIFLOW_TOKEN": programs.token("p0005")},
        cwd=tmp_path, capture_output=True, text=True, timeout=60, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {row["person"]: (row["score"], row["grade"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    expected = programs.every("p0005", "/scores?period=2013")
    assert len(found) == len(expected) == 54
    assert found == {
        row["person"]: tuple("" if row[name] is None else str(row[name]) for name in ("score", "grade"))
        for row in expected
    }


def test_a_wrong_token_ends_the_lines_with_an_error(address, tmp_path):
    environment = {**os.environ, "KPIFLOW_ADDRESS": address, "KPIFLOW_TOKEN": "kpf_wrong"}
    done = subprocess.run(
        [sys.executable, "-c", lines("python")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "401" in done.stderr
