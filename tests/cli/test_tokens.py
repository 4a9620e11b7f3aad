"""`kpiflow token` as an administrator meets it: the secret alone on stdout, once, and words beside it."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.cli.main import run
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.api_tokens.knowing import NotKnown, bearer_of
from kpiflow.workspace.api_tokens.secret import PATTERN
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in import accounts


def said(capsys, *arguments: str, code: int = 0) -> tuple[str, str]:
    """What a command writes to stdout and to stderr; the exit code must be the one expected."""
    with pytest.raises(SystemExit) as end:
        run(["token", *arguments])
    assert end.value.code == code
    return tuple(capsys.readouterr())


def test_a_token_is_made_listed_without_its_secret_and_revoked(capsys, tmp_path: Path, monkeypatch):
    path = tmp_path / "own.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password="seven blue kites")
    monkeypatch.setenv("KPIFLOW_STORE", str(path))
    out, words = said(capsys, "make", "payroll", "--account", "root", "--scope", "measurements:write", "--days", "7")
    secret = out.strip()
    assert re.fullmatch(PATTERN, secret), "nothing but the secret"
    assert "shown this once" in words
    assert secret not in words
    with closing(Workspace.open(path)) as ws:
        assert bearer_of(ws, secret, "10.0.0.1").scopes == {"measurements:write"}
    listed = said(capsys, "list", "--format", "json")[0]
    assert secret not in listed
    assert [(row["account"], row["state"]) for row in json.loads(listed)] == [("root", "counts")]
    said(capsys, "revoke", "1", "--reason", "left in a log")
    with closing(Workspace.open(path)) as ws, pytest.raises(NotKnown):
        bearer_of(ws, secret, "10.0.0.1")
    assert "Did you mean 'root'" in said(capsys, "make", "a", "--account", "rot", "--scope", "goals:read", code=1)[1]


def test_a_new_password_says_that_tokens_go_on_and_how_to_end_them(capsys, tmp_path: Path, monkeypatch):
    path = tmp_path / "own.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password="seven blue kites")
        secret = ws.make_api_token(ADMINISTRATOR, "payroll", ["measurements:write"], account="root").secret
    monkeypatch.setenv("KPIFLOW_STORE", str(path))
    with pytest.raises(SystemExit):
        run(["user", "sign-out", "root"])
    words = " ".join(capsys.readouterr().err.split())
    assert "go on counting: 1. To end them: kpiflow token revoke-all root" in words
    assert "Tokens of root revoked: 1." in said(capsys, "revoke-all", "root", "--reason", "a lost laptop")[1]
    with closing(Workspace.open(path)) as ws, pytest.raises(NotKnown):
        bearer_of(ws, secret, "10.0.0.1")
    with pytest.raises(SystemExit):
        run(["user", "sign-out", "root"])
    assert "go on counting" not in capsys.readouterr().err
