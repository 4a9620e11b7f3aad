"""A door beside the store for whoever owns it: a command asks the process that holds the store for a backup or an export.

It is a socket in the store's folder that only the same user of the same machine can open; nothing of it is on the network.
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kpiflow.errors import KPIFlowError, StoreError
from kpiflow.language import Message, msg
from kpiflow.storage import FAILURES
from kpiflow.storage.proving import Progress
from kpiflow.workspace.books import Books
from kpiflow.workspace.safekeeping.backups import backup
from kpiflow.workspace.safekeeping.exporting import export_data

#: Seconds between two looks whether the server stops, and for which somebody who connects may stay silent.
LOOK, SILENCE = 0.5, 5.0

#: The longest question that is read.
LONGEST = 65_536


def door_of(store: Path) -> Path:
    """Return where the door of a store is while it is held."""
    where = store.resolve()
    return where.with_name(f"{where.name}.door")


@contextmanager
def answering(ws: Books) -> Iterator[None]:
    """Answer at the door beside the store, in a thread of its own that ends with the block.

    Where there are no such sockets, the block runs without a door, and `kpiflow backup` says that the store is in use.
    """
    listener = _listening(door_of(ws.store.path))
    if listener is None:
        yield
        return
    ending = threading.Event()
    worker = threading.Thread(target=_answer_all, args=(ws, listener, ending), name="local door", daemon=True)
    worker.start()
    try:
        yield
    finally:
        ending.set()
        door_of(ws.store.path).unlink(missing_ok=True)
        listener.close()
        worker.join(LOOK * 2)


def is_open(store: Path) -> bool:
    """Return whether there is a door beside a store, which there is while a server holds it."""
    return hasattr(socket, "AF_UNIX") and door_of(store).is_socket()


def ask_for_backup(store: Path, path: Path, progress: Progress) -> Path:
    """Have the process that holds a store write a backup of it to a path; return where it is.

    Raises StoreError with what the holder said, or when nobody answers.
    """
    return _done(store, {"do": "backup", "path": str(path.resolve())}, progress)


def ask_for_export(store: Path, folder: Path, progress: Progress, *, secrets: bool) -> Path:
    """Have the process that holds a store export everything into a folder; return it. Raises as `ask_for_backup`."""
    return _done(store, {"do": "export", "path": str(folder.resolve()), "secrets": secrets}, progress)


def _done(store: Path, question: Mapping[str, object], progress: Progress) -> Path:
    for told in _asked(store, question):
        if "error" in told:
            raise StoreError(_said(told["error"]))
        if "done" in told:
            progress(_said(told["said"]), float(told["done"]))
        if "path" in told:
            return Path(told["path"])
    raise StoreError(msg("The process that holds {path} stopped before this was finished.", path=str(store)))


def _asked(store: Path, question: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """Yield what the holder of a store answers, line by line."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            with _short(door_of(store)) as name:
                line.connect(name)
            line.sendall(json.dumps(question).encode() + b"\n")
        except OSError as error:
            raise StoreError(
                msg(
                    "Nobody answers at {path}: {said}. Only the user who runs the server may ask it; if it has stopped, "
                    "try again.",
                    path=str(door_of(store)),
                    said=error.strerror or str(error),
                )
            ) from error
        with line.makefile("r", encoding="utf-8") as answers:
            for answer in answers:
                yield json.loads(answer)


def _listening(door: Path) -> socket.socket | None:
    """Return a socket that listens at a door only its owner can open; None where that cannot be."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    door.unlink(missing_ok=True)  # of a process that was killed: the store is held by this one
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _short(door) as name:
            listener.bind(name)
        listener.listen(4)
        listener.settimeout(LOOK)
    except OSError:
        listener.close()
        return None
    finally:
        os.umask(before)
    return listener


@contextmanager
def _short(door: Path) -> Iterator[str]:
    """Give a name of a door that is short enough for a socket: systems take a hundred letters, folders lie deeper."""
    if len(os.fsencode(door)) < 100 or not Path("/proc/self/fd").is_dir():
        yield str(door)
        return
    folder = os.open(door.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{door.name}"
    finally:
        os.close(folder)


def _answer_all(ws: Books, listener: socket.socket, ending: threading.Event) -> None:
    while not ending.is_set():
        try:
            line, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        with line, suppress(OSError, ValueError):  # whoever asked has gone, or wrote what is no question
            line.settimeout(SILENCE)
            if _is_ours(line):
                _answer(ws, line)


def _is_ours(line: socket.socket) -> bool:
    """Return whether the other end is run by the same user; where the system does not say, the door's own lock has to do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user in (os.geteuid(), 0)


def _answer(ws: Books, line: socket.socket) -> None:
    with line.makefile("r", encoding="utf-8") as questions:
        question = json.loads(questions.readline(LONGEST))
    line.settimeout(None)

    def tell(**told: object) -> None:
        line.sendall(json.dumps(told, default=str).encode() + b"\n")

    if question.get("do") not in ("backup", "export") or not isinstance(question.get("path"), str):
        tell(error=_plain(msg("This is not something the local door can do.")))
        return
    try:
        where, heard = Path(question["path"]), _telling(tell)
        if question["do"] == "backup":
            made = backup(ws, where, heard)
        else:
            made = export_data(ws, where, heard, secrets=question.get("secrets") is True)
        tell(path=str(made))
    except KPIFlowError as error:
        tell(error=_plain(error.message))
    except (*FAILURES, OSError) as error:
        tell(error=_plain(msg("This could not be done: {said}", said=str(error).splitlines()[0])))


def _telling(tell: Callable[..., None]) -> Progress:
    """Return what tells the other end how far the work is; when it has gone, the work goes on without it."""

    def heard(said: Message, done: float) -> None:
        with suppress(OSError):
            tell(said=_plain(said), done=round(done, 4))

    return heard


def _plain(message: Message) -> dict[str, object]:
    return {"text": message.text, "facts": {name: str(fact) for name, fact in message.facts.items()}}


def _said(told: Mapping[str, Any]) -> Message:
    return Message(told["text"], told["facts"])
