"""The one ASGI process that owns the store: Streamlit's pages and the way in to them, started and stopped in one place."""

import gc
import os
import signal
import socket
import threading
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
from starlette.routing import BaseRoute, Route
from streamlit import config

from dashboards.pages import page_named, path
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.web import health, oidc, own_account, signing
from kpiflow.web.api import mounted
from kpiflow.web.backing_up import backing_up
from kpiflow.web.delivering import delivering
from kpiflow.web.guard import Guard
from kpiflow.web.headers import Headers
from kpiflow.web.logs import write_logs
from kpiflow.web.metrics import Metrics, endpoint
from kpiflow.web.patience import Patient, allow_connections
from kpiflow.web.pulling import pulling
from kpiflow.web.settings import address_of, hosts_of, is_loopback, provider_of
from kpiflow.web.settings.loading import in_force
from kpiflow.web.site import Site
from kpiflow.web.warming import warmed
from kpiflow.web.watching import Watched
from kpiflow.workspace import Asker, Workspace, set_current
from kpiflow.workspace.safekeeping.local_door import answering
from kpiflow.workspace.sign_in.accounts import has_accounts

#: Seconds that pages under way may take to finish after the server is asked to stop; open browsers hold their sockets.
GRACE = 3

#: The most connections at once, an open page being one; and the most bytes of one message of a page, a whole grid being one.
CONNECTIONS, MESSAGE = 4000, 8 * 2**20


def serve(
    store: Path,
    host: str = "127.0.0.1",
    port: int = 8501,
    *,
    demo: bool = False,
    hosts: tuple[str, ...] = (),
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the dashboards of a store until interrupted; `ready` hears the address once the server answers.

    `hosts` are further names that requests may carry. Raises InvalidInput when asked to listen beyond this machine
    without anybody to sign in, or on a port that is taken, StoreError when the store cannot be opened. The store is
    closed whatever ends the server.
    """
    only_here(host, demo=demo)
    public, further, provider = address_of(), hosts_of(hosts), provider_of()
    named(host, public, further)
    with listening(host, port) as listener:
        workspace = Workspace.open(store, demo=demo)
        try:
            somebody_signs_in(workspace, host)
            address = public or f"http://{_shown(host)}:{listener.getsockname()[1]}"
            site = Site(workspace, desk_of(workspace), is_loopback(host), public, (*further, host), provider)
            _run(application(site, lambda: ready(address) if ready else None), listener)
        finally:
            workspace.close()


def only_here(host: str, *, demo: bool) -> None:
    """Raise InvalidInput when the demo is to be seen beyond this machine's own loopback."""
    if demo and not is_loopback(host):
        raise InvalidInput(
            msg(
                "The demo only listens on this machine, not on {host}: in it anyone may look as anyone. Use 127.0.0.1.",
                host=host,
            )
        )


def named(host: str, public: str | None, further: tuple[str, ...]) -> None:
    """Raise InvalidInput when all addresses of the machine are listened on and no name is said that people use."""
    if host in ("0.0.0.0", "::", "") and public is None and not further:  # noqa: S104 — asked about, not bound
        raise InvalidInput(
            msg(
                "Say by which name people reach this machine: --allow-host goals.example.com, or KPIFLOW_ADDRESS with the "
                "whole address. Requests to other names are refused."
            )
        )


def somebody_signs_in(ws: Workspace, host: str) -> None:
    """Raise InvalidInput when others could reach the pages and nobody has an account yet."""
    if not is_loopback(host) and not has_accounts(ws):
        raise InvalidInput(
            msg(
                "Nobody can sign in yet, so the dashboards only listen on this machine, not on {host}. Make the first "
                "administrator: `kpiflow user add NAME --admin`. Or use 127.0.0.1.",
                host=host,
            )
        )


def desk_of(ws: Workspace) -> Callable[[Asker], str]:
    """Return how to find the path of the page that somebody's work begins on."""
    return lambda asker: path(page_named(ws.desk(asker)))


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
                why=problem.strerror or str(problem),
            )
        ) from problem
    return listener


def application(site: Site, started: Callable[[], None] = lambda: None) -> Any:
    """Return the ASGI application of a site; `started` is called once it answers."""
    set_current(site.ws)

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ARG001
        # Streamlit collects garbage after every script run: what will live as long as the process is not worth a look.
        gc.collect()
        gc.freeze()
        started()
        with (
            answering(site.ws),
            warmed(site.ws, site.prepared),
            delivering(site.ws) as worker,
            pulling(site.ws) as puller,
            backing_up(site.ws) as keeper,
        ):
            site.beside.extend((worker, puller, keeper))
            yield {}
        # What is frozen is not taken apart at the end, and libraries complain of it on stderr.
        gc.unfreeze()

    metrics, told = Metrics(site), in_force()
    token = told.metrics_token.get_secret_value() if told.metrics_token else None
    figures = Route("/metrics", endpoint(metrics, token))
    app = st.App(entry(), lifespan=lifespan, routes=[figures, *routes(site)], middleware=middleware(site, metrics))
    _settle()
    write_logs(told)
    return app


def routes(site: Site) -> list[BaseRoute]:
    """Return what is answered beside Streamlit's pages."""
    found = [*health.routes(site), *signing.routes(site), *own_account.routes(site), *oidc.routes(site)]
    return [*found, mounted(site)]


def middleware(site: Site, metrics: Metrics | None = None) -> list[Middleware]:
    """Return what stands before everything: the log, the headers of every answer, the name asked for, who asks."""
    only_ours = Middleware(TrustedHostMiddleware, allowed_hosts=site.names(), www_redirect=False)
    watched = Middleware(Watched, metrics=metrics or Metrics(site))
    return [watched, Middleware(Headers, site=site), only_ours, Middleware(Guard, site=site)]


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


def _run(app: Any, listener: socket.socket) -> None:
    # Who a request comes from is only believed of a proxy that was named; everybody else could write anything.
    proxies = os.environ.get("KPIFLOW_PROXIES", "").strip()
    settings = uvicorn.Config(
        app,
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        access_log=False,
        server_header=False,
        log_config=None,
        # The strict parser: a request whose end can be read in two ways is refused, and one that never comes is not waited
        # for. More connections than this get a 503.
        http=Patient,
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=CONNECTIONS,
        ws_max_size=MESSAGE,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )
    allow_connections(CONNECTIONS)
    # Once all is finished uvicorn raises the signal again that ended it; by default that would end the process before the
    # store is closed.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: None)
    uvicorn.Server(settings).run(sockets=[listener])


def _shown(host: str) -> str:
    """Return a host as it is written in an address."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — shown, not bound
    return f"[{name}]" if ":" in name else name
