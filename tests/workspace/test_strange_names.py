"""Names, addresses and words made to be taken for others: signs that look alike, many addresses, and what nobody sees."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpiflow.errors import Refused
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.reporting.checking_in import tidy_words
from kpiflow.workspace.sign_in import accounts
from kpiflow.workspace.sign_in.signing_in import session, sign_in_elsewhere
from kpiflow.workspace.sign_in.throttle import FREE_ADDRESS, Throttle


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company in which somebody signs in at the company's provider."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")))
    accounts.add(opened, ADMINISTRATOR, "kim@example.com", person="p0002")
    yield opened
    opened.close()


def test_a_provider_may_write_a_name_in_capitals(mine: Workspace) -> None:
    token = sign_in_elsewhere(mine, "Kim@Example.COM", "127.0.0.1")
    assert session(mine, token) == Asker("p0002", "kim@example.com", ())


@pytest.mark.parametrize(
    "claimed", ["\uff4bim@example.com", "\u212aim@example.com", "kim@example.com ", "kim@e\u00aaample.com"]
)
def test_two_accounts_of_the_provider_are_never_one_of_ours(mine: Workspace, claimed: str) -> None:
    """People are forgiven full-width letters; a provider that keeps them apart means somebody else."""
    with pytest.raises(Refused, match="Nobody here has an account"):
        sign_in_elsewhere(mine, claimed, "127.0.0.1")


def test_a_line_with_many_addresses_waits_like_one_with_one() -> None:
    throttle = Throttle()
    for number in range(FREE_ADDRESS):
        assert throttle.begin(f"name-{number}", f"2001:db8:1:2:{number:x}::7", 0) == 0
    assert throttle.begin("ann", "2001:db8:1:2:ffff::8", 0) > 0
    assert throttle.begin("ann", "2001:db8:1:3::7", 0) == 0
    throttle.went_well("name-1", "2001:db8:1:2:1::7")
    assert throttle.begin("ann", "2001:db8:1:2:ffff::8", 0) == 0


def test_an_address_written_for_both_protocols_is_one() -> None:
    throttle = Throttle()
    for number in range(FREE_ADDRESS):
        throttle.begin(f"name-{number}", "::ffff:10.6.6.6", 0)
    assert throttle.begin("ann", "10.6.6.6", 0) > 0


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u2060", "\ufeff", "\u200e\u200f", "\u202e", "\u00ad", "\x9b", "\ud800", "\U000e0041"]
)
def test_words_that_nobody_can_see_are_none(unseen: str) -> None:
    assert tidy_words(f" {unseen} ") is None
    assert tidy_words(f"a{unseen}b") == "ab"


def test_words_of_every_script_stay_as_they_were_written() -> None:
    for words in ("三项已完成", "نیم\u200cفاصله", "👩\u200d🔧 done", "line\nline", "naïve ½"):
        assert tidy_words(words) == words
