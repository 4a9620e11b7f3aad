"""An instant in place of a day: everything that can be asked says at the last moment of a day what it says of that day."""

import datetime

import pytest

from kpiflow.workspace import Workspace
from tests.workspace.shop_year import DAYS, year
from tests.workspace.test_time_travel import QUESTIONS, plain

#: Two days on which something happened, and one between.
SOME = (DAYS[2], DAYS[4], DAYS[5])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop with its whole year behind it."""
    return year(tmp_path_factory.mktemp("year"))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_last_moment_of_a_day_knows_what_the_day_knows(whole: Workspace, name: str) -> None:
    for day in SOME:
        instant = datetime.datetime.combine(day, datetime.time.max)
        asked, answer = (plain(QUESTIONS[name](whole, moment)) for moment in (instant, day))
        assert without_moment(asked) == without_moment(answer), day


def without_moment(value: object) -> object:
    """An answer without the moment it was asked of, which is written the way it was asked."""
    if isinstance(value, dict):
        return {key: without_moment(one) for key, one in value.items() if key not in ("as_of", "day")}
    if isinstance(value, list):
        return [without_moment(one) for one in value]
    return value
