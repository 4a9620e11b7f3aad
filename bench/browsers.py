"""Browser tabs without a browser: clients that speak Streamlit's protocol over websockets and time each rerun."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True)
class Act:
    """What a reader does: opens a page with some choices in its address."""

    page: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass
class Tab:
    """One open tab: its socket, and how long each rerun took until the script had come to its end, in seconds."""

    socket: websockets.ClientConnection
    took: list[float] = field(default_factory=list)
    elements: int = 0
    failures: list[str] = field(default_factory=list)

    async def act(self, act: Act, *, counted: bool = True) -> float:
        """Do something and wait until the page stands; `counted`: it goes into the times."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(act.choices)
        asked.rerun_script.page_name = act.page
        began = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        await self._finished()
        took = time.perf_counter() - began
        if counted:
            self.took.append(took)
        return took

    async def _finished(self) -> None:
        """Read what the server sends until it says that the script has ended."""
        while True:
            said = ForwardMsg.FromString(await self.socket.recv())
            kind = said.WhichOneof("type")
            if kind == "delta":
                self.elements += 1
                if said.delta.new_element.WhichOneof("type") == "exception":
                    self.failures.append(said.delta.new_element.exception.message)
            if kind == "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return
                # A page that leads on to another ends early, and the next one begins by itself.
                if said.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    self.failures.append("the script could not be compiled")
                    return


async def opened(address: str, cookie: str | None) -> Tab:
    """Open a tab on a site, signed in by a cookie."""
    headers = {"Cookie": cookie} if cookie else {}
    where = address.replace("http", "ws", 1) + "/_stcore/stream"
    socket = await websockets.connect(
        where, subprotocols=["streamlit"], additional_headers=headers, origin=address, max_size=None
    )
    return Tab(socket)


async def crowd(tabs: list[Tab], acts: list[list[Act]], every: float, rounds: int) -> float:
    """Let each tab act once every so many seconds, spread evenly; return how long it all took."""

    async def one(place: int, tab: Tab) -> None:
        await asyncio.sleep(every * place / len(tabs))
        for turn in range(rounds):
            began = time.perf_counter()
            await tab.act(acts[place][turn % len(acts[place])])
            await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))

    began = time.perf_counter()
    await asyncio.gather(*(one(place, tab) for place, tab in enumerate(tabs)))
    return time.perf_counter() - began


def percentile(took: list[float], share: float) -> float:
    """Return the time that a share of the reruns stayed within (nearest rank)."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
