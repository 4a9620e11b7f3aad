"""Whether the server lives, and whether it is ready; nothing of what is in the store."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from kpiflow.web.site import Site
from kpiflow.workspace import FAILURES, KPIFlowError
from kpiflow.workspace.gauges import answers
from kpiflow.workspace.safekeeping.scheduled import standing


def routes(site: Site) -> list[Route]:
    """Return `/health`, which says that the process answers, and `/health/ready`: 503 while it cannot do its work."""

    async def health(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"status": "ok", "prepared": site.prepared.is_set()})

    async def ready(request: Request) -> JSONResponse:  # noqa: ARG001
        store = await run_in_threadpool(_answers, site)
        workers = bool(site.beside) and all(one.alive for one in site.beside)
        fit = store and workers
        told = {"status": "ready" if fit else "not ready", "store": store, "workers": workers}
        told["backups"] = (await run_in_threadpool(standing, site.ws)).state.value  # a late one stops nobody's work
        return JSONResponse({**told, "prepared": site.prepared.is_set()}, 200 if fit else 503)

    return [Route("/health", health), Route("/health/ready", ready)]


def _answers(site: Site) -> bool:
    try:
        return answers(site.ws)
    except (KPIFlowError, *FAILURES):
        return False
