"""`kpiflow user` as an administrator meets it: passwords on stdin or typed twice at a terminal, never on the screen."""

import json
import os
import pty
import re
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in.signing_in import session, sign_in, welcome
from tests.cli.typed import CALL
from tests.cli.typed import typed as asked

PASSWORD, OTHER = "seven blue kites", "nine green boats"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an empty store."""
    create_store(tmp_path / "own.duckdb")
    return tmp_path


def user(*arguments: str, folder: Path, stdin: str = "", code: int = 0, **environment: str) -> CompletedProcess[str]:
    """Run a command about accounts; the exit code must be the one expected, and no password is written out."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KPIFLOW_")}
    given = {**bare, "KPIFLOW_STORE": str(folder / "own.duckdb"), **environment}
    done = asked("user", *arguments, folder=folder, stdin=stdin, code=code, environment=given)
    assert PASSWORD not in done.stdout + done.stderr
    return done


def listed(folder: Path) -> dict[str, dict[str, object]]:
    """The accounts by name, as JSON says them."""
    return {row["account"]: row for row in json.loads(user("list", "--format", "json", folder=folder).stdout)}


def opened(folder: Path) -> closing[Workspace]:
    """The store, once the commands are done with it."""
    return closing(Workspace.open(folder / "own.duckdb"))


def test_the_first_administrator_is_made_and_can_sign_in(folder):
    assert listed(folder) == {}
    user("add", "Root", "--admin", "--password-stdin", folder=folder, stdin=f"{PASSWORD}\n")
    row = listed(folder)["root"]
    assert (row["roles"], row["person"], row["has_password"], row["disabled"]) == (["administrator"], None, True, False)
    with opened(folder) as ws:
        asker = session(ws, sign_in(ws, "root", PASSWORD, "127.0.0.1"))
        assert ws.may(asker, "manage_accounts").allowed


def typed(folder: Path, *lines: str) -> tuple[int, str]:
    """Run `user add root --admin` at a terminal and type lines; return the exit code and all that stood on the screen."""
    process, ours = pty.fork()
    if process == 0:  # the child, whose terminal this is
        os.execve(
            CALL[0],
            [*CALL, "user", "add", "root", "--admin"],
            {**os.environ, "KPIFLOW_STORE": str(folder / "own.duckdb")},
        )
    screen, asked, left = "", 0, list(lines)
    while True:
        try:
            screen += os.read(ours, 4096).decode()
        except OSError:  # the terminal is gone when the command has ended
            break
        # The space after a prompt comes when the terminal shows no more what is typed, and has dropped what was before.
        if left and len(re.findall("(?:Password|more): ", screen)) > asked:
            asked += 1
            os.write(ours, f"{left.pop(0)}\n".encode())
    os.close(ours)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), screen


def test_a_password_is_asked_for_twice_and_never_shown(folder):
    code, screen = typed(folder, PASSWORD, OTHER, PASSWORD, PASSWORD)
    assert code == 0, screen
    assert PASSWORD not in screen
    assert screen.count("Password:") == 2, "two that differ are asked for again"
    with opened(folder) as ws:
        sign_in(ws, "root", PASSWORD, "127.0.0.1")


@pytest.mark.parametrize("weak", ["", "short", "password1234", "root-root-root"])
def test_there_is_no_default_password_and_no_weak_one(folder, weak):
    user("add", "root", "--admin", "--password-stdin", folder=folder, stdin=f"{weak}\n", code=1)
    user("add", "root", "--admin", folder=folder, stdin="", code=1)
    assert listed(folder) == {}


def test_an_account_is_somebody_or_may_do_something(folder):
    assert "--person" in user("add", "bob", "--no-password", folder=folder, code=1).stderr
    assert "no role 'audit'" in user("add", "bob", "--role", "audit", "--no-password", folder=folder, code=1).stderr


def test_an_invitation_is_written_once_and_sets_the_password(folder):
    here = {"KPIFLOW_ADDRESS": "https://goals.example.com"}
    done = user("invite", "bob", "--role", "administrator", folder=folder, **here)
    link = done.stdout.strip()
    assert link.startswith("https://goals.example.com/welcome?token=")
    assert "72" in done.stderr
    assert not listed(folder)["bob"]["has_password"]
    again = user("invite", "bob", "--address", "http://localhost:8501", folder=folder).stdout.strip()
    assert again.startswith("http://localhost:8501/welcome?token=")
    with opened(folder) as ws:
        token = welcome(ws, again.partition("token=")[2], OTHER, "127.0.0.1")
        assert session(ws, token).account == "bob"


def test_what_the_other_commands_change(folder):
    user("add", "root", "--admin", "--password-stdin", folder=folder, stdin=f"{PASSWORD}\n")
    with opened(folder) as ws:
        token = sign_in(ws, "root", PASSWORD, "127.0.0.1")
    assert "1" in user("sign-out", "root", folder=folder).stderr
    with opened(folder) as ws:
        assert session(ws, token) is None
    user("disable", "root", folder=folder)
    assert listed(folder)["root"]["disabled"] is True
    user("enable", "root", folder=folder)
    user("roles", "root", folder=folder)
    assert (listed(folder)["root"]["disabled"], listed(folder)["root"]["roles"]) == (False, [])
    user("roles", "root", "administrator", folder=folder)
    user("password", "root", "--password-stdin", folder=folder, stdin=f"{OTHER}\n")
    with opened(folder) as ws:
        sign_in(ws, "root", OTHER, "127.0.0.1")
    assert "Did you mean 'root'" in user("disable", "rot", folder=folder, code=1).stderr


def test_the_words_are_there_in_chinese_too(folder):
    done = user("add", "root", "--admin", "--password-stdin", "--lang", "zh", folder=folder, stdin=f"{PASSWORD}\n")
    assert "已添加账号 root" in done.stderr
