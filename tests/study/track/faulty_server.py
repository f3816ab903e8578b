"""A proxy before a real tracking server that does what networks and servers do on bad days."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, Self

if TYPE_CHECKING:
    from types import TracebackType


@dataclass
class Trouble:
    """What is wrong at present; nothing by default.

    Attributes
    ----------
    delay_s : float
        Before every answer.
    status : int or None
        The answer to everything.
    dies_after : int or None
        So many more requests are answered; then connections are closed without a word.
    lost_answers : set of (str, int)
        The path, in part, of requests, and which of them is carried out but its answer lost.
    requests : list of str
        What was asked for.
    """

    delay_s: float = 0.0
    status: int | None = None
    dies_after: int | None = None
    lost_answers: set[tuple[str, int]] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begins(self, request: str) -> bool:
        """Count a request; tell whether the server still lives."""
        with self.lock:
            self.requests.append(request)
            if self.dies_after is not None:
                self.dies_after -= 1
            return self.dies_after is None or self.dies_after >= 0

    def loses_answer(self, path: str) -> bool:
        """Tell whether the answer to a request that was carried out is lost."""
        with self.lock:
            return any(
                part in path and sum(part in request for request in self.requests) == number
                for part, number in self.lost_answers
            )


class FaultyProxy:
    """Passes requests on to a server on this machine, with some trouble.

    Parameters
    ----------
    port : int
        Of the server.
    """

    def __init__(self, port: int) -> None:
        self.trouble = Trouble()
        handler = type("Handler", (_Handler,), {"proxy": self, "upstream": port})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    proxy: ClassVar[FaultyProxy]
    upstream: ClassVar[int]

    def _pass_on(self) -> None:
        trouble = self.proxy.trouble
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not trouble.begins(f"{self.command} {self.path.partition('?')[0]}"):
            self.close_connection = True
            return
        time.sleep(trouble.delay_s)
        if trouble.status is not None:
            self._answer(trouble.status, {}, b"no, not today\n")
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if trouble.loses_answer(self.path):
            self.close_connection = True
            return
        self._answer(answer.status, dict(answer.getheaders()), content)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # who asked has gone

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
