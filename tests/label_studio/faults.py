"""A proxy on the loopback that does wrong at a chosen request, and a server that can be restarted.

What a fault may be is in ``KINDS``. "before" is before the server hears of the request, "after" is
when it has answered, that is committed, and the client has heard nothing yet.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sikap.label_studio.server import Credentials, running

KINDS = (
    "drop-before",
    "drop-after",
    "cut",  # half of the answer, then nothing
    "500-before",
    "502-before",
    "504-before",
    "429-before",
    "500-after",
    "502-after",
    "504-after",
    "hold-before",  # the client gives up, and only then the server hears of it
    "hold-after",
    "kill-before",
    "kill-after",
    "kill-working",  # the client dies, and only then the server does what it was asked
    "kill-answered",  # the client dies when it has the answer, or about to have it
    "restart-before",
    "restart-after",
)
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
# What is asked of the server, told by method and the end of the path.
REQUESTS = {"import": ("POST", "/import"), "create": ("POST", "/projects"), "any": ("", "")}


@dataclass
class Fault:
    """One thing that goes wrong, at the ``nth`` request of a sort, counted from 1."""

    kind: str
    on: str
    nth: int
    fired: bool = False


class Server:
    """A real Label Studio that can be stopped and started again with the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.credentials = Credentials("", "", "", "")
        # Not in the main thread, where it would take signals, which other threads cannot give back.
        starting = threading.Thread(target=self._start)
        starting.start()
        starting.join()

    def _start(self) -> None:
        self._stack = contextlib.ExitStack()
        self.credentials = self._stack.enter_context(running(self.folder, port=0))

    def restart(self) -> None:
        self.stop()
        self._start()

    def stop(self) -> None:
        self._stack.close()


@dataclass
class Proxy:
    """Stands between a client and the server; ``client`` is the process that a fault may kill."""

    server: Server
    faults: list[Fault] = field(default_factory=list)
    client: subprocess.Popen[bytes] | None = None
    hold: float = 0.8
    url: str = ""
    busy: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, method: str, path: str) -> Fault | None:
        """Count a request, and give the fault that is due at it."""
        path = urlsplit(path).path.rstrip("/")
        with self.lock:
            for on, (verb, end) in REQUESTS.items():
                if method.startswith(verb) and path.endswith(end):
                    self.seen[on] += 1
                    for fault in self.faults:
                        if not fault.fired and (fault.on, fault.nth) == (on, self.seen[on]):
                            fault.fired = True
                            return fault
        return None

    def settle(self) -> None:
        """Wait until the server has heard of all that was held back."""
        end = time.monotonic() + 300
        while self.busy:
            assert time.monotonic() < end
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.client is not None
        os.kill(self.client.pid, signal.SIGKILL)
        self.client.wait()


@contextlib.contextmanager
def proxied(server: Server, *faults: Fault) -> Iterator[Proxy]:
    """A proxy before a server, for as long as the block lasts."""
    proxy = Proxy(server, list(faults))

    class Handler(_Handler):
        owner = proxy

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{listening.server_port}"
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.settle()
        listening.shutdown()
        listening.server_close()


def client_process(proxy: Proxy, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A client of its own, on the project in ``folder``, which talks to the proxy."""
    credentials = proxy.server.credentials
    environment = {
        **os.environ,
        "LABEL_STUDIO_URL": proxy.url,
        "LABEL_STUDIO_API_KEY": credentials.token,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "sikap", "--project", str(folder), *arguments]
    proxy.client = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    return proxy.client


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with self.owner.lock:
            self.owner.busy += 1
        try:
            self._pass()
        except OSError:  # a client that was killed, or gave up, reads no more
            self.close_connection = True
        finally:
            with self.owner.lock:
                self.owner.busy -= 1

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 -- the names are the library's

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.owner.fault(self.command, self.path)
        kind = fault.kind if fault else ""
        if kind == "hold-before":
            time.sleep(self.owner.hold)
        elif kind in {"kill-before", "kill-working"}:
            self.owner.kill()
        elif kind == "restart-before":
            self.owner.server.restart()
        if kind in {"drop-before", "kill-before", "restart-before"}:
            return self._drop()
        if kind == "kill-working":
            time.sleep(self.owner.hold)
        if kind[:3].isdecimal() and kind.endswith("-before"):
            return self._answer(int(kind[:3]), [("Retry-After", "1")], b"{}")
        status, headers, answer = self._forward(body)
        if kind == "hold-after":
            time.sleep(self.owner.hold)
        elif kind == "kill-after":
            self.owner.kill()
        elif kind == "restart-after":
            self.owner.server.restart()
        if kind in {"drop-after", "kill-after", "restart-after"}:
            return self._drop()
        if kind[:3].isdecimal():
            return self._answer(int(kind[:3]), [], b"<html>gateway</html>")
        self._answer(status, headers, answer, half=kind == "cut")
        if kind == "kill-answered":
            self.owner.kill()
        return None

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = urlsplit(self.owner.server.credentials.url)
        passed = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        connection = http.client.HTTPConnection(upstream.netloc, timeout=60)
        try:
            connection.request(self.command, self.path, body or None, passed)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, *, half: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass
