"""Figures for Prometheus: requests by route and how long they took, and how much of everything there is."""

import hmac
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpiflow.web.settings.public import is_loopback
from kpiflow.web.site import FORWARDED, Site
from kpiflow.workspace.gauges import gauges

#: Upper bounds of the histogram's steps, in seconds: pages answer in tenths, a large company's first page in seconds.
STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

#: What each figure of the store and the process means.
MEANINGS = {
    "sessions_open": "sessions that count now",
    "store_writes": "transactions that wrote to the store since the start",
    "answers_kept": "answers kept in memory",
    "answers_kept_bytes": "about how many bytes they hold",
    "loads": "loads in the store",
    "load_rows_added": "measurements added by all loads",
    "load_rows_superseded": "measurements that were corrected by all loads",
    "load_rows_rejected": "rows set aside by all loads",
    "webhook_events_waiting": "events that wait to be delivered",
    "webhook_events_given_up": "events that never were delivered",
    "store_bytes": "size of the store's file",
    "store_log_bytes": "size of what is not yet written into it",
    "backups_kept": "scheduled backups in their folder",
    "backup_late": "1 while the last good backup is older than the schedule allows",
    "backup_age_seconds": "age of the last good scheduled backup",
    "worker_alive": "1 while the workers beside the server work",
    "prepared": "1 once first pages are prepared",
}


class Metrics:
    """The figures of one server, in a registry of their own."""

    def __init__(self, site: Site) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Store(site))
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "kpiflow_requests", "requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kpiflow_request_seconds",
            "seconds until the answer was whole",
            ("route",),
            buckets=STEPS,
            registry=self.registry,
        )
        self.sockets = Gauge("kpiflow_sockets_open", "pages that are open in browsers", registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)


class _Store(Collector):
    """Asked of the workspace whenever somebody asks for the figures."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        alive = all(one.alive for one in self.site.beside)
        found = {**gauges(self.site.ws), "worker_alive": alive, "prepared": self.site.prepared.is_set()}
        for name, value in found.items():
            yield GaugeMetricFamily(f"kpiflow_{name}", MEANINGS[name], value=float(value))

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is, is found out when it is asked for."""
        return iter(())


def endpoint(metrics: Metrics, token: str | None) -> Callable[[Request], Response]:
    """Return what answers `/metrics`: to this machine itself, and with the token that is set to anybody."""

    def answer(request: Request) -> Response:
        if not (_is_here(request) or _has_token(request, token)):
            return PlainTextResponse("Not Found", 404)
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


def _is_here(request: Request) -> bool:
    """Return whether a program on this machine asks, and no proxy for somebody else."""
    peer = request.client.host if request.client else ""
    return is_loopback(peer) and not any(name in request.headers for name in FORWARDED)


def _has_token(request: Request, token: str | None) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return token is not None and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
