"""A new store for each test."""

from collections.abc import Iterator

import pytest

from kpiflow.storage import Store
from tests.storage.facts import new_store


@pytest.fixture
def store() -> Iterator[Store]:
    with new_store() as made:
        yield made
