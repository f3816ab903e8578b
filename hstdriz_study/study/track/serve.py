"""A store to MLflow's pages on this machine: a server that is there as long as it is needed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.link import LOOPBACK
from hstdriz_study.study.track.runs import run_exists
from hstdriz_study.study.track.uri import artifact_location, sqlite_path, without_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.study.track.ticket import Ticket

START_S = 120.0  # importing MLflow takes seconds, on a busy machine many
END_S = 0.7  # less than the guardian of the command waits
ASK_AGAIN_S = 0.2
# A browser takes it for this machine (RFC 6761). To a page at 127.0.0.1 or localhost MLflow's
# own script opens the panel of its assistant, which takes a quarter of the width.
PAGES_HOST = "hstdriz-study.localhost"
# Safari alone does not know such names.
SHOWN_HOST = LOOPBACK if sys.platform == "darwin" else PAGES_HOST
SETTINGS = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
# The machine itself is asked, whatever proxy the rest of the world is behind.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Serving:
    """A server that answers.

    Attributes
    ----------
    port : int
        On this machine's loopback address.
    process : `subprocess.Popen`
        Leader of the server's process group.
    log : file
        What the server says.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    @property
    def root(self) -> str:
        """Where the pages begin."""
        return f"http://{SHOWN_HOST}:{self.port}/"

    def wait(self) -> None:
        """Wait until the server ends, which by itself it never should.

        Raises
        ------
        TrackingError
            With its last words.
        """
        self.process.wait()
        raise TrackingError(f"MLflow's server has ended ({self._last_words()}); start it again")

    def wait_until_it_answers(self) -> None:
        """Wait until pages can be opened.

        Raises
        ------
        TrackingError
            If the server ends, or is silent for minutes.
        """
        deadline = time.monotonic() + START_S
        while not _answers(self.port):
            if self.process.poll() is not None:
                self.wait()
            if time.monotonic() > deadline:
                raise TrackingError(
                    f"MLflow's server has not answered in {START_S:.0f} s "
                    f"({self._last_words()}); start it again when the machine is less busy"
                )
            time.sleep(ASK_AGAIN_S)

    def _last_words(self) -> str:
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


@contextmanager
def serving(ticket: Ticket) -> Iterator[Serving]:
    """Serve the store of a study until the end of the ``with`` block.

    Raises
    ------
    TrackingError
        If the server does not start.
    """
    port = free_port(ticket.ui_port)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            server_command(ticket.tracking_uri, port),
            env={**os.environ, **SETTINGS},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is told to this process alone, which ends the others
        )
        try:
            server = Serving(port, process, log)
            server.wait_until_it_answers()
            yield server
        finally:
            _end(process)


def require_tracked(ticket: Ticket) -> None:
    """Refuse a store that is away, not sound, or does not hold the study.

    Raises
    ------
    TrackingError
        Naming the way on.
    """
    _, parent = ticket.ids
    client = connect(ticket.tracking_uri)
    with failures_as_sentences(ticket.tracking_uri):
        if not run_exists(client, parent):
            raise TrackingError(
                f"{without_password(ticket.tracking_uri)}: does not hold the study {ticket.name}; "
                "run `hstdriz-study send STUDY_DIR` to make it there again from the records"
            )


def free_port(preferred: int) -> int:
    """Return a loopback port that nobody listens on, `preferred` where it is such."""
    for port in (preferred, 0):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise TrackingError(f"{LOOPBACK}: no port is free; end a program that listens there")


def server_command(tracking_uri: str, port: int) -> list[str]:
    """Return the command line that serves a store to this machine alone."""
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", tracking_uri]
    path = sqlite_path(tracking_uri)
    if path is not None:
        location = artifact_location(tracking_uri, path.parent)
        command += ["--artifacts-destination", str(location)]
    hosts = ",".join(f"{host}:*" for host in (PAGES_HOST, LOOPBACK, "localhost"))
    return [
        *command,
        *("--host", LOOPBACK, "--port", str(port), "--workers", "1"),
        *("--allowed-hosts", hosts, "--cors-allowed-origins", f"http://{PAGES_HOST}:{port}"),
    ]


def _answers(port: int) -> bool:
    with suppress(OSError), _direct.open(f"http://{LOOPBACK}:{port}/health", timeout=5) as answer:
        return bool(answer.status == 200)  # noqa: PLR2004 - OK
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it began; a second Ctrl-C does not wait."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(END_S)
    except (ProcessLookupError, subprocess.TimeoutExpired, KeyboardInterrupt):
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
