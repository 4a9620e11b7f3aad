"""One PostgreSQL for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.sources.live.postgres import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server
