"""The workspace that this process serves: set once by the server, read by pages and endpoints."""

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.workspace.door import Workspace

_serving: list[Workspace] = []


def set_current(ws: Workspace) -> None:
    """Make a workspace the one this process serves."""
    _serving[:] = [ws]


def current() -> Workspace:
    """Return the workspace this process serves; raises StoreError when the server has not opened one."""
    if not _serving:
        raise StoreError(msg("No store is open here. Start the dashboards with 'kpiflow serve'."))
    return _serving[0]
