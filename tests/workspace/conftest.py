"""The example company, built once and asked many questions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpiflow.workspace import Workspace
from kpiflow.workspace.demo import build_demo


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a freshly built example store."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    steps: list[float] = []
    build_demo(path, lambda _, done: steps.append(done))
    assert steps == sorted(steps), "progress only goes forward"
    assert steps[-1] == 1.0
    return path


@pytest.fixture(scope="session")
def ws(demo_store: Path) -> Iterator[Workspace]:
    """A workspace on the example store."""
    opened = Workspace.open(demo_store, demo=True)
    yield opened
    opened.close()
