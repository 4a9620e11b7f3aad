"""The guard before everything that is served: nothing but the way in is answered without a session, pages and sockets alike."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import exists, get_instance
from streamlit.runtime.media_file_storage import MediaFileKind

from kpiflow.web.asking import ASKER
from kpiflow.web.site import Site
from kpiflow.workspace import Asker
from kpiflow.workspace.sign_in.handed_out import HANDED_OUT
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE
from kpiflow.workspace.sign_in.signing_in import session

#: What is answered to anybody: the way in, whether the process lives, and Streamlit's own files, which hold no data.
OPEN = frozenset(
    {
        "/health", "/health/ready", "/metrics", "/sign-in", "/sign-in/demo",
        "/sign-in/oidc", "/sign-in/oidc/callback", "/sign-out", "/welcome",
        "/favicon.png", "/_stcore/health", "/_stcore/host-config",
    }
)  # fmt: skip
OPEN_BELOW = "/static/"

#: Where other programs ask: the API asks each request for its token itself, and hears no cookie.
FOR_PROGRAMS = "/api/v1/"

#: Ways into Streamlit that nobody uses here: another door to the same pages, and figures about the process.
CLOSED = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check", "/auth/", "/oauth2callback")

#: Where Streamlit serves the files that pages made.
FILES = "/media/"

#: Close codes of a socket: nobody is signed in, and a page elsewhere is asking.
SIGNED_OUT, NOT_OURS = 4401, 4403


class Guard:
    """Middleware, pure ASGI, because a socket must be guarded as well as a page."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or let through."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(Request(scope, receive), receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, asked: Request, receive: Receive, send: Send) -> None:
        path: str = asked.scope["path"]
        refusal = None if is_open(path) else await self._refusal(asked, path)
        await (refusal or self.app)(asked.scope, receive, send)

    async def _refusal(self, asked: Request, path: str) -> Response | None:
        """Return what is answered instead of what was asked for; None lets it through."""
        if path.startswith(CLOSED):
            return PlainTextResponse("Not Found", 404)
        asker = await self._asker(asked)
        if asker is None:
            return _to_sign_in(asked) if _wants_page(asked) else PlainTextResponse("Sign in first.", 401)
        asked.scope[ASKER] = asker.name
        if asked.method not in ("GET", "HEAD", "OPTIONS") and self.site.is_cross_site(asked):
            return PlainTextResponse("Another site asked for this.", 403)
        if path.startswith(FILES) and not _handed_out(path, asker):
            return PlainTextResponse("Not Found", 404)
        if path == "/" and asked.method in ("GET", "HEAD"):
            desk = await run_in_threadpool(self.site.desk, asker)
            return RedirectResponse(f"/{desk}{_query(asked)}", 303)
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = HTTPConnection(scope)
        if not self.site.is_ours(asked.headers.get("origin"), asked):
            await send({"type": "websocket.close", "code": NOT_OURS})
        elif await self._asker(asked) is None:
            await send({"type": "websocket.close", "code": SIGNED_OUT})
        else:
            open_ = _OpenSocket(self, asked, receive, send)
            await self.app(scope, open_.receive, open_.send)

    async def _asker(self, asked: HTTPConnection) -> Asker | None:
        # In a thread: a session that was not used for too long is ended in the store, which may have to wait its turn.
        return await run_in_threadpool(session, self.site.ws, asked.cookies.get(SESSION_COOKIE))


def _handed_out(path: str, asker: Asker) -> bool:
    """Return whether a file may be fetched: one made to be saved only by whoever it was made for, pictures by any reader."""
    if not exists():
        return True
    file = get_instance().media_file_mgr.read_file(path.removeprefix(FILES).split(".")[0])
    return file is None or file.kind is not MediaFileKind.DOWNLOADABLE or HANDED_OUT.to(asker, file.content)


class _OpenSocket:
    """A socket that was opened with a session. What comes in after its end gets one answer, a page that says so; then it closes."""

    def __init__(self, guard: Guard, asked: HTTPConnection, receive: Receive, send: Send) -> None:
        self._guard, self._asked = guard, asked
        self._receive, self._send = receive, send
        self._told = self._closed = False

    async def receive(self) -> Message:
        """Return what the browser says next, or that it is gone."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and await self._guard._asker(self._asked) is None:  # noqa: SLF001
            if self._told:
                self._closed = True
                await self._send({"type": "websocket.close", "code": SIGNED_OUT})
                return {"type": "websocket.disconnect", "code": SIGNED_OUT}
            self._told = True
        return message

    async def send(self, message: Message) -> None:
        """Send on, until it is closed: what was still under way then goes nowhere."""
        if not self._closed:
            await self._send(message)


def is_open(path: str) -> bool:
    """Return whether a path is answered to anybody."""
    return path in OPEN or path.startswith((OPEN_BELOW, FOR_PROGRAMS))


def _wants_page(asked: Request) -> bool:
    return asked.method in ("GET", "HEAD") and "text/html" in asked.headers.get("accept", "")


def _to_sign_in(asked: Request) -> Response:
    back = quote(f"{quote(asked.scope['path'])}{_query(asked)}", safe="")
    language = asked.query_params.get("language")
    chosen = f"&language={quote(language, safe='')}" if language else ""
    return RedirectResponse(f"/sign-in?next={back}{chosen}", 303)


def _query(asked: Request) -> str:
    return f"?{asked.url.query}" if asked.url.query else ""
