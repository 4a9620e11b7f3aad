"""The audit of dependencies says what it found, what it could not ask, and never waits for ever."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def audit(monkeypatch):
    """The script that `make check` runs."""
    found = importlib.util.spec_from_file_location("kpiflow_audit", ROOT / ".ci/audit.py")
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, found.name, module)
    found.loader.exec_module(module)
    return module


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


FINE = {"name": "typer", "version": "1", "vulns": []}
BAD = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "GHSA-1", "fix_versions": ["2.1"], "aliases": []}]}
UNKNOWN = {"name": "polars", "skip_reason": "Dependency not found"}


def test_a_known_fault_fails_with_what_mends_it(audit, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(audit, "asked", lambda locks: (report(FINE, BAD), ""))
    assert audit.main([str(tmp_path / "kept"), str(ROOT / "requirements.lock")]) == 1
    assert "jinja2 2.0: GHSA-1, mended in 2.1" in capsys.readouterr().err


def test_what_the_service_does_not_know_is_not_called_clean(audit):
    """pip-audit itself ends with 0 and "No known vulnerabilities found" when not one package was looked at."""
    found = audit.judged(report(UNKNOWN), "")
    assert not found.faulty
    assert found.lines == ("not audited: the advisory service has no answer for 1 packages (polars)",)
    assert audit.judged(report(FINE), "").lines == ("Audited 1 packages; with a known fault: 0.",)


def test_without_a_network_it_says_so_and_does_not_fail(audit, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(audit, "asked", lambda locks: ("", "Traceback\nConnectionError: Name or service not known"))
    assert audit.main([str(tmp_path / "kept"), str(ROOT / "requirements.lock")]) == 0
    assert capsys.readouterr().err.startswith("not audited: the advisory service was not reached (ConnectionError")


def test_it_waits_no_longer_than_it_says(audit, monkeypatch):
    def hangs(*given, timeout, **more):
        raise subprocess.TimeoutExpired("pip-audit", timeout)

    monkeypatch.setattr(audit.subprocess, "run", hangs)
    assert "no answer within" in audit.asked([ROOT / "requirements.lock"])[1]


def test_an_answer_counts_for_a_day_and_for_the_same_locks(audit, monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(audit, "asked", lambda locks: (calls.append(1) or report(FINE), ""))
    lock, kept = tmp_path / "a.lock", str(tmp_path / "kept")
    lock.write_text("a==1", encoding="utf-8")
    for _ in range(2):
        audit.main([kept, str(lock)])
    assert len(calls) == 1
    lock.write_text("a==2", encoding="utf-8")
    audit.main([kept, str(lock)])
    assert len(calls) == 2
    later = audit.time.time() + audit.KEPT + 1
    monkeypatch.setattr(audit.time, "time", lambda: later)
    audit.main([kept, str(lock)])
    assert len(calls) == 3


def test_both_locks_are_audited_by_make_check():
    said = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert ".ci/audit.py $(VENV)/.audited requirements.lock requirements-dev.lock" in said
