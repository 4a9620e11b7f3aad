"""Numbers nobody means, typed where a target or weight is asked for: refused, before they spoil everybody's scores."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpiflow.errors import InvalidInput
from kpiflow.workspace import Asker, Draft, Workspace
from kpiflow.workspace.handing_down.planning import amount_given
from kpiflow.workspace.handing_down.target_answers import NewGoal

HEAD, STATION, PERIOD = Asker("p0002"), Asker("p0209"), "2013"

#: Two of these as weights add up to more than there is, and every score above is no number any more.
STRANGE = (1e308, "-1e308", "1e309", "nan", "inf", "-Infinity", 1e13, "9" * 400, float("nan"), 5e-324, "1e-300")


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")), demo=True)
    yield opened
    opened.close()


@pytest.mark.parametrize("written", STRANGE)
def test_a_number_that_cannot_be_kept_is_no_amount(written: object) -> None:
    with pytest.raises(InvalidInput, match="number"):
        amount_given(written, None)


@pytest.mark.parametrize("written", [0, "0", 1e-6, -0.000001, 999_999_999_999, "-999999999999", "none"])
def test_what_people_mean_is_taken(written: object) -> None:
    assert amount_given(written, None) == (None if written == "none" else float(written))


@pytest.mark.parametrize("field", ["target", "weight", "stretch", "threshold", "baseline", "rollup_weight"])
def test_no_field_of_a_goal_takes_it(ws: Workspace, field: str) -> None:
    with pytest.raises(InvalidInput, match="number"):
        ws.preview_change(HEAD, "p0101-ontime", {field: 1e308}, PERIOD)


def test_a_new_goal_a_split_and_a_counter_proposal_do_not_either(mine: Workspace) -> None:
    with pytest.raises(InvalidInput, match="number"):
        mine.preview_goal(HEAD, NewGoal(owner="p0101", metric="ontime_rate", target=80, weight=1e308), PERIOD)
    held = Draft("fixed").holding(**{"ewr-ua-flights": 1e308})
    assert mine.drafted(HEAD, "ewr-flights", PERIOD, held).why_not is not None
    wide = Draft("by_weight").weighing(**{"ewr-ua-flights": 1e308})
    assert mine.drafted(HEAD, "ewr-flights", PERIOD, wide).why_not is not None
    asked = mine.preview_proposal(HEAD, "ewr-flights", PERIOD, Draft("fixed").holding(**{"ewr-ua-flights": 46_000.0}))
    mine.propose(HEAD, asked, words="For the winter")
    lines = mine.proposals(STATION, PERIOD).lines
    line = lines.filter(lines["goal"] == "ewr-ua-flights")["line"][0]
    with pytest.raises(InvalidInput, match="number"):
        mine.answer_proposal(STATION, line, "counter", value="1e308", words="Why not")
