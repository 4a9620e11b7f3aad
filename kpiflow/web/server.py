"""The one ASGI process that owns the store: Streamlit's pages and the health route, started and stopped in one place."""

import gc
import ipaddress
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Two sessions that start at once can meet inside a half-made module: whatever pages use is loaded before the first one.
import pandas  # noqa: F401
import plotly.graph_objects  # noqa: F401
import polars  # noqa: F401
import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import config

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace import Workspace, set_current

#: Seconds that pages under way may take to finish after the server is asked to stop; open browsers hold their sockets.
GRACE = 3

#: The names this machine goes by. Any other name in a request is a web page elsewhere that has pointed its own name at
#: this machine to read what is served here.
HOSTS = ("localhost", "127.0.0.1", "::1", "[::1]", "[")


def serve(
    store: Path,
    host: str = "127.0.0.1",
    port: int = 8501,
    *,
    demo: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the dashboards of a store until interrupted; `ready` hears the address once the server answers.

    Raises InvalidInput when asked to listen beyond this machine or on a port that is taken, StoreError when the
    store cannot be opened. The store is closed whatever ends the server.
    """
    only_here(host, demo=demo)
    with listening(host, port) as listener:
        workspace = Workspace.open(store, demo=demo)
        try:
            address = f"http://{_shown(host)}:{listener.getsockname()[1]}"
            _run(application(workspace, lambda: ready(address) if ready else None, host), listener)
        finally:
            workspace.close()


def only_here(host: str, *, demo: bool) -> None:
    """Raise InvalidInput unless the host is this machine's own loopback: as yet anyone who reaches a page may read it."""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if local:
        return
    if demo:
        raise InvalidInput(
            msg(
                "The demo only listens on this machine, not on {host}: in it anyone may look as anyone. Use 127.0.0.1.",
                host=host,
            )
        )
    raise InvalidInput(
        msg(
            "There is no sign-in yet, so the dashboards only listen on this machine, not on {host}. "
            "Use 127.0.0.1; others can reach it through an SSH tunnel.",
            host=host,
        )
    )


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises InvalidInput when the port is taken or the host is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as problem:
        listener.close()
        raise InvalidInput(
            msg(
                "Cannot listen on {host}, port {port}: {why}. Choose another with --port, or 0 for any free one.",
                host=host,
                port=str(port),
                why=os.strerror(problem.errno) if problem.errno else str(problem),
            )
        ) from problem
    return listener


def application(workspace: Workspace, started: Callable[[], None] = lambda: None, host: str = "localhost") -> Any:
    """Return the ASGI application over an open workspace; `started` is called once it answers.

    It answers only requests that name this machine or `host`, where it listens.
    """
    set_current(workspace)

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ARG001
        # Streamlit collects garbage after every script run: what will live as long as the process is not worth a look.
        gc.collect()
        gc.freeze()
        started()
        yield {}

    only_ours = Middleware(TrustedHostMiddleware, allowed_hosts=[*HOSTS, host], www_redirect=False)
    app = st.App(entry(), lifespan=lifespan, routes=[Route("/health", _health)], middleware=[only_ours])
    _settle()
    return app


def _settle() -> None:
    """Read the settings that lie beside the pages, and hold to the ones a folder of somebody's own must not change."""
    # The application has just told Streamlit where its script is; only now does it look there for settings.
    config.get_config_options(force_reparse=True)
    # Otherwise every page would try to reach the internet; people's appraisals are nobody else's business.
    config.set_option("browser.gatherUsageStats", False)
    config.set_option("global.developmentMode", False)


def entry() -> Path:
    """Return the dashboards' entry file, in a checkout or installed from a wheel."""
    found = find_spec("dashboards")
    if found is None or not found.submodule_search_locations:
        raise InvalidInput(
            msg("The dashboards are not installed. Install the whole package, or run in the project's folder.")
        )
    return Path(next(iter(found.submodule_search_locations))) / "main.py"


async def _health(request: Request) -> JSONResponse:  # noqa: ARG001
    """Say that the process answers; it says nothing of what is in the store."""
    return JSONResponse({"status": "ok"})


def _run(app: Any, listener: socket.socket) -> None:
    settings = uvicorn.Config(
        app, log_level="warning", lifespan="on", timeout_graceful_shutdown=GRACE, access_log=False
    )
    uvicorn.Server(settings).run(sockets=[listener])


def _shown(host: str) -> str:
    """Return a host as it is written in an address."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — shown, not bound
    return f"[{name}]" if ":" in name else name
