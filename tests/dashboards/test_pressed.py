"""Files that are made when they are pressed: with the rights of then, whatever was allowed when the page was drawn."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import asking
from kpiflow.errors import Refused
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import sign_in, sign_out

PASSWORD = "seven blue kites"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company with the account of an auditor from outside."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")))
    accounts.add(opened, ADMINISTRATOR, "ann", roles=["auditor"], password=PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def drawn(mine: Workspace, monkeypatch: pytest.MonkeyPatch) -> str:
    """The token of the session in which a page was drawn."""
    token = sign_in(mine, "ann", PASSWORD, "127.0.0.1")
    monkeypatch.setattr(asking, "token", lambda: token)
    return token


def test_whoever_is_signed_in_when_it_is_pressed_is_asked_for(mine: Workspace, drawn: str) -> None:
    making = asking.pressed(mine, lambda asker: repr(asker).encode())
    assert making() == repr(Asker(None, "ann", ("auditor",))).encode()
    accounts.set_roles(mine, ADMINISTRATOR, "ann", [])
    assert making() == repr(Asker(None, "ann", ())).encode()


@pytest.mark.parametrize("ended", ["signed out", "disabled", "signed out everywhere"])
def test_what_a_page_offered_is_refused_after_its_session(mine: Workspace, drawn: str, ended: str) -> None:
    making = asking.pressed(mine, lambda asker: repr(asker).encode())
    match ended:
        case "signed out":
            sign_out(mine, drawn)
        case "disabled":
            accounts.disable(mine, ADMINISTRATOR, "ann")
        case _:
            accounts.sign_out(mine, ADMINISTRATOR, "ann")
    with pytest.raises(Refused, match="session has ended"):
        making()


def test_every_file_to_press_is_made_so() -> None:
    """A right that was looked up while the page was drawn would count for as long as the page stays open."""
    offering = [
        path for path in (ROOT / "dashboards").rglob("*.py") if "st.download_button(" in path.read_text("utf-8")
    ]
    assert len(offering) >= 4
    for path in offering:
        words = path.read_text("utf-8")
        assert words.count("st.download_button(") == words.count("asking.pressed("), path
